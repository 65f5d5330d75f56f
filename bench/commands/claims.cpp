// SPDX-License-Identifier: Apache-2.0
//
// actbench claims.
#include "bench/claims/claims.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/performance/measure.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

struct ClaimsOptions : Options {
  std::vector<std::string> ids;
  bool quick = false, no_timing = false, details = false;
  double budget = 60;
};

std::vector<const Claim*> chosen_claims(const std::vector<std::string>& ids) {
  std::vector<const Claim*> found;
  std::vector<std::string> known;
  for (const Claim& claim : claims()) known.emplace_back(claim.id);
  for (const std::string& id : ids) {
    if (std::find(known.begin(), known.end(), id) == known.end())
      throw UsageError(fmt::format("there is no claim '{}', only: {}", id, fmt::join(known, ", ")));
  }
  for (const Claim& claim : claims()) {
    if (ids.empty() || std::find(ids.begin(), ids.end(), claim.id) != ids.end()) found.push_back(&claim);
  }
  return found;
}

/// Takes out the claims that rest on measured times alone. Returns the note that says so; empty: there are none.
std::string leave_out_timed(std::vector<const Claim*>& chosen) {
  std::string left_out;
  std::erase_if(chosen, [&](const Claim* c) {
    if (c->timed == Timed::wholly) left_out += fmt::format("{}{}", left_out.empty() ? "" : ", ", c->id);
    return c->timed == Timed::wholly;
  });
  if (chosen.empty())
    throw UsageError(fmt::format("{} is about measured times, which --quick and --no-timing leave out", left_out));
  if (left_out.empty()) return {};
  return fmt::format("Left out, as nothing was timed: {}, and the measured part of others.", left_out);
}

timing::BenchResult measure(const timing::Machine& machine, double budget_s) {
  timing::BenchOptions bench;
  bench.kernels = timed_kernels();
  bench.sizes = timing::parse_sizes("l1,memory", machine);
  bench.time_budget_s = budget_s;
  return run_with_progress(std::move(bench), "claims: timing");
}

std::vector<Finding> examine_with_progress(const std::vector<const Claim*>& chosen, const timing::BenchResult* times) {
  Evidence evidence(times);
  Progress progress("claims");
  return examine_claims(chosen, evidence,
                        [&](double fraction, const std::string& label) { progress.update(fraction, label); });
}

int run_claims(const ClaimsOptions& options) {
  std::vector<const Claim*> chosen = chosen_claims(options.ids);
  std::vector<std::string> notes;
  const bool timing = !options.quick && !options.no_timing;
  if (!timing) {
    std::string note = leave_out_timed(chosen);
    if (!note.empty()) notes.push_back(std::move(note));
  }
  timing::BenchResult times;
  const bool wants_times =
      timing && std::any_of(chosen.begin(), chosen.end(), [](const Claim* c) { return c->timed != Timed::no; });
  if (wants_times) {
    const timing::Machine machine = timing::read_machine();
    times = measure(machine, options.budget);
    notes.push_back(times_note(times, machine));
  }
  check_interrupted();
  const std::vector<Finding> findings = examine_with_progress(chosen, wants_times ? &times : nullptr);
  if (!options.output.for_people()) {
    options.output.print(claims_records(findings));
    return exit_fine;
  }
  std::vector<reports::Table> tables{claims_table(findings)};
  constexpr std::size_t few = 3;
  if (options.details || findings.size() <= few) {
    tables.push_back(claims_numbers(findings));
  } else {
    notes.emplace_back("--details shows every number; up to three claims show theirs anyway.");
  }
  tables[0].notes.insert(tables[0].notes.end(), notes.begin(), notes.end());
  options.output.print(tables);
  return exit_fine;
}

}  // namespace

Command add_claims(CLI::App& program) {
  const auto options = std::make_shared<ClaimsOptions>();
  CLI::App* app = program.add_subcommand("claims", "Put to the test what introductions to activation functions say");
  app->add_option("ID", options->ids, "Which claims, such as V1 or P2; default all")->type_name("");
  app->add_flag("--quick", options->quick, "The same as --no-timing: takes some seconds");
  app->add_flag("--no-timing", options->no_timing, "Leave out what rests on measured times");
  add_number(*app, "--budget", options->budget, any_seconds, "S", "Seconds to spend on timing; default 60");
  app->add_flag("--details", options->details, "Show every number behind the verdicts");
  add_output_options(*app, *options);
  app->footer("Verdicts: holds, fails, depends (on the condition given), unknown. Example: actbench claims V1 R6 O3");
  return {app, [options] { return run_claims(*options); }};
}

}  // namespace actbench::bench
