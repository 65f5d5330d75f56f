// SPDX-License-Identifier: Apache-2.0
#include "bench/gap/gap.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/folder.hpp"

namespace actbench::bench {
namespace {

struct GapCommandOptions : Options {
  std::optional<std::string> a, b;
  std::string output_folder;
  bool quick = false, no_timing = false, details = false;
  unsigned threads = 0;
  std::uint64_t seed = default_seed;

  bool of_two() const { return a && b; }
};

/// What a terminal shows without being asked for more.
bool is_essential(const reports::Table& table) {
  return table.name != "gap_shape" && table.name != "gap_relative" && table.name != "gap_tail";
}

/// The activations that are compared, the exact one first.
std::vector<std::string> compared(const GapCommandOptions& options) {
  if (options.a && !options.b) {
    throw UsageError(
        fmt::format("gap compares two activations, or, without any, {} with its approximations; '{}' "
                    "alone is neither",
                    gelu_forms()[0], *options.a));
  }
  if (!options.of_two()) {
    if (!options.parameters.empty())
      throw UsageError("--param is for two activations: gelu and its approximations have no parameters");
    return gelu_forms();
  }
  std::vector<std::string> names;
  for (const std::string& wanted : {*options.b, *options.a}) {
    const Activation& activation = activation_named(wanted);
    if (activation.shape != Shape::elementwise)
      throw UsageError(fmt::format("gap compares functions of one number, which {} is not", activation.name));
    names.emplace_back(activation.name);
  }
  if (names[0] == names[1])
    throw UsageError(fmt::format("gap compares two different activations; both are {}", names[0]));
  return names;
}

/// The kernels of the activations, by any of their names, that the options choose; without a choice, f32 forward.
Runnable kernels_of(const std::vector<std::string>& names, Selection selection) {
  default_to_f32_forward(selection);
  for (const std::string& each : names) selection.filters.push_back(each + "/*/*/*/*");
  Runnable found = runnable(selection);
  leave_out_rows(found, "gap");
  return found;
}

/// Two activations with the parameters that were set. Throws UsageError where one is outside its domain.
std::vector<Contender> contenders_of(const std::vector<std::string>& names, const std::vector<const Kernel*>& kernels,
                                     const std::vector<Setting>& set) {
  std::vector<Contender> contenders;
  for (const std::string& each : names) {
    const Activation& activation = *find_activation(each);
    for (const Kernel* kernel : kernels) {
      if (kernel->activation == &activation) parameters_of(*kernel, set);
    }
    contenders.push_back(contender_of(activation, unrounded_parameters(activation, set)));
  }
  return contenders;
}

void add_files(reports::Folder& folder, const GapFindings& findings, const std::vector<reports::Table>& people,
               const std::vector<reports::Table>& machines) {
  std::string pictures;
  for (const GapPlot& plot : gap_plots(findings)) {
    folder.add(plot.file, reports::svg(plot.figure));
    pictures += fmt::format("![{}]({})\n\n", reports::markdown_cell(plot.figure.title), plot.file);
  }
  folder.add("gap.md", fmt::format("# The gap\n\n{}\n\n{}{}", gap_sentence(findings), pictures,
                                   reports::write(people, reports::Format::markdown)));
  folder.add("gap.csv", reports::write(machines, reports::Format::csv));
}

int run_gap(const GapCommandOptions& options) {
  const std::vector<std::string> names = compared(options);
  const Runnable found =
      kernels_of(options.of_two() ? std::vector<std::string>{*options.b, *options.a} : names, options);
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  GapOptions gap;
  gap.quick = options.quick;
  gap.threads = options.threads;
  gap.seed = options.seed;
  gap.stop = &stop_flag();
  if (options.of_two()) gap.contenders = contenders_of(names, found.kernels, set);
  // Kernels are timed with their defaults: the command bench times other parameters.
  if (!options.no_timing && set.empty()) {
    gap.timed = on_device(found.kernels, false);
    gap.timing_s = options.quick ? 4 : std::clamp(0.5 * static_cast<double>(found.kernels.size()), 4.0, 30.0);
  }
  std::optional<reports::Folder> folder;  // before the work, which would be in vain where it cannot be written
  if (!options.output_folder.empty()) folder.emplace(options.output_folder, "gap", std::vector<std::string>{"gap"});
  GapFindings findings;
  {
    Progress progress("gap");
    gap.progress = [&](double fraction, const std::string& label) { progress.update(fraction, label); };
    findings = find_gaps(gap);
  }
  check_interrupted();
  std::vector<reports::Table> people = gap_tables(findings, true);
  const std::vector<reports::Table> machines = gap_tables(findings, false);
  people.back().notes.insert(people.back().notes.end(), found.notes.begin(), found.notes.end());
  if (folder) add_files(*folder, findings, people, machines);
  if (options.output.for_people() && !options.details) {
    std::erase_if(people, [](const reports::Table& table) { return !is_essential(table); });
    people.back().notes.emplace_back("--details also shows extrema and sign changes, relative gaps and tails.");
  }
  write_and_show(
      [&] {
        if (folder) folder->commit();
      },
      [&] { options.output.print(options.output.for_people() ? people : machines); });
  return exit_fine;
}

}  // namespace

Command add_gap(CLI::App& program) {
  const auto options = std::make_shared<GapCommandOptions>();
  CLI::App* app = program.add_subcommand(
      "gap", "Prove how far approximations of gelu, or any two activations, are apart, and time them");
  // A positional's name is one word: CLI11 refuses others from version 2.4 on.
  app->add_option("A", options->a,
                  "An activation to compare with B. Without A and B, the command compares gelu_tanh, new_gelu, "
                  "quick_gelu and the best that their forms can do with gelu")
      ->type_name("");
  app->add_option("B", options->b, "The activation that A is compared with")->type_name("");
  app->add_option("--out,--output", options->output_folder, "Also write gap.md, gap.csv and the curves as SVG there")
      ->type_name("DIR");
  app->add_flag("--quick", options->quick,
                "Take at most 20 seconds: leave out the best forms for the derivative, and time for less long");
  app->add_flag("--details", options->details, "Also show extrema and sign changes, relative gaps by range, and tails");
  app->add_flag("--no-timing", options->no_timing, "Do not time the kernels");
  add_threads(*app, options->threads, "Threads for the proofs; default: every CPU that may be used");
  add_whole(*app, "--seed", options->seed, any_seed, "S", "The seed of the timed values and of their order; default 1");
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "--direction, --type, --tier and --backend choose the kernels that are timed (default: f32 forward).\n"
      "Examples: actbench gap --out gap\n"
      "          actbench gap hard_swish silu\n"
      "          actbench gap swish gelu --param beta=1.702");
  return {app, [options] { return run_gap(*options); }};
}

}  // namespace actbench::bench
