// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/selftest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "bench/numbers/random.hpp"
#include "reports/text.hpp"

namespace actbench::bench::gate {
namespace {

/// The extra work of a comparison's kernels, in shares of the tolerance. Most have none: false alarms are among these.
constexpr double shares[] = {0, 0, 0, 0, 0, 0, 1.0 / 3, 2.0 / 3, 1, 1, 5.0 / 3, 10.0 / 3};
constexpr double found_wanted = 0.95, alarms_allowed = 0.01;

/// Above that upper bound of the share of false alarms the test has seen next to nothing.
constexpr double few_say_little = 0.2;

std::string share_text(std::uint64_t hits, std::uint64_t trials) {
  const Share bounds = clopper_pearson(hits, trials);
  return fmt::format("{:.1f} … {:.1f} %", 100 * bounds.low, 100 * bounds.high);
}

}  // namespace

SelfTest run_selftest(const Place& place, const std::vector<std::string>& kernels, const SelfTestOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  SelfTest result;
  result.tolerance = options.tolerance;
  std::map<double, Injected> injected;
  for (const double share : shares) injected[share * options.tolerance].extra = share * options.tolerance;
  Random random(options.seed);
  std::vector<std::string> order = kernels;
  const double run_budget_s = std::min(options.run_budget_s, options.budget_s);
  double longest = 0;
  while (result.runs == 0 || elapsed() + longest < options.budget_s) {
    const double before = elapsed();
    random.shuffle(order);
    std::vector<double> extra(std::begin(shares), std::end(shares));
    random.shuffle(extra);
    std::vector<Planned> plan;
    for (std::size_t i = 0; i < order.size() && i < extra.size(); ++i)
      plan.push_back({order[i], order[i], extra[i] * options.tolerance});
    const SpeedResult run = compare_speed(place, plan, {options.tolerance, run_budget_s, random.next(), 0, false, {}});
    ++result.runs;
    bool alarm = false;
    for (const Comparison& c : run.comparisons) {
      Injected& i = injected[c.planned.extra];
      ++i.tried;
      i.slower += c.verdict == Verdict::slower;
      i.same += c.verdict == Verdict::same;
      i.faster += c.verdict == Verdict::faster;
      i.inconclusive += c.verdict == Verdict::inconclusive;
      alarm = alarm || (c.planned.extra == 0 && c.verdict == Verdict::slower);
    }
    result.false_alarms += alarm;
    longest = std::max(longest, elapsed() - before);
    if (options.progress) options.progress(elapsed() / options.budget_s, reports::counted(result.runs, "comparison"));
  }
  for (const auto& [extra, i] : injected) result.injected.push_back(i);
  result.seconds = elapsed();
  return result;
}

bool holds(const SelfTest& test) {
  for (const Injected& i : test.injected) {
    // It is refuted where even the upper bound of the share that was found is too low.
    if (i.extra >= test.tolerance && i.tried > 0 && clopper_pearson(i.slower, i.tried).high < found_wanted)
      return false;
  }
  return clopper_pearson(test.false_alarms, test.runs).low <= alarms_allowed;
}

bool says_anything(const SelfTest& test) {
  return std::any_of(test.injected.begin(), test.injected.end(),
                     [](const Injected& i) { return i.slower + i.same + i.faster > 0; });
}

reports::Table selftest_table(const SelfTest& test) {
  using reports::Cell;
  reports::Table table{.name = "selftest", .title = "What the gate sees on this machine"};
  table.facts = {{.name = "tolerance_percent",
                  .heading = "tolerance",
                  .cell = Cell(100 * test.tolerance).as(fmt::format("{:g} %", 100 * test.tolerance))}};
  table.columns = {{.name = "extra_percent", .heading = "extra work", .unit = "%", .right = true},
                   {.name = "kernels", .right = true},
                   {.name = "slower", .heading = "SLOWER", .right = true},
                   {.name = "same", .heading = "SAME", .right = true},
                   {.name = "faster", .heading = "FASTER", .right = true},
                   {.name = "inconclusive", .heading = "INCONCLUSIVE", .right = true},
                   {.name = "found", .heading = "SLOWER, 95 % bounds", .right = true}};
  double smallest = 0;
  for (const Injected& i : test.injected) {
    table.rows.push_back({Cell(100 * i.extra).as(fmt::format("{:.3g}", 100 * i.extra)), i.tried, i.slower, i.same,
                          i.faster, i.inconclusive, share_text(i.slower, i.tried)});
    const bool found = static_cast<double>(i.slower) >= found_wanted * static_cast<double>(i.tried) && i.tried > 0;
    if (i.extra > 0 && found && smallest == 0) smallest = i.extra;
    if (!found) smallest = 0;
  }
  table.notes.push_back(
      fmt::format("The test made {} in {}, with a false SLOWER in {} of them: a share of {}, with 95 % certainty.",
                  reports::counted(test.runs, "comparison"), reports::duration(test.seconds), test.false_alarms,
                  share_text(test.false_alarms, test.runs)));
  table.notes.push_back(
      smallest > 0
          ? fmt::format(
                "{:.3g} % is the smallest slow-down that was found in at least 95 % of the kernels, as were all larger "
                "ones.",
                100 * smallest)
          : std::string("No slow-down that was tried was found in at least 95 % of the kernels."));
  table.notes.push_back(
      !says_anything(test)
          ? std::string("No comparison came to a verdict, so nothing is known: give a larger --budget.")
      : holds(test)
          ? fmt::format("Nothing speaks against a tolerance of {:g} % here{}.", 100 * test.tolerance,
                        clopper_pearson(test.false_alarms, test.runs).high > few_say_little
                            ? ", but so few comparisons say little: a larger --budget says more"
                            : "")
          : fmt::format(
                "This machine does not hold a tolerance of {:g} %: choose a larger --tolerance, or see actbench "
                "doctor.",
                100 * test.tolerance));
  return table;
}

}  // namespace actbench::bench::gate
