// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic and the functions of the quick reference's number type against MPFR: the bound that each result
// carries holds, and is as small as wide.hpp says.
#include "reference/wide.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "tests/reference/support.hpp"

namespace {

using namespace actbench::reference;

/// Bits of MPFR's numbers here: a sum of two doubles is exact.
constexpr mpfr_prec_t bits = 2200;

struct Number {
  Number() { mpfr_init2(value, bits); }
  explicit Number(const Wide& v) : Number() {
    mpfr_set_uj(value, static_cast<std::uint64_t>(v.significand >> 64), MPFR_RNDN);
    mpfr_mul_2si(value, value, 64, MPFR_RNDN);
    mpfr_add_ui(value, value, static_cast<std::uint64_t>(v.significand), MPFR_RNDN);
    mpfr_mul_2si(value, value, v.exponent, MPFR_RNDN);
    if (v.negative) mpfr_neg(value, value, MPFR_RNDN);
  }
  ~Number() { mpfr_clear(value); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  mpfr_t value;
};

/// What was seen of one operation.
struct Seen {
  std::size_t tried = 0, broken = 0, inexact = 0;
  double worst = 0;  ///< largest error, relative to the truth
  double bound = 0;  ///< largest bound, relative to the truth

  void add(const Wide& result, const Number& truth) {
    ++tried;
    const Number computed(result);
    Number difference, least;
    mpfr_sub(difference.value, computed.value, truth.value, MPFR_RNDA);
    mpfr_abs(difference.value, difference.value, MPFR_RNDN);
    mpfr_set_d(least.value, result.error * (1 + 0x1p-30), MPFR_RNDU);
    mpfr_mul_2si(least.value, least.value, result.exponent, MPFR_RNDU);
    if (!(mpfr_cmp(difference.value, least.value) <= 0)) ++broken;
    inexact += result.error != 0;
    if (mpfr_zero_p(truth.value)) return;
    mpfr_div(difference.value, difference.value, truth.value, MPFR_RNDA);
    mpfr_div(least.value, least.value, truth.value, MPFR_RNDA);
    worst = std::max(worst, std::abs(mpfr_get_d(difference.value, MPFR_RNDA)));
    bound = std::max(bound, std::abs(mpfr_get_d(least.value, MPFR_RNDA)));
  }
};

using Binary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
using Unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

/// Sums of up to three doubles: short and long significands, of any size, among them near neighbours.
std::vector<Wide> operands(std::uint64_t seed, std::size_t n) {
  const std::vector<double> first = stratified(f64, n, seed), second = stratified(f64, n, seed + 1);
  std::vector<Wide> all;
  for (std::size_t i = 0; i < first.size(); ++i) {
    Wide v = first[i];
    if (i % 3 != 0)
      v = v + ldexp(v * Wide(second[i]), -static_cast<std::int64_t>(std::ilogb(second[i] + 0x1p-1074)) - 40);
    if (i % 3 == 2)
      v = v + ldexp(v * Wide(second[i / 2]), -static_cast<std::int64_t>(std::ilogb(second[i / 2] + 0x1p-1074)) - 90);
    v.error = 0;
    all.push_back(v);
  }
  return all;
}

TEST(Wide, ArithmeticKeepsItsBounds) {
  struct Row {
    const char* name;
    Binary truth;
    Wide (*operation)(const Wide&, const Wide&);
    double relative;  ///< 0: of no meaning
  };
  for (const Row& row : {Row{"+", mpfr_add, [](const Wide&a, const Wide&b) { return a + b; }, 0},
                         Row{"-", mpfr_sub, [](const Wide&a, const Wide&b) { return a - b; }, 0},
                         Row{"*", mpfr_mul, [](const Wide&a, const Wide&b) { return a * b; }, 0x1p-126},
                         Row{"/", mpfr_div, [](const Wide&a, const Wide&b) { return a / b; }, 0x1p-120}}) {
    Seen seen;
    Random random(11);
    const std::vector<Wide> a = operands(1, 20000), b = operands(3, 20000);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      // Every third pair has about the same size, every ninth differs in its last bits alone.
      Wide left = a[i], right = b[i];
      if (i % 3 == 0) right.exponent = left.exponent + static_cast<std::int64_t>(random.bits() % 5) - 2;
      if (i % 9 == 0 && left.significand != 0) {
        right = left;
        right.significand ^= random.bits() >> (random.bits() % 64);
      }
      if (row.truth == mpfr_div && right.significand == 0) continue;
      Number truth;
      row.truth(truth.value, Number(left).value, Number(right).value, MPFR_RNDN);
      seen.add(row.operation(left, right), truth);
      // With what the operands may be off by: both ends are within the result's bound.
      if (left.significand == 0 || right.significand == 0) continue;
      left.error = std::ldexp(1.0, static_cast<int>(random.bits() % 120));
      right.error = std::ldexp(1.0, static_cast<int>(random.bits() % 120));
      const Wide result = row.operation(left, right);
      Seen ends;
      for (double sign : {-1.0, 1.0}) {
        for (double other : {-1.0, 1.0}) {
          Number moved(left), also(right), step;
          mpfr_set_d(step.value, sign * left.error, MPFR_RNDN);
          mpfr_mul_2si(step.value, step.value, left.exponent, MPFR_RNDN);
          mpfr_add(moved.value, moved.value, step.value, MPFR_RNDN);
          mpfr_set_d(step.value, other * right.error, MPFR_RNDN);
          mpfr_mul_2si(step.value, step.value, right.exponent, MPFR_RNDN);
          mpfr_add(also.value, also.value, step.value, MPFR_RNDN);
          row.truth(truth.value, moved.value, also.value, MPFR_RNDN);
          ends.add(result, truth);
        }
      }
      ASSERT_EQ(ends.broken, 0u) << row.name << " at pair " << i;
    }
    std::printf("%-20s relative error 2^%.1f, bound 2^%.1f, %zu of %zu inexact\n", row.name, std::log2(seen.worst),
                std::log2(seen.bound), seen.inexact, seen.tried);
    EXPECT_EQ(seen.broken, 0u) << row.name;
    EXPECT_LT(seen.inexact, seen.tried) << row.name;
    if (row.relative != 0) {
      EXPECT_LE(seen.bound, row.relative) << row.name;
    }
  }
}

TEST(Wide, SumsAndProductsOfDoublesAreExact) {
  Random random(12);
  const std::vector<double> a = stratified(f64, 20000, 5), b = stratified(f64, 20000, 6);
  for (std::size_t i = 0; i < a.size(); ++i) {
    int exponent = 0;
    const Wide product = Wide(a[i]) * Wide(b[i]), quotient = product / Wide(b[i] == 0 ? 1.0 : b[i]);
    EXPECT_EQ(product.error, 0) << a[i] << " " << b[i];
    if (b[i] != 0) {
      EXPECT_TRUE(quotient.error == 0 && quotient == Wide(a[i])) << a[i] << " " << b[i];
    }
    if (std::abs(a[i]) < 0x1p-900 || std::abs(a[i]) > 0x1p900) continue;
    const double near =
        std::ldexp(std::frexp(b[i], &exponent), std::ilogb(a[i]) + static_cast<int>(random.bits() % 120) - 60);
    const Wide sum = Wide(a[i]) + Wide(near);
    EXPECT_EQ(sum.error, 0) << a[i] << " " << near;
    EXPECT_TRUE(sum - Wide(near) == Wide(a[i]));
  }
}

struct Known {
  const char* name;
  Unary truth;
  Wide (*function)(const Wide&);
  double low, high;  ///< of |x|
  int signs;         ///< 1: positive only, -1: negative only, 0: both
  double relative;   ///< what wide.hpp promises
};

int beyond_linear(mpfr_ptr result, mpfr_srcptr y, mpfr_rnd_t rounding) {
  Number wide;
  mpfr_set_prec(wide.value, 3 * bits);
  mpfr_expm1(wide.value, y, rounding);
  mpfr_sub(wide.value, wide.value, y, rounding);
  return mpfr_set(result, wide.value, rounding);
}

int deficit(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t rounding) {
  Number wide;
  mpfr_set_prec(wide.value, 3 * bits);
  mpfr_tanh(wide.value, x, rounding);
  mpfr_sub(wide.value, x, wide.value, rounding);
  return mpfr_set(result, wide.value, rounding);
}

class EveryFunction : public testing::TestWithParam<Known> {};

/// Arguments exact, and off by what they say, at every size: at both ends of the arguments' interval the function is
/// within the result's bound.
TEST_P(EveryFunction, KeepsItsBound) {
  const Known& known = GetParam();
  Seen seen, ends;
  std::vector<double> xs;
  for (double x : stratified(f64, 12000, 7))
    if (std::abs(x) >= known.low && std::abs(x) < known.high) xs.push_back(std::abs(x));
  Random random(13);
  while (xs.size() < 6000) {
    const double fraction = static_cast<double>(random.bits() >> 11) * 0x1p-53;
    const double low = std::log(std::max(known.low, 0x1p-20)), high = std::log(known.high);
    xs.push_back(std::exp(low + (high - low) * fraction));
  }
  for (std::size_t i = 0; i < xs.size(); ++i) {
    Wide x = xs[i];
    if (i % 2 == 0) x = x + ldexp(x * Wide(static_cast<double>(random.bits() >> 11)), -106);
    x.error = 0;
    x.negative = known.signs < 0 || (known.signs == 0 && (random.bits() & 1) != 0);
    Number argument(x), truth;
    // A difference of the argument and the function needs digits below the argument's.
    mpfr_set_prec(truth.value, 300);
    known.truth(truth.value, argument.value, MPFR_RNDN);
    const Seen before = seen;
    seen.add(known.function(x), truth);
    ASSERT_EQ(seen.broken, before.broken) << known.name << " at " << xs[i];
    if (i % 4 != 0 || x.significand == 0) continue;
    x.error = std::ldexp(1.0, static_cast<int>(random.bits() % 100));
    const Wide result = known.function(x);
    if (!(result.error < 1e300)) continue;
    for (double sign : {-1.0, 1.0}) {
      Number step, moved(x);
      mpfr_set_d(step.value, sign * x.error, MPFR_RNDN);
      mpfr_mul_2si(step.value, step.value, x.exponent, MPFR_RNDN);
      mpfr_add(moved.value, moved.value, step.value, MPFR_RNDN);
      known.truth(truth.value, moved.value, MPFR_RNDN);
      ends.add(result, truth);
      ASSERT_EQ(ends.broken, 0u) << known.name << " at " << xs[i] << " off by " << x.error;
    }
  }
  std::printf("%-20s relative error 2^%.1f, bound 2^%.1f, %zu inputs\n", known.name, std::log2(seen.worst),
              std::log2(seen.bound), seen.tried);
  EXPECT_LE(seen.bound, known.relative);
  EXPECT_GT(ends.tried, 1000u);
}

INSTANTIATE_TEST_SUITE_P(
    Wide, EveryFunction,
    testing::Values(Known{"exp", mpfr_exp, exp, 0, 4095, 0, 0x1p-111},
                    Known{"expm1", mpfr_expm1, expm1, 0, 4095, 0, 0x1p-104},
                    Known{"exp_beyond_linear", beyond_linear, exp_beyond_linear, 0, 0.5, 0, 0x1p-98},
                    Known{"tanh", mpfr_tanh, tanh, 0, 2000, 0, 0x1p-102},
                    Known{"tanh_deficit", deficit, tanh_deficit, 0, 1, 0, 0x1p-98},
                    Known{"cosh", mpfr_cosh, cosh, 0, 4095, 0, 0x1p-110},
                    Known{"log1p", mpfr_log1p, log1p, 0, 0x1p1023, 1, 0x1p-104},
                    Known{"log1p_negative", mpfr_log1p, log1p, 0, 0x1p-6, -1, 0x1p-104},
                    Known{"erf", mpfr_erf, erf, 0, 60, 0, 0x1p-100}, Known{"erfc", mpfr_erfc, erfc, 0, 63, 1, 0x1p-100},
                    Known{"erfc_negative", mpfr_erfc, erfc, 0, 60, -1, 0x1p-100},
                    Known{"sqrt", mpfr_sqrt, sqrt, 0, 0x1p1023, 1, 0x1p-100}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Wide, Constants) {
  Seen seen;
  Number truth;
  mpfr_const_pi(truth.value, MPFR_RNDN);
  seen.add(pi<Wide>(), truth);
  mpfr_ui_div(truth.value, 2, truth.value, MPFR_RNDN);
  mpfr_sqrt(truth.value, truth.value, MPFR_RNDN);
  seen.add(root_two_over_pi<Wide>(), truth);
  mpfr_sqrt_ui(truth.value, 2, MPFR_RNDN);
  seen.add(sqrt(Wide(2)), truth);
  EXPECT_EQ(seen.broken, 0u);
  EXPECT_LT(seen.bound, 0x1p-125);
  EXPECT_TRUE(sqrt(Wide(4)) == Wide(2) && sqrt(Wide(4)).error == 0);
}

TEST(Wide, Comparisons) {
  const std::vector<double> rising = {-0x1p1023, -3, -2, -1.5, -0x1p-1074, 0, 0x1p-1074, 1, 1 + 0x1p-52, 1e300};
  for (double a : rising) {
    for (double b : rising) {
      const Wide x = a, y = b;
      EXPECT_EQ(x < y, a < b);
      EXPECT_EQ(x > y, a > b);
      EXPECT_EQ(x <= y, a <= b);
      EXPECT_EQ(x >= y, a >= b);
      EXPECT_EQ(x == y, a == b);
      EXPECT_EQ(x != y, a != b);
    }
  }
  EXPECT_TRUE(Wide(0.0) == Wide(-0.0));
  EXPECT_TRUE(signbit(Wide(-0.0)) && !signbit(Wide(0.0)) && signbit(Wide(-1)));
  Wide open = 0;
  open.error = 1;
  EXPECT_FALSE(open == 0);
  EXPECT_TRUE(open != 0);
  EXPECT_TRUE(Wide(7) == Wide(7.0) && Wide(-7) == Wide(-7.0));
}

TEST(Wide, OddFunctionsKeepTheSignOfZero) {
  for (auto* function : {static_cast<Wide (*)(const Wide&)>(expm1), static_cast<Wide (*)(const Wide&)>(tanh),
                         static_cast<Wide (*)(const Wide&)>(log1p), static_cast<Wide (*)(const Wide&)>(erf),
                         static_cast<Wide (*)(const Wide&)>(sqrt), static_cast<Wide (*)(const Wide&)>(tanh_deficit)}) {
    for (double zero : {0.0, -0.0}) {
      const Wide result = function(Wide(zero));
      EXPECT_TRUE(result == 0 && signbit(result) == std::signbit(zero));
    }
  }
}

/// What cannot be known is not claimed.
TEST(Wide, Unknown) {
  const auto nothing = [](const Wide& v) { return !(v.error < std::numeric_limits<double>::infinity()); };
  EXPECT_TRUE(nothing(Wide(1) / Wide(0)));
  EXPECT_TRUE(nothing(exp(Wide(5000))));
  EXPECT_TRUE(nothing(unknown() + 1) && nothing(unknown() * 2) && nothing(unknown() * Wide(0)) &&
              nothing(2 / unknown()));
  for (auto* function :
       {static_cast<Wide (*)(const Wide&)>(exp), static_cast<Wide (*)(const Wide&)>(expm1),
        static_cast<Wide (*)(const Wide&)>(tanh), static_cast<Wide (*)(const Wide&)>(cosh),
        static_cast<Wide (*)(const Wide&)>(log1p), static_cast<Wide (*)(const Wide&)>(erf),
        static_cast<Wide (*)(const Wide&)>(erfc), static_cast<Wide (*)(const Wide&)>(sqrt),
        static_cast<Wide (*)(const Wide&)>(exp_beyond_linear), static_cast<Wide (*)(const Wide&)>(tanh_deficit)})
    EXPECT_TRUE(nothing(function(unknown())));
  EXPECT_EQ(quick_of({Wide(1), unknown()}).error, std::numeric_limits<double>::infinity());
}

}  // namespace
