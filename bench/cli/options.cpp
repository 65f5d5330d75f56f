// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <set>

#include "bench/numbers/ulp.hpp"
#include "kernels/cuda/runtime.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench {
namespace {

template <class Enum>
std::vector<std::string> names_to(Enum last) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) names.emplace_back(name(static_cast<Enum>(i)));
  return names;
}

/// A backend's name: one of the program's own, or of a plug-in. Which these are is known when a value is checked.
CLI::Validator is_backend() {
  return CLI::Validator(
      [](const std::string& text) {
        std::vector<std::string> names = names_to(Backend::cuda);
        std::set<std::string> foreign;
        for (const Kernel& kernel : kernels()) {
          if (is_foreign(kernel.backend)) foreign.insert(name(kernel.backend));
        }
        names.insert(names.end(), foreign.begin(), foreign.end());
        if (std::find(names.begin(), names.end(), text) != names.end()) return std::string();
        return fmt::format("{} not in {{{}}}", text, fmt::join(names, ","));
      },
      fmt::format("{{{}}}", fmt::join(names_to(Backend::cuda), ",")));
}

template <class Enum>
void add_choice(CLI::App& app, const std::string& option, std::vector<std::string>& into, Enum last,
                const std::string& help) {
  app.add_option(option, into, help)->delimiter(',')->check(CLI::IsMember(names_to(last)))->type_name("NAME,…");
}

}  // namespace

void add_shared_options(CLI::App& app, Options& options) {
  add_choice(
      app, "--direction", options.directions, Direction::gradient_b,
      "Only these directions: forward, derivative, backward, alpha_gradient; of gated units forward, gradient_a, "
      "gradient_b");
  add_choice(app, "--type", options.types, Type::bf16, "Only these types: f32, f64, f16, bf16");
  add_choice(app, "--tier", options.tiers, Tier::accurate, "Only these tiers: naive, fast, accurate");
  app.add_option("--backend", options.backends,
                 fmt::format("Only these backends, which must run here: {}, or a plug-in's name",
                             fmt::join(names_to(Backend::cuda), ", ")))
      ->delimiter(',')
      ->check(is_backend())
      ->type_name("NAME,…");
  app.add_option_function<int>(
         "--device", [](int device) { cuda::select(device); },
         "The CUDA device, counted from 0 among those that CUDA_VISIBLE_DEVICES leaves; default 0")
      ->check(CLI::Range(0, 1023))
      ->type_name("N");
  app.add_option(
         plugin_option, options.plugins,
         "Kernels of your own, or anyone's: a shared library that describes them (actbench/plugin.h); they join "
         "the others as a backend of the library's name; may be repeated")
      ->allow_extra_args(false)
      ->type_name("FILE");
  app.add_option(patience_option, options.plugin_patience_s,
                 "Seconds until a call of a plug-in's kernel counts as hung; default 10")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S");
  add_output_options(app, options);
}

void add_output_options(CLI::App& app, Options& options) {
  const std::map<std::string, reports::Format> formats{{"table", reports::Format::terminal},
                                                       {"md", reports::Format::markdown},
                                                       {"csv", reports::Format::csv},
                                                       {"json", reports::Format::json}};
  app.add_option_function<std::string>(
         "--format", [&options, formats](const std::string& text) { options.output.format = formats.at(text); },
         "Format of the output: table (default), md, csv or json")
      ->check(CLI::IsMember(std::vector<std::string>{"table", "md", "csv", "json"}))
      ->type_name("FORMAT");
  app.add_option("--color", options.output.colour,
                 "Colour of the output: auto (default; honours NO_COLOR), always or never")
      ->check(CLI::IsMember(std::vector<std::string>{"auto", "always", "never"}))
      ->type_name("WHEN");
}

void add_filter(CLI::App& app, Options& options) {
  app.add_option("FILTER", options.filters,
                 "Which kernels: a glob (gelu, f32/accurate, '{gelu,silu}/forward') or a regular expression over "
                 "activation/direction/type/tier/backend; default: all")
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

void add_ulp(CLI::App& app, reference::Ulp& ulp) {
  std::map<std::string, reference::Ulp> named;
  for (const reference::Ulp measure : measures) named.emplace(name(measure), measure);
  app.add_option_function<std::string>(
         "--ulp", [&ulp, named](const std::string& text) { ulp = named.at(text); },
         "The measure of errors: goldberg (default), kahan, or steps from the correctly rounded result; promises are "
         "in goldberg's")
      ->check(CLI::IsMember(std::vector<std::string>{"goldberg", "kahan", "steps"}))
      ->type_name("MEASURE");
}

}  // namespace actbench::bench
