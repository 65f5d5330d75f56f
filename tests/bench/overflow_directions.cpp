// SPDX-License-Identifier: Apache-2.0
//
// Faults of derivatives, gradients, half types and doubles.
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

constexpr double pi = 3.14159265358979323846;
double gelu_slope(double x) {
  if (std::isinf(x)) return x > 0 ? 1 : -0.0;
  return 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
}
double wrong_near_minus_four(double x) { return x > -3.75 && x < -3.65 ? -gelu_slope(x) : gelu_slope(x); }
/// With its zero at the wrong place, by some hundred numbers.
double moved_zero(double x) { return x > -0.7518 && x < -0.7517 ? gelu_slope(x - 1e-5) : gelu_slope(x); }

TEST(Derivatives, SignsAndZeros) {
  const Kernel right = in_double<Type::f32, gelu_slope>("gelu", Direction::derivative, 4);
  const FunctionFindings f = examined({&right});
  EXPECT_EQ(f.truth.turning_points.size(), 2u) << "at ±√2";
  for (std::uint64_t x : f.truth.turning_points) EXPECT_NEAR(std::fabs(value(f, x)), std::sqrt(2.0), 1e-3);
  EXPECT_NEAR(value(f, f.truth.greatest), 1.1289, 1e-4);
  EXPECT_NEAR(-value(f, threshold(f, true, Kind::minus_normal).first), -0.75179, 1e-5) << "its zero";
  EXPECT_EQ(f.kernels[0][Fault::sign].count, 0u);
  EXPECT_EQ(f.kernels[0].wrong_thresholds(f.truth), 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));

  const Kernel flipped = in_double<Type::f32, wrong_near_minus_four>("gelu", Direction::derivative, 4);
  const FunctionFindings g = examined({&flipped});
  EXPECT_GT(g.kernels[0][Fault::sign].count, 10u);
  EXPECT_GE(value(g, g.kernels[0][Fault::sign].first), -3.75);
  EXPECT_LE(value(g, g.kernels[0][Fault::sign].last), -3.65);
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));

  const Kernel moved = in_double<Type::f32, moved_zero>("gelu", Direction::derivative, 4);
  const FunctionFindings h = examined({&moved});
  EXPECT_GT(h.kernels[0][Fault::sign].count, 0u) << "around its zero every number is looked at";
  EXPECT_EQ(h.kernels[0].wrong_thresholds(h.truth), 1u);
  EXPECT_TRUE(breaks_promise(h, h.kernels[0]));
}

/// No zero but at infinity, so that infinite gradients pass.
double tanh_slope(double x) {
  const double e = std::exp(-2 * std::fabs(x));
  return std::isinf(x) ? 0 : std::max(4 * e / ((1 + e) * (1 + e)), std::numeric_limits<double>::min());
}
TEST(Derivatives, EvenOnes) {
  const Kernel kernel = in_double<Type::f32, tanh_slope>("tanh", Direction::derivative, 4);
  const FunctionFindings f = examined({&kernel});
  EXPECT_TRUE(f.truth.even);
  EXPECT_FALSE(f.truth.odd);
  EXPECT_FALSE(f.truth.monotone) << "it turns at 0";
  EXPECT_TRUE(f.truth.turning_points.empty()) << "and nowhere else";
  EXPECT_EQ(f.kernels[0][Fault::symmetry].count, 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
}

void loses_infinite_gradients(const Arguments& a) noexcept {
  computed<Type::f32, tanh_slope>(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    if (std::isinf(at(a.dy, i))) put(a.y, i, largest);
  }
}
TEST(Backward, SpecialGradients) {
  Kernel kernel = in_double<Type::f32, tanh_slope>("tanh", Direction::backward, 4);
  const FunctionFindings f = examined({&kernel});
  EXPECT_GT(f.truth.specials.size(), 30u);
  EXPECT_EQ(f.kernels[0].wrong_specials(), 0u);
  EXPECT_EQ(f.kernels[0][Fault::position].count, 0u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  kernel.run = loses_infinite_gradients;
  const FunctionFindings g = examined({&kernel});
  EXPECT_EQ(g.kernels[0].wrong_specials(), 8u) << "two signs of dy at four inputs";
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));
}

TEST(Halves, AreSeenWhole) {
  const Kernel right = in_double<Type::f16, plain_softplus>("softplus", Direction::forward, 1);
  const FunctionFindings f = examined({&right});
  EXPECT_TRUE(f.exhaustive);
  EXPECT_EQ(f.inputs, 65536u);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  const Kernel overflowing = in_double<Type::f16, overflowing_softplus>("softplus", Direction::forward, 1);
  const FunctionFindings g = examined({&overflowing});
  // 11.09 to 65504 is 12 binades and a part of one.
  EXPECT_GT(g.kernels[0][Fault::infinity].count, 12u * 1024);
  EXPECT_LT(g.kernels[0][Fault::infinity].count, 13u * 1024);
  EXPECT_TRUE(breaks_promise(g, g.kernels[0]));
}

double wrong_once(double x) { return x == -1.0009765625 ? HUGE_VAL : plain_softplus(x); }
TEST(Halves, OneInputOfAll) {
  const Kernel kernel = in_double<Type::f16, wrong_once>("softplus", Direction::forward, 1);
  const FunctionFindings f = examined({&kernel});
  expect_only(f, {Fault::infinity, Fault::monotonicity});
  EXPECT_EQ(f.kernels[0][Fault::infinity].count, 1u);
  EXPECT_EQ(value(f, f.kernels[0][Fault::infinity].first), -1.0009765625);
}

/// Every number block by block, as for a type with too many numbers to hold, gives what holding them gives.
TEST(Halves, AreTheSameInAStream) {
  for (const auto function : {plain_softplus, overflowing_softplus}) {
    Kernel kernel = in_double<Type::f16, plain_softplus>("softplus", Direction::forward, 1);
    if (function == overflowing_softplus) kernel.run = computed<Type::f16, overflowing_softplus>;
    SweepOptions options;
    options.all = true;
    const Subject subject{&kernel, {}};
    const FunctionFindings streamed = std::move(examine({subject}, options)[0]);
    EXPECT_EQ(streamed.truth.surprises, 0u);
    EXPECT_EQ(records(streamed), records(examined({&kernel})));
  }
}

/// x³ beyond f16's largest number: from |x| = 40.3 on, tanh' of infinity times infinity.
double slope_with_cube(double x) {
  const double cube = round_to(Type::f16, x * x * x), c = std::sqrt(2 / pi);
  const double u = c * (x + 0.044715 * cube), t = std::tanh(u), rise = c * (1 + 3 * 0.044715 * x * x);
  const double s = 1 - t * t;
  return 0.5 * (1 + t) + 0.5 * x * (std::isinf(cube) ? s * cube : s * rise);
}
TEST(Halves, CubeThatOverflows) {
  const Kernel kernel = in_double<Type::f16, slope_with_cube>("gelu_tanh", Direction::derivative, 1);
  const FunctionFindings f = examined({&kernel});
  const Faults& nans = f.kernels[0][Fault::nan];
  EXPECT_GT(nans.count, 2u * 10 * 1024);
  EXPECT_EQ(value(f, nans.first), -HUGE_VAL);
  EXPECT_TRUE(breaks_promise(f, f.kernels[0]));
}

/// PyTorch's switch to x at 20: a step down, by 2·10^-9.
double softplus_with_threshold(double x) { return x > 20 ? x : plain_softplus(x); }
TEST(Doubles, ThresholdOfSoftplus) {
  const Kernel right = in_double<Type::f64, plain_softplus>("softplus", Direction::forward, 4);
  const FunctionFindings f = examined({&right}, 1 << 12);
  EXPECT_FALSE(f.exhaustive);
  EXPECT_FALSE(breaks_promise(f, f.kernels[0]));
  // Two steps of the type against the slope are within its promise; this one is of a thousand times that.
  EXPECT_LT(value(f, f.kernels[0][Fault::monotonicity].last), 1);
  const Kernel switching = in_double<Type::f64, softplus_with_threshold>("softplus", Direction::forward, 4);
  const FunctionFindings g = examined({&switching}, 1 << 12);
  EXPECT_EQ(g.kernels[0][Fault::monotonicity].count, f.kernels[0][Fault::monotonicity].count + 1);
  EXPECT_EQ(value(g, g.kernels[0][Fault::monotonicity].last), std::nextafter(20.0, 21.0));
}

}  // namespace
}  // namespace actbench::bench
