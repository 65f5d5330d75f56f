// SPDX-License-Identifier: Apache-2.0
//
// What decides where rows cancel: sums without rounding, and e^y to 370 bits, against MPFR. And what entitles accurate
// kernels to trust their rough results: how far these are from those with all digits.
#define ACTBENCH_ISA row_arithmetic
#define ACTBENCH_ACTIVATION softmax
#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>
#include <random>
#include <vector>

// A vocabulary comes before what is written in it, and a team before what it works on.
// clang-format off
#include "kernels/isa/scalar.hpp"
#include "kernels/rows/alone.hpp"
#include "kernels/activations/rows/softmax.hpp"
#include "kernels/rows/accurate.hpp"
#include "kernels/rows/backward.hpp"
// clang-format on
#include "kernels/math/long_exp.hpp"

namespace actbench::row_arithmetic {
namespace {

class Number {
 public:
  Number() { mpfr_init2(value, 6000), mpfr_set_zero(value, 1); }
  ~Number() { mpfr_clear(value); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  void add(double a) { mpfr_add_d(value, value, a, MPFR_RNDN); }
  void add_product(double a, double b) {
    Number p;
    p.add(a);
    mpfr_mul_d(p.value, p.value, b, MPFR_RNDN);
    mpfr_add(value, value, p.value, MPFR_RNDN);
  }
  mpfr_t value;
};

double any_double(std::mt19937_64& random, int span) {
  const double size = std::ldexp(1 + static_cast<double>(random() >> 12) * 0x1p-52,
                                 static_cast<int>(random() % static_cast<unsigned>(2 * span)) - span);
  return random() % 2 != 0 ? -size : size;
}

class ExactSum {
 public:
  void add(const Leading& a) {
    exact::add_to([this](int i, int64_t value) { digits_[i] += value; }, a);
  }
  void add(double a) { add(leading_of(a)); }
  void add_product(double a, double b) { add(product(leading_of(a), leading_of(b))); }
  Leading leading() const { return exact::leading(digits_); }
  const int64_t* digits() const { return digits_; }

 private:
  int64_t digits_[exact::count] = {};
};

TEST(ExactSum, IsTheSum) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    ExactSum sum;
    Number exact;
    std::vector<double> terms;
    const int span = round % 3 == 0 ? 1000 : round % 3 == 1 ? 60 : 4;
    for (int i = 0; i < 20; ++i) {
      const double a = any_double(random, span), b = any_double(random, span);
      sum.add(a);
      exact.add(a);
      sum.add_product(a, b);
      exact.add_product(a, b);
      terms.push_back(a);
    }
    // What nearly cancels, and what wholly does.
    for (int i = 0; i < round % 21 && i < 20; ++i) {
      const double a = terms[static_cast<std::size_t>(i)];
      sum.add(-a);
      exact.add(-a);
    }
    EXPECT_EQ(rounded(sum.leading(), false), mpfr_get_d(exact.value, MPFR_RNDN));
    const double more = any_double(random, span), still_more = any_double(random, span);
    exact.add(more);
    EXPECT_EQ(rounded(exact::leading(sum.digits(), leading_of(more)), false), mpfr_get_d(exact.value, MPFR_RNDN));
    exact.add(still_more);
    const Digits two[] = {digits_of(leading_of(more), exact::lowest), digits_of(leading_of(still_more), exact::lowest)};
    const auto both = [&](int i) { return part_of(two[0], i) + part_of(two[1], i); };
    EXPECT_EQ(rounded(exact::leading(sum.digits(), both), false), mpfr_get_d(exact.value, MPFR_RNDN));
  }
  ExactSum none;
  none.add(0x1p1000);
  none.add_product(0x1p-1074, 0x1p-1074);
  none.add(-0x1p1000);
  EXPECT_EQ(none.leading().exponent + 127, -2148);
  none.add_product(-0x1p-1074, 0x1p-1074);
  EXPECT_TRUE(none.leading().bits == 0);
}

TEST(ExactSum, RoundsTiesAndSubnormalNumbers) {
  const auto sum = [](std::vector<double> terms, bool to_odd) {
    ExactSum s;
    for (const double a : terms) s.add(a);
    return rounded(s.leading(), to_odd);
  };
  EXPECT_EQ(sum({1, 0x1p-53}, false), 1);
  EXPECT_EQ(sum({1, 0x1p-53, 0x1p-1074}, false), 1 + 0x1p-52);
  EXPECT_EQ(sum({1 + 0x1p-52, 0x1p-53}, false), 1 + 0x2p-52);
  EXPECT_EQ(sum({-1, -0x1p-53, 0x1p-1074}, false), -1);
  EXPECT_EQ(sum({1, 0x1p-1000}, true), 1 + 0x1p-52);
  EXPECT_EQ(sum({1, -0x1p-1000}, true), 1 - 0x1p-53);
  ExactSum half;
  half.add_product(0x1p-1074, 0.5);
  EXPECT_EQ(rounded(half.leading(), false), 0);
  half.add_product(0x1p-1074, 0x1p-60);
  EXPECT_EQ(rounded(half.leading(), false), 0x1p-1074);
  EXPECT_EQ(sum({0x1.fffffffffffffp1023, 0x1p970}, false), HUGE_VAL);
  EXPECT_EQ(sum({0x1.fffffffffffffp1023, 0x1p969}, false), 0x1.fffffffffffffp1023);
}

TEST(WindowSum, IsTheSumOfTermsNotTooFarApart) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 2000; ++round) {
    Number exact;
    std::vector<double> terms;
    const int span = round % 2 == 0 ? 200 : 4, middle = static_cast<int>(random() % 1000) - 500;
    for (int i = 0; i < 10; ++i) terms.push_back(std::ldexp(any_double(random, span), middle));
    for (int i = 0; i < round % 11 && i < 10; ++i) terms.push_back(-terms[static_cast<std::size_t>(i)]);
    int64_t room[WindowSum::count];
    WindowSum sum(middle + span + 2, room);
    for (const double a : terms) {
      sum.add(leading_of(a));
      exact.add(a);
    }
    EXPECT_EQ(rounded(sum.leading(), false), mpfr_get_d(exact.value, MPFR_RNDN));
  }
}

TEST(LongExp, HasItsDigits) {
  std::mt19937_64 random(2);
  mpfr_t exact, got, word;
  mpfr_inits2(600, exact, got, word, static_cast<mpfr_ptr>(nullptr));
  std::vector<double> inputs;
  for (int i = 0; i < 3000; ++i) inputs.push_back(any_double(random, 9));
  for (int i = 0; i < 200; ++i) inputs.push_back(any_double(random, 250) * 0x1p-40);
  // Next to multiples of ln 2, where the guess of n may be off.
  for (int n = -1000; n <= 1000; n += 7) {
    for (const double towards : {-HUGE_VAL, HUGE_VAL}) {
      inputs.push_back(n * 0x1.62e42fefa39efp-1);
      inputs.push_back(std::nextafter(n * 0x1.62e42fefa39efp-1, towards));
    }
  }
  for (const double y : inputs) {
    if (!(std::abs(y) >= 0x1p-300 && std::abs(y) <= 1000)) continue;
    LongExp e;
    long_exp(y, e);
    mpfr_set_ui(got, 1, MPFR_RNDN);
    for (int i = 0; i < LongExp::words; ++i) {
      mpfr_set_ui(word, e.fraction[i], MPFR_RNDN);
      mpfr_mul_2si(word, word, 64 * i - 384, MPFR_RNDN);
      mpfr_add(got, got, word, MPFR_RNDN);
    }
    mpfr_mul_2si(got, got, e.n, MPFR_RNDN);
    mpfr_set_d(exact, y, MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    mpfr_div(got, got, exact, MPFR_RNDN);
    mpfr_sub_ui(got, got, 1, MPFR_RNDN);
    EXPECT_LT(std::abs(mpfr_get_d(got, MPFR_RNDN)), 0x1p-370) << y;
  }
  mpfr_clears(exact, got, word, static_cast<mpfr_ptr>(nullptr));
}

struct Logarithm {
  static constexpr bool negated = false, logarithm = true;
};

// Of e^d/S by the rough sum and the near one, and of the logarithm likewise, relative to all digits.
TEST(RoughRows, AreAsNearAsTheirErrorSays) {
  std::mt19937_64 random(3);
  std::normal_distribution<float> normal;
  double worst = 0, worst_near = 0;
  const auto further = [](double& most, double got, DoubleDouble<double> right) {
    most = std::max(most, std::abs((got - right.hi) - right.lo) / std::abs(right.hi));
  };
  for (int round = 0; round < 600; ++round) {
    const std::size_t n = round % 3 == 0 ? 3 : round % 3 == 1 ? 30 : 1000;
    const float scale = round % 2 == 0 ? 1 : 20;
    std::vector<float> x(n);
    for (float& v : x) v = scale * normal(random);
    const Row<float> row{x.data(), nullptr, x.data(), n, Team(n)};
    const double m = row_maximum<Definition>(row);
    std::vector<double> kept(kept_terms);
    const DoubleDouble<double> rough = rough_sum<Definition>(row, m, kept.data()), near = near_sum<Definition>(row, m);
    const DoubleDouble<double> full = full_sum<Definition>(row, m), log = log1p(full_sum<Logarithm>(row, m));
    further(worst, log1p(rough_sum<Logarithm>(row, m, kept.data())).hi, log);
    const DoubleDouble<double> near_log = log1p(near_sum<Logarithm>(row, m));
    further(worst_near, near_log.hi + near_log.lo, log);
    for (const float v : x) {
      const F64 wide(double{v});
      const DoubleDouble<F64> right = from_all_digits<Definition>(wide, m, full);
      if (!(right.hi.v > 0x1p-160)) continue;
      const DoubleDouble<double> exact{right.hi.v, right.lo.v};
      further(worst, exp(Rough<F64>(wide - F64(m))).v.v * (1 / rough.hi), exact);
      further(worst_near, from_all_digits<Definition>(wide, m, near).hi.v, exact);
    }
  }
  EXPECT_LT(worst, rough_row_error / 2);
  EXPECT_GT(worst, rough_row_error / 64) << "a bound that is far too wide sends too much to the slow path";
  EXPECT_LT(worst_near, near_row_error / 2);
  EXPECT_GT(worst_near, near_row_error / 64);
}

}  // namespace
}  // namespace actbench::row_arithmetic
