// SPDX-License-Identifier: Apache-2.0
//
// Correct rounding of exact values to each format. identity gives any double as an exact value, leaky_relu any product
// of two, softshrink any difference.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "reference/format.hpp"
#include "reference/reference.hpp"

namespace {

using namespace actbench::reference;

constexpr double infinity = std::numeric_limits<double>::infinity();

double rounded(const char* activation, const Format& format, double x, std::initializer_list<double> parameters = {}) {
  const Function* f = find(activation);
  EXPECT_NE(f, nullptr) << activation;
  return Exact(*f, format, {&x, 1}, {parameters.begin(), parameters.size()}).rounded();
}

double identity(const Format& format, double x) { return rounded("identity", format, x); }

/// EXPECT_EQ that tells -0 from +0.
#define EXPECT_SAME(a, b) \
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)) << (a) << " " << (b)

class EveryFormat : public testing::TestWithParam<const Format*> {};
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::Values(&f16, &bf16, &f32),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST_P(EveryFormat, NormalTiesGoToEven) {
  const Format& f = *GetParam();
  const double ulp = std::ldexp(1.0, 1 - f.precision);
  EXPECT_EQ(identity(f, 1 + 0.5 * ulp), 1.0);
  EXPECT_EQ(identity(f, 1 + 1.5 * ulp), 1 + 2 * ulp);
  EXPECT_EQ(identity(f, -(1 + 1.5 * ulp)), -(1 + 2 * ulp));
  EXPECT_EQ(identity(f, 1 - 0.25 * ulp), 1.0);
  EXPECT_EQ(identity(f, 2 - 0.5 * ulp), 2.0);
  const double tie = 1 + 0.5 * ulp;
  EXPECT_EQ(identity(f, std::nextafter(tie, 2)), 1 + ulp);
  EXPECT_EQ(identity(f, std::nextafter(tie, 0)), 1.0);
}

TEST_P(EveryFormat, SubnormalTiesGoToEven) {
  const Format& f = *GetParam();
  const double least = std::ldexp(1.0, f.min_exponent - f.precision + 1), normal = std::ldexp(1.0, f.min_exponent);
  EXPECT_SAME(identity(f, 0.5 * least), 0.0);
  EXPECT_SAME(identity(f, -0.5 * least), -0.0);
  EXPECT_EQ(identity(f, std::nextafter(0.5 * least, 1)), least);
  EXPECT_EQ(identity(f, 0.75 * least), least);
  EXPECT_EQ(identity(f, 1.5 * least), 2 * least);
  EXPECT_EQ(identity(f, 2.5 * least), 2 * least);
  EXPECT_SAME(identity(f, 0.25 * least), 0.0);
  EXPECT_SAME(identity(f, -0.0), -0.0);
  EXPECT_EQ(identity(f, normal - 0.5 * least), normal);
  EXPECT_EQ(identity(f, std::nextafter(normal - 0.5 * least, 0)), normal - least);
  EXPECT_EQ(identity(f, normal - least), normal - least);
}

TEST_P(EveryFormat, OverflowFromHalfASpacingOn) {
  const Format& f = *GetParam();
  const double top = largest(f), spacing = std::ldexp(1.0, f.max_exponent - f.precision + 1);
  EXPECT_EQ(identity(f, top), top);
  EXPECT_EQ(identity(f, std::nextafter(top + 0.5 * spacing, 0)), top);
  EXPECT_EQ(identity(f, top + 0.5 * spacing), infinity);
  EXPECT_EQ(identity(f, -(top + 0.5 * spacing)), -infinity);
  EXPECT_EQ(identity(f, 1e300), infinity);
  EXPECT_EQ(identity(f, -infinity), -infinity);
}

TEST_P(EveryFormat, DoublesAgree) {
  const Format& f = *GetParam();
  std::uint64_t state = 1;
  for (int i = 0; i < 2000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int exponent = f.min_exponent - f.precision - 2 +
                         static_cast<int>((state >> 33) % 300) % (f.max_exponent - f.min_exponent + f.precision + 4);
    const double v = std::ldexp(1 + static_cast<double>(state >> 12) * 0x1p-52, exponent);
    EXPECT_SAME(identity(f, v), round_to(f, v));
    const double coarse = std::ldexp(std::floor(std::ldexp(v, f.precision - exponent)), exponent - f.precision);
    EXPECT_SAME(identity(f, coarse), round_to(f, coarse));
  }
}

TEST(Rounding, F32AgreesWithTheMachine) {
  std::uint64_t state = 2;
  for (int i = 0; i < 5000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double v = std::bit_cast<double>((state & 0x801fffffffffffff) | (((state >> 53) % 300 + 860) << 52));
    EXPECT_SAME(identity(f32, v), static_cast<double>(static_cast<float>(v)));
  }
}

TEST(Rounding, F64SubnormalsAndTies) {
  // Products of two doubles: leaky_relu(-x, a) = -a·x.
  const double least = 0x1p-1074;
  EXPECT_EQ(rounded("leaky_relu", f64, -3 * least, {0.5}), -2 * least);
  EXPECT_EQ(rounded("leaky_relu", f64, -5 * least, {0.5}), -2 * least);
  EXPECT_SAME(rounded("leaky_relu", f64, -least, {0.5}), -0.0);
  EXPECT_EQ(rounded("leaky_relu", f64, -least, {0x1.0000000000001p-1}), -least);
  EXPECT_SAME(rounded("leaky_relu", f64, -least, {0x1.fffffffffffffp-2}), -0.0);
  EXPECT_EQ(rounded("leaky_relu", f64, -0x1.fffffffffffffp1023, {2}), -infinity);
  // A difference whose terms are 2000 binary orders apart, at the tie and on both sides.
  EXPECT_EQ(rounded("softshrink", f64, 0x1p53, {0x1p-1000}), 0x1p53);
  EXPECT_EQ(rounded("softshrink", f64, 0x1p54 + 4, {2}), 0x1p54);
  EXPECT_EQ(rounded("softshrink", f64, 0x1p54 + 4, {0x1.fffffffffffffp0}), 0x1p54 + 4);
  EXPECT_EQ(rounded("softshrink", f64, 0x1p54 + 4, {0x1.0000000000001p1}), 0x1p54);
}

TEST(Rounding, WhatADoubleCannotHold) {
  // x - λ for x = 2^24 + 2 and λ = 1 + tiny: just below the tie, by less than a double of that size can show.
  EXPECT_EQ(rounded("softshrink", f32, 0x1p24 + 2, {1}), 0x1p24);
  EXPECT_EQ(rounded("softshrink", f32, 0x1p24 + 6, {1}), 0x1p24 + 4);
  EXPECT_EQ(rounded("softshrink", f32, 0x1p25 + 12, {0x1.fffffep0}), 0x1p25 + 12);
  EXPECT_EQ(rounded("softshrink", f32, 0x1p25 + 12, {2}), 0x1p25 + 8);
  // x - tanh x is a tie but for 2e^-2x, some 10^-15000000.
  EXPECT_EQ(rounded("tanhshrink", f32, 0x1p24 + 2), 0x1p24 + 2);
  EXPECT_EQ(rounded("tanhshrink", f32, -(0x1p24 + 2)), -(0x1p24 + 2));
  EXPECT_EQ(rounded("tanhshrink", f64, 0x1p53 + 2), 0x1p53 + 2);
}

/// f(x) = x/2 + d·x² + ... with d > 0: for an odd multiple x of the smallest number x/2 is a tie, and the value is
/// above it.
TEST(Rounding, OddSubnormalsGoUp) {
  for (const Format* f : {&f16, &bf16, &f32, &f64}) {
    const double least = std::ldexp(1.0, f->min_exponent - f->precision + 1);
    for (const char* name : {"gelu", "silu", "gelu_tanh", "new_gelu", "quick_gelu", "hard_swish"}) {
      for (double k : {1.0, 3.0, 5.0, 7.0, 101.0}) {
        EXPECT_EQ(rounded(name, *f, k * least), (k + 1) / 2 * least) << name << " " << f->name << " " << k;
        EXPECT_EQ(rounded(name, *f, -k * least), -(k - 1) / 2 * least) << name << " " << f->name << " " << -k;
      }
    }
    EXPECT_EQ(rounded("gelu_normal", *f, 3 * least, {0, 1}), 2 * least);
    EXPECT_EQ(rounded("swish", *f, 5 * least, {1}), 3 * least);
    EXPECT_EQ(rounded("swish", *f, 5 * least, {-1}), 2 * least);
    EXPECT_EQ(rounded("swish", *f, 5 * least, {0}), 2 * least);  // a true tie: to even
    EXPECT_EQ(rounded("swish", *f, 7 * least, {0}), 4 * least);
    EXPECT_EQ(rounded("elu", *f, -5 * least, {0.5}), -2 * least);
    EXPECT_EQ(rounded("elu", *f, -7 * least, {0.5}), -3 * least);
    EXPECT_EQ(rounded("scaled_tanh", *f, 5 * least, {-0.5, 0.5}), 2 * least);  // x/2 - x³/6: just below
    EXPECT_EQ(rounded("scaled_tanh", *f, 7 * least, {-0.5, 0.5}), 3 * least);
    EXPECT_EQ(rounded("scaled_tanh", *f, -7 * least, {-0.5, 0.5}), -3 * least);
  }
}

/// The first inputs whose results round to something other than zero, and to a normal number.
TEST(Rounding, KnownThresholds) {
  struct Row {
    const char* name;
    float nonzero, normal;
  };
  for (const Row& row : {Row{"gelu", -14.3560677f, -13.146246f},
                         {"gelu_tanh", -10.7708673f, -10.1006365f},
                         {"sigmoid", -103.972076f, -87.3365402f},
                         {"softplus", -103.972076f, -87.3365402f},
                         {"silu", -108.660301f, -91.8567734f},
                         {"mish", -108.660301f, -91.8567734f}}) {
    const auto at = [&](float x) {
      return std::string_view(row.name) == "softplus" ? rounded(row.name, f32, x, {1}) : rounded(row.name, f32, x);
    };
    const double least = 0x1p-149, normal = 0x1p-126;
    EXPECT_EQ(std::abs(at(row.nonzero)), least) << row.name;
    EXPECT_EQ(at(std::nextafter(row.nonzero, -1000.0f)), 0.0) << row.name;
    EXPECT_GE(std::abs(at(row.normal)), normal) << row.name;
    EXPECT_LT(std::abs(at(std::nextafter(row.normal, -1000.0f))), normal) << row.name;
  }
}

TEST(Rounding, SignsOfZeros) {
  for (const char* name : {"identity", "tanh", "softsign", "tanhshrink", "gelu", "gelu_tanh", "new_gelu", "quick_gelu",
                           "silu", "hard_swish", "mish", "selu"}) {
    EXPECT_SAME(rounded(name, f32, 0.0), 0.0);
    EXPECT_SAME(rounded(name, f32, -0.0), -0.0);
  }
  for (const char* name : {"leaky_relu", "prelu", "elu", "celu"}) {
    EXPECT_SAME(rounded(name, f32, 0.0, {1}), 0.0);
    EXPECT_SAME(rounded(name, f32, -0.0, {1}), -0.0);
  }
  EXPECT_SAME(rounded("swish", f32, 0.0, {-1}), 0.0);
  EXPECT_SAME(rounded("swish", f32, -0.0, {-1}), -0.0);
  EXPECT_SAME(rounded("rrelu", f32, -0.0, {0.125, 0.25}), -0.0);
  EXPECT_SAME(rounded("scaled_tanh", f32, -0.0, {-5, 5}), -0.0);
  EXPECT_SAME(rounded("gelu_normal", f32, -0.0, {0, 1}), -0.0);
  EXPECT_SAME(rounded("softshrink", f32, -0.0, {0.5}), -0.0);
  for (const char* name : {"gelu", "silu", "mish", "gelu_tanh", "new_gelu", "quick_gelu", "hard_swish"}) {
    EXPECT_SAME(rounded(name, f32, -infinity), -0.0);
    EXPECT_SAME(rounded(name, f32, -1e38f), -0.0);
    EXPECT_EQ(rounded(name, f32, infinity), infinity);
  }
  EXPECT_SAME(rounded("softplus", f32, -infinity, {1}), 0.0);
  EXPECT_SAME(rounded("sigmoid", f32, -infinity), 0.0);
  EXPECT_SAME(rounded("log_sigmoid", f32, infinity), -0.0);
}

TEST(Rounding, Limits) {
  EXPECT_EQ(rounded("tanh", f32, infinity), 1.0);
  EXPECT_EQ(rounded("tanh", f32, -infinity), -1.0);
  EXPECT_EQ(rounded("elu", f32, -infinity, {3}), -3.0);
  EXPECT_EQ(rounded("celu", f32, -infinity, {3}), -3.0);
  EXPECT_EQ(rounded("celu", f32, -infinity, {-3}), -infinity);
  EXPECT_EQ(rounded("celu", f32, -1e30f, {-3}), -infinity);
  EXPECT_EQ(rounded("selu", f32, -infinity), static_cast<double>(-1.75809934f));
  EXPECT_EQ(rounded("scaled_sigmoid", f32, infinity, {0, 100}), 100.0);
  EXPECT_EQ(rounded("scaled_sigmoid", f32, -infinity, {0, 100}), 0.0);
  EXPECT_EQ(rounded("scaled_tanh", f32, infinity, {-5, 5}), 5.0);
  EXPECT_EQ(rounded("scaled_tanh", f32, -infinity, {-5, 5}), -5.0);
  EXPECT_EQ(rounded("swish", f32, -infinity, {0}), -infinity);
  EXPECT_EQ(rounded("swish", f32, -infinity, {-1}), -infinity);
  EXPECT_SAME(rounded("swish", f32, infinity, {-1}), 0.0);
  EXPECT_EQ(rounded("softplus", f32, -infinity, {-2}), -infinity);
  EXPECT_EQ(rounded("softplus", f32, infinity, {-2}), 0.0);
  EXPECT_EQ(rounded("softsign", f32, -infinity), -1.0);
  EXPECT_EQ(rounded("tanhshrink", f32, -infinity), -infinity);
  EXPECT_EQ(rounded("softshrink", f32, infinity, {0.5}), infinity);
  EXPECT_EQ(rounded("leaky_relu", f32, -infinity, {0}), 0.0);
  EXPECT_EQ(rounded("rrelu", f32, -infinity, {-0.5, 0.5}), 0.0);
  EXPECT_EQ(rounded("hardtanh", f32, infinity, {2, 1}), 1.0);
  EXPECT_EQ(rounded("hardtanh", f32, -infinity, {2, 1}), 1.0);
  EXPECT_EQ(rounded("step", f32, -0.0), 1.0);
  EXPECT_EQ(rounded("relu6", f32, infinity), 6.0);
  for (const Function* f : functions()) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), ones[4] = {1, 1, 1, 1};
    for (std::size_t i = 0; i <= multiplier_count(*f); ++i) {
      double in[] = {1, 1, 1};
      in[i] = nan;
      const Exact exact(*f, f32, {in, 1 + multiplier_count(*f)}, {ones, parameter_count(*f)});
      EXPECT_TRUE(std::isnan(exact.rounded())) << activation_of(*f) << " " << direction_of(*f);
      EXPECT_EQ(exact.decimal(5), "nan");
    }
  }
}

TEST(Rounding, Decimal) {
  const auto decimal = [](const char* name, double x, int digits) {
    return Exact(*find(name), f32, {&x, 1}, {}).decimal(digits);
  };
  EXPECT_EQ(decimal("gelu", -5.5, 50), "-1.0444259356238245661118200718469102473996619015613e-07");
  EXPECT_EQ(decimal("gelu", 0x1p-149, 50), "7.0064923216240853546186479164495806564013097172164e-46");
  EXPECT_EQ(decimal("identity", 1.5, 3), "1.50e+00");
  EXPECT_EQ(decimal("identity", 0.0, 3), "0");
  EXPECT_EQ(decimal("identity", -0.0, 3), "-0");
  EXPECT_EQ(decimal("identity", -infinity, 3), "-inf");
  EXPECT_EQ(decimal("gelu", -1e30, 10), "-0");
  EXPECT_EQ(decimal("sigmoid", 0.0, 5), "5.0000e-01");
  EXPECT_EQ(decimal("tanh", 1.0, 40), "7.615941559557648881194582826047935904128e-01");
  EXPECT_EQ(decimal("selu", 1.0, 32), "1.0507009873554804934193349852946e+00");
  EXPECT_EQ(decimal("selu", -infinity, 20), "-1.7580993408473768599e+00");
  EXPECT_THROW(decimal("tanh", 1.0, 0), std::invalid_argument);
}

TEST(Rounding, Names) {
  EXPECT_EQ(functions().size(), 3 * (33u + 4) + 1);
  EXPECT_NE(find("prelu", "alpha_gradient"), nullptr);
  EXPECT_EQ(find("relu", "alpha_gradient"), nullptr);
  EXPECT_EQ(find("gelu", "sideways"), nullptr);
  EXPECT_EQ(find("gelux"), nullptr);
  EXPECT_EQ(find_format("bf16"), &bf16);
  EXPECT_EQ(find_format("f8"), nullptr);
  const double x = 0;
  EXPECT_THROW(Exact(*find("swish"), f32, {&x, 1}, {}), std::invalid_argument);
}

}  // namespace
