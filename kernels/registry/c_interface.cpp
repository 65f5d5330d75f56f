// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "actbench/actbench.h"
#include "actbench/cuda.hpp"
#include "actbench/large.hpp"
#include "actbench/rows.hpp"
#include "kernels/table.hpp"

namespace {

using actbench::InputArrays;
using actbench::Kernel;

thread_local std::string last_error;

actbench_status fail(actbench_status status, std::string text) {
  last_error = std::move(text);
  return status;
}

const Kernel* unwrap(const actbench_kernel* kernel) { return reinterpret_cast<const Kernel*>(kernel); }
const actbench_kernel* wrap(const Kernel* kernel) { return reinterpret_cast<const actbench_kernel*>(kernel); }

// Strings that live as long as the process, in the order of kernels().
const std::vector<std::string>& identities() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> list;
    for (const Kernel& kernel : actbench::kernels()) list.push_back(actbench::identity(kernel));
    return list;
  }();
  return all;
}

constexpr std::string_view best = "best";

/// The widest backend that runs here. prefix: an identity up to its backend.
const Kernel* find_best(std::string_view prefix) {
  for (int i = static_cast<int>(actbench::Backend::cuda) - 1; i >= 0; --i) {
    const Kernel* kernel = actbench::find(std::string(prefix) + actbench::name(static_cast<actbench::Backend>(i)));
    if (kernel && !actbench::unrunnable_reason(*kernel)) return kernel;
  }
  return nullptr;
}

/// What every call checks: the shape, the arrays, and the machine.
actbench_status check(const char* function, const Kernel* kernel, const InputArrays& in, const void* y, size_t n,
                      bool rows = false) {
  const auto wrong = [&](const std::string& what) {
    return fail(ACTBENCH_BAD_ARGUMENT, std::string(function) + ": " + what);
  };
  if (!kernel) return wrong("kernel must not be null");
  const actbench::Multipliers takes = multipliers_of(*kernel);
  const auto who = [&] { return actbench::identity(*kernel); };
  if ((kernel->activation->shape == actbench::Shape::rows) != rows) {
    return wrong(who() + (rows ? " takes element by element; call actbench_apply or its like"
                               : " takes whole rows; call actbench_apply_rows"));
  }
  if (n > 0 && (!in.x || !y)) return wrong("the input and the result must not be null");
  if (n > 0 && takes.dy && !in.dy) return wrong(who() + " takes dy, which must not be null");
  if (n > 0 && takes.a && !in.a) return wrong(who() + " takes a, which must not be null");
  if (const char* reason = actbench::unrunnable_reason(*kernel))
    return fail(ACTBENCH_NOT_RUNNABLE, who() + " cannot run here: " + reason);
  return ACTBENCH_OK;
}

/// Whether a device did what it was asked to.
actbench_status after_call(const Kernel& kernel) {
  if (kernel.backend != actbench::Backend::cuda) return ACTBENCH_OK;
  const char* const failure = actbench::cuda::last_error();
  return failure ? fail(ACTBENCH_DEVICE_FAILED, actbench::identity(kernel) + ": " + failure) : ACTBENCH_OK;
}

actbench_status run(const char* function, const Kernel* kernel, const InputArrays& in, void* y, size_t n,
                    const double* parameters) {
  if (const actbench_status status = check(function, kernel, in, y, n); status != ACTBENCH_OK) return status;
  std::span<const double> given;
  if (parameters) {
    given = {parameters, kernel->activation->parameter_count};
    const std::string error = actbench::parameter_error(*kernel, given);
    if (!error.empty()) return fail(ACTBENCH_BAD_ARGUMENT, error);
  }
  actbench::apply(*kernel, in, y, n, given);
  return after_call(*kernel);
}

bool gated(const Kernel* kernel) { return kernel && kernel->activation->shape == actbench::Shape::gated; }

/// A call that is not for gated units.
actbench_status refuse_gated(const char* function, const Kernel* kernel) {
  return fail(ACTBENCH_BAD_ARGUMENT, std::string(function) + ": " + actbench::identity(*kernel) +
                                         " is a gated unit; call actbench_apply_gated");
}

}  // namespace

extern "C" {

size_t actbench_kernel_count(void) { return actbench::kernels().size(); }

const actbench_kernel* actbench_kernel_at(size_t index) {
  return index < actbench::kernels().size() ? wrap(&actbench::kernels()[index]) : nullptr;
}

actbench_status actbench_find(const char* identity, const actbench_kernel** kernel) {
  if (!identity || !kernel) return fail(ACTBENCH_BAD_ARGUMENT, "actbench_find: identity and kernel must not be null");
  const std::string_view wanted = identity;
  const bool any = wanted.ends_with("/best");
  const std::string_view prefix = wanted.substr(0, wanted.size() - (any ? best.size() : 0));
  const Kernel* found = any ? find_best(prefix) : actbench::find(wanted);
  *kernel = wrap(found);
  if (found) return ACTBENCH_OK;
  if (any) {  // a kernel that was built, and does not run here?
    for (const std::string& built : identities()) {
      if (built.compare(0, prefix.size(), prefix) == 0 && prefix.find('/') != prefix.npos)
        return fail(ACTBENCH_NOT_RUNNABLE, built + " cannot run here, and there is no other backend for it: " +
                                               actbench::unrunnable_reason(*actbench::find(built)));
    }
  }
  return fail(ACTBENCH_NOT_FOUND, actbench::not_found_reason(wanted));
}

const void* actbench_kernel_code(const actbench_kernel* kernel) {
  return kernel ? reinterpret_cast<const void*>(unwrap(kernel)->run) : nullptr;
}

actbench_status actbench_describe(const actbench_kernel* handle, actbench_kernel_info* info) {
  const Kernel* kernel = unwrap(handle);
  if (!kernel || !info) return fail(ACTBENCH_BAD_ARGUMENT, "actbench_describe: kernel and info must not be null");
  const actbench::Activation& activation = *kernel->activation;
  *info = {};
  info->identity = identities()[static_cast<size_t>(kernel - actbench::kernels().data())].c_str();
  info->activation = activation.name;
  info->formula = activation.formula;
  info->direction = actbench::name(kernel->direction);
  info->takes_dy = takes_dy(kernel->direction);
  info->type = actbench::name(kernel->type);
  info->tier = actbench::name(kernel->tier);
  info->backend = actbench::name(kernel->backend);
  info->element_size = actbench::size_of(kernel->type);
  info->promised_ulp = kernel->promised_ulp;
  info->parameter_count = activation.parameter_count;
  for (size_t i = 0; i < activation.parameter_count; ++i) {
    info->parameter_names[i] = activation.parameters[i].name;
    info->parameter_defaults[i] = activation.parameters[i].default_value;
  }
  info->unrunnable_reason = actbench::unrunnable_reason(*kernel);
  info->shape = actbench::name(activation.shape);
  info->takes_a = multipliers_of(*kernel).a;
  return ACTBENCH_OK;
}

actbench_status actbench_apply(const actbench_kernel* handle, const void* x, void* y, size_t n,
                               const double* parameters) {
  const Kernel* kernel = unwrap(handle);
  if (gated(kernel)) return refuse_gated("actbench_apply", kernel);
  if (kernel && takes_dy(kernel->direction) && kernel->activation->shape != actbench::Shape::rows)
    return fail(ACTBENCH_BAD_ARGUMENT,
                "actbench_apply: " + actbench::identity(*kernel) + " takes dy as well; call actbench_apply_gradient");
  return run("actbench_apply", kernel, {x}, y, n, parameters);
}

actbench_status actbench_apply_gradient(const actbench_kernel* handle, const void* x, const void* dy, void* dx,
                                        size_t n, const double* parameters) {
  const Kernel* kernel = unwrap(handle);
  if (gated(kernel)) return refuse_gated("actbench_apply_gradient", kernel);
  if (kernel && !takes_dy(kernel->direction) && kernel->activation->shape != actbench::Shape::rows)
    return fail(ACTBENCH_BAD_ARGUMENT, "actbench_apply_gradient: " + actbench::identity(*kernel) +
                                           " takes no dy; call actbench_apply, or take direction backward");
  return run("actbench_apply_gradient", kernel, {x, dy}, dx, n, parameters);
}

actbench_status actbench_apply_gated(const actbench_kernel* handle, const void* a, const void* b, const void* dy,
                                     void* y, size_t n, const double* parameters) {
  const char* const function = "actbench_apply_gated";
  const Kernel* kernel = unwrap(handle);
  if (kernel && !gated(kernel))
    return fail(ACTBENCH_BAD_ARGUMENT, std::string(function) + ": " + actbench::identity(*kernel) +
                                           " is no gated unit; call actbench_apply or actbench_apply_gradient");
  if (kernel) {
    const actbench::Multipliers takes = multipliers_of(*kernel);
    if ((a && !takes.a) || (dy && !takes.dy))
      return fail(ACTBENCH_BAD_ARGUMENT, std::string(function) + ": " + actbench::identity(*kernel) + " takes no " +
                                             (a && !takes.a ? "a" : "dy") + ", which must be null");
  }
  return run(function, kernel, {b, dy, a}, y, n, parameters);
}

actbench_status actbench_apply_channels(const actbench_kernel* handle, const void* x, const void* dy, void* y, size_t n,
                                        const double* values, size_t channels, size_t stride) {
  const char* const function = "actbench_apply_channels";
  const Kernel* kernel = unwrap(handle);
  if (const actbench_status status = check(function, kernel, {x, dy}, y, n); status != ACTBENCH_OK) return status;
  const std::string who = std::string(function) + ": ";
  if (dy && !takes_dy(kernel->direction))
    return fail(ACTBENCH_BAD_ARGUMENT, who + actbench::identity(*kernel) + " takes no dy, which must be null");
  if (!values || channels == 0 || stride == 0)
    return fail(ACTBENCH_BAD_ARGUMENT, who + "values must not be null, channels and stride not 0");
  if (kernel->activation->parameter_count != 1)
    return fail(ACTBENCH_BAD_ARGUMENT, who + kernel->activation->name + " has " +
                                           std::to_string(kernel->activation->parameter_count) +
                                           " parameters; channels are for activations with exactly one");
  for (size_t c = 0; c < channels; ++c) {
    const std::string error = actbench::parameter_error(*kernel, {values + c, 1});
    if (!error.empty()) return fail(ACTBENCH_BAD_ARGUMENT, error + " (channel " + std::to_string(c) + ")");
  }
  actbench::apply_channels(*kernel, x, dy, y, n, {values, channels}, stride);
  return after_call(*kernel);
}

actbench_status actbench_apply_rows(const actbench_kernel* handle, const void* x, const void* dy, void* y, size_t rows,
                                    size_t length) {
  const char* const function = "actbench_apply_rows";
  const Kernel* kernel = unwrap(handle);
  if (const actbench_status status = check(function, kernel, {x, dy}, y, rows, true); status != ACTBENCH_OK)
    return status;
  const std::string who = std::string(function) + ": ";
  if (dy && !takes_dy(kernel->direction))
    return fail(ACTBENCH_BAD_ARGUMENT, who + actbench::identity(*kernel) + " takes no dy, which must be null");
  if (length == 0) return fail(ACTBENCH_BAD_ARGUMENT, who + "length must not be 0");
  if (rows > static_cast<size_t>(-1) / length / actbench::size_of(kernel->type))
    return fail(ACTBENCH_BAD_ARGUMENT, who + "so many rows of that length are beyond any memory");
  actbench::apply_rows(*kernel, x, dy, y, rows, length);
  return after_call(*kernel);
}

actbench_status actbench_sum_channels(const char* type, const void* terms, size_t n, size_t channels, size_t stride,
                                      double* sums) {
  const std::string who = "actbench_sum_channels: ";
  if (!type || !sums || (n > 0 && !terms)) return fail(ACTBENCH_BAD_ARGUMENT, who + "no pointer may be null");
  if (channels == 0 || stride == 0) return fail(ACTBENCH_BAD_ARGUMENT, who + "channels and stride must not be 0");
  std::string known;
  for (const auto t : {actbench::Type::f32, actbench::Type::f64, actbench::Type::f16, actbench::Type::bf16}) {
    if (type == std::string_view(actbench::name(t))) {
      actbench::sum_channels(t, terms, n, stride, {sums, channels});
      return ACTBENCH_OK;
    }
    known += (known.empty() ? "" : ", ") + std::string(actbench::name(t));
  }
  return fail(ACTBENCH_BAD_ARGUMENT, who + "there is no type \"" + type + "\", only " + known);
}

void actbench_set_stream_from(size_t bytes) { actbench::set_stream_from(bytes); }

void actbench_set_threads(unsigned count) { actbench::set_threads(count); }

void actbench_set_cuda_stream(void* stream) { actbench::cuda::set_stream(stream); }

const char* actbench_error_message(void) { return last_error.c_str(); }

const char* actbench_version(void) { return ACTBENCH_VERSION; }

}  // extern "C"
