// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "bench/numbers/random.hpp"

namespace actbench::bench::gate {
namespace {

constexpr double third = 1.0 / 3;

/// The stakes are spread over chances above 1/2: the upper half of the arcsine distribution, which favours chances near
/// 1, where few values prove much.
constexpr std::size_t bets = 64;
/// The factors by which a bet multiplies the stake for each value above, and for each other one: logarithms.
struct Bet {
  double above, below;
};
const std::array<Bet, bets>& all_bets() {
  static const std::array<Bet, bets> all = [] {
    std::array<Bet, bets> made{};
    for (std::size_t j = 0; j < bets; ++j) {
      const double chance = (1 + std::cos(std::numbers::pi / 2 * (static_cast<double>(j) + 0.5) / bets)) / 2;
      made[j] = {std::log(2 * chance), std::log(2 * (1 - chance))};
    }
    return made;
  }();
  return all;
}

}  // namespace

double evidence(std::size_t above, std::size_t values) {
  const double a = static_cast<double>(above), b = static_cast<double>(values - above);
  double sum = 0;
  for (const Bet& bet : all_bets()) sum += std::exp(a * bet.above + b * bet.below);
  return sum / bets;
}

std::size_t above_needed(std::size_t values, double evidence_needed) {
  std::size_t above = values + 1;
  while (above > values / 2 && evidence(above - 1, values) >= evidence_needed) --above;
  return above;
}

std::size_t fewest_values(double evidence_needed) {
  std::size_t n = 1;
  while (evidence(n, n) < evidence_needed) ++n;
  return n;
}

Limits median_limits(std::span<const double> values, double evidence_needed) {
  const std::size_t needed = values.empty() ? 1 : above_needed(values.size(), evidence_needed);
  if (needed > values.size()) return {-HUGE_VAL, HUGE_VAL};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return {sorted[sorted.size() - needed], sorted[needed - 1]};
}

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

const char* name(Verdict v) {
  constexpr const char* names[] = {"SAME", "SLOWER", "FASTER", "INCONCLUSIVE"};
  return names[static_cast<int>(v)];
}

Verdict judge(std::span<const double> values, double tolerance, std::size_t kernels) {
  const Limits family = median_limits(values, static_cast<double>(kernels) / Certainty::false_alarm);
  if (family.low > tolerance * third) return Verdict::slower;
  if (family.high < -tolerance * third) return Verdict::faster;
  const Limits own = median_limits(values, 1 / Certainty::false_pass);
  const double within = 2 * tolerance * third;
  return own.high < within && own.low > -within ? Verdict::same : Verdict::inconclusive;
}

Verdict judge_slower(std::span<const double> values, double tolerance, std::size_t kernels) {
  if (median_limits(values, static_cast<double>(kernels) / Certainty::false_alarm).low > tolerance * third)
    return Verdict::slower;
  return median_limits(values, 1 / Certainty::false_pass).high < 2 * tolerance * third ? Verdict::same
                                                                                       : Verdict::inconclusive;
}

std::size_t launches_missing(std::span<const double> values, double tolerance, std::size_t kernels, std::size_t most) {
  if (values.empty()) return 0;
  constexpr std::size_t continuations = 15;
  Random random(values.size());
  std::vector<std::size_t> needed;
  for (std::size_t k = 0; k < continuations; ++k) {
    std::vector<double> all(values.begin(), values.end());
    std::size_t more = 0;
    while (more <= most && judge(all, tolerance, kernels) == Verdict::inconclusive) {
      const std::size_t step = std::max<std::size_t>(1, all.size() / 8);
      for (std::size_t i = 0; i < step; ++i) all.push_back(values[random.next() % values.size()]);
      more += step;
    }
    needed.push_back(more);
  }
  std::nth_element(needed.begin(), needed.begin() + continuations / 2, needed.end());
  return needed[continuations / 2] > most ? 0 : needed[continuations / 2];
}

Share clopper_pearson(std::uint64_t hits, std::uint64_t trials, double error) {
  if (trials == 0) return {0, 1};
  const double n = static_cast<double>(trials);
  // P(at most k hits | p), falling in p.
  const auto at_most = [&](std::uint64_t k, double p) {
    double sum = 0;
    for (std::uint64_t i = 0; i <= k; ++i) {
      const double id = static_cast<double>(i);
      sum += std::exp(std::lgamma(n + 1) - std::lgamma(id + 1) - std::lgamma(n - id + 1) + id * std::log(p) +
                      (n - id) * std::log1p(-p));
    }
    return sum;
  };
  const auto solve = [](auto falling, double level) {
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (falling(middle) > level ? low : high) = middle;
    }
    return (low + high) / 2;
  };
  return {hits == 0 ? 0 : solve([&](double p) { return at_most(hits - 1, p); }, 1 - error),
          hits == trials ? 1 : solve([&](double p) { return at_most(hits, p); }, error)};
}

}  // namespace actbench::bench::gate
