// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/speed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "bench/numbers/random.hpp"
#include "reports/text.hpp"

namespace actbench::bench::gate {
namespace {

constexpr std::size_t fewest_blocks = 3, most_blocks = 9;  ///< ABBA blocks of a kernel in a launch
constexpr std::size_t most_launches = 1000;                ///< evidence stays within a double
constexpr double block_s = 1e-3;                           ///< what one takes, to begin with

std::vector<double> beyond_allowed(const Comparison& c) {
  std::vector<double> values = c.values;
  for (double& value : values) value -= c.planned.allowed;
  return values;
}

void settle(Comparison& c, double tolerance, std::size_t kernels, bool only_slower) {
  c.verdict = (only_slower ? judge_slower : judge)(beyond_allowed(c), tolerance, kernels);
  if (c.values.empty()) return;
  c.median = median(c.values);
  c.limits = median_limits(c.values, 1 / Certainty::false_pass);
}

}  // namespace

double log_tolerance(double share) { return std::log1p(share); }

SpeedResult compare_speed(const Place& place, const std::vector<Planned>& planned, const SpeedOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const double tolerance = log_tolerance(options.tolerance);
  const std::size_t kernels = planned.size(), family = std::max(kernels, options.family);
  const double evidence_needed = static_cast<double>(family) / Certainty::false_alarm;
  const std::size_t least = fewest_values(std::max(evidence_needed, 1 / Certainty::false_pass));

  SpeedResult result;
  result.least_launches = fewest_values(std::min(evidence_needed, 1 / Certainty::false_pass));
  std::vector<std::vector<double>> base_ns(kernels), head_ns(kernels);
  std::vector<std::size_t> open(kernels);
  for (std::size_t i = 0; i < kernels; ++i) result.comparisons.push_back({.planned = planned[i]}), open[i] = i;
  Random random(options.seed);

  // As many blocks as leave time for the launches that a verdict takes at least, and for some more.
  double kernel_block_s = block_s;
  const auto blocks_for = [&](std::size_t open_count, std::size_t launches_left) {
    const double left = std::max(0.0, 0.7 * options.budget_s - elapsed());
    const double blocks =
        left / (kernel_block_s * static_cast<double>(open_count * std::max<std::size_t>(1, launches_left)));
    const auto whole = static_cast<std::size_t>(std::clamp(blocks, 1.0 * fewest_blocks, 1.0 * most_blocks));
    return whole % 2 == 1 ? whole : whole - 1;
  };

  double longest_launch_s = 0;
  while (!open.empty() && result.launches < most_launches) {
    if (result.launches > 0 && elapsed() + longest_launch_s > options.budget_s) break;
    std::vector<Planned> plan;
    for (const std::size_t i : open) plan.push_back(planned[i]);
    const std::size_t blocks = blocks_for(open.size(), least > result.launches ? least - result.launches : 1);
    const double before = elapsed();
    for (const Measured& m : measure(place, plan, random.next(), blocks)) {
      Comparison& c = result.comparisons[open[m.index]];
      c.values.push_back(m.log_ratio);
      base_ns[open[m.index]].push_back(m.base_ns);
      head_ns[open[m.index]].push_back(m.head_ns);
    }
    ++result.launches;
    const double launch_s = elapsed() - before;
    if (result.launches == 1) result.launch_seconds = launch_s;
    longest_launch_s = launch_s;
    kernel_block_s = std::max(block_s / 2, launch_s / static_cast<double>(blocks * open.size()));
    std::erase_if(open, [&](std::size_t i) {
      settle(result.comparisons[i], tolerance, family, options.only_slower);
      return result.comparisons[i].verdict != Verdict::inconclusive;
    });
    if (options.progress) {
      const double by_launches = 0.9 * static_cast<double>(result.launches) / static_cast<double>(least);
      options.progress(std::min(1.0, std::max(elapsed() / options.budget_s, std::min(0.95, by_launches))),
                       fmt::format("{} without a verdict", reports::counted(open.size(), "kernel")));
    }
  }
  for (std::size_t i = 0; i < kernels; ++i) {
    Comparison& c = result.comparisons[i];
    if (c.values.empty()) continue;
    c.base_ns = median(base_ns[i]);
    c.head_ns = median(head_ns[i]);
    if (c.verdict == Verdict::inconclusive && !options.only_slower)
      c.missing_launches =
          launches_missing(beyond_allowed(c), tolerance, family, 10 * std::max(least, result.launches));
  }
  result.seconds = elapsed();
  return result;
}

}  // namespace actbench::bench::gate
