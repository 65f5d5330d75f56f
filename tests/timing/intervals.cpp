// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "bench/timing/timing.hpp"

namespace {

using actbench::timing::Interval;
using actbench::timing::median_interval;

TEST(Interval, KnownSmallCases) {
  const std::vector<double> nine{9, 1, 8, 2, 7, 3, 6, 4, 5};  // 2nd and 8th: 1 - 2·(1+9)/512
  const Interval of_nine = median_interval(nine);
  EXPECT_EQ(of_nine.median, 5);
  EXPECT_EQ(of_nine.low, 2);
  EXPECT_EQ(of_nine.high, 8);
  EXPECT_NEAR(of_nine.confidence, 1 - 20.0 / 512, 1e-12);

  const Interval of_eight = median_interval(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});  // extremes: 1 - 2/256
  EXPECT_EQ(of_eight.median, 4.5);
  EXPECT_EQ(of_eight.low, 1);
  EXPECT_EQ(of_eight.high, 8);
  EXPECT_NEAR(of_eight.confidence, 1 - 2.0 / 256, 1e-12);

  const Interval of_six = median_interval(std::vector<double>{1, 2, 3, 4, 5, 6});
  EXPECT_NEAR(of_six.confidence, 1 - 2.0 / 64, 1e-12);
}

TEST(Interval, TooFewValuesSaySo) {
  const Interval of_five = median_interval(std::vector<double>{5, 4, 3, 2, 1});
  EXPECT_EQ(of_five.low, 1);
  EXPECT_EQ(of_five.high, 5);
  EXPECT_NEAR(of_five.confidence, 1 - 2.0 / 32, 1e-12);
  const Interval of_one = median_interval(std::vector<double>{7});
  EXPECT_EQ(of_one.median, 7);
  EXPECT_EQ(of_one.low, 7);
  EXPECT_EQ(of_one.high, 7);
  EXPECT_NEAR(of_one.confidence, 0, 1e-12);
  const Interval of_none = median_interval({});
  EXPECT_EQ(of_none.median, 0);
  EXPECT_EQ(of_none.confidence, 0);
}

TEST(Interval, ManyValues) {
  std::vector<double> values(10000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  const Interval interval = median_interval(values);
  EXPECT_EQ(interval.median, 4999.5);
  EXPECT_NEAR(interval.low, 4999.5 - 98, 3);  // 1.96·sqrt(n)/2
  EXPECT_NEAR(interval.high, 4999.5 + 98, 3);
  EXPECT_GE(interval.confidence, 0.95);
  EXPECT_LT(interval.confidence, 0.955);
}

// The interval must hold the true median as often as it says, on a skewed distribution too; and it must not be wider
// than it has to be: the next narrower one holds it less than 95 times in 100.
TEST(Interval, Coverage) {
  std::mt19937_64 random(42);
  std::exponential_distribution<double> skewed(1.0);
  const double true_median = std::log(2.0);
  constexpr int trials = 20000;
  for (const int n : {6, 7, 9, 12, 25, 51}) {
    int inside = 0, inside_narrower = 0;
    double confidence = 0;
    for (int trial = 0; trial < trials; ++trial) {
      std::vector<double> values(static_cast<std::size_t>(n));
      for (double& value : values) value = skewed(random);
      const Interval interval = median_interval(values);
      confidence = interval.confidence;
      inside += interval.low <= true_median && true_median <= interval.high;
      std::sort(values.begin(), values.end());
      const auto k = std::find(values.begin(), values.end(), interval.low) - values.begin() + 1;
      inside_narrower += values[static_cast<std::size_t>(k)] <= true_median &&
                         true_median <= values[static_cast<std::size_t>(n - 1 - k)];
    }
    const double covered = static_cast<double>(inside) / trials;
    const double noise = 4 * std::sqrt(0.05 * 0.95 / trials);
    EXPECT_GE(confidence, 0.95) << n;
    EXPECT_NEAR(covered, confidence, noise) << n;
    EXPECT_LT(static_cast<double>(inside_narrower) / trials, 0.95 + noise) << n;
  }
}

}  // namespace
