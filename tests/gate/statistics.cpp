// SPDX-License-Identifier: Apache-2.0
//
// The gate's statistics: what they promise holds for values that are as badly behaved as a shared machine's, and what
// is there they find.
#include "bench/gate/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "bench/gate/speed.hpp"
#include "bench/numbers/random.hpp"

namespace actbench::bench::gate {
namespace {

TEST(Evidence, IsAGameThatNobodyWinsInTheMean) {
  // After n fair coins the mean over all outcomes is what it was at the start.
  for (const std::size_t n : {1u, 2u, 7u, 20u}) {
    double mean = 0, ways = std::pow(0.5, n);
    for (std::size_t above = 0; above <= n; ++above) {
      mean += evidence(above, n) * ways;
      ways *= static_cast<double>(n - above) / static_cast<double>(above + 1);
    }
    EXPECT_NEAR(mean, 1, 1e-9) << n;
    for (std::size_t above = 1; above <= n; ++above) {
      if (2 * above > n + 1) {
        EXPECT_GT(evidence(above, n), evidence(above - 1, n));
      }
    }
  }
  EXPECT_EQ(evidence(0, 0), 1);
  EXPECT_TRUE(std::isfinite(evidence(1000, 1000)));
}

TEST(Evidence, NeedsAFewValuesAtLeast) {
  EXPECT_EQ(fewest_values(1 / Certainty::false_pass), 10u);
  EXPECT_EQ(fewest_values(1 / Certainty::false_alarm), 12u);
  for (const double needed : {200.0, 1e3, 1e5, 2.4e6}) {
    const std::size_t n = fewest_values(needed);
    EXPECT_EQ(above_needed(n, needed), n);
    EXPECT_EQ(above_needed(n - 1, needed), n) << "not even all";
    EXPECT_LT(above_needed(4 * n, needed), 4 * n);
  }
}

TEST(Limits, AreOrderStatistics) {
  const std::vector<double> values{5, 1, 4, 2, 3, 6, 9, 7, 8, 10, 12, 11};
  const Limits limits = median_limits(values, 1000);
  EXPECT_EQ(limits.low, 1);
  EXPECT_EQ(limits.high, 12);
  EXPECT_TRUE(std::isinf(median_limits(std::vector<double>(5), 1000).low));
  EXPECT_TRUE(std::isinf(median_limits({}, 1000).high));
}

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(6.283185307179586 * random.uniform());
}

/// What a launch gives where nothing differs: every value has a random sign, as which side comes first is drawn.
using Noise = std::function<double(Random&, std::size_t launch)>;
const std::pair<const char*, Noise> noises[] = {
    {"normal", [](Random& r, std::size_t) { return 0.005 * normal(r); }},
    {"Cauchy", [](Random& r, std::size_t) { return 0.005 * std::tan(3.14159265 * (r.uniform() - 0.5)); }},
    {"wide at times", [](Random& r, std::size_t) { return (r.uniform() < 0.2 ? 0.2 : 0.002) * normal(r); }},
    {"growing", [](Random& r, std::size_t n) { return 0.002 * static_cast<double>(1 + n) * normal(r); }},
    {"two places", [](Random& r, std::size_t) { return (r.uniform() < 0.5 ? -0.04 : 0.04) + 0.001 * normal(r); }},
};

struct Verdicts {
  std::size_t slower = 0, faster = 0, same = 0, inconclusive = 0;
};

/// Whole runs of the gate over such values: kernels are dropped once there is a verdict.
Verdicts simulate(const Noise& noise, double effect, std::size_t kernels, std::size_t launches, std::size_t runs,
                  decltype(judge)* judged_by = judge) {
  const double tolerance = log_tolerance(0.03);
  Random random(7);
  Verdicts all;
  for (std::size_t run = 0; run < runs; ++run) {
    std::size_t slower = 0, faster = 0, same = 0;
    for (std::size_t k = 0; k < kernels; ++k) {
      std::vector<double> values;
      Verdict verdict = Verdict::inconclusive;
      while (values.size() < launches && verdict == Verdict::inconclusive) {
        values.push_back(effect + noise(random, values.size()));
        verdict = judged_by(values, tolerance, kernels);
      }
      slower += verdict == Verdict::slower;
      faster += verdict == Verdict::faster;
      same += verdict == Verdict::same;
    }
    all.slower += slower > 0;
    all.faster += faster > 0;
    all.same += same == kernels;
    all.inconclusive += slower + faster + same < kernels;
  }
  return all;
}

TEST(Verdicts, AreNoFalseAlarms) {
  constexpr std::size_t runs = 150;
  for (const auto& [what, noise] : noises) {
    const Verdicts at_zero = simulate(noise, 0, 8, 60, runs);
    // A whole run goes wrong with a chance of at most 0.001; of so many, two at most, or the bound is no bound.
    EXPECT_LE(at_zero.slower, 2u) << what;
    EXPECT_LE(at_zero.faster, 2u) << what;
    // Nor where there is an effect that is no more than what SLOWER speaks of.
    EXPECT_LE(simulate(noise, log_tolerance(0.03) / 3, 8, 60, runs).slower, 2u) << what;
  }
}

TEST(Verdicts, HoldWithoutAnyMargin) {
  // The same with the tolerance taken away, so that nothing but the evidence stands between noise and an alarm.
  for (const auto& [what, noise] : noises) {
    Random random(3);
    std::size_t wrong = 0;
    constexpr std::size_t runs = 4000;
    for (std::size_t run = 0; run < runs; ++run) {
      std::size_t above = 0;
      for (std::size_t n = 1; n <= 100; ++n) {
        above += noise(random, n) > 0;
        if (evidence(above, n) < 50) continue;
        ++wrong;
        break;
      }
    }
    EXPECT_LT(clopper_pearson(wrong, runs, 1e-6).low, 1.0 / 50) << what;
    EXPECT_GT(wrong, 0u) << what << ": a test that cannot fail shows nothing";
  }
}

TEST(Verdicts, FindWhatIsThere) {
  const auto& noise = noises[0].second;
  EXPECT_EQ(simulate(noise, log_tolerance(0.03), 8, 200, 50).slower, 50u);
  EXPECT_EQ(simulate(noise, -log_tolerance(0.03), 8, 200, 50).faster, 50u);
  EXPECT_GE(simulate(noise, 0, 8, 200, 50).same, 48u);
  EXPECT_EQ(simulate(noise, log_tolerance(0.05), 1000, 60, 1).slower, 1u);
  // A slow-down of the tolerance is not called the same, however noisy.
  for (const auto& [what, other] : noises)
    EXPECT_LE(simulate(other, log_tolerance(0.03), 1, 100, 200).same, 5u) << what;
  EXPECT_EQ(judge(std::vector<double>(9, 0.0), 0.03, 1), Verdict::inconclusive) << "too few";
  EXPECT_EQ(judge({}, 0.03, 1), Verdict::inconclusive);
}

TEST(Verdicts, OfSlowerAlone) {
  for (const auto& [what, noise] : noises) {
    EXPECT_LE(simulate(noise, log_tolerance(0.03) / 3, 8, 60, 150, judge_slower).slower, 2u) << what;
    EXPECT_LE(simulate(noise, log_tolerance(0.03), 1, 100, 200, judge_slower).same, 5u) << what;
  }
  const auto& noise = noises[0].second;
  EXPECT_EQ(simulate(noise, log_tolerance(0.03), 8, 200, 50, judge_slower).slower, 50u);
  EXPECT_EQ(simulate(noise, -2, 8, 10, 50, judge_slower).same, 50u) << "however far, and in few launches";
  EXPECT_EQ(judge_slower(std::vector<double>(4, -2.0), 0.03, 1), Verdict::inconclusive) << "too few";
  EXPECT_EQ(judge_slower({}, 0.03, 1), Verdict::inconclusive);
}

TEST(Missing, IsAboutWhatItTakes) {
  Random random(5);
  std::vector<double> values;
  for (int i = 0; i < 8; ++i) values.push_back(0.001 * normal(random));
  const std::size_t missing = launches_missing(values, 0.03, 1, 100);
  EXPECT_GE(missing, 2u);
  EXPECT_LE(missing, 6u);
  EXPECT_EQ(launches_missing(std::vector<double>{-1, 1, -1, 1, -1, 1, -1, 1}, 0.03, 1, 50), 0u) << "never";
}

TEST(Share, IsThatOfClopperAndPearson) {
  EXPECT_NEAR(clopper_pearson(0, 200).high, 0.018275, 1e-5);
  EXPECT_EQ(clopper_pearson(0, 200).low, 0);
  EXPECT_NEAR(clopper_pearson(50, 50).low, 0.928874, 1e-5);
  EXPECT_EQ(clopper_pearson(50, 50).high, 1);
  EXPECT_NEAR(clopper_pearson(5, 20).low, 0.086571, 1e-5);
  EXPECT_NEAR(clopper_pearson(5, 20).high, 0.491046, 1e-5);
  EXPECT_EQ(clopper_pearson(0, 0).high, 1);
}

}  // namespace
}  // namespace actbench::bench::gate
