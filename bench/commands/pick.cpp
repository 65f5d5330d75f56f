// SPDX-License-Identifier: Apache-2.0
//
// actbench pick.
#include "bench/performance/pick.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

struct PickCommandOptions : Options {
  std::string activation, from;
  PickOptions pick;
};

/// The kernels of the CPU for one function: f32 forward unless told otherwise.
std::vector<const Kernel*> kernels_of(const PickCommandOptions& options, std::vector<std::string>& notes) {
  Selection selection = options;
  default_to_f32_forward(selection);
  if (selection.types.size() > 1 || selection.directions.size() > 1)
    throw UsageError("pick compares kernels of one function: give one --type and one --direction");
  selection.filters = {fmt::format("{}/*/*/*/*", activation_named(options.activation).name)};
  Runnable found = runnable(selection);
  notes = std::move(found.notes);
  std::vector<const Kernel*> kernels = on_device(found.kernels, false);
  if (kernels.empty())
    throw UsageError("pick compares kernels of the CPU, beside which those of a device cannot be timed");
  return kernels;
}

int run_pick(const PickCommandOptions& options) {
  std::vector<std::string> notes;
  const std::vector<const Kernel*> kernels = kernels_of(options, notes);
  const Pick found =
      options.from.empty() ? pick(kernels, options.pick) : pick_from(options.from, kernels, options.pick);
  if (found.within.empty()) {
    const Candidate& closest = found.beyond[0];
    throw MissingError(fmt::format(
        "no kernel of {} {} {} that runs here keeps {:g} ULP; the closest is {} with {} ULP ({})",
        kernels[0]->activation->name, name(kernels[0]->direction), name(kernels[0]->type), options.pick.max_ulp,
        identity(*closest.kernel), ulp_text(closest.bound.ulp), name(closest.bound.kind)));
  }
  reports::Table table = pick_table(found, options.pick.max_ulp);
  table.notes.insert(table.notes.end(), notes.begin(), notes.end());
  options.output.print(table);
  return exit_fine;
}

}  // namespace

Command add_pick(CLI::App& program) {
  const auto options = std::make_shared<PickCommandOptions>();
  PickOptions& pick = options->pick;
  CLI::App* app = program.add_subcommand("pick", "Name the fastest kernel whose errors stay within a bound");
  app->add_option("ACTIVATION", options->activation, "Its name, or one of its other names")->required()->type_name("");
  add_number(*app, "--max-ulp", pick.max_ulp, {0, 1e18}, "ULP",
             "The largest error allowed, in Goldberg's ulp; default 4");
  app->add_option("--size", pick.size,
                  "The size of the data that kernels are timed with: l1 (default), l2, llc, memory, or a count of "
                  "elements (4096, 64k)")
      ->type_name("SIZE");
  add_whole(*app, "--row", pick.row, {1, 1 << 20}, "N", "Length of rows, for kernels over rows; default 1024");
  app->add_option("--from", options->from, "Take times from this folder of a report, and measure none")
      ->type_name("DIR");
  add_number(*app, "--budget", pick.budget_s, any_seconds, "S", "Seconds of the timing, about; default 5");
  add_whole(*app, "--seed", pick.seed, any_seed, "S", "Seed of the values and of the order; default 1");
  add_threads(*app, pick.threads, "Threads of the sweep; default: every CPU that may be used; timing takes one");
  add_shared_options(*app, *options);
  app->footer(
      "Without --type and --direction: f32 forward. Exit code 3: no kernel that runs here keeps the bound.\n"
      "Example: actbench pick gelu --max-ulp 4 --type bf16");
  return {app, [options] { return run_pick(*options); }};
}

}  // namespace actbench::bench
