// SPDX-License-Identifier: Apache-2.0
#include "bench/properties/properties.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/folder.hpp"

namespace actbench::bench {
namespace {

struct PropertiesOptions : Options {
  std::string out;
  unsigned threads = 0;
};

/// Throws UsageError that says why a filter matches no activation of `all`.
[[noreturn]] void refuse(const Filter& filter, const std::vector<const Activation*>& all) {
  std::vector<std::string> names;
  for (const Activation* a : all) names.emplace_back(a->name);
  for (const Kernel& kernel : kernels()) {
    if (filter.matches(*kernel.activation)) {
      throw UsageError(
          fmt::format("properties are of functions of one number, which {} is not", kernel.activation->name));
    }
    for (OtherName& other : other_names(kernel)) names.push_back(std::move(other.name));
  }
  const auto near = near_misses(filter.pattern(), names);
  throw UsageError(fmt::format("no activation matches '{}'{}", filter.pattern(),
                               near.empty() ? "; actbench list shows them all" : did_you_mean(near)));
}

/// The activations that the filters choose by name. Throws UsageError for a filter that matches none.
std::vector<const Activation*> chosen_activations(const std::vector<std::string>& patterns) {
  const std::vector<const Activation*> all = every_activation();
  const Filters filters(patterns);
  for (const Filter& filter : filters.all()) {
    if (std::none_of(all.begin(), all.end(), [&](const Activation* a) { return filter.matches(*a); }))
      refuse(filter, all);
  }
  std::vector<const Activation*> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Activation* a) { return filters.choose(*a); });
  if (found.empty()) throw UsageError("the filters leave out every activation that they choose");
  return found;
}

/// The parameters of each activation. Throws UsageError where one is outside its domain.
std::vector<std::vector<double>> parameters_of_each(const std::vector<const Activation*>& activations,
                                                    const std::vector<std::string>& texts) {
  std::vector<const Kernel*> of_these;
  for (const Kernel& kernel : kernels()) {
    if (std::any_of(activations.begin(), activations.end(),
                    [&](const Activation* a) { return std::string_view(a->name) == kernel.activation->name; }))
      of_these.push_back(&kernel);
  }
  const std::vector<Setting> set = settings(texts, of_these);
  std::vector<std::vector<double>> parameters;
  for (const Activation* activation : activations) {
    parameters.push_back(unrounded_parameters(*activation, set));
    const std::string error = parameter_error(*activation, parameters.back());
    if (!error.empty()) throw UsageError(error);
  }
  return parameters;
}

void add_files(reports::Folder& folder, const std::vector<Properties>& all) {
  std::string pictures;
  for (const Properties& p : all) {
    const std::string file = fmt::format("properties-{}.svg", p.activation->name);
    folder.add(file, reports::svg(properties_figure(p)));
    pictures += fmt::format("![{} and its slope]({})\n\n", p.activation->name, file);
  }
  folder.add("properties.md", "# What the functions are like\n\n" + pictures +
                                  reports::write(properties_tables(all), reports::Format::markdown));
  folder.add("properties.csv", reports::write(properties_records(all), reports::Format::csv));
}

int run_properties(const PropertiesOptions& options) {
  const std::vector<const Activation*> activations = chosen_activations(options.filters);
  const std::vector<std::vector<double>> parameters = parameters_of_each(activations, options.parameters);
  std::optional<reports::Folder> folder;  // before the work, which would be in vain where it cannot be written
  if (!options.out.empty()) folder.emplace(options.out, "properties", std::vector<std::string>{"properties"});
  std::vector<Properties> all;
  {
    Progress progress("properties");
    all = properties_of(activations, parameters, options.threads, [&](double fraction) { progress.update(fraction); });
  }
  check_interrupted();
  if (folder) add_files(*folder, all);
  write_and_show(
      [&] {
        if (folder) folder->commit();
      },
      [&] {
        if (options.output.for_people()) {
          std::vector<reports::Table> tables = properties_tables(all);
          for (std::string& note : notes_on_names(options.filters)) tables.back().notes.push_back(std::move(note));
          options.output.print(tables);
        } else {
          options.output.print(properties_records(all));
        }
      });
  return exit_fine;
}

}  // namespace

Command add_properties(CLI::App& program) {
  const auto options = std::make_shared<PropertiesOptions>();
  CLI::App* app = program.add_subcommand(
      "properties", "Show what the functions are like: range, slope, smoothness, saturation, and means under N(0, 1)");
  app->add_option(
         "FILTER", options->filters,
         "Which activations: globs over their names (gelu, 'gelu*', '{relu,elu}'); '!*relu' leaves out; default: all")
      ->type_name("");
  app->add_option("--out", options->out, "A folder for tables (Markdown, CSV) and pictures (SVG)")->type_name("DIR");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_output_options(*app, *options);
  app->footer("Example: actbench properties '{gelu,silu,mish}' --out properties");
  return {app, [options] { return run_properties(*options); }};
}

}  // namespace actbench::bench
