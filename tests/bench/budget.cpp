// SPDX-License-Identifier: Apache-2.0
//
// How a report's time is shared out, by a clock that the test turns.
#include "bench/report/budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "bench/support/duration.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"

namespace actbench::bench {
namespace {

struct Turned {
  double now = 1000;
  Budget::Clock clock() {
    return [this] { return now; };
  }
};

TEST(Budget, WithoutALimitHasAllTimeThereIs) {
  Budget budget;
  budget.begin(1, 10);
  EXPECT_FALSE(budget.limited());
  EXPECT_TRUE(std::isinf(budget.left()));
  EXPECT_TRUE(std::isinf(budget.share(0.1).left()));
}

TEST(Budget, GivesEachPartItsShareOfWhatIsLeft) {
  Turned clock;
  Budget budget(100, clock.clock());
  budget.begin(1, 4);
  EXPECT_DOUBLE_EQ(budget.left(), 25);
  EXPECT_DOUBLE_EQ(budget.share(0.2).left(), 5);
  clock.now += 10;  // the part leaves 15 s over for the others
  EXPECT_DOUBLE_EQ(budget.left(), 15);
  budget.begin(1, 3);
  EXPECT_DOUBLE_EQ(budget.left(), 30);
  clock.now += 60;  // it is late
  EXPECT_DOUBLE_EQ(budget.left(), -30);
  budget.begin(1, 2);
  EXPECT_DOUBLE_EQ(budget.left(), 15);
  clock.now += 200;
  budget.begin(1, 1);
  EXPECT_DOUBLE_EQ(budget.left(), 0);
}

/// Measures by a clock: seconds for each input, and some whatever their number is.
std::vector<std::uint64_t> measured(double budget_s, double seconds_an_input, double always, std::uint64_t least,
                                    std::uint64_t most, double& taken) {
  Turned clock;
  Budget budget(budget_s, clock.clock());
  std::vector<std::uint64_t> all;
  const std::uint64_t last = measure_within(budget, least, most, [&](std::uint64_t inputs, Watch& watch) {
    for (int tick = 0; tick < 100; ++tick) {
      clock.now += (always + seconds_an_input * static_cast<double>(inputs)) / 100;
      watch.look();
      if (*watch.stop()) throw Interrupted();
    }
    all.push_back(inputs);
  });
  EXPECT_EQ(last, all.back());
  taken = clock.now - 1000;
  return all;
}

TEST(Budget, MeasuresAsManyInputsAsFit) {
  double taken = 0;
  EXPECT_EQ(measured(0, 1, 0, 16, 1024, taken), std::vector<std::uint64_t>{1024}) << "without a limit once, all";
  EXPECT_EQ(measured(1e6, 1, 0, 16, 1024, taken).back(), 1024u);
  for (const double budget : {10.0, 30.0, 100.0, 1000.0, 12345.0}) {
    for (const double always : {0.0, 1.0, 5.0}) {
      const auto all = measured(budget, 0.1, always, 16, 1u << 22, taken);
      EXPECT_LE(taken, 1.1 * budget) << budget << " s with " << always << " s whatever there is";
      EXPECT_GE(static_cast<double>(all.back()) * 0.1, 0.15 * budget - 2 * always) << "the time is used: " << budget;
    }
  }
  EXPECT_EQ(measured(1, 1, 0, 16, 1024, taken), std::vector<std::uint64_t>{16}) << "the least is always measured";
}

TEST(Budget, EndsWhatTakesFarLongerThanItShould) {
  Turned clock;
  Budget budget(100, clock.clock());
  const std::uint64_t last = measure_within(budget, 1, 1u << 20, [&](std::uint64_t inputs, Watch& watch) {
    for (int tick = 0; tick < 1000; ++tick) {
      clock.now += inputs == 1 ? 0.001 : 1;  // the machine became slow
      watch.look();
      if (*watch.stop()) throw Interrupted();
    }
  });
  EXPECT_EQ(last, 1u) << "what was measured before stands";
  EXPECT_LT(clock.now - 1000, 110);
}

TEST(Duration, IsReadAsItIsWritten) {
  EXPECT_EQ(parse_duration("90s", "--within"), 90);
  EXPECT_EQ(parse_duration("3m", "--within"), 180);
  EXPECT_EQ(parse_duration("1h", "--within"), 3600);
  EXPECT_EQ(parse_duration("1h30m", "--within"), 5400);
  EXPECT_EQ(parse_duration("1h0m5s", "--within"), 3605);
  for (const char* bad :
       {"", "3", "m", "-3m", "3d", "0s", "nan", "inf", "1e3s", "3m3m", "30m1h", "3 m", "99999999h", "721h"}) {
    try {
      parse_duration(bad, "--within");
      ADD_FAILURE() << bad;
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find("--within"), std::string::npos);
      EXPECT_NE(std::string(error.what()).find("90s"), std::string::npos);
    }
  }
}

TEST(Progress, SaysWhatItKnows) {
  EXPECT_EQ(progress_text("merge", -1, 12, -1, ""), "merge, for 12s so far");
  EXPECT_EQ(progress_text("accuracy", 0.25, 30, -1, "gelu"), "accuracy  25 %, 1m30s left  gelu");
  EXPECT_EQ(progress_text("bench", 0.5, 30, 5, ""), "bench  50 %, 5s left");
  EXPECT_EQ(progress_text("bench", 0, 30, -1, ""), "bench   0 %");
}

}  // namespace
}  // namespace actbench::bench
