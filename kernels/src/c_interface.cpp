// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "actbench/actbench.h"
#include "kernels/table.hpp"

namespace {

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

const Kernel* find_best(std::string_view prefix) {
  for (const auto backend : {actbench::Backend::avx512, actbench::Backend::avx2, actbench::Backend::scalar}) {
    const Kernel* kernel = actbench::find(std::string(prefix) + actbench::name(backend));
    if (kernel && !actbench::unrunnable_reason(*kernel)) return kernel;
  }
  return nullptr;
}

}  // namespace

extern "C" {

size_t actbench_kernel_count(void) { return actbench::kernels().size(); }

const actbench_kernel* actbench_kernel_at(size_t index) {
  return index < actbench::kernels().size() ? wrap(&actbench::kernels()[index]) : nullptr;
}

actbench_status actbench_find(const char* identity, const actbench_kernel** kernel) {
  if (!identity || !kernel) return fail(ACTBENCH_BAD_ARGUMENT, "actbench_find: identity and kernel must not be null");
  constexpr std::string_view best = "/best";
  const std::string_view wanted = identity;
  const Kernel* found =
      wanted.ends_with(best) ? find_best(wanted.substr(0, wanted.size() - best.size() + 1)) : actbench::find(wanted);
  *kernel = wrap(found);
  if (found) return ACTBENCH_OK;
  return fail(ACTBENCH_NOT_FOUND, "no kernel is called \"" + std::string(wanted) +
                                      "\": an identity is activation/direction/type/tier/backend, "
                                      "for example \"gelu/forward/f32/accurate/best\"");
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
  return ACTBENCH_OK;
}

actbench_status actbench_apply(const actbench_kernel* handle, const void* x, void* y, size_t n,
                               const double* parameters) {
  const Kernel* kernel = unwrap(handle);
  if (!kernel) return fail(ACTBENCH_BAD_ARGUMENT, "actbench_apply: kernel must not be null");
  if (n > 0 && (!x || !y)) return fail(ACTBENCH_BAD_ARGUMENT, "actbench_apply: x and y must not be null");
  if (const char* reason = actbench::unrunnable_reason(*kernel))
    return fail(ACTBENCH_NOT_RUNNABLE, actbench::identity(*kernel) + " cannot run here: " + reason);
  std::span<const double> given;
  if (parameters) {
    given = {parameters, kernel->activation->parameter_count};
    double rounded[actbench::max_parameters] = {};
    std::transform(given.begin(), given.end(), rounded,
                   [&](double value) { return actbench::round_to(kernel->type, value); });
    const std::string error = actbench::parameter_error(*kernel->activation, {rounded, given.size()});
    if (!error.empty()) return fail(ACTBENCH_BAD_ARGUMENT, error);
  }
  actbench::apply(*kernel, x, y, n, given);
  return ACTBENCH_OK;
}

const char* actbench_error_message(void) { return last_error.c_str(); }

const char* actbench_version(void) { return ACTBENCH_VERSION; }

}  // extern "C"
