// SPDX-License-Identifier: Apache-2.0
//
// The measurer is measured: kernels with seeded defects, each of which the sweep must see, and outcomes that may depend
// on nothing but the inputs.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <string>

#include "bench/accuracy.hpp"
#include "bench/errors.hpp"
#include "bench/inputs.hpp"
#include "bench/sweep.hpp"
#include "bench/types.hpp"
#include "kernels/table.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t n = 200000;

const Kernel& truth(const char* activation = "gelu") {
  const Kernel* found = find(std::string(activation) + "/forward/f32/accurate/scalar");
  if (found == nullptr) throw std::runtime_error("no accurate scalar kernel");
  return *found;
}

/// The accurate kernel, with one change to its results. Change is a function of input and right output.
template <float (*Change)(float x, float y)>
void changed(const Arguments& a) noexcept {
  truth().run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    float x, y;
    std::memcpy(&x, static_cast<const char*>(a.x) + 4 * i, 4);
    std::memcpy(&y, static_cast<char*>(a.y) + 4 * i, 4);
    y = Change(x, y);
    std::memcpy(static_cast<char*>(a.y) + 4 * i, &y, 4);
  }
}

Kernel kernel_of(void (*run)(const Arguments&) noexcept, double promised = 0.5) {
  return {truth().activation, Direction::forward, Type::f32, Tier::accurate, Backend::scalar, promised, run};
}

SweepRow swept(const Kernel& kernel, std::uint64_t inputs = n) {
  SweepOptions options;
  options.inputs = inputs;
  options.threads = 2;
  const Subject subject{&kernel, {}};
  return sweep({subject}, options)[0];
}

float one_input(float x, float y) { return x == -5.5f ? std::nextafter(y, 0.f) : y; }
float nan_for_nan(float x, float y) { return std::isnan(x) ? 0.f : y; }
float new_nan(float x, float y) { return x == -1.f ? std::numeric_limits<float>::quiet_NaN() : y; }
float zero_in_tail(float x, float y) { return x < -6 ? -0.f : y; }
float nonzero_for_zero(float, float y) { return y == 0 ? 1e-45f : y; }
float plus_zero(float, float y) { return y == 0 ? 0.f : y; }
float infinite(float x, float y) { return x == std::numeric_limits<float>::max() ? INFINITY : y; }
float wrong_infinity(float x, float y) { return x == INFINITY ? -INFINITY : y; }
float largest_for_infinity(float x, float y) { return x == INFINITY ? std::numeric_limits<float>::max() : y; }
float flushed(float, float y) { return std::fabs(y) < std::numeric_limits<float>::min() ? 0.f : y; }
float two_steps(float x, float y) { return x == 1.5f ? std::nextafter(std::nextafter(y, 9.f), 9.f) : y; }

TEST(Sweep, FindsNothingWrongWithARightKernel) {
  for (const char* activation : {"gelu", "tanh", "relu", "softplus"}) {
    const SweepRow row = swept(truth(activation));
    EXPECT_EQ(row.tally.inputs, n) << activation;
    EXPECT_EQ(row.tally.not_correctly_rounded, 0u) << activation << " " << row.input;
    EXPECT_EQ(row.tally.above_one_ulp + row.tally.wrong_zeros + row.tally.wrong_infinities + row.tally.wrong_nans, 0u)
        << activation;
    EXPECT_LE(row.max_ulp, 0.5);
    EXPECT_TRUE(keeps_promise(row));
  }
}

TEST(Sweep, FindsOneWrongInput) {
  const SweepRow row = swept(kernel_of(changed<one_input>));
  EXPECT_EQ(row.tally.not_correctly_rounded, 1u);
  EXPECT_EQ(row.input, -5.5);
  EXPECT_GT(row.max_ulp, 0.5);
  EXPECT_LE(row.max_ulp, 1.5);
  EXPECT_FALSE(keeps_promise(row));
}

TEST(Sweep, FindsNanThatShouldNotBeAndNanThatShould) {
  const SweepRow lost = swept(kernel_of(changed<nan_for_nan>));
  EXPECT_GT(lost.tally.wrong_nans, n / 512);
  EXPECT_EQ(lost.tally.wrong_nans, lost.tally.not_correctly_rounded);
  EXPECT_TRUE(std::isnan(lost.input));
  EXPECT_TRUE(std::isinf(lost.max_ulp));
  EXPECT_FALSE(keeps_promise(lost));
  const SweepRow made = swept(kernel_of(changed<new_nan>, 1e30));
  EXPECT_EQ(made.tally.wrong_nans, 1u);
  EXPECT_EQ(made.tally.unmeasurable, 1u);
  EXPECT_EQ(made.input, -1);
  EXPECT_TRUE(std::isnan(made.got));
  EXPECT_LT(made.tally.mean_ulp(), 0.5) << "the mean leaves infinite errors out";
  EXPECT_FALSE(keeps_promise(made)) << "no promise allows a NaN";
}

TEST(Sweep, FindsZerosInATail) {
  const SweepRow row = swept(kernel_of(changed<zero_in_tail>));
  EXPECT_GT(row.tally.wrong_zeros, 10u);
  EXPECT_EQ(row.tally.wrong_zeros, row.tally.not_correctly_rounded);
  EXPECT_GT(row.tally.above_one_ulp, row.tally.wrong_zeros / 2);
  EXPECT_EQ(row.got, 0);
  EXPECT_LT(row.input, -6);
  EXPECT_GT(row.input, -13.2);
  EXPECT_GT(row.max_ulp, 4e6);
}

TEST(Sweep, FindsNumbersInPlaceOfZeros) {
  const SweepRow row = swept(kernel_of(changed<nonzero_for_zero>));
  EXPECT_EQ(row.tally.wrong_zeros, row.tally.not_correctly_rounded);
  EXPECT_GT(row.tally.wrong_zeros, n / 8) << "half of all negative exponents give zero";
}

TEST(Sweep, ReportsButDoesNotCountTheSignOfZero) {
  const SweepRow row = swept(kernel_of(changed<plus_zero>));
  EXPECT_GT(row.tally.zero_signs, n / 8);
  EXPECT_EQ(row.tally.not_correctly_rounded, 0u);
  EXPECT_EQ(row.tally.wrong_zeros, 0u);
  EXPECT_TRUE(keeps_promise(row));
  EXPECT_EQ(swept(truth()).tally.zero_signs, 0u);
}

TEST(Sweep, FindsWrongInfinities) {
  for (auto run : {changed<infinite>, changed<wrong_infinity>, changed<largest_for_infinity>}) {
    const SweepRow row = swept(kernel_of(run));
    EXPECT_EQ(row.tally.wrong_infinities, 1u);
    EXPECT_EQ(row.tally.not_correctly_rounded, 1u);
    EXPECT_EQ(row.tally.wrong_nans, 0u);
    EXPECT_FALSE(keeps_promise(row));
  }
}

TEST(Sweep, FindsFlushedSubnormals) {
  const SweepRow row = swept(kernel_of(changed<flushed>));
  EXPECT_GT(row.tally.wrong_zeros, 100u);
  EXPECT_GT(row.max_ulp, 8e6);
}

TEST(Sweep, MeasuresWhatASlackerPromiseAllows) {
  const SweepRow row = swept(kernel_of(changed<two_steps>, 4));
  EXPECT_EQ(row.tally.above_one_ulp, 1u);
  EXPECT_EQ(row.input, 1.5);
  EXPECT_GT(row.max_ulp, 1.5);
  EXPECT_LE(row.max_ulp, 2.5);
  EXPECT_TRUE(keeps_promise(row));
  EXPECT_FALSE(keeps_promise(swept(kernel_of(changed<two_steps>, 1))));
}

TEST(Sweep, SeesTheNaiveFormulaFail) {
  const Kernel* naive = find("gelu/forward/f32/naive/scalar");
  ASSERT_NE(naive, nullptr);
  const SweepRow row = swept(*naive);
  EXPECT_GT(row.max_ulp, 1e6);
  EXPECT_GT(row.tally.wrong_nans, 0u) << "-inf · 0";
  EXPECT_TRUE(keeps_promise(row)) << "it promises nothing";
}

void expect_same(const SweepRow& a, const SweepRow& b) {
  EXPECT_EQ(a.tally.inputs, b.tally.inputs);
  EXPECT_EQ(a.tally.not_correctly_rounded, b.tally.not_correctly_rounded);
  EXPECT_EQ(a.tally.above_one_ulp, b.tally.above_one_ulp);
  EXPECT_EQ(a.tally.wrong_zeros, b.tally.wrong_zeros);
  EXPECT_EQ(a.tally.wrong_infinities, b.tally.wrong_infinities);
  EXPECT_EQ(a.tally.wrong_nans, b.tally.wrong_nans);
  EXPECT_EQ(a.tally.zero_signs, b.tally.zero_signs);
  EXPECT_TRUE(a.tally.error_sum == b.tally.error_sum);
  EXPECT_EQ(a.tally.worst_index, b.tally.worst_index);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a.max_ulp), std::bit_cast<std::uint64_t>(b.max_ulp));
  EXPECT_EQ(a.tally.worst_input, b.tally.worst_input);
  EXPECT_EQ(a.tally.worst_output, b.tally.worst_output);
}

TEST(Sweep, DoesNotDependOnThreadsOrCompany) {
  std::vector<Subject> subjects;
  for (const char* id :
       {"gelu/forward/f32/naive/scalar", "gelu/forward/f32/accurate/scalar", "mish/forward/f32/naive/scalar"}) {
    ASSERT_NE(find(id), nullptr) << id;
    subjects.push_back({find(id), {}});
  }
  SweepOptions options;
  options.inputs = 300001;
  std::map<unsigned, std::vector<SweepRow>> results;
  for (unsigned threads : {1u, 2u, 7u}) {
    options.threads = threads;
    results[threads] = sweep(subjects, options);
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    expect_same(results[1][i], results[2][i]);
    expect_same(results[1][i], results[7][i]);
    expect_same(results[1][i], sweep({subjects[i]}, options)[0]);
  }
  options.seed = 2;
  EXPECT_FALSE(sweep(subjects, options)[0].tally.error_sum == results[1][0].tally.error_sum);
}

/// The fast path against the reference's own judgement, one input at a time.
TEST(Sweep, AgreesWithJudgingEveryInputByItself) {
  for (const char* id :
       {"gelu/forward/f32/naive/scalar", "softplus/forward/f32/naive/scalar", "tanhshrink/forward/f32/naive/scalar",
        "selu/forward/f32/accurate/scalar", "squared_relu/forward/f32/naive/scalar"}) {
    const Kernel* kernel = find(id);
    ASSERT_NE(kernel, nullptr) << id;
    const std::uint64_t count = 50000;
    std::vector<double> parameters;
    for (std::size_t i = 0; i < kernel->activation->parameter_count; ++i) {
      parameters.push_back(round_to(Type::f32, kernel->activation->parameters[i].default_value));
    }
    const Inputs inputs(Type::f32, parameters, count, 1);
    std::vector<float> x(count), y(count);
    std::vector<double> xd(count), yd(count);
    inputs.fill(0, count, x.data());
    apply(*kernel, x.data(), y.data(), count, parameters);
    widen(Type::f32, x.data(), xd.data(), count);
    widen(Type::f32, y.data(), yd.data(), count);
    const reference::Function* function = reference::find(kernel->activation->name);
    std::vector<reference::Quick> quick(count);
    std::vector<reference::Judgement> judged(count);
    reference::quick(*function, reference::f32, xd.data(), nullptr, quick.data(), count, parameters);
    reference::judge(*function, reference::f32, xd.data(), nullptr, quick.data(), yd.data(), judged.data(), count,
                     parameters);
    std::uint64_t misrounded = 0, above = 0;
    double sum = 0, worst = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      misrounded += !judged[i].correctly_rounded;
      above += judged[i].ulp > 1;
      worst = std::max(worst, judged[i].ulp);
      if (std::isfinite(judged[i].ulp)) sum += std::min(judged[i].ulp, 0x1p64);
    }
    SweepOptions options;
    options.inputs = count;
    const Subject subject{kernel, parameters};
    const SweepRow row = sweep({subject}, options)[0];
    EXPECT_EQ(row.tally.not_correctly_rounded, misrounded) << id;
    EXPECT_EQ(row.tally.above_one_ulp, above) << id;
    const double mean = sum / static_cast<double>(count - row.tally.unmeasurable);
    EXPECT_NEAR(row.tally.mean_ulp(), mean, 1e-5 * (1 + mean)) << id;
    EXPECT_TRUE(row.max_ulp == worst || std::fabs(row.max_ulp - worst) < 1e-5 * worst)
        << id << " " << row.max_ulp << " " << worst;
  }
}

TEST(Tally, MergesInAnyOrder) {
  Tally a, b, c;
  a.inputs = 3, a.error_sum = 5, a.max_ulp = 1, a.worst_index = 7;
  b.inputs = 4, b.error_sum = 9, b.max_ulp = 1, b.worst_index = 2;
  c.inputs = 5, c.error_sum = 1, c.max_ulp = 0.5, c.worst_index = 0;
  Tally left = a, right = c;
  left.merge(b), left.merge(c);
  right.merge(b), right.merge(a);
  EXPECT_EQ(left.inputs, 12u);
  EXPECT_TRUE(left.error_sum == right.error_sum);
  EXPECT_EQ(left.worst_index, 2u);
  EXPECT_EQ(right.worst_index, 2u);
}

TEST(Sweep, StopsWhenAsked) {
  const std::atomic<bool> stop{true};
  SweepOptions options;
  options.inputs = std::uint64_t{1} << 40;
  options.stop = &stop;
  const Subject subject{&truth(), {}};
  EXPECT_THROW(sweep({subject}, options), Interrupted);
}

TEST(UlpText, ShowsOnWhichSideOfAPromiseItLies) {
  EXPECT_EQ(ulp_text(0.5), "0.5000");
  EXPECT_EQ(ulp_text(0.49999996), "0.5000");
  EXPECT_EQ(ulp_text(0.50000004), "0.50000004");
  EXPECT_EQ(ulp_text(1.0000001), "1.0000001");
  EXPECT_EQ(ulp_text(195.23), "195.2");
  EXPECT_EQ(ulp_text(8388608), "8.39e+06");
  EXPECT_EQ(ulp_text(HUGE_VAL), "inf");
}

}  // namespace
}  // namespace actbench::bench
