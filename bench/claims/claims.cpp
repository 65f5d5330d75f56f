// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/claims.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench {

using reports::Cell;
using reports::Mood;

bool Part::holds() const {
  if (!value || std::isnan(*value)) return false;
  switch (relation) {
    case Relation::equals:
      return *value == bound || std::abs(*value - bound) <= tolerance;
    case Relation::at_most:
      return high <= bound;
    case Relation::at_least:
      return low >= bound;
    case Relation::below:
      return high < bound;
    case Relation::above:
      return low > bound;
    case Relation::between:
      return high >= bound && low <= tolerance;
  }
  return false;
}

Part part(std::string label, Role role, double value, Relation relation, double bound, double tolerance) {
  return {std::move(label), role, value, value, value, relation, bound, tolerance};
}

Part information(std::string label, double value) {
  return {std::move(label), Role::information, value, value, value, Relation::equals, 0, 0};
}

Part missing(std::string label, Role role, Relation relation, double bound, double tolerance) {
  return {std::move(label), role, {}, 0, 0, relation, bound, tolerance};
}

const char* name(Verdict v) noexcept {
  constexpr const char* names[] = {"holds", "fails", "depends", "unknown"};
  return names[static_cast<int>(v)];
}

namespace {

/// The first few of a list.
std::string some_of(const std::vector<const Part*>& parts, std::size_t most = 4) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, parts.size()); ++i)
    text += fmt::format("{}{}", i > 0 ? "; " : "", parts[i]->label);
  if (parts.size() > most) text += fmt::format("; and {} more", parts.size() - most);
  return text;
}

}  // namespace

Judged judge(std::span<const Part> parts) {
  std::vector<const Part*> met, unmet, absent;
  bool fails = false, essential_absent = false;
  for (const Part& p : parts) {
    if (p.role == Role::information) continue;
    if (!p.value) {
      absent.push_back(&p);
      essential_absent = essential_absent || p.role == Role::essential;
    } else if (p.role == Role::essential) {
      fails = fails || !p.holds();
    } else {
      (p.holds() ? met : unmet).push_back(&p);
    }
  }
  if (fails) return {Verdict::fails, {}};
  const bool all_absent = !absent.empty() && std::none_of(parts.begin(), parts.end(), [](const Part& p) {
    return p.role != Role::information && p.value.has_value();
  });
  if (essential_absent || all_absent) return {Verdict::unknown, "not to be had here: " + some_of(absent, 1)};
  if (!unmet.empty() && met.empty()) return {Verdict::fails, {}};
  if (unmet.empty()) return {Verdict::holds, {}};
  return {Verdict::depends, fmt::format("in {} of {} cases. Yes: {}. No: {}", met.size(), met.size() + unmet.size(),
                                        some_of(met), some_of(unmet))};
}

Evidence::Evidence(const timing::BenchResult* times, std::span<const Properties> known, std::span<const RowResult> rows)
    : times_(times), rows_(rows.begin(), rows.end()) {
  for (const Properties& p : known) known_.emplace(std::pair(std::string(p.activation->name), p.parameters), p);
}

const Properties& Evidence::properties(std::string_view activation) {
  for (const Activation* a : every_activation()) {
    if (activation != a->name) continue;
    return properties(activation, unrounded_parameters(*a, {}));
  }
  throw MissingError(fmt::format("this build has no activation {}", activation));
}

const Properties& Evidence::properties(std::string_view activation, std::vector<double> parameters) {
  for (const Activation* a : every_activation()) {
    if (activation != a->name) continue;
    const auto key = std::pair(std::string(activation), parameters);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    return known_.emplace(key, properties_of(*a, parameters)).first->second;
  }
  throw MissingError(fmt::format("this build has no activation {}", activation));
}

const std::vector<Properties>& Evidence::all_properties() {
  if (!all_.empty()) return all_;
  std::vector<const Activation*> missing;
  std::vector<std::vector<double>> parameters;
  for (const Activation* a : every_activation()) {
    std::vector<double> defaults = unrounded_parameters(*a, {});
    if (known_.count({a->name, defaults}) != 0) continue;
    missing.push_back(a);
    parameters.push_back(std::move(defaults));
  }
  for (Properties& p : properties_of(missing, parameters, 0, {})) {
    std::pair key(std::string(p.activation->name), p.parameters);
    known_.emplace(std::move(key), std::move(p));
  }
  for (const Activation* a : every_activation()) all_.push_back(properties(a->name));
  return all_;
}

const std::vector<RowResult>& Evidence::rows() {
  if (!rows_.empty()) return rows_;
  std::vector<const Kernel*> softmax;
  for (const Kernel& kernel : kernels()) {
    const bool wanted = sums_to_one(kernel) && std::string_view(kernel.activation->name) == "softmax";
    if (wanted && unrunnable_reason(kernel) == nullptr) softmax.push_back(&kernel);
  }
  RowOptions options;
  options.lengths = {10, 1000, 10000};
  options.stop = &stop_flag();
  rows_ = measure_rows(softmax, options);
  return rows_;
}

std::vector<Finding> examine_claims(std::span<const Claim* const> chosen, Evidence& evidence,
                                    const std::function<void(double, const std::string&)>& progress) {
  std::vector<Finding> findings;
  for (const Claim* claim : chosen) {
    if (progress) progress(static_cast<double>(findings.size()) / static_cast<double>(chosen.size()), claim->id);
    check_interrupted();
    std::vector<Part> parts = claim->compute(evidence);
    const Judged judged = judge(parts);
    findings.push_back({claim, std::move(parts), judged});
  }
  return findings;
}

namespace {

std::string number(double v) {
  if (std::isinf(v)) return v > 0 ? "∞" : "−∞";
  if (v == 0) return "0";
  return fmt::format("{:.9g}", v);
}

std::string claimed_text(const Part& p) {
  if (p.role == Role::information) return "";
  switch (p.relation) {
    case Relation::equals:
      return p.tolerance == 0 ? number(p.bound) : fmt::format("{} ± {:.2g}", number(p.bound), p.tolerance);
    case Relation::at_most:
      return "≤ " + number(p.bound);
    case Relation::at_least:
      return "≥ " + number(p.bound);
    case Relation::below:
      return "< " + number(p.bound);
    case Relation::above:
      return "> " + number(p.bound);
    case Relation::between:
      return fmt::format("{} to {}", number(p.bound), number(p.tolerance));
  }
  return "";
}

const char* name(Role role) {
  constexpr const char* names[] = {"essential", "condition", "information"};
  return names[static_cast<int>(role)];
}

Cell verdict_cell(Verdict v) {
  return Cell(name(v)).with(v == Verdict::holds ? Mood::good : v == Verdict::fails ? Mood::bad : Mood::plain);
}

Cell holds_cell(const Part& p) {
  if (p.role == Role::information) return {};
  if (!p.value) return Cell("unknown").with(Mood::faint);
  return p.holds() ? Cell("yes").with(Mood::good) : Cell("no").with(Mood::bad);
}

/// The numbers that decide, in a line.
std::string decisive_text(const Finding& f) {
  std::string text;
  std::size_t shown = 0;
  for (const Part& p : f.parts) {
    if (p.role == Role::information || !p.value) continue;
    if (f.judged.verdict == Verdict::fails && p.holds()) continue;
    if (++shown > 3) return text + "; …";
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", p.label, number(*p.value));
  }
  return text;
}

}  // namespace

std::string times_note(const timing::BenchResult& times, const timing::Machine& machine) {
  return fmt::format(
      "Times: {}, one thread, {} interleaved in random order; a ratio's interval holds the median ratio with at least "
      "95 % probability, where there are 6 repetitions or more.",
      machine_text(machine), reports::counted(static_cast<std::uint64_t>(times.repetitions), "repetition"));
}

reports::Table claims_table(std::span<const Finding> findings) {
  reports::Table table{.name = "claims", .title = "Claims put to the test"};
  table.columns = {{.name = "id", .key = true}, {.name = "said in"},          {.name = "claim"},
                   {.name = "verdict"},         {.name = "where it depends"}, {.name = "numbers"}};
  std::size_t counts[4] = {};
  for (const Finding& f : findings) {
    ++counts[static_cast<std::size_t>(f.judged.verdict)];
    table.rows.push_back({f.claim->id, f.claim->source, f.claim->sentence, verdict_cell(f.judged.verdict),
                          f.judged.condition, decisive_text(f)});
  }
  table.notes.push_back(
      fmt::format("{}: {} hold, {} fail, {} depend, {} cannot be decided here. Verdicts follow from the "
                  "numbers. T1: a short survey; T2: a long interview guide.",
                  reports::counted(findings.size(), "claim"), counts[0], counts[1], counts[2], counts[3]));
  return table;
}

reports::Table claims_numbers(std::span<const Finding> findings) {
  reports::Table table{.name = "numbers", .title = "What was computed or measured"};
  table.columns = {{.name = "id", .key = true},        {.name = "number"},
                   {.name = "value", .right = true},   {.name = "interval", .right = true},
                   {.name = "claimed", .right = true}, {.name = "so?"}};
  table.notes.emplace_back("Where it says from which x on, ∞ is: from none. Without a claimed value: for information.");
  for (const Finding& f : findings) {
    for (const Part& p : f.parts) {
      const bool interval = p.value && p.low < p.high;
      table.rows.push_back({f.claim->id, p.label, p.value ? Cell(*p.value).as(number(*p.value)) : Cell(),
                            interval ? Cell(fmt::format("{:.6g} – {:.6g}", p.low, p.high)) : Cell(), claimed_text(p),
                            holds_cell(p)});
    }
  }
  return table;
}

reports::Table claims_records(std::span<const Finding> findings) {
  reports::Table table{.name = "claims"};
  for (const char* column : {"id", "source", "claim", "computed", "verdict", "condition", "number", "role", "value",
                             "low", "high", "claimed", "holds"})
    table.columns.push_back({.name = column});
  for (const Finding& f : findings) {
    for (const Part& p : f.parts) {
      table.rows.push_back({f.claim->id, f.claim->source, f.claim->sentence, f.claim->computed, name(f.judged.verdict),
                            f.judged.condition, p.label, name(p.role), p.value ? Cell(*p.value) : Cell(),
                            p.value ? Cell(p.low) : Cell(), p.value ? Cell(p.high) : Cell(), claimed_text(p),
                            holds_cell(p)});
    }
  }
  return table;
}

std::string claims_in_short(std::span<const Finding> findings) {
  std::vector<std::string> ids[4];
  for (const Finding& f : findings) ids[static_cast<std::size_t>(f.judged.verdict)].emplace_back(f.claim->id);
  std::string text = fmt::format(
      "**Of {}, {} hold, {} fail and {} depend on conditions**; {} could not be decided here.\n",
      reports::counted(findings.size(), "claim"), ids[0].size(), ids[1].size(), ids[2].size(), ids[3].size());
  reports::Table table;
  table.columns = {{.name = "fails"}, {.name = "claim"}, {.name = "numbers"}};
  for (const Finding& f : findings) {
    if (f.judged.verdict == Verdict::fails) table.rows.push_back({f.claim->id, f.claim->sentence, decisive_text(f)});
  }
  if (!table.rows.empty()) text += "\n" + reports::write(table, reports::Format::markdown);
  return text;
}

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

int run_claims(const ClaimsOptions& options) {
  std::vector<const Claim*> chosen = chosen_claims(options.ids);
  std::vector<std::string> notes;
  const bool timing = !options.quick && !options.no_timing;
  if (!timing) {
    std::string left_out;
    std::erase_if(chosen, [&](const Claim* c) {
      if (c->timed == Timed::wholly) left_out += fmt::format("{}{}", left_out.empty() ? "" : ", ", c->id);
      return c->timed == Timed::wholly;
    });
    if (chosen.empty())
      throw UsageError(fmt::format("{} is about measured times, which --quick and --no-timing leave out", left_out));
    if (!left_out.empty())
      notes.push_back(fmt::format("Left out, as nothing was timed: {}, and the measured part of others.", left_out));
  }
  timing::BenchResult times;
  const bool wants_times =
      timing && std::any_of(chosen.begin(), chosen.end(), [](const Claim* c) { return c->timed != Timed::no; });
  if (wants_times) {
    const timing::Machine machine = timing::read_machine();
    timing::BenchOptions bench;
    bench.kernels = timed_kernels();
    bench.sizes = timing::parse_sizes("l1,memory", machine);
    bench.time_budget_s = options.budget;
    bench.stop = &stop_flag();
    Progress progress("claims: timing");
    bench.progress = [&](const timing::Progress& p) {
      progress.update(static_cast<double>(p.done) / static_cast<double>(std::max<std::size_t>(1, p.total)), p.label,
                      p.seconds_left);
    };
    times = timing::run_benchmarks(bench);
    notes.push_back(times_note(times, machine));
  }
  check_interrupted();
  Evidence evidence(wants_times ? &times : nullptr);
  std::vector<Finding> findings;
  {
    Progress progress("claims");
    findings = examine_claims(chosen, evidence,
                              [&](double fraction, const std::string& label) { progress.update(fraction, label); });
  }
  if (!options.output.for_people()) {
    options.output.print(claims_records(findings));
    return exit_fine;
  }
  std::vector<reports::Table> tables{claims_table(findings)};
  constexpr std::size_t few = 3;
  if (options.details || findings.size() <= few) {
    tables.push_back(claims_numbers(findings));
  } else {
    notes.emplace_back("Every number: with --details, or for up to three claims.");
  }
  tables[0].notes.insert(tables[0].notes.end(), notes.begin(), notes.end());
  options.output.print(tables);
  return exit_fine;
}

}  // namespace

Command add_claims(CLI::App& program) {
  const auto options = std::make_shared<ClaimsOptions>();
  CLI::App* app = program.add_subcommand("claims", "What introductions to activation functions say, put to the test");
  app->add_option("ID", options->ids, "Which claims, such as V1 or P2; all without one")->type_name("");
  app->add_flag("--quick", options->quick, "The same as --no-timing: within some seconds");
  app->add_flag("--no-timing", options->no_timing, "Without what rests on measured times");
  app->add_option("--budget", options->budget, "Seconds to spend on timing; default 60")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S");
  app->add_flag("--details", options->details, "Every number behind the verdicts");
  add_output_options(*app, *options);
  app->footer("Verdicts: holds, fails, depends (on the condition given), unknown. Example: actbench claims V1 R6 O3");
  return {app, [options] { return run_claims(*options); }};
}

}  // namespace actbench::bench
