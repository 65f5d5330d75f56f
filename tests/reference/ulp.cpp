// SPDX-License-Identifier: Apache-2.0
//
// The error measure: |computed - exact| over the format's spacing at the exact value.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference/format.hpp"
#include "reference/reference.hpp"

namespace {

using namespace actbench::reference;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double error(const char* activation, const Format& format, double x, double computed,
             std::initializer_list<double> parameters = {}) {
  const Function* f = find(activation);
  EXPECT_NE(f, nullptr) << activation;
  return Exact(*f, format, {&x, 1}, {parameters.begin(), parameters.size()}).ulp_error(computed);
}

class EveryFormat : public testing::TestWithParam<const Format*> {};
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::Values(&f16, &bf16, &f32, &f64),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST_P(EveryFormat, BinadeEdges) {
  const Format& f = *GetParam();
  const double above = std::ldexp(1.0, 1 - f.precision), below = above / 2;
  for (double sign : {1.0, -1.0}) {
    EXPECT_EQ(error("identity", f, sign, sign), 0.0);
    EXPECT_EQ(error("identity", f, sign, sign * (1 + above)), 1.0);
    // At a power of two the spacing is the one above it, so the number below is half of one away.
    EXPECT_EQ(error("identity", f, sign, sign * (1 - below)), 0.5);
    EXPECT_EQ(error("identity", f, sign, sign * (1 - above)), 1.0);
    EXPECT_EQ(error("identity", f, sign * (1 - below), sign), 1.0);
    EXPECT_EQ(error("identity", f, sign * (1 - below), sign * (1 + above)), 3.0);
    EXPECT_EQ(error("identity", f, sign * (2 - above), sign * 2), 1.0);
  }
  EXPECT_EQ(error("identity", f, 1, -1), std::ldexp(2.0, f.precision - 1));
  EXPECT_EQ(error("identity", f, 1, 0), std::ldexp(1.0, f.precision - 1));
}

TEST_P(EveryFormat, SubnormalsKeepTheSpacingOfTheSmallestNormal) {
  const Format& f = *GetParam();
  const double least = std::ldexp(1.0, f.min_exponent - f.precision + 1), normal = std::ldexp(1.0, f.min_exponent);
  EXPECT_EQ(error("identity", f, least, 0), 1.0);
  EXPECT_EQ(error("identity", f, least, -least), 2.0);
  EXPECT_EQ(error("identity", f, 3 * least, 4 * least), 1.0);
  EXPECT_EQ(error("identity", f, normal, normal - least), 1.0);
  EXPECT_EQ(error("identity", f, normal - least, normal), 1.0);
  EXPECT_EQ(error("identity", f, normal, normal + least), 1.0);
  EXPECT_EQ(error("identity", f, 2 * normal, 2 * normal - least), 0.5);
  EXPECT_EQ(error("identity", f, 0, least), 1.0);
  EXPECT_EQ(error("identity", f, 0, -5 * least), 5.0);
}

TEST_P(EveryFormat, LargestNumberAndInfinity) {
  const Format& f = *GetParam();
  const double top = largest(f), spacing = std::ldexp(1.0, f.max_exponent - f.precision + 1);
  EXPECT_EQ(error("identity", f, top, top), 0.0);
  EXPECT_EQ(error("identity", f, top, top - spacing), 1.0);
  EXPECT_EQ(error("identity", f, top, infinity), infinity);
  EXPECT_EQ(error("identity", f, infinity, infinity), 0.0);
  EXPECT_EQ(error("identity", f, infinity, top), infinity);
  EXPECT_EQ(error("identity", f, infinity, -infinity), infinity);
  // leaky_relu(-top, -2) = 2·top, which is infinity when rounded: finite results are measured past the largest number.
  EXPECT_EQ(error("leaky_relu", f, -top, infinity, {-2}), 0.0);
  EXPECT_EQ(error("leaky_relu", f, -top, -infinity, {-2}), infinity);
  EXPECT_EQ(error("leaky_relu", f, -top, top, {-2}), top / (2 * spacing));
}

TEST_P(EveryFormat, NanAndZeros) {
  const Format& f = *GetParam();
  EXPECT_EQ(error("identity", f, nan, nan), 0.0);
  EXPECT_EQ(error("identity", f, nan, 1), infinity);
  EXPECT_EQ(error("identity", f, nan, infinity), infinity);
  EXPECT_EQ(error("identity", f, 1, nan), infinity);
  EXPECT_EQ(error("identity", f, infinity, nan), infinity);
  EXPECT_EQ(error("identity", f, 0.0, -0.0), 0.0);
  EXPECT_EQ(error("identity", f, -0.0, 0.0), 0.0);
  EXPECT_EQ(error("relu", f, -1, 0.0), 0.0);
  EXPECT_EQ(error("relu", f, -1, -0.0), 0.0);
}

TEST(Ulp, HalfIsDecidedExactly) {
  // gelu(x) = x/2 + x²/√(2π) for x = 2^-149: the smallest number is nearer than 0 by about 10^-45 of a spacing.
  EXPECT_LT(error("gelu", f32, 0x1p-149, 0x1p-149), 0.5);
  EXPECT_GT(error("gelu", f32, 0x1p-149, 0.0), 0.5);
  EXPECT_LT(error("gelu", f32, -0x1p-149, 0.0), 0.5);
  EXPECT_GT(error("gelu", f32, -0x1p-149, -0x1p-149), 0.5);
  EXPECT_LT(error("silu", f64, 0x1p-1074, 0x1p-1074), 0.5);
  EXPECT_GT(error("silu", f64, 0x1p-1074, 0.0), 0.5);
  EXPECT_EQ(error("swish", f32, 0x1p-149, 0.0, {0}), 0.5);
  EXPECT_EQ(error("swish", f32, 0x1p-149, 0x1p-149, {0}), 0.5);
  EXPECT_LT(error("tanhshrink", f32, 0x1p24 + 2, 0x1p24 + 2), 0.5);
  EXPECT_GT(error("tanhshrink", f32, 0x1p24 + 2, 0x1p24), 0.5);
}

TEST(Ulp, SaturatedValuesLieBelowTheirLimit) {
  // The exact value is below 1, where the spacing is 2^-24, however little it is below.
  for (double x : {20.0, 100.0, 1e4, 1e30}) {
    EXPECT_NEAR(error("tanh", f32, x, 1 - 0x1p-24), 1.0, 1e-8);
    EXPECT_LT(error("tanh", f32, x, 1.0), 1e-8);
    EXPECT_NEAR(error("sigmoid", f32, 2 * x, 1 - 0x1p-24), 1.0, 1e-8);
    EXPECT_NEAR(error("elu", f32, -2 * x, -1 + 0x1p-24, {1}), 1.0, 1e-8);
  }
  EXPECT_NEAR(error("gelu", f32, 16, 16 - 0x1p-20), 1.0, 1e-30);
  EXPECT_NEAR(error("mish", f64, 64, 64 - 0x1p-47), 1.0, 1e-30);
}

TEST(Ulp, KnownValues) {
  // gelu(-5.5) = -1.0444259356238245661...e-07; the float nearest is -0x1.c093d8p-24.
  const double exact = -1.0444259356238245661e-07, nearest = -0x1.c093d8p-24;
  EXPECT_NEAR(error("gelu", f32, -5.5, nearest), std::abs(nearest - exact) * 0x1p47, 1e-9);
  EXPECT_NEAR(error("gelu", f32, -5.5, 0), std::abs(exact) * 0x1p47, 1e-3);
  // tanh(1) = 0.76159415595576488812 and its nearest double.
  EXPECT_LE(error("tanh", f64, 1, 0x1.85efab514f394p-1), 0.5);
  EXPECT_GE(error("tanh", f64, 1, 0x1.85efab514f395p-1), 0.5);
  EXPECT_EQ(error("hard_sigmoid", f32, 0, 0.5), 0.0);
  EXPECT_NEAR(error("hard_sigmoid", f32, 1, 0x1.555556p-1), 1.0 / 3, 1e-15);
  EXPECT_NEAR(error("hard_sigmoid", f32, 1, 0x1.555554p-1), 2.0 / 3, 1e-15);
}

double measured(Ulp ulp, const Format& format, double x, double computed) {
  return Exact(*find("identity"), format, {&x, 1}, {}).ulp_error(computed, ulp);
}

TEST_P(EveryFormat, KahanHalvesJustAbovePowersOfTwo) {
  const Format& f = *GetParam();
  const double above = std::ldexp(1.0, 1 - f.precision), below = above / 2;
  for (const double sign : {1.0, -1.0}) {
    // At a power of two, the two nearest numbers are itself and the one below.
    EXPECT_EQ(measured(Ulp::kahan, f, sign, sign * (1 + above)), 2.0);
    EXPECT_EQ(measured(Ulp::kahan, f, sign, sign * (1 - below)), 1.0);
    EXPECT_EQ(measured(Ulp::kahan, f, sign * (1 - below), sign), 1.0);
    EXPECT_EQ(measured(Ulp::kahan, f, sign * (1 + above), sign), 1.0);
    EXPECT_EQ(measured(Ulp::kahan, f, sign * 1.5, sign * (1.5 + 3 * above)), 3.0);
  }
  // Nothing is halved next to the smallest normal number.
  const double least = std::ldexp(1.0, f.min_exponent - f.precision + 1), normal = std::ldexp(1.0, f.min_exponent);
  EXPECT_EQ(measured(Ulp::kahan, f, normal, normal + least), 1.0);
  EXPECT_EQ(measured(Ulp::kahan, f, 2 * normal, 2 * normal + 2 * least), 2.0);
  EXPECT_EQ(measured(Ulp::kahan, f, 0, 3 * least), 3.0);
}

/// Where it stops halving: a quarter of a spacing above. leaky_relu(-a, -c) = a·c, which comes as near to 1 as one
/// likes.
TEST(Ulp, KahanChangesAtAQuarter) {
  const Function& f = *find("leaky_relu");
  int below = 0, above = 0;
  for (int k = 1; k < 2000; ++k) {
    const double x = -(1 + k * 0x1p-23);
    float near = static_cast<float>(1 / x);
    if (k % 4 == 0) near = std::nextafter(near, -2.f);
    const double slope = static_cast<double>(near);
    const double beyond = x * slope - 1;  // exact
    if (beyond <= 0) continue;
    const Exact exact(f, f32, {&x, 1}, {&slope, 1});
    const bool halved = beyond < 0x1p-25;
    EXPECT_EQ(exact.ulp_error(2, Ulp::kahan) / exact.ulp_error(2), halved ? 2.0 : 1.0) << beyond;
    (halved ? below : above) += 1;
  }
  EXPECT_GT(below, 100);
  EXPECT_GT(above, 10);
}

TEST_P(EveryFormat, StepsCountNumbers) {
  const Format& f = *GetParam();
  const double above = std::ldexp(1.0, 1 - f.precision), below = above / 2, top = largest(f);
  const double least = std::ldexp(1.0, f.min_exponent - f.precision + 1);
  EXPECT_EQ(measured(Ulp::steps, f, 1, 1), 0.0);
  EXPECT_EQ(measured(Ulp::steps, f, 1, 1 + above), 1.0);
  EXPECT_EQ(measured(Ulp::steps, f, 1, 1 - below), 1.0);
  EXPECT_EQ(measured(Ulp::steps, f, 1 - below, 1 + 2 * above), 3.0);
  EXPECT_EQ(measured(Ulp::steps, f, -least, 2 * least), 3.0);
  EXPECT_EQ(measured(Ulp::steps, f, 0, -0.0), 0.0);
  EXPECT_EQ(measured(Ulp::steps, f, 1, 2), std::ldexp(1.0, f.precision - 1));
  EXPECT_EQ(measured(Ulp::steps, f, top, infinity), infinity);
  EXPECT_EQ(measured(Ulp::steps, f, nan, nan), 0.0);
  EXPECT_EQ(measured(Ulp::steps, f, nan, 1), infinity);
  // gelu(-5.5) and its neighbours
  if (f.precision == f32.precision) {
    const double x = -5.5;
    const Exact exact(*find("gelu"), f, {&x, 1}, {});
    const float right = static_cast<float>(exact.rounded());
    EXPECT_EQ(exact.ulp_error(static_cast<double>(right), Ulp::steps), 0.0);
    EXPECT_EQ(exact.ulp_error(static_cast<double>(std::nextafter(right, 0.f)), Ulp::steps), 1.0);
  }
}

}  // namespace
