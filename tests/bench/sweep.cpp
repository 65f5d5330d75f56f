// SPDX-License-Identifier: Apache-2.0
//
// The measurer is measured: kernels with seeded defects, each of which the sweep must see, and outcomes that may depend
// on nothing but the inputs.
#include "bench/sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <string>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "kernels/table.hpp"
#include "reference/reference.hpp"
#include "reports/writers.hpp"

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

/// σ′(x)·dy lies next to halfway between 0 and the least number, where a promise of 0.502 ULP allows either; so that a
/// kernel that keeps it has no wrong zeros.
TEST(Sweep, ZerosThatThePromiseAllowsAreNotWrong) {
  for (const char* activation : {"softplus", "gelu", "log_sigmoid"}) {
    const Kernel& kernel = *find(std::string(activation) + "/backward/f64/accurate/scalar");
    const SweepRow row = swept(kernel, 1 << 16);
    EXPECT_GT(row.tally.not_correctly_rounded, 0u) << activation;
    EXPECT_EQ(row.tally.wrong_zeros, 0u) << activation;
    EXPECT_TRUE(keeps_promise(row)) << activation;
  }
}

TEST(Sweep, KeepsNoPromiseThatWasNotGiven) {
  const Kernel wrong = kernel_of(changed<two_steps>);
  EXPECT_FALSE(keeps_promise(swept(wrong)));
  Kernel elu = *find("elu/forward/f64/naive/scalar");
  elu.promised_ulp = 4;
  SweepOptions options;
  options.inputs = 1 << 14;
  options.threads = 2;
  EXPECT_FALSE(keeps_promise(sweep({{&elu, {3.7}}}, options)[0]));
  EXPECT_TRUE(keeps_promise(sweep({{&elu, {1000.0}}}, options)[0])) << "f64, beyond 2^8";
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
  ASSERT_EQ(a.tally.worst.size(), b.tally.worst.size());
  for (std::size_t i = 0; i < a.tally.worst.size(); ++i) EXPECT_EQ(a.tally.worst[i].index, b.tally.worst[i].index);
  EXPECT_EQ(a.searched.inputs, b.searched.inputs);
  EXPECT_TRUE(a.searched.error_sum == b.searched.error_sum);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a.max_ulp), std::bit_cast<std::uint64_t>(b.max_ulp));
  EXPECT_EQ(a.worst.input.x, b.worst.input.x);
  EXPECT_EQ(a.worst.input.dy, b.worst.input.dy);
  EXPECT_EQ(a.worst.output, b.worst.output);
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
    reference::quick(*function, reference::f32, {xd.data()}, quick.data(), count, parameters);
    reference::judge(*function, reference::f32, {xd.data()}, quick.data(), yd.data(), judged.data(), count, parameters);
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
  a.inputs = 3, a.error_sum = 5, a.worst = {{1, 7, {70, 0}, 0, 1}};
  b.inputs = 4, b.error_sum = 9, b.worst = {{1, 2, {20, 0}, 0, 1}, {0.5, 3, {30, 0}, 0, 2}};
  c.inputs = 5, c.error_sum = 1, c.worst = {{0.75, 0, {0, 0}, 0, 2}};
  Tally left = a, right = c;
  left.merge(b), left.merge(c);
  right.merge(b), right.merge(a);
  EXPECT_EQ(left.inputs, 12u);
  EXPECT_TRUE(left.error_sum == right.error_sum);
  for (const Tally* t : {&left, &right}) {
    ASSERT_EQ(t->worst.size(), 2u) << "one a region";
    EXPECT_EQ(t->worst[0].index, 2u) << "the first of equals";
    EXPECT_EQ(t->worst[1].index, 0u);
    EXPECT_EQ(t->max_ulp(), 1);
  }
}

TEST(Tally, KeepsTheWorstOfEachRegionWhateverTheOrder) {
  std::vector<WorstCase> all;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const double ulp = static_cast<double>(i * 7919 % 97);
    all.push_back({ulp, i, {i, 0}, 0, static_cast<std::uint32_t>(i * 31 % 23)});
  }
  Tally forwards, backwards, split[3];
  for (std::size_t i = 0; i < all.size(); ++i) {
    forwards.take(all[i]);
    backwards.take(all[all.size() - 1 - i]);
    split[i % 3].take(all[i]);
  }
  Tally merged;
  for (int i : {2, 0, 1}) merged.merge(split[i]);
  ASSERT_EQ(forwards.worst.size(), Tally::worst_kept);
  for (std::size_t i = 0; i < Tally::worst_kept; ++i) {
    EXPECT_EQ(forwards.worst[i].index, backwards.worst[i].index);
    EXPECT_EQ(forwards.worst[i].index, merged.worst[i].index);
  }
  EXPECT_EQ(forwards.worst[0].ulp, 96);
}

// ---- Pairs, other types, and the search: kernels made of the reference itself, with and without a defect

/// The correctly rounded result for every element, and one change to it.
template <Direction direction, Type type, std::uint64_t (*Change)(Point, std::uint64_t)>
void exact(const Arguments& a) noexcept {
  const reference::Function& function = *reference::find("silu", name(direction));
  for (std::size_t i = 0; i < a.n; ++i) {
    const Point p{pattern_at(type, a.x, i), a.dy != nullptr ? pattern_at(type, a.dy, i) : 0};
    const double in[] = {value_of(type, p.x), value_of(type, p.dy)};
    reference::Quick quick;
    reference::Judgement judged;
    const double *dy = a.dy != nullptr ? in + 1 : nullptr, computed = 0;
    reference::quick(function, format_of(type), {in, {dy}}, &quick, 1, {});
    reference::judge(function, format_of(type), {in, {dy}}, &quick, &computed, &judged, 1, {});
    set_pattern(type, a.y, i, Change(p, pattern_of(type, judged.expected)));
  }
}
std::uint64_t unchanged(Point, std::uint64_t y) { return y; }
std::uint64_t next_for_odd_gradient(Point p, std::uint64_t y) {
  return p.dy == 5 && value_of(Type::bf16, p.x) == 1 ? y + 1 : y;
}
/// Wrong by more and more steps towards one x within a binade: the sample finds the slope, the search its top.
std::uint64_t hill(Point p, std::uint64_t y) {
  constexpr std::uint64_t top = 0x40212345;
  const std::uint64_t distance = p.x > top ? p.x - top : top - p.x;
  return distance < 1u << 21 ? y + static_cast<std::uint64_t>(std::bit_width((1u << 21) / (distance + 1))) : y;
}

Kernel exact_kernel(Direction direction, Type type, void (*run)(const Arguments&) noexcept, double promised = 0.5) {
  return {truth("silu").activation, direction, type, Tier::accurate, Backend::scalar, promised, run};
}

TEST(Sweep, TakesPairsOfXAndDy) {
  const Kernel right = exact_kernel(Direction::backward, Type::bf16, exact<Direction::backward, Type::bf16, unchanged>);
  const SweepRow row = swept(right, 40000);
  EXPECT_EQ(row.tally.inputs, 40000u);
  EXPECT_EQ(row.tally.not_correctly_rounded, 0u) << row.input << " " << row.dy;
  EXPECT_TRUE(keeps_promise(row));
  const Kernel wrong =
      exact_kernel(Direction::backward, Type::bf16, exact<Direction::backward, Type::bf16, next_for_odd_gradient>);
  const SweepRow found = swept(wrong, 40000);
  EXPECT_GE(found.tally.not_correctly_rounded, 1u);
  EXPECT_EQ(found.input, 1);
  EXPECT_EQ(found.dy, 5 * 0x1p-133);
  EXPECT_FALSE(keeps_promise(found));
  const reports::Table table = accuracy_table({&found, 1}, 1);
  const std::string csv = reports::write(table, reports::Format::csv);
  EXPECT_NE(csv.find(",0x0005,"), std::string::npos) << csv;
}

TEST(Sweep, OfSmallTypesIsAllOfThem) {
  for (const Kernel& right :
       {exact_kernel(Direction::forward, Type::f16, exact<Direction::forward, Type::f16, unchanged>),
        exact_kernel(Direction::forward, Type::bf16, exact<Direction::forward, Type::bf16, unchanged>),
        exact_kernel(Direction::derivative, Type::f16, exact<Direction::derivative, Type::f16, unchanged>),
        exact_kernel(Direction::derivative, Type::bf16, exact<Direction::derivative, Type::bf16, unchanged>)}) {
    const SweepRow row = swept(right);
    EXPECT_TRUE(row.exhaustive);
    EXPECT_EQ(row.tally.inputs, 65536u);
    EXPECT_EQ(row.tally.not_correctly_rounded, 0u) << identity(right) << " " << row.input;
    EXPECT_EQ(row.tally.wrong_nans + row.tally.wrong_infinities + row.tally.wrong_zeros + row.tally.zero_signs, 0u);
    EXPECT_EQ(row.tally.unmeasurable, 0u);
    EXPECT_LE(row.max_ulp, 0.5);
    EXPECT_GT(row.max_ulp, 0.49);
    EXPECT_EQ(row.searched.inputs, 0u);
  }
}

TEST(Sweep, OfAllPairsSaysWhereThereAreTooMany) {
  SweepOptions options;
  options.all = true;
  const Kernel wide = exact_kernel(Direction::backward, Type::f32, exact<Direction::backward, Type::f32, unchanged>);
  const Subject subject{&wide, {}};
  try {
    sweep({subject}, options);
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_NE(std::string(e.what()).find("f32 backward has 2^64 pairs"), std::string::npos) << e.what();
  }
  // 2^32 pairs are no reason to refuse.
  const Kernel small = exact_kernel(Direction::backward, Type::f16, exact<Direction::backward, Type::f16, unchanged>);
  const std::atomic<bool> stop{true};
  options.stop = &stop;
  const Subject small_subject{&small, {}};
  EXPECT_THROW(sweep({small_subject}, options), Interrupted);
}

TEST(Search, FindsTheTopOfWhatTheSampleFound) {
  const Kernel kernel =
      exact_kernel(Direction::forward, Type::f32, exact<Direction::forward, Type::f32, hill>, HUGE_VAL);
  SweepOptions options;
  options.inputs = 30000;
  options.threads = 2;
  const Subject subject{&kernel, {}};
  const SweepRow sampled = sweep({subject}, options)[0];
  options.search = 40000;
  const SweepRow row = sweep({subject}, options)[0];
  EXPECT_EQ(row.tally.max_ulp(), sampled.tally.max_ulp()) << "what is searched does not add to the sample";
  EXPECT_EQ(row.tally.inputs, 30000u);
  EXPECT_EQ(row.searched.inputs, 40000u);
  EXPECT_GT(row.searched.not_correctly_rounded, 0u);
  EXPECT_LT(sampled.max_ulp, 18);
  EXPECT_GT(row.max_ulp, 21);
  EXPECT_NEAR(static_cast<double>(row.worst.input.x), 0x40212345, 2);
  EXPECT_EQ(row.max_ulp,
            reference::Exact(*reference::find("silu"), reference::f32, {&row.input, 1}, {}).ulp_error(row.got));
  options.threads = 7;
  expect_same(row, sweep({subject}, options)[0]);
}

TEST(Search, BreaksAPromiseThatTheSampleSawKept) {
  SweepRow row = swept(truth());
  ASSERT_TRUE(keeps_promise(row));
  row.searched.not_correctly_rounded = 1;
  EXPECT_FALSE(keeps_promise(row));
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
