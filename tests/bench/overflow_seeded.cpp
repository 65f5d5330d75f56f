// SPDX-License-Identifier: Apache-2.0
//
// Kernels with seeded faults, each of which the report of faults must name.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "bench/faults/overflow.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reports/writers.hpp"
#include "tests/bench/overflow_support.hpp"

namespace actbench::bench {
namespace {

using namespace overflow_tests;

float same(float, float y) { return y; }
float one_wrong_nan(float x, float y) { return x == -1.f ? nan : y; }
float nan_from_unclamped_tanh(float x, float y) { return x > 40.f ? nan : y; }
float infinite_for_large(float x, float y) { return x > 1e13f ? INFINITY : y; }
float nan_from_reciprocal(float x, float y) { return x < -88.72284f ? nan : y; }
float rational(float x, float y) { return x < -20.f ? -0x1p-24f : x > 20.f ? 1 + 0x1p-23f : y; }
float zero_while_normal(float x, float y) { return x < -87.34f ? -0.f : y; }
float zero_below_six(float x, float y) { return x < -6.f ? -0.f : y; }
float nan_at_minus_infinity(float x, float y) { return x == -INFINITY ? nan : y; }
float nan_at_infinity(float x, float y) { return x == INFINITY ? nan : y; }
float minus_infinity_for_large(float x, float y) { return x < -88.f ? -INFINITY : y; }
float never_one(float, float y) { return std::fabs(y) == 1 ? std::copysign(1 - 0x1p-24f, y) : y; }
float results_flushed(float, float y) { return std::fabs(y) < smallest_normal ? std::copysign(0.f, y) : y; }
float inputs_flushed(float x, float y) { return std::fabs(x) < smallest_normal ? std::copysign(0.f, y) : y; }
float nan_lost(float x, float y) { return std::isnan(x) ? 0.f : y; }
float signalling_nan_lost(float x, float y) { return std::bit_cast<std::uint32_t>(x) == 0x7f800001 ? 1.f : y; }
float largest_for_infinity(float x, float y) { return x == INFINITY ? largest : y; }
float number_for_zero(float, float y) { return y == 0 ? 1e-45f : y; }
float plus_zero(float, float y) { return y == 0 ? 0.f : y; }
float wrong_sign(float x, float y) { return x == -3.5f ? -y : y; }
float dip(float x, float y) { return x == 2.5f ? std::nextafter(std::nextafter(y, 0.f), 0.f) : y; }
float lopsided(float x, float y) { return x == 0.5f ? std::nextafter(y, 1.f) : y; }
float below_the_minimum(float x, float y) { return x == -0.5f ? -0.1699713f : y; }
float late_zero(float x, float y) { return x < -14.3f && x > -14.5f ? -1e-45f : y; }

TEST(Seeded, NothingIsFoundWhereNothingIsWrong) {
  expect_spotless(found<gelu, same>(), found<gelu, same>().kernels[0]);
  expect_spotless(found<tanh_, same>(), found<tanh_, same>().kernels[0]);
}

TEST(Seeded, Nan) {
  for (const auto& f : {found<gelu_tanh, nan_from_unclamped_tanh>(), found<sigmoid, nan_from_reciprocal>()}) {
    expect_only(f, {Fault::nan});
    EXPECT_GT(f.kernels[0][Fault::nan].count, 1000u);
    EXPECT_GT(f.kernels[0].wrong_specials(), 0u);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
  const FunctionFindings unclamped = found<gelu_tanh, nan_from_unclamped_tanh>();
  EXPECT_EQ(value(unclamped, unclamped.kernels[0][Fault::nan].last), HUGE_VAL);
  EXPECT_GT(value(unclamped, unclamped.kernels[0][Fault::nan].first), 40);
  EXPECT_LT(value(unclamped, unclamped.kernels[0][Fault::nan].first), 40.01);
  for (const auto& f : {found<gelu, one_wrong_nan>(), found<gelu, one_wrong_nan>(1e30)}) {
    expect_only(f, {Fault::nan});
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u);
    EXPECT_EQ(value(f, f.kernels[0][Fault::nan].first), -1);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0])) << "no promise allows a NaN";
  }
}

TEST(Seeded, NanAtInfinity) {
  for (const auto& f : {found<silu, nan_at_minus_infinity>(), found<mish, nan_at_infinity>()}) {
    expect_only(f, {Fault::nan});
    EXPECT_EQ(f.kernels[0][Fault::nan].count, 1u);
    EXPECT_EQ(f.kernels[0].wrong_specials(), 1u);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
}

TEST(Seeded, NanThatIsLost) {
  const FunctionFindings all = found<gelu, nan_lost>(), one = found<gelu, signalling_nan_lost>();
  expect_only(all, {Fault::number_for_nan});
  EXPECT_EQ(all.kernels[0].wrong_specials(), 4u);
  expect_only(one, {Fault::number_for_nan});
  EXPECT_EQ(one.kernels[0][Fault::number_for_nan].count, 1u);
  EXPECT_EQ(one.kernels[0].wrong_specials(), 1u);
  EXPECT_TRUE(breaks_promise(one, one.kernels[0]));
}

TEST(Seeded, SpuriousOverflow) {
  const FunctionFindings large = found<gelu, infinite_for_large>();
  expect_only(large, {Fault::infinity});
  EXPECT_GT(large.kernels[0].wrong_thresholds(large.truth), 0u);
  const FunctionFindings log = found<log_sigmoid, minus_infinity_for_large>();
  expect_only(log, {Fault::infinity});
  EXPECT_EQ(value(log, log.kernels[0][Fault::infinity].first), -static_cast<double>(largest));
  EXPECT_TRUE(breaks_promise(log, log.kernels[0]));
  const FunctionFindings lost = found<relu, largest_for_infinity>();
  expect_only(lost, {Fault::finite_for_infinity});
  EXPECT_TRUE(breaks_promise(lost, lost.kernels[0]));
}

TEST(Seeded, RangeLeft) {
  const FunctionFindings f = found<sigmoid, rational>();
  expect_only(f, {Fault::range, Fault::sign, Fault::number_for_zero});
  const Faults& range = f.kernels[0][Fault::range];
  EXPECT_EQ(value(f, range.first), -HUGE_VAL);
  EXPECT_EQ(value(f, range.last), HUGE_VAL);
  EXPECT_EQ(value(f, range.got), -0x1p-24);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  // Where the function has no bound of its own, but a least value.
  const FunctionFindings minimum = found<gelu, below_the_minimum>();
  EXPECT_EQ(minimum.kernels[0][Fault::range].count, 1u);
}

TEST(Seeded, SpuriousUnderflow) {
  const FunctionFindings six = found<gelu, zero_below_six>();
  expect_only(six, {Fault::zero_for_normal, Fault::zero_for_subnormal});
  bool seen = false;
  for (std::size_t i = 0; i < six.truth.thresholds.size(); ++i) {
    if (&six.truth.thresholds[i] != &threshold(six, true, Kind::zero)) continue;
    seen = true;
    EXPECT_EQ(-value(six, *six.kernels[0].thresholds[i]), std::nextafterf(-6.f, -7.f)) << "found by bisection";
  }
  EXPECT_TRUE(seen);
  for (const auto& f : {found<silu, zero_while_normal>(), found<mish, zero_while_normal>()}) {
    expect_only(f, {Fault::zero_for_normal, Fault::zero_for_subnormal});
    EXPECT_LT(value(f, f.kernels[0][Fault::zero_for_normal].last), -87.33);
    EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
  }
}

TEST(Seeded, FlushToZero) {
  const FunctionFindings results = found<gelu, results_flushed>();
  expect_only(results, {Fault::zero_for_subnormal});
  EXPECT_GT(results.kernels[0].wrong_thresholds(results.truth), 0u);
  EXPECT_GT(results.kernels[0].wrong_specials(), 0u);
  EXPECT_TRUE(breaks_promise(results, results.kernels[0]));
  const FunctionFindings inputs = found<tanh_, inputs_flushed>();
  expect_only(inputs, {Fault::zero_for_subnormal});
  EXPECT_TRUE(breaks_promise(inputs, inputs.kernels[0]));
  const FunctionFindings late = found<gelu, late_zero>();
  EXPECT_GT(late.kernels[0][Fault::number_for_zero].count, 0u);
}

TEST(Seeded, ZerosSignIsListedAndNoError) {
  const FunctionFindings f = found<gelu, plus_zero>();
  expect_only(f, {Fault::zero_sign});
  EXPECT_GT(f.kernels[0][Fault::zero_sign].count, 1000u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  EXPECT_EQ(value(f, f.kernels[0][Fault::zero_sign].first), -HUGE_VAL);
  const FunctionFindings nonzero = found<gelu, number_for_zero>();
  EXPECT_GT(nonzero.kernels[0][Fault::number_for_zero].count, 1000u);
  EXPECT_TRUE(breaks_promise(nonzero, nonzero.kernels[0]));
}

TEST(Seeded, Sign) {
  const FunctionFindings f = found<gelu, wrong_sign>();
  EXPECT_EQ(f.kernels[0][Fault::sign].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::sign].first), -3.5);
}

TEST(Seeded, Monotonicity) {
  const FunctionFindings f = found<sigmoid, dip>();
  expect_only(f, {Fault::monotonicity});
  EXPECT_EQ(f.kernels[0][Fault::monotonicity].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::monotonicity].first), 2.5);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

TEST(Seeded, Symmetry) {
  const FunctionFindings f = found<tanh_, lopsided>();
  EXPECT_EQ(f.kernels[0][Fault::symmetry].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::symmetry].first), 0.5);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

TEST(Seeded, NeverReachesItsLimit) {
  const FunctionFindings f = found<tanh_, never_one>();
  for (std::size_t i = 0; i < f.truth.thresholds.size(); ++i) {
    if (f.truth.thresholds[i].saturation) {
      EXPECT_FALSE(f.kernels[0].thresholds[i].has_value());
    }
  }
  EXPECT_EQ(f.kernels[0].wrong_thresholds(f.truth), 2u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 4u) << "the largest numbers and the infinities";
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

/// What a slacker promise allows: a subnormal result of three spacings may be zero, one of millions may not.
float least_flushed(float, float y) { return std::fabs(y) < 3.5e-45f ? std::copysign(0.f, y) : y; }
TEST(Seeded, SlackerPromises) {
  const FunctionFindings small = found<gelu, least_flushed>(4);
  EXPECT_GT(small.kernels[0][Fault::zero_for_subnormal].count, 0u);
  Kernel slack = seeded(gelu, changed<gelu, least_flushed>, 4);
  const FunctionFindings allowed = examined({&slack});
  EXPECT_FALSE(breaks_promise(allowed, allowed.kernels[0]));
  slack.promised_ulp = 0.5;
  const FunctionFindings exact = examined({&slack});
  EXPECT_TRUE(breaks_promise(exact, exact.kernels[0]));
  const Kernel flushing = seeded(gelu, changed<gelu, results_flushed>, 4);
  const FunctionFindings excluded = examined({&flushing});
  EXPECT_TRUE(breaks_promise(excluded, excluded.kernels[0]));
  const Kernel unpromising = seeded(gelu, changed<gelu, results_flushed>, HUGE_VAL);
  const FunctionFindings free = examined({&unpromising});
  EXPECT_FALSE(breaks_promise(free, free.kernels[0]));
}

// Faults of places: a result that is one step off, depending on more than its input.
void step(void* y, std::size_t i) { put(y, i, std::nextafter(at(y, i), 0.5f)); }
void last_lane(const Arguments& a) noexcept {
  truth(gelu).run(a);
  for (std::size_t i = 15; i < a.n; i += 16) step(a.y, i);
}
void scalar_tail(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.n < 8) return;
  for (std::size_t i = a.n / 8 * 8; i < a.n; ++i) step(a.y, i);
}
void disturbed_by_nan(const Arguments& a) noexcept {
  std::vector<float> x(a.n);
  std::memcpy(x.data(), a.x, 4 * a.n);
  truth(gelu).run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    bool special = false;
    for (std::size_t j = i / 8 * 8; j < std::min(a.n, i / 8 * 8 + 8); ++j) special |= j != i && std::isnan(x[j]);
    if (special) step(a.y, i);
  }
}
void wrong_in_place(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.x == a.y && a.n > 3) step(a.y, 3);
}
void wrong_unaligned(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (reinterpret_cast<std::uintptr_t>(a.x) % 4 != 0 && a.n > 5) step(a.y, 5);
}
void last_of_all(const Arguments& a) noexcept {
  truth(gelu).run(a);
  if (a.n > 1) step(a.y, a.n - 1);
}

TEST(Seeded, PlacesInTheArray) {
  for (const KernelRun run : {last_lane, scalar_tail, disturbed_by_nan, wrong_in_place, wrong_unaligned, last_of_all}) {
    for (const double promised : {0.5, 4.0}) {
      const Kernel kernel = seeded(gelu, run, promised);
      const FunctionFindings f = examined({&kernel});
      EXPECT_GT(f.kernels[0][Fault::position].count, 0u);
      EXPECT_NE(f.kernels[0][Fault::position].where, "");
      EXPECT_TRUE(breaks_promise(f, f.kernels[0])) << "no promise allows it";
    }
  }
}

TEST(Seeded, BackendsThatDisagree) {
  Kernel other = seeded(gelu, changed<gelu, wrong_sign>);
  other.backend = Backend::avx2;
  Kernel right = other;
  right.run = changed<gelu, same>;
  right.backend = Backend::avx512;
  const FunctionFindings f = examined({&truth(gelu), &other, &right});
  EXPECT_EQ(f.kernels[0][Fault::backends].count, 0u);
  EXPECT_EQ(f.kernels[1][Fault::backends].count, 1u);
  EXPECT_EQ(value(f, f.kernels[1][Fault::backends].first), -3.5);
  EXPECT_EQ(f.kernels[2][Fault::backends].count, 0u);
  EXPECT_FALSE(f.kernels[0].has_other_backends);
  EXPECT_TRUE(f.kernels[2].has_other_backends);
}

}  // namespace
}  // namespace actbench::bench
