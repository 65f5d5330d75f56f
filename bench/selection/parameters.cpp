// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bench/numbers/types.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench {
namespace {

/// PyTorch and ONNX choose among gelu's forms by an argument; here each is an activation.
std::string form_of_gelu(const std::string& value) {
  if (value == "tanh") return "gelu's form with tanh is an activation of its own, gelu_tanh";
  if (value == "none") return "this is the activation gelu, without any --param";
  return "gelu's forms are activations of their own: gelu (none), gelu_tanh (tanh), and quick_gelu, new_gelu";
}

}  // namespace

std::vector<Setting> settings(std::span<const std::string> texts, std::span<const Kernel* const> kernels) {
  std::vector<Setting> result;
  std::vector<std::string> known;
  for (const Kernel* kernel : kernels) {
    for (std::size_t i = 0; i < kernel->activation->parameter_count; ++i) {
      known.emplace_back(kernel->activation->parameters[i].name);
    }
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw UsageError(fmt::format("--param '{}' is not of the form NAME=VALUE, such as alpha=0.2", text));
    }
    const std::string name = text.substr(0, equals), value = text.substr(equals + 1);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      if (name == "approximate") throw UsageError(fmt::format("--param {}: {}", text, form_of_gelu(value)));
      throw UsageError(known.empty()
                           ? fmt::format("none of the chosen activations has a parameter, so not '{}' either", name)
                           : fmt::format("none of the chosen activations has a parameter '{}', only: {}", name,
                                         fmt::join(known, ", ")));
    }
    const auto same = [&](const Setting& setting) { return setting.name == name; };
    if (std::any_of(result.begin(), result.end(), same))
      throw UsageError(fmt::format("--param sets {} twice: leave out one of the values", name));
    try {
      result.push_back({name, parse_finite(value)});
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("--param {}: {}", text, e.what()));
    }
  }
  return result;
}

std::vector<double> unrounded_parameters(const Activation& activation, std::span<const Setting> settings) {
  std::vector<double> values;
  for (std::size_t i = 0; i < activation.parameter_count; ++i) {
    double value = activation.parameters[i].default_value;
    for (const Setting& setting : settings) {
      if (setting.name == activation.parameters[i].name) value = setting.value;
    }
    values.push_back(value);
  }
  return values;
}

namespace {

/// Throws UsageError where a plug-in's kernel computes with parameters of its own, and others are set.
void check_own_parameters(const Kernel& kernel, std::span<const Setting> settings) {
  if (!is_foreign(kernel.backend) || kernel.activation == &activation_named(kernel.activation->name)) return;
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i) {
    const Parameter& own = kernel.activation->parameters[i];
    for (const Setting& setting : settings) {
      if (setting.name != own.name || setting.value == own.default_value) continue;
      throw UsageError(fmt::format("{} computes with {}={} alone: leave out --param {}={}, or that kernel",
                                   identity(kernel), own.name, own.default_value, setting.name, setting.value));
    }
  }
}

}  // namespace

std::vector<double> parameters_of(const Kernel& kernel, std::span<const Setting> settings) {
  check_own_parameters(kernel, settings);
  std::vector<double> values = unrounded_parameters(*kernel.activation, settings);
  const std::string error = parameter_error(kernel, values);
  if (!error.empty()) throw UsageError(error);
  for (double& value : values) value = round_to(kernel.type, value);
  return values;
}

namespace {

template <class Number>
std::string listed(const Activation& activation, std::span<const double> parameters, Number number) {
  std::string text;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    text += fmt::format("{}{}={}", i > 0 ? ", " : "", activation.parameters[i].name, number(parameters[i]));
  return text;
}

}  // namespace

std::string describe_parameters(const Kernel& kernel, std::span<const double> parameters) {
  return listed(*kernel.activation, parameters, [&](double value) { return decimal(kernel.type, value); });
}

std::string used_parameters(const Kernel& kernel, std::span<const double> parameters) {
  return listed(*kernel.activation, parameters, [](double value) { return decimal(Type::f64, value); });
}

std::string describe_settings(std::span<const Setting> settings, std::span<const Kernel* const> kernels) {
  std::string text;
  for (const Setting& setting : settings) {
    std::set<Type> types;
    for (const Kernel* kernel : kernels) types.insert(kernel->type);
    std::string rounded;
    for (const Type type : types) {
      const double value = round_to(type, setting.value);
      if (value == setting.value) continue;
      rounded += fmt::format("{}{}{} {}", rounded.empty() ? "" : ", ", name(type), rounded.empty() ? " takes" : "",
                             decimal(Type::f64, value));
    }
    text += fmt::format("{}{}={}{}", text.empty() ? "" : ", ", setting.name, decimal(Type::f64, setting.value),
                        rounded.empty() ? "" : fmt::format(" ({})", rounded));
  }
  return text;
}

}  // namespace actbench::bench
