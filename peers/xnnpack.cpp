// SPDX-License-Identifier: Apache-2.0
//
// XNNPACK's operators. An operator is made once in each thread; a call gives it the arrays and runs it, without a pool
// of threads. XNNPACK chooses its instructions at run time. Its interface has changed: up to 2023 an operator has
// functions of its own, and takes a length with the arrays; since 2024 (PEER_UNARY) one function makes all of those of
// one input, and a length is set-up.
#include <xnnpack.h>

#include <limits>
#include <list>
#include <utility>

#include "peer.hpp"

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

enum class Kind { sigmoid, tanh, elu, clamp, hardswish, leaky_relu, gelu, approxgelu, softmax };
enum class Data { f32, f16, bf16 };

struct Job {
  const char *activation, *type, *note;
  Kind kind;
  Data data;
  float low = 0, high = infinity;  ///< of clamp; low of its parameters' numbers where `bounds`
  bool bounds = false;
};

#if defined(PEER_UNARY)

template <class Create>
xnn_status create_unary(Create create, xnn_unary_operator kind, xnn_datatype type, const xnn_unary_params* parameters,
                        xnn_operator_t* made) {
  // A table for lookups was added in 2025.
  if constexpr (std::is_invocable_v<Create, xnn_unary_operator, xnn_datatype, xnn_datatype, const xnn_unary_params*,
                                    const void*, std::nullptr_t, std::nullptr_t, std::uint32_t, xnn_operator_t*>)
    return create(kind, type, type, parameters, nullptr, nullptr, nullptr, 0, made);
  else
    return create(kind, type, type, parameters, nullptr, nullptr, 0, made);
}

bool create(const Job& job, std::size_t, const float* p, xnn_operator_t* made) {
  if (job.kind == Kind::softmax) {
    if (job.data == Data::bf16) return false;
    return (job.data == Data::f32 ? xnn_create_softmax_nc_f32 : xnn_create_softmax_nc_f16)(0, made) ==
           xnn_status_success;
  }
  const xnn_datatype type = job.data == Data::f32   ? xnn_datatype_fp32
                            : job.data == Data::f16 ? xnn_datatype_fp16
                                                    : xnn_datatype_bf16;
  xnn_unary_params parameters{};
  xnn_unary_operator kind = xnn_unary_sigmoid;
  switch (job.kind) {
    case Kind::tanh:
      kind = xnn_unary_tanh;
      break;
    case Kind::elu:
      kind = xnn_unary_elu, parameters.elu.alpha = p[0];
      break;
    case Kind::clamp:
      kind = xnn_unary_clamp, parameters.clamp = {p[0], p[1]};
      break;
    case Kind::hardswish:
      kind = xnn_unary_hardswish;
      break;
    case Kind::leaky_relu:
      kind = xnn_unary_leaky_relu, parameters.leaky_relu.negative_slope = p[0];
      break;
    case Kind::gelu:
      kind = xnn_unary_gelu;
      break;
#if defined(PEER_APPROXGELU)
    case Kind::approxgelu:
      kind = xnn_unary_approxgelu;
      break;
#else
    case Kind::approxgelu:
      return false;
#endif
    default:
      break;
  }
  return create_unary(xnn_create_unary_elementwise_nc, kind, type, &parameters, made) == xnn_status_success;
}

bool shape(const Job& job, xnn_operator_t made, std::size_t n, std::size_t row) {
  if (job.kind != Kind::softmax)
    return xnn_reshape_unary_elementwise_nc(made, n, 1, 1, 1, nullptr) == xnn_status_success;
  return (job.data == Data::f32 ? xnn_reshape_softmax_nc_f32 : xnn_reshape_softmax_nc_f16)(
             made, row, row, row, n / row, nullptr) == xnn_status_success;
}

bool lend(const Job& job, xnn_operator_t made, std::size_t, std::size_t, const void* x, void* y) {
  if (job.kind != Kind::softmax) return xnn_setup_unary_elementwise_nc(made, x, y) == xnn_status_success;
  if (job.data == Data::f16) return xnn_setup_softmax_nc_f16(made, x, y) == xnn_status_success;
  return xnn_setup_softmax_nc_f32(made, static_cast<const float*>(x), static_cast<float*>(y)) == xnn_status_success;
}

#else

bool create(const Job& job, std::size_t row, const float* p, xnn_operator_t* made) {
  const bool half = job.data == Data::f16;
  const auto done = [&] {
    switch (job.kind) {
      case Kind::sigmoid:
        return half ? xnn_status_invalid_parameter : xnn_create_sigmoid_nc_f32(1, 1, 1, 0, made);
      case Kind::elu:
        return half ? xnn_status_invalid_parameter : xnn_create_elu_nc_f32(1, 1, 1, p[0], 0, made);
      case Kind::clamp:
        return (half ? xnn_create_clamp_nc_f16 : xnn_create_clamp_nc_f32)(1, 1, 1, p[0], p[1], 0, made);
      case Kind::hardswish:
        return (half ? xnn_create_hardswish_nc_f16 : xnn_create_hardswish_nc_f32)(1, 1, 1, 0, made);
      case Kind::leaky_relu:
        return (half ? xnn_create_leaky_relu_nc_f16 : xnn_create_leaky_relu_nc_f32)(1, 1, 1, p[0], 0, made);
      case Kind::softmax:
        return half ? xnn_status_invalid_parameter : xnn_create_softmax_nc_f32(row, row, row, 0, made);
#if defined(PEER_TANH)
      case Kind::tanh:
        return half ? xnn_status_invalid_parameter : xnn_create_tanh_nc_f32(1, 1, 1, 0, made);
#endif
      default:
        return xnn_status_invalid_parameter;
    }
  };
  return job.data != Data::bf16 && done() == xnn_status_success;
}

bool shape(const Job&, xnn_operator_t, std::size_t, std::size_t) { return true; }

bool lend(const Job& job, xnn_operator_t made, std::size_t n, std::size_t row, const void* from, void* to) {
  const float* const x = static_cast<const float*>(from);
  float* const y = static_cast<float*>(to);
  const auto done = [&](auto single, auto half) {
    return job.data == Data::f32 ? single(made, n, x, y, nullptr) : half(made, n, from, to, nullptr);
  };
  xnn_status status = xnn_status_invalid_parameter;
  switch (job.kind) {
    case Kind::sigmoid:
      status = xnn_setup_sigmoid_nc_f32(made, n, x, y, nullptr);
      break;
    case Kind::elu:
      status = xnn_setup_elu_nc_f32(made, n, x, y, nullptr);
      break;
    case Kind::clamp:
      status = done(xnn_setup_clamp_nc_f32, xnn_setup_clamp_nc_f16);
      break;
    case Kind::hardswish:
      status = done(xnn_setup_hardswish_nc_f32, xnn_setup_hardswish_nc_f16);
      break;
    case Kind::leaky_relu:
      status = done(xnn_setup_leaky_relu_nc_f32, xnn_setup_leaky_relu_nc_f16);
      break;
    case Kind::softmax:
      status = xnn_setup_softmax_nc_f32(made, n / row, x, y, nullptr);
      break;
#if defined(PEER_TANH)
    case Kind::tanh:
      status = xnn_setup_tanh_nc_f32(made, n, x, y, nullptr);
      break;
#endif
    default:
      break;
  }
  return status == xnn_status_success;
}

#endif

/// An operator that its owner deletes, for calls of one kind.
class Operator {
 public:
  Operator(const Job& job, std::size_t row, const float* p) : job_(&job), row_(row), p_{p[0], p[1]} {
    if (!create(job, row == 0 ? 1 : row, p, &made_)) made_ = nullptr;
  }
  ~Operator() {
    if (made_ != nullptr) xnn_delete_operator(made_);
  }
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;
  explicit operator bool() const { return made_ != nullptr; }
  bool is_for(const Job& job, std::size_t row, const float* p) const {
    return job_ == &job && row_ == row && p_[0] == p[0] && p_[1] == p[1];
  }
  /// Its kernels read up to XNN_EXTRA_BYTES past the end of the input, and so ask for room there. Where that would
  /// reach into another page, which may be nobody's, the last of the input goes through a buffer that has the room.
  bool run(const actbench_call& call) {
    const std::size_t size = job_->data == Data::f32 ? 4 : 2, unit = row_ == 0 ? 1 : row_;
    const char* const x = static_cast<const char*>(call.x);
    const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(x) + call.n * size, page = 4096;
    if ((end - 1) / page == (end - 1 + XNN_EXTRA_BYTES) / page) return run(call.n, x, call.y);
    const std::size_t few = (XNN_EXTRA_BYTES / size + unit - 1) / unit * unit;
    const std::size_t rest = few < call.n ? few : call.n, before = call.n - rest;
    room_.resize(rest * size + XNN_EXTRA_BYTES);
    std::memcpy(room_.data(), x + before * size, rest * size);
    return (before == 0 || run(before, x, call.y)) &&
           run(rest, room_.data(), static_cast<char*>(call.y) + before * size);
  }

 private:
  bool run(std::size_t n, const void* x, void* y) {
    if (made_ == nullptr || (n_ != n && !shape(*job_, made_, n, row_))) return false;
    n_ = n;
    return lend(*job_, made_, n, row_, x, y) && xnn_run_operator(made_, nullptr) == xnn_status_success;
  }

  const Job* job_;
  std::size_t row_, n_ = 0;
  std::vector<char> room_;
  float p_[2];
  xnn_operator_t made_ = nullptr;
};

void parameters_of(const Job& job, const double* given, float* p) {
  p[0] = job.low, p[1] = job.high;
  if (job.kind == Kind::elu || job.kind == Kind::leaky_relu || job.bounds) p[0] = static_cast<float>(given[0]);
  if (job.bounds) p[1] = static_cast<float>(given[1]);
}

void run(const actbench_call* call) {
  if (call->n == 0) return;
  const Job& job = *static_cast<const Job*>(call->context);
  float p[2];
  parameters_of(job, call->parameters, p);
  thread_local std::list<Operator> all;
  auto found = all.begin();
  while (found != all.end() && !found->is_for(job, call->row, p)) ++found;
  if (found == all.end()) {
    if (all.size() >= 64) all.pop_back();
    all.emplace_front(job, call->row, p);
  } else {
    all.splice(all.begin(), all, found);
  }
  // There is no other answer that a call can give: NaN in every type.
  if (!all.front().run(*call)) std::memset(call->y, 0xff, call->n * (job.data == Data::f32 ? 4 : 2));
}

const char* start() {
  return xnn_initialize(nullptr) == xnn_status_success ? nullptr
                                                       : "XNNPACK does not run on this CPU: xnn_initialize fails";
}

std::vector<Job> jobs() {
  std::vector<Job> all;
  for (const auto& [type, data] : {std::pair{"f32", Data::f32}, {"f16", Data::f16}, {"bf16", Data::bf16}}) {
    all.push_back({"relu", type, "clamp", Kind::clamp, data});
    all.push_back({"relu6", type, "clamp", Kind::clamp, data, 0, 6});
    all.push_back({"hardtanh", type, "clamp", Kind::clamp, data, 0, 0, true});
    all.push_back({"leaky_relu", type, "leaky_relu", Kind::leaky_relu, data});
    all.push_back({"hard_swish", type, "hardswish", Kind::hardswish, data});
    all.push_back({"sigmoid", type, "sigmoid", Kind::sigmoid, data});
    all.push_back({"tanh", type, "tanh", Kind::tanh, data});
    all.push_back({"gelu", type, "gelu", Kind::gelu, data});
    all.push_back({"gelu_tanh", type, "approxgelu", Kind::approxgelu, data});
    all.push_back({"elu", type, "elu", Kind::elu, data});
    all.push_back({"softmax", type, "softmax", Kind::softmax, data});
  }
  return all;
}

peers::Peer described() {
  peers::Peer peer;
  peer.about = "XNNPACK " PEER_VERSION ", chosen at run time";
  peer.start = start;
  static const std::vector<Job> all = jobs();
  const bool runs = start() == nullptr;
  for (const Job& job : all) {
    actbench_plugin_kernel& kernel = peer.add(job.activation, job.type, run, job.note);
    kernel.context = const_cast<Job*>(&job);
    const double parameters[] = {0.5, 1};
    float p[2];
    parameters_of(job, parameters, p);
    if (!runs || !Operator(job, job.kind == Kind::softmax ? 64 : 0, p))
      kernel.absent = "this XNNPACK has no such operator for this CPU";
  }
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
