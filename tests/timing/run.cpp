// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "bench/timing/timing.hpp"
#include "tests/timing/support.hpp"

namespace {

using namespace actbench;
using namespace actbench::timing;
using namespace actbench::timing::testing_kernels;

TEST(Run, OneRowEach) {
  const BenchOptions options = small({&fast_kernel, &slow_kernel});
  const BenchResult result = run_benchmarks(options);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(result.repetitions, 6);
  ASSERT_EQ(result.rows.size(), 2u * (2 + 2 * 2));
  std::set<std::string> known;
  for (const BenchRow& row : result.rows) {
    SCOPED_TRACE(row.name + " " + row.size.name + " " + row.distribution);
    EXPECT_TRUE(known.insert(row.name + row.size.name + row.distribution).second);
    EXPECT_EQ(row.bytes_per_element, 8u);
    EXPECT_EQ(row.elements, row.size.elements);
    EXPECT_GT(row.ns_per_element.low, 0);
    EXPECT_LE(row.ns_per_element.low, row.ns_per_element.median);
    EXPECT_LE(row.ns_per_element.median, row.ns_per_element.high);
    EXPECT_GE(row.ns_per_element.confidence, 0.95);
    EXPECT_EQ(row.samples_ns.size(), row.repetitions);
    EXPECT_NEAR(row.elements_per_second * row.ns_per_element.median, 1e9, 1);
    EXPECT_NEAR(row.gb_per_second, 8 * row.elements_per_second / 1e9, 1e-6);
    if (row.kernel) {
      EXPECT_EQ(row.name, identity(*row.kernel));
      EXPECT_EQ(row.repetitions, 6u);
      EXPECT_GT(row.ratio_to_copy.low, 0);
      EXPECT_LT(row.ratio_to_copy.median, 1);  // dozens of operations are slower than a copy
      EXPECT_GE(row.ratio_to_copy.confidence, 0.95);
    } else {
      EXPECT_TRUE(row.name == "copy/memcpy/8B" || row.name == "copy/non_temporal/8B");
      EXPECT_EQ(row.distribution, "");
      EXPECT_EQ(row.repetitions, 12u);  // beside each of the two distributions
      EXPECT_EQ(row.ratio_to_copy.median, 0);
    }
  }
  // By size, then ceilings, then kernels and distributions in their order.
  EXPECT_EQ(result.rows[0].name, "copy/memcpy/8B");
  EXPECT_EQ(result.rows[1].name, "copy/non_temporal/8B");
  EXPECT_EQ(result.rows[2].kernel, &fast_kernel);
  EXPECT_EQ(result.rows[2].distribution, "normal");
  EXPECT_EQ(result.rows[3].distribution, "constant");
  EXPECT_EQ(result.rows[4].kernel, &slow_kernel);
  EXPECT_EQ(result.rows[6].size.name, "5000");
}

TEST(Run, TwiceTheWorkIsSlower) {
  BenchOptions options = small({&slow_kernel, &fast_kernel});
  options.distributions = {Distribution::normal};
  options.min_time_s = 0.004;
  options.repetitions = 15;
  // A machine that others use at the same time may spoil one attempt, hardly five.
  for (int attempt = 1;; ++attempt) {
    const BenchResult result = run_benchmarks(options);
    bool apart = true;
    for (std::size_t size = 0; size < 2; ++size) {
      const BenchRow& slow = result.rows[size * 4 + 2];
      const BenchRow& fast = result.rows[size * 4 + 3];
      ASSERT_EQ(slow.kernel, &slow_kernel);
      const double factor = slow.ns_per_element.median / fast.ns_per_element.median;
      apart = apart && slow.ns_per_element.low > fast.ns_per_element.high && factor > 1.6 && factor < 2.5 &&
              slow.ratio_to_copy.high < fast.ratio_to_copy.low;
    }
    if (apart) break;
    ASSERT_LT(attempt, 5);
  }
}

TEST(Run, TimesAreThoseOfTheClock) {
  static constexpr auto busy = [](const Arguments& a) noexcept {  // a microsecond an element
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(a.n);
    while (std::chrono::steady_clock::now() < end) {
    }
  };
  const Kernel kernel{&plain, Direction::forward, Type::f32, Tier::naive, Backend::scalar, inf, busy};
  BenchOptions options = small({&kernel});
  options.sizes = {{"100", 0, 100}};
  options.distributions = {Distribution::normal};
  options.min_time_s = 0.001;
  const BenchRow row = run_benchmarks(options).rows.back();
  EXPECT_GT(row.ns_per_element.median, 300);  // CPU time, so less than the clock's where others use this CPU as well
  EXPECT_LT(row.ns_per_element.median, 1500);
}

TEST(Run, TheWholeArrayIsPassedThroughInPieces) {
  seen = {};
  BenchOptions options = small({&watched_kernel});
  const std::size_t n = 5000000;
  options.sizes = {{"5000000", 0, n}};
  options.distributions = {Distribution::normal};
  options.google_arguments = {"--benchmark_min_time=10x"};
  const BenchResult result = run_benchmarks(options);
  EXPECT_EQ(result.rows.back().elements, n);
  EXPECT_LT(seen.longest, n / 10);
  EXPECT_GE(static_cast<double>(seen.x_last - seen.x_first), 0.99 * n * sizeof(float));
  EXPECT_LE(seen.x_last - seen.x_first, n * sizeof(float));
  EXPECT_GE(static_cast<double>(seen.y_last - seen.y_first), 0.99 * n * sizeof(float));
  EXPECT_LE(seen.y_last - seen.y_first, n * sizeof(float));
  EXPECT_TRUE(seen.apart);
  EXPECT_TRUE(seen.finite);
}

TEST(Run, EachDistributionHasItsData) {
  seen = {};
  BenchOptions options = small({&watched_kernel});
  options.google_arguments = {"--benchmark_min_time=5000x"};
  run_benchmarks(options);
  EXPECT_GT(seen.ones, seen.calls / 3);
  EXPECT_LT(seen.ones, seen.calls / 3 * 2);
}

TEST(Run, IterationsFillTheTime) {
  seen = {};
  BenchOptions options = small({&watched_kernel});
  options.min_time_s = 0.001;  // some 10 000 calls of 20 to 200 ns in each of 24 runs
  run_benchmarks(options);
  EXPECT_GT(seen.calls, 24u * 1000);
  EXPECT_LT(seen.calls, 24u * 100000);
}

TEST(Run, ParametersReachTheKernelRounded) {
  BenchOptions options = small({&watched_kernel});
  options.sizes.resize(1);
  run_benchmarks(options);
  EXPECT_EQ(seen.parameters, (std::vector<double>{double{0.1f}, 2}));
  options.parameters = {0.3, -4};
  run_benchmarks(options);
  EXPECT_EQ(seen.parameters, (std::vector<double>{double{0.3f}, -4}));
  options.parameters = {0.3};
  EXPECT_THROW(run_benchmarks(options), Error);
  options.parameters = {0.3, 0};
  EXPECT_THROW(run_benchmarks(options), Error);
}

TEST(Run, EveryTypeAndBothInputsOfBackward) {
  const Kernel forward{&watched, Direction::forward, Type::f32, Tier::naive, Backend::scalar, inf, watch<float>};
  const Kernel backward{&watched, Direction::backward, Type::f32, Tier::naive, Backend::scalar,
                        inf,      watch<float, true>};
  const Kernel wide{&watched, Direction::derivative, Type::f64, Tier::naive, Backend::scalar, inf, watch<double>};
  const Kernel half{&watched, Direction::forward, Type::bf16, Tier::naive, Backend::scalar, inf, watch<std::uint16_t>};
  const Kernel learned{&watched, Direction::alpha_gradient, Type::f64, Tier::naive, Backend::scalar,
                       inf,      watch<double, true>};
  BenchOptions options = small({&forward, &backward, &wide, &half, &learned});
  // Of the last some arrays are passed through in one call and some in several.
  options.sizes = {{"777", 0, 777}, {"l1", 16384, 0}, {"300000", 0, 300000}, {"llc", 4 << 20, 0}};
  options.distributions = {Distribution::constant, Distribution::normal};
  options.google_arguments = {"--benchmark_min_time=2x"};
  seen = {};
  const BenchResult result = run_benchmarks(options);
  EXPECT_TRUE(seen.dy_right);
  EXPECT_TRUE(seen.finite);
  EXPECT_TRUE(seen.apart);
  std::map<std::string, std::size_t> elements;
  for (const BenchRow& row : result.rows) {
    if (row.size.name == "l1") elements[row.name] = row.elements;
  }
  EXPECT_EQ(elements.at("copy/memcpy/8B"), 2048u);
  EXPECT_EQ(elements.at("copy/memcpy/12B"), 1365u);
  EXPECT_EQ(elements.at("copy/memcpy/16B"), 1024u);
  EXPECT_EQ(elements.at("copy/memcpy/4B"), 4096u);
  EXPECT_EQ(elements.at("watched/backward/f32/naive/scalar"), 1365u);
  EXPECT_EQ(elements.at("copy/memcpy/24B"), 682u);
  EXPECT_EQ(elements.at("watched/alpha_gradient/f64/naive/scalar"), 682u);
  EXPECT_EQ(elements.at("watched/derivative/f64/naive/scalar"), 1024u);
  EXPECT_EQ(elements.at("watched/forward/bf16/naive/scalar"), 4096u);
}

TEST(Run, KernelsOfTheTable) {
  BenchOptions options = small({});
  for (const Kernel& kernel : kernels()) {
    if (!unrunnable_reason(kernel) && options.kernels.size() < 6) options.kernels.push_back(&kernel);
  }
  ASSERT_FALSE(options.kernels.empty());
  options.distributions = {Distribution::wide};
  EXPECT_EQ(run_benchmarks(options).rows.size(), 2 * (2 + options.kernels.size()));
}

TEST(Run, BudgetIsKept) {
  BenchOptions options = small({&fast_kernel, &slow_kernel});
  options.time_budget_s = 1;
  EXPECT_EQ(estimated_seconds(options), 1);
  const BenchResult result = run_benchmarks(options);
  EXPECT_GT(result.total_seconds, 0.3);
  EXPECT_LT(result.total_seconds, 4);  // loosely: other programs may take most of the CPU
  EXPECT_GE(result.repetitions, 6);
  options.time_budget_s = 1e-3;  // too little for anything: the fewest rounds, one call each
  options.repetitions = 20;
  EXPECT_EQ(run_benchmarks(options).repetitions, 6);
}

TEST(Run, EstimateGrowsWithTheWork) {
  BenchOptions options = small({&fast_kernel});
  const double one = estimated_seconds(options);
  EXPECT_GT(one, 0);
  options.kernels.push_back(&slow_kernel);
  EXPECT_GT(estimated_seconds(options), one);
  options.google_arguments = {"--benchmark_repetitions=100"};
  EXPECT_GT(estimated_seconds(options), 10 * one);
}

// ---- Stopping

TEST(Stop, EndsSoonAndWritesNothing) {
  const TemporaryFile out;
  std::ofstream(out.path) << "as it was";
  for (const std::size_t when : {0, 3, 20}) {  // at once, calibrating, timing
    SCOPED_TRACE(when);
    std::atomic<bool> stop{false};
    std::size_t calls = 0, most = 0;
    BenchOptions options = small({&fast_kernel, &slow_kernel});
    options.repetitions = 100000;
    options.stop = &stop;
    options.google_arguments = {"--benchmark_out=" + out.path.string()};
    options.progress = [&](const Progress& progress) {
      if (calls++ == when) stop = true;
      most = std::max(most, progress.done);
    };
    if (when == 20) options.repetitions = 50;
    const BenchResult result = run_benchmarks(options);
    EXPECT_TRUE(result.stopped);
    EXPECT_LE(calls, when + 1);
    EXPECT_EQ(result.rows.size(), 12u);
    for (const BenchRow& row : result.rows) EXPECT_LT(row.repetitions, 50u);
    EXPECT_EQ(out.text(), "as it was");
    EXPECT_EQ(out.neighbours(), 1u);
  }
}

TEST(Progress, CountsUp) {
  BenchOptions options = small({&fast_kernel});
  std::vector<Progress> steps;
  options.progress = [&](const Progress& progress) { steps.push_back(progress); };
  run_benchmarks(options);
  // Per size, two kernel rows and two ceilings beside each, calibrated once and timed six times.
  const std::size_t runs = 2 * 2 * 3;
  ASSERT_EQ(steps.size(), runs * (1 + 6));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].done, i);
    EXPECT_EQ(steps[i].total, steps.size());
    EXPECT_GE(steps[i].seconds_left, 0);
    EXPECT_NE(steps[i].label, "");
  }
}

TEST(Errors, NothingToDo) {
  BenchOptions options = small({});
  EXPECT_NE(error_of(options), "");
  options = small({&fast_kernel});
  options.sizes.clear();
  EXPECT_NE(error_of(options), "");
  options = small({&fast_kernel});
  options.distributions.clear();
  EXPECT_NE(error_of(options), "");
}

TEST(Errors, UnrunnableKernel) {
  const Kernel kernel{&plain, Direction::forward, Type::f32, Tier::naive, Backend::cuda, inf, once};
  if (!unrunnable_reason(kernel)) GTEST_SKIP() << "every backend runs here";
  const std::string error = error_of(small({&kernel}));
  EXPECT_NE(error.find("plain/forward/f32/naive/cuda"), std::string::npos) << error;
}

TEST(Errors, TooLittleMemory) {
  BenchOptions options = small({&fast_kernel});
  for (const std::size_t elements : {std::size_t{1} << 45, SIZE_MAX / 2, SIZE_MAX}) {
    options.sizes = {{"1024", 0, 1024}, {"big one", 0, elements}};
    EXPECT_NE(error_of(options).find("big one"), std::string::npos) << error_of(options);
  }
}

}  // namespace
