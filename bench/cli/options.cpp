// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "bench/numbers/types.hpp"
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

template <class Enum>
void add_choice(CLI::App& app, const std::string& option, std::vector<std::string>& into, Enum last,
                const std::string& help) {
  app.add_option(option, into, help)->delimiter(',')->check(CLI::IsMember(names_to(last)))->type_name("NAME,…");
}

/// An option whose text a function reads that throws UsageError.
CLI::Option* add_read(CLI::App& app, const std::string& option, const std::string& value, const std::string& help,
                      const std::function<void(const std::string&)>& read) {
  CLI::Option* added = app.add_option_function<std::string>(option, read, help);
  return added->type_name(value);
}

/// All of 64 bits is no range that helps a reader.
std::string with_range(const std::string& value, Range<std::uint64_t> range) {
  return range.most == UINT64_MAX ? value : fmt::format("{}:INT in [{} - {}]", value, range.least, range.most);
}

}  // namespace

std::vector<std::string> backend_names() {
  std::vector<std::string> names = names_to(Backend::cuda);
  std::set<std::string> foreign;
  for (const Kernel& kernel : kernels()) {
    if (is_foreign(kernel.backend)) foreign.insert(name(kernel.backend));
  }
  names.insert(names.end(), foreign.begin(), foreign.end());
  return names;
}

void one_value_each(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option* o) { return !o->get_positional(); })) {
    if (option->get_items_expected_max() > 1) option->allow_extra_args(false);
  }
}

CLI::Option* add_number(CLI::App& app, const std::string& option, double& into, Range<double> range,
                        const std::string& value, const std::string& help) {
  return add_read(
      app, option, fmt::format("{}:FLOAT in [{:g} - {:g}]", value, range.least, range.most), help,
      [&into, option, range](const std::string& text) { into = parse_within(text, range.least, range.most, option); });
}

CLI::Option* add_whole(CLI::App& app, const std::string& option, std::uint64_t& into, Range<std::uint64_t> range,
                       const std::string& value, const std::string& help) {
  return add_read(app, option, with_range(value, range), help, [&into, option, range](const std::string& text) {
    into = parse_whole(text, range.least, range.most, option);
  });
}

CLI::Option* add_whole(CLI::App& app, const std::string& option, unsigned& into, Range<unsigned> range,
                       const std::string& value, const std::string& help) {
  return add_read(app, option, with_range(value, {range.least, range.most}), help,
                  [&into, option, range](const std::string& text) {
                    into = static_cast<unsigned>(parse_whole(text, range.least, range.most, option));
                  });
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
  app.add_option(backend_option, options.backends,
                 fmt::format("Only these backends, which must run here, with commas between them: {}, or a plug-in's "
                             "name",
                             fmt::join(names_to(Backend::cuda), ", ")))
      ->delimiter(',')
      ->type_name(fmt::format("NAME,…:{{{}}}", fmt::join(names_to(Backend::cuda), ",")));
  constexpr unsigned last_device = 1023;
  add_read(
      app, "--device", with_range("N", {0, last_device}),
      "The CUDA device, counted from 0 among those that CUDA_VISIBLE_DEVICES leaves; default 0",
      [](const std::string& text) { cuda::select(static_cast<int>(parse_whole(text, 0, last_device, "--device"))); });
  app.add_option(
         plugin_option, options.plugins,
         "Kernels of your own, or anyone's: a shared library that describes them (actbench/plugin.h); they join "
         "the others as a backend of the library's name; may be repeated")
      ->type_name("FILE");
  add_number(app, patience_option, options.plugin_patience_s, any_seconds, "S",
             "Seconds until a call of a plug-in's kernel counts as hung; default 10");
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
  add_whole(app, "--threads", threads, {1, 4096}, "T", text);
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
