// SPDX-License-Identifier: Apache-2.0
//
// oneDNN's primitives: eltwise and softmax, forward and backward. A primitive for a length is made once in each thread,
// and kept; a call gives it the arrays and runs it. oneDNN chooses its instructions at run time, and as many threads as
// OpenMP says, which is one here.
#include <algorithm>
#include <list>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "peer.hpp"

// OpenMP's, where oneDNN was built with it.
extern "C" __attribute__((weak)) void omp_set_num_threads(int);

namespace {

using dnnl::algorithm;
using dnnl::memory;

/// One kernel of the table, by what oneDNN calls it.
struct Job {
  const char *activation, *direction, *type, *note;
  algorithm kind;
  memory::data_type data;
  bool is_rows, is_backward;
  float alpha, beta;           ///< constants
  int alpha_from, beta_from;   ///< or the call's parameters of these numbers; -1: the constants
  const char* only = nullptr;  ///< the parameters that it can compute with; NULL: any
  float alpha_of(const double* p) const { return alpha_from < 0 ? alpha : static_cast<float>(p[alpha_from]); }
  float beta_of(const double* p) const { return beta_from < 0 ? beta : static_cast<float>(p[beta_from]); }
};

/// A primitive for n elements, or for rows of a length, with the memory objects that calls lend their arrays to.
class Prepared {
 public:
  Prepared(const Job& job, std::size_t n, std::size_t row, float alpha, float beta)
      : job_(&job),
        n_(n),
        row_(row),
        alpha_(alpha),
        beta_(beta),
        engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_) {
    const auto length = static_cast<memory::dim>(n);
    const auto columns = static_cast<memory::dim>(row);
    const memory::desc shape = job.is_rows ? memory::desc({length / columns, columns}, job.data, memory::format_tag::ab)
                                           : memory::desc({length}, job.data, memory::format_tag::a);
    make(shape);
    const auto lent = [&] { return memory(shape, engine_, nullptr); };
    if (job.is_backward) {
      arguments_ = {{job.is_rows ? DNNL_ARG_DST : DNNL_ARG_SRC, lent()},
                    {DNNL_ARG_DIFF_DST, lent()},
                    {DNNL_ARG_DIFF_SRC, lent()}};
    } else {
      arguments_ = {{DNNL_ARG_SRC, lent()}, {DNNL_ARG_DST, lent()}};
    }
    for (const int name : {DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC}) {
      const auto found = arguments_.find(name);
      if (found == arguments_.end()) continue;
      const bool is_result = name == DNNL_ARG_DIFF_SRC || (name == DNNL_ARG_DST && !job.is_backward);
      (is_result ? y_ : name == DNNL_ARG_DIFF_DST ? dy_ : x_) = &found->second;
    }
  }

  bool is_for(const Job& job, std::size_t n, std::size_t row, float alpha, float beta) const {
    return job_ == &job && n_ == n && row_ == row && alpha_ == alpha && beta_ == beta;
  }

  void run(const actbench_call& call) {
    x_->set_data_handle(const_cast<void*>(call.x));
    if (dy_ != nullptr) dy_->set_data_handle(const_cast<void*>(call.dy));
    y_->set_data_handle(call.y);
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

  const std::string& implementation() const { return implementation_; }

 private:
  /// Sets the primitive and the name of its implementation.
  template <class Primitive, class... How>
  void take(const typename Primitive::primitive_desc& description) {
    implementation_ = description.impl_info_str();
    primitive_ = Primitive(description);
  }

#if DNNL_VERSION_MAJOR >= 3
  void make(const memory::desc& shape) {
    const auto prop = dnnl::prop_kind::forward_inference, training = dnnl::prop_kind::forward_training;
    using namespace dnnl;
    if (job_->is_rows && !job_->is_backward) return take<softmax_forward>({engine_, prop, job_->kind, shape, shape, 1});
    if (job_->is_rows) {
      const softmax_forward::primitive_desc hint(engine_, training, job_->kind, shape, shape, 1);
      return take<softmax_backward>({engine_, job_->kind, shape, shape, shape, 1, hint});
    }
    if (!job_->is_backward) return take<eltwise_forward>({engine_, prop, job_->kind, shape, shape, alpha_, beta_});
    const eltwise_forward::primitive_desc hint(engine_, training, job_->kind, shape, shape, alpha_, beta_);
    take<eltwise_backward>({engine_, job_->kind, shape, shape, shape, alpha_, beta_, hint});
  }
#else
  template <class Forward, class Backward>
  void make_rows(const memory::desc& shape) {
    if (!job_->is_backward) {
      const typename Forward::desc description(dnnl::prop_kind::forward_inference, shape, 1);
      return take<Forward>(typename Forward::primitive_desc(description, engine_));
    }
    const typename Forward::desc forward(dnnl::prop_kind::forward_training, shape, 1);
    const typename Forward::primitive_desc hint(forward, engine_);
    take<Backward>(typename Backward::primitive_desc({shape, shape, 1}, engine_, hint));
  }
  void make(const memory::desc& shape) {
    using namespace dnnl;
    if (job_->is_rows && job_->kind == algorithm::softmax_log)
      return make_rows<logsoftmax_forward, logsoftmax_backward>(shape);
    if (job_->is_rows) return make_rows<softmax_forward, softmax_backward>(shape);
    if (!job_->is_backward) {
      const eltwise_forward::desc description(prop_kind::forward_inference, job_->kind, shape, alpha_, beta_);
      return take<eltwise_forward>({description, engine_});
    }
    const eltwise_forward::desc forward(prop_kind::forward_training, job_->kind, shape, alpha_, beta_);
    const eltwise_forward::primitive_desc hint(forward, engine_);
    const eltwise_backward::desc backward(job_->kind, shape, shape, alpha_, beta_);
    take<eltwise_backward>({backward, engine_, hint});
  }
#endif

  const Job* job_;
  std::size_t n_, row_;
  float alpha_, beta_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  std::string implementation_;
  std::unordered_map<int, memory> arguments_;
  memory *x_ = nullptr, *dy_ = nullptr, *y_ = nullptr;
};

/// The thread's primitive for such calls. The latest are kept.
Prepared& prepared(const Job& job, const actbench_call& call) {
  constexpr std::size_t most = 64;
  thread_local std::list<Prepared> all;
  const float alpha = job.alpha_of(call.parameters), beta = job.beta_of(call.parameters);
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Prepared& p) { return p.is_for(job, call.n, call.row, alpha, beta); });
  if (found != all.end()) {
    all.splice(all.begin(), all, found);
    return all.front();
  }
  if (omp_set_num_threads != nullptr) omp_set_num_threads(1);
  all.emplace_front(job, call.n, call.row, alpha, beta);
  if (all.size() > most) all.pop_back();
  return all.front();
}

void run(const actbench_call* call) {
  if (call->n == 0) return;
  const Job& job = *static_cast<const Job*>(call->context);
  try {
    prepared(job, *call).run(*call);
  } catch (const dnnl::error&) {
    // There is no other answer that a call can give: NaN in every type.
    std::memset(call->y, 0xff, call->n * memory::data_type_size(job.data));
  }
}

std::vector<Job> jobs() {
  std::vector<Job> all;
  const struct {
    const char* name;
    memory::data_type data;
  } types[] = {{"f32", memory::data_type::f32}, {"bf16", memory::data_type::bf16}, {"f16", memory::data_type::f16}};
  const auto add = [&](const char* activation, algorithm kind, const char* note, float alpha = 0, float beta = 0,
                       int alpha_from = -1, int beta_from = -1, const char* only = nullptr) {
    const bool rows = std::strstr(activation, "softmax") != nullptr;
    for (const auto& type : types) {
      for (const bool backward : {false, true})
        all.push_back({activation, backward ? "backward" : "forward", type.name, note, kind, type.data, rows, backward,
                       alpha, beta, alpha_from, beta_from, only});
    }
  };
  add("relu", algorithm::eltwise_relu, "eltwise_relu");
  add("leaky_relu", algorithm::eltwise_relu, "eltwise_relu", 0, 0, 0);
  add("relu6", algorithm::eltwise_clip_v2, "eltwise_clip_v2", 0, 6);
  add("hardtanh", algorithm::eltwise_clip_v2, "eltwise_clip_v2", 0, 0, 0, 1);
  add("hard_swish", algorithm::eltwise_hardswish, "eltwise_hardswish", 1.0f / 6, 0.5f);
  add("sigmoid", algorithm::eltwise_logistic, "eltwise_logistic");
  add("silu", algorithm::eltwise_swish, "eltwise_swish", 1);
  add("swish", algorithm::eltwise_swish, "eltwise_swish", 0, 0, 0);
  add("tanh", algorithm::eltwise_tanh, "eltwise_tanh");
  add("gelu", algorithm::eltwise_gelu_erf, "eltwise_gelu_erf");
  add("gelu_tanh", algorithm::eltwise_gelu_tanh, "eltwise_gelu_tanh");
  add("elu", algorithm::eltwise_elu, "eltwise_elu", 0, 0, 0);
  add("mish", algorithm::eltwise_mish, "eltwise_mish");
#if DNNL_VERSION_MAJOR >= 3
  add("softplus", algorithm::eltwise_soft_relu, "eltwise_soft_relu", 0, 0, 0);
#else
  add("softplus", algorithm::eltwise_soft_relu, "eltwise_soft_relu", 0, 0, -1, -1, "beta=1");
  add("log_sigmoid", algorithm::eltwise_logsigmoid, "eltwise_logsigmoid");
#endif
#if DNNL_VERSION_MAJOR >= 3
  add("hard_sigmoid", algorithm::eltwise_hardsigmoid, "eltwise_hardsigmoid", 1.0f / 6, 0.5f);
#endif
  add("softmax", algorithm::softmax_accurate, "softmax");
  add("log_softmax", algorithm::softmax_log, "log_softmax");
  return all;
}

const char* start() {
  const dnnl_version_t* const here = dnnl_version();
  if (here->major == DNNL_VERSION_MAJOR) return nullptr;
  static const std::string sentence = "it was built for oneDNN " + std::to_string(DNNL_VERSION_MAJOR) + " and oneDNN " +
                                      std::to_string(here->major) + " is loaded";
  return sentence.c_str();
}

peers::Peer described() {
  peers::Peer peer;
  peer.start = start;
  const dnnl_version_t* const here = dnnl_version();
  peer.about = "oneDNN " + std::to_string(here->major) + "." + std::to_string(here->minor) + "." +
               std::to_string(here->patch) + ", chosen at run time";
  static const std::vector<Job> all = jobs();
  static std::list<std::string> notes;
  for (const Job& job : all) {
    actbench_plugin_kernel& kernel = peer.add(job.activation, job.type, run, job.note);
    kernel.direction = job.direction;
    kernel.parameters = job.only;
    kernel.context = const_cast<Job*>(&job);
    // What an implementation there is for, here, it says when it is asked.
    const double parameters[] = {1, 2};
    try {
      const Prepared one(job, 64, 64, job.alpha_of(parameters), job.beta_of(parameters));
      kernel.note = notes.emplace_back(std::string(job.note) + ", " + one.implementation()).c_str();
    } catch (const dnnl::error&) {
      kernel.absent = "this oneDNN has no such primitive for this CPU";
    }
  }
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
