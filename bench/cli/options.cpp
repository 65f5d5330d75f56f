// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "bench/numbers/ulp.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::bench {
namespace {

template <class Enum>
std::vector<std::string> names_to(Enum last) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) names.emplace_back(name(static_cast<Enum>(i)));
  return names;
}

template <class Enum>
void add_choice(CLI::App& app, const std::string& option, std::vector<std::string>& into, Enum last,
                const std::string& help) {
  app.add_option(option, into, help)->delimiter(',')->check(CLI::IsMember(names_to(last)))->type_name("NAME,…");
}

}  // namespace

void one_value_each(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option* o) { return !o->get_positional(); })) {
    if (option->get_items_expected_max() > 1) option->allow_extra_args(false);
  }
}

void add_shared_options(CLI::App& app, Options& options) {
  add_choice(
      app, "--direction", options.directions, Direction::gradient_b,
      "Only these directions, with commas between them: forward, derivative, backward, alpha_gradient; of gated units "
      "forward, gradient_a, gradient_b");
  add_choice(app, "--type", options.types, Type::bf16,
             "Only these types, with commas between them: f32, f64, f16, bf16");
  add_choice(app, "--tier", options.tiers, Tier::accurate,
             "Only these tiers, with commas between them: naive, fast, accurate");
  add_choice(app, "--backend", options.backends, Backend::cuda,
             fmt::format("Only these backends, which must run here, with commas between them: {}",
                         fmt::join(names_to(Backend::cuda), ", ")));
  app.add_option_function<int>(
         "--device", [](int device) { cuda::select(device); },
         "The CUDA device, counted from 0 among those that CUDA_VISIBLE_DEVICES leaves; default 0")
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
                 "Which kernels: globs over activation/direction/type/tier/backend or parts of it (gelu, gelu_u05, "
                 "f32/accurate, '{gelu,silu}/forward'); '!*glu' leaves out; default: all")
      ->type_name("");
}

void add_parameters(CLI::App& app, Options& options) {
  app.add_option("--param", options.parameters,
                 "Set activations' parameters, such as alpha=0.2; several: lower=-2,upper=2")
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
