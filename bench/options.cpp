// SPDX-License-Identifier: Apache-2.0
#include "bench/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "bench/errors.hpp"
#include "bench/filter.hpp"
#include "bench/types.hpp"
#include "kernels/cuda/runtime.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

template <class Enum>
std::vector<std::string> names_to(Enum last) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) names.emplace_back(name(static_cast<Enum>(i)));
  return names;
}

template <class Enum>
void add_choice(CLI::App& app, const std::string& option, std::vector<std::string>& into, Enum last, const char* help) {
  app.add_option(option, into, help)->delimiter(',')->check(CLI::IsMember(names_to(last)))->type_name("NAME,…");
}

bool allows(const std::vector<std::string>& names, const char* wanted) {
  return names.empty() || std::find(names.begin(), names.end(), wanted) != names.end();
}

}  // namespace

void add_shared_options(CLI::App& app, Options& options) {
  add_choice(
      app, "--direction", options.directions, Direction::gradient_b,
      "Only these: forward, derivative, backward, alpha_gradient; of gated units forward, gradient_a, gradient_b");
  add_choice(app, "--type", options.types, Type::bf16, "Only these: f32, f64, f16, bf16");
  add_choice(app, "--tier", options.tiers, Tier::accurate, "Only these: naive, fast, accurate");
  add_choice(app, "--backend", options.backends, Backend::cuda,
             "Only these, which must run here: scalar, avx2, avx512, cuda");
  app.add_option_function<int>(
         "--device", [](int device) { cuda::select(device); },
         "Which CUDA device, counted from 0 among those that CUDA_VISIBLE_DEVICES leaves; default 0")
      ->check(CLI::Range(0, 1023))
      ->type_name("N");
  add_output_options(app, options);
}

void add_output_options(CLI::App& app, Options& options) {
  const std::map<std::string, reports::Format> formats{{"table", reports::Format::terminal},
                                                       {"md", reports::Format::markdown},
                                                       {"csv", reports::Format::csv},
                                                       {"json", reports::Format::json}};
  app.add_option_function<std::string>(
         "--format", [&options, formats](const std::string& text) { options.output.format = formats.at(text); },
         "table (default), md, csv or json, on stdout")
      ->check(CLI::IsMember(std::vector<std::string>{"table", "md", "csv", "json"}))
      ->type_name("FORMAT");
  app.add_option("--color", options.output.colour, "auto (default; honours NO_COLOR), always or never")
      ->check(CLI::IsMember(std::vector<std::string>{"auto", "always", "never"}))
      ->type_name("WHEN");
}

void add_filter(CLI::App& app, Options& options) {
  app.add_option("FILTER", options.filters,
                 "Which kernels: a glob (gelu, f32/accurate, '{gelu,silu}/forward') or a regular expression over "
                 "activation/direction/type/tier/backend; all without one")
      ->type_name("");
}

void add_parameters(CLI::App& app, Options& options) {
  app.add_option("--param", options.parameters, "Set an activation's parameter, such as alpha=0.2; may be repeated")
      ->delimiter(',')
      ->type_name("NAME=VALUE");
}

void add_threads(CLI::App& app, unsigned& threads, const char* text) {
  app.add_option("--threads", threads, text)->check(CLI::Range(1u, 4096u))->type_name("T");
}

std::vector<const Kernel*> chosen(const Options& options) {
  std::vector<const Kernel*> found = matching(kernels(), options.filters);
  for (const std::string& backend : options.backends) {
    const auto has = [&](const Kernel& kernel) { return name(kernel.backend) == backend; };
    if (std::none_of(kernels().begin(), kernels().end(), has)) {
      throw MissingError(fmt::format("this build has no kernels for {}; actbench list shows what it has", backend));
    }
  }
  // One option after the other, so that the error can say what the last one had to choose from.
  std::string asked = fmt::format("{}", fmt::join(options.filters, " "));
  const auto narrow = [&](const std::vector<std::string>& names, const char* what, auto component) {
    if (names.empty()) return;
    std::vector<std::string> there;
    for (const Kernel* kernel : found) {
      const std::string has = name(component(*kernel));
      if (std::find(there.begin(), there.end(), has) == there.end()) there.push_back(has);
    }
    std::erase_if(found, [&](const Kernel* k) { return !allows(names, name(component(*k))); });
    const std::string before = asked;
    asked += fmt::format("{}{}", asked.empty() ? "" : " ", fmt::join(names, " "));
    if (!found.empty()) return;
    throw UsageError(fmt::format("no kernel matches all of: {}; {} {} {}", asked,
                                 before.empty() ? "there are" : fmt::format("what matches {} has", before), what,
                                 fmt::join(there, ", ")));
  };
  narrow(options.directions, "the directions", [](const Kernel& k) { return k.direction; });
  narrow(options.types, "the types", [](const Kernel& k) { return k.type; });
  narrow(options.tiers, "the tiers", [](const Kernel& k) { return k.tier; });
  narrow(options.backends, "the backends", [](const Kernel& k) { return k.backend; });
  return found;
}

std::size_t group_end(std::span<const Kernel* const> kernels, std::size_t first) {
  const auto key = [](const Kernel& k) { return std::tuple(k.activation, k.direction, k.type); };
  std::size_t end = first;
  while (end < kernels.size() && key(*kernels[end]) == key(*kernels[first])) ++end;
  return end;
}

std::vector<const Kernel*> on_device(std::span<const Kernel* const> kernels, bool device) {
  std::vector<const Kernel*> found;
  std::copy_if(kernels.begin(), kernels.end(), std::back_inserter(found),
               [&](const Kernel* k) { return (k->backend == Backend::cuda) == device; });
  return found;
}

bool matches(const Options& options, const Kernel& kernel) {
  const std::string text = identity(kernel);
  return (options.filters.empty() || std::any_of(options.filters.begin(), options.filters.end(),
                                                 [&](const auto& f) { return Filter(f).matches(text); })) &&
         allows(options.directions, name(kernel.direction)) && allows(options.types, name(kernel.type)) &&
         allows(options.tiers, name(kernel.tier)) && allows(options.backends, name(kernel.backend));
}

Runnable runnable(const Options& options) {
  Runnable result;
  std::map<std::string, std::size_t> left_out;  // by backend and reason
  for (const Kernel* kernel : chosen(options)) {
    const char* reason = unrunnable_reason(*kernel);
    if (reason == nullptr) {
      result.kernels.push_back(kernel);
      continue;
    }
    if (!options.backends.empty()) {
      throw MissingError(fmt::format("{} kernels do not run here: {}; without --backend, what runs is chosen",
                                     name(kernel->backend), reason));
    }
    ++left_out[fmt::format("{} not run here: {}", name(kernel->backend), reason)];
  }
  for (const auto& [reason, count] : left_out) {
    result.notes.push_back(fmt::format("Left out: {} of {}.", reports::counted(count, "kernel"), reason));
  }
  if (result.kernels.empty()) {
    throw MissingError(fmt::format("none of the kernels asked for run here ({}); actbench list shows which do",
                                   left_out.begin()->first));
  }
  return result;
}

std::vector<const Kernel*> take_rows(std::vector<const Kernel*>& kernels) {
  const auto is_rows = [](const Kernel* k) { return k->activation->shape == Shape::rows; };
  std::vector<const Kernel*> rows;
  std::copy_if(kernels.begin(), kernels.end(), std::back_inserter(rows), is_rows);
  std::erase_if(kernels, is_rows);
  return rows;
}

void leave_out_rows(Runnable& found, const std::string& command) {
  const std::vector<const Kernel*> rows = take_rows(found.kernels);
  if (rows.empty()) return;
  const std::string what = fmt::format(
      "over whole rows ({}): actbench {} goes element by element; accuracy, eval, overflow and bench take rows",
      rows[0]->activation->name, command);
  if (found.kernels.empty()) throw UsageError(fmt::format("these kernels are {}", what));
  found.notes.push_back(fmt::format("Left out: {} {}.", reports::counted(rows.size(), "kernel"), what));
}

const Activation& activation_named(const std::string& wanted) {
  std::vector<std::string> candidates;
  for (const Kernel& kernel : kernels()) {
    if (wanted == kernel.activation->name) return *kernel.activation;
    if (candidates.empty() || candidates.back() != kernel.activation->name)
      candidates.emplace_back(kernel.activation->name);
  }
  for (const Kernel& kernel : kernels()) {
    for (std::string& alias : aliases(*kernel.activation)) {
      if (alias == wanted) return *kernel.activation;
      candidates.push_back(std::move(alias));
    }
  }
  const auto near = near_misses(wanted, candidates);
  throw UsageError(fmt::format("there is no activation '{}'{}", wanted,
                               near.empty() ? "; actbench list shows them all" : did_you_mean(near)));
}

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
    result.push_back({name, parse_finite(value)});
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

std::vector<double> parameters_of(const Kernel& kernel, std::span<const Setting> settings) {
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
