// SPDX-License-Identifier: Apache-2.0
//
// actbench overflow.
#include "bench/faults/overflow.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {
namespace {

struct OverflowOptions : Options {
  std::string inputs;
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
  bool details = false;
};

SweepOptions sweep_options(const OverflowOptions& options) {
  SweepOptions sweep;
  sweep.all = options.inputs == "all";
  sweep.inputs = options.inputs.empty() || sweep.all ? 0 : parse_count(options.inputs, "--inputs");
  sweep.seed = options.seed;
  sweep.threads = options.threads;
  sweep.stop = &stop_flag();
  return sweep;
}

std::vector<FunctionFindings> examine_with_progress(const std::vector<const Kernel*>& kernels,
                                                    const std::vector<Setting>& set, SweepOptions sweep) {
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels) subjects.push_back({kernel, parameters_of(*kernel, set)});
  Progress progress("overflow");
  sweep.progress = [&](double fraction) { progress.update(fraction); };
  return examine(std::move(subjects), sweep);
}

/// Kernels over rows have tables of their own.
struct OfRows {
  std::vector<reports::Table> tables;
  bool broken = false;  ///< some kernel does what its promise excludes
};

OfRows examine_rows(const std::vector<const Kernel*>& kernels, const Output& output) {
  if (kernels.empty()) return {};
  const SpecialRows special = special_rows(kernels);
  OfRows result{{}, !special.broken.empty()};
  for (reports::Table& table : special_tables(special))
    result.tables.push_back(output.for_people() ? with_backends_joined(std::move(table)) : std::move(table));
  return result;
}

std::vector<reports::Table> tables_for_people(const std::vector<FunctionFindings>& functions,
                                              const OverflowOptions& options,
                                              const std::vector<std::string>& left_out) {
  constexpr std::size_t few = 3;
  std::vector<reports::Table> tables{overflow_summary(functions)};
  if (options.details || functions.size() <= few) {
    for (const FunctionFindings& function : functions) {
      for (reports::Table& table : overflow_details(function)) tables.push_back(std::move(table));
    }
  }
  auto& notes = tables.back().notes;
  for (std::string& note : overflow_notes(functions, options.seed)) notes.push_back(std::move(note));
  if (tables.size() == 1) notes.emplace_back("--details shows special values, thresholds, and where the faults are.");
  notes.insert(notes.end(), left_out.begin(), left_out.end());
  return tables;
}

bool any_breaks_promise(const std::vector<FunctionFindings>& functions) {
  return std::any_of(functions.begin(), functions.end(), [](const FunctionFindings& f) {
    return std::any_of(f.kernels.begin(), f.kernels.end(),
                       [&](const KernelFindings& k) { return breaks_promise(f, k); });
  });
}

int run_overflow(const OverflowOptions& options) {
  const SweepOptions sweep = sweep_options(options);
  Runnable found = runnable(options);
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  const std::vector<const Kernel*> over_rows = take_rows(found.kernels);
  OfRows rows = examine_rows(over_rows, options.output);
  if (found.kernels.empty()) {
    auto& notes = rows.tables.back().notes;
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    options.output.print(rows.tables);
    return rows.broken ? exit_check_failed : exit_fine;
  }
  const std::vector<FunctionFindings> functions = examine_with_progress(found.kernels, set, sweep);
  std::vector<reports::Table> tables = options.output.for_people()
                                           ? tables_for_people(functions, options, found.notes)
                                           : std::vector<reports::Table>{overflow_records(functions)};
  for (reports::Table& table : rows.tables) tables.push_back(std::move(table));
  options.output.print(tables);
  return rows.broken || any_breaks_promise(functions) ? exit_check_failed : exit_fine;
}

}  // namespace

Command add_overflow(CLI::App& program) {
  const auto options = std::make_shared<OverflowOptions>();
  CLI::App* app = program.add_subcommand(
      "overflow",
      "Look for faults in kind: infinities, NaN, zeros, thresholds, range, slope, symmetry, backends, places");
  add_filter(*app, *options);
  app->add_option(
         "--inputs", options->inputs,
         "About how many inputs each kernel takes, or all; default 2^22, for f64 2^18; the 16-bit types always "
         "take all")
      ->type_name("N");
  app->add_flag("--details", options->details,
                "Show special values, thresholds and faults of every function; up to three functions have them anyway");
  add_whole(*app, "--seed", options->seed, any_seed, "S", "Seed of the sample; default 1");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel does what its promise excludes.\n"
      "Example: actbench overflow '{sigmoid,gelu}/forward/f32'");
  return {app, [options] { return run_overflow(*options); }};
}

}  // namespace actbench::bench
