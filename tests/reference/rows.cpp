// SPDX-License-Identifier: Apache-2.0
//
// The exact rows against direct sums in MPFR, which share nothing with them, and against what is known in closed form;
// and that defects of a kernel are seen for what they are.
#include "reference/rows.hpp"

#include <gtest/gtest.h>
#include <mpfr.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "reference/format.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr mpfr_prec_t bits = 6000;

class Number {
 public:
  Number() { mpfr_init2(value, bits), mpfr_set_zero(value, 1); }
  explicit Number(double v) : Number() { mpfr_set_d(value, v, MPFR_RNDN); }
  Number(const Number& other) : Number() { mpfr_set(value, other.value, MPFR_RNDN); }
  Number& operator=(const Number& other) {
    mpfr_set(value, other.value, MPFR_RNDN);
    return *this;
  }
  ~Number() { mpfr_clear(value); }
  mpfr_t value;
};

/// The textbook's formula, with more digits than anything here needs; no maximum is taken off.
std::vector<Number> direct(const std::string& activation, const std::vector<double>& x) {
  const double sign = activation == "softmin" ? -1 : 1;
  Number sum;
  std::vector<Number> y;
  for (const double v : x) {
    Number e(sign * v);
    mpfr_exp(e.value, e.value, MPFR_RNDN);
    mpfr_add(sum.value, sum.value, e.value, MPFR_RNDN);
    y.push_back(e);
  }
  if (activation == "log_softmax") {
    mpfr_log(sum.value, sum.value, MPFR_RNDN);
    for (std::size_t i = 0; i < x.size(); ++i) {
      y[i] = Number(x[i]);
      mpfr_sub(y[i].value, y[i].value, sum.value, MPFR_RNDN);
    }
  } else {
    for (Number& e : y) mpfr_div(e.value, e.value, sum.value, MPFR_RNDN);
  }
  return y;
}

std::vector<Number> direct_gradient(const std::string& activation, const std::vector<double>& y,
                                    const std::vector<double>& dy) {
  const bool logarithm = activation == "log_softmax";
  Number dot;
  for (std::size_t i = 0; i < y.size(); ++i) {
    Number term(dy[i]);
    if (!logarithm) mpfr_mul_d(term.value, term.value, y[i], MPFR_RNDN);
    mpfr_add(dot.value, dot.value, term.value, MPFR_RNDN);
  }
  std::vector<Number> all;
  for (std::size_t i = 0; i < y.size(); ++i) {
    Number result(dy[i]);
    if (logarithm) {
      Number e(y[i]);
      mpfr_exp(e.value, e.value, MPFR_RNDN);
      mpfr_mul(e.value, e.value, dot.value, MPFR_RNDN);
      mpfr_sub(result.value, result.value, e.value, MPFR_RNDN);
    } else {
      mpfr_sub(result.value, result.value, dot.value, MPFR_RNDN);
      mpfr_mul_d(result.value, result.value, activation == "softmin" ? -y[i] : y[i], MPFR_RNDN);
    }
    all.push_back(result);
  }
  return all;
}

/// The nearest number of the format by MPFR's own means: an exponent range with subnormal numbers.
double nearest(const Format& f, const Number& exact) {
  const mpfr_exp_t least = mpfr_get_emin(), most = mpfr_get_emax();
  mpfr_t v;
  mpfr_init2(v, f.precision);
  mpfr_set_emin(f.min_exponent - f.precision + 2);
  mpfr_set_emax(f.max_exponent + 1);
  int ternary = mpfr_set(v, exact.value, MPFR_RNDN);
  ternary = mpfr_check_range(v, ternary, MPFR_RNDN);
  mpfr_subnormalize(v, ternary, MPFR_RNDN);
  const double result = mpfr_get_d(v, MPFR_RNDN);
  mpfr_clear(v);
  mpfr_set_emin(least);
  mpfr_set_emax(most);
  return result;
}

/// |computed - exact| over the spacing at the exact value.
double error_in_ulp(const Format& f, const Number& exact, double computed) {
  Number d(computed);
  mpfr_sub(d.value, d.value, exact.value, MPFR_RNDN);
  const long exponent = mpfr_zero_p(exact.value) ? f.min_exponent : mpfr_get_exp(exact.value) - 1;
  mpfr_mul_2si(d.value, d.value, -spacing_exponent(f, exponent), MPFR_RNDN);
  return std::abs(mpfr_get_d(d.value, MPFR_RNDN));
}

std::vector<double> draw(const Format& f, std::mt19937_64& random, std::size_t n, double scale) {
  std::normal_distribution<double> normal(0, scale);
  std::vector<double> row;
  for (std::size_t i = 0; i < n; ++i)
    row.push_back(round_to(f, static_cast<double>(static_cast<float>(normal(random)))));
  return row;
}

const Format* const formats[] = {&f32, &f64, &f16, &bf16};
constexpr const char* activations[] = {"softmax", "log_softmax", "softmin"};

void agrees(const ExactRow& row, const std::vector<Number>& right, const Format& f, const std::string& where) {
  std::vector<double> computed;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double expected = nearest(f, right[i]);
    // Right ones, neighbours, and some that are far off.
    computed.push_back(i % 3 == 0 ? expected : i % 3 == 1 ? std::nextafter(expected, 0.0) : 3 * expected);
    if (f.precision < 53 && i % 3 == 1)
      computed[i] = expected - std::ldexp(1.0, spacing_exponent(f, std::ilogb(expected)));
  }
  std::vector<Judgement> judged(right.size());
  row.judge(computed.data(), judged.data());
  for (std::size_t i = 0; i < right.size(); ++i) {
    const double expected = nearest(f, right[i]), error = error_in_ulp(f, right[i], computed[i]);
    EXPECT_EQ(row.rounded(i), expected) << where << ", element " << i;
    EXPECT_EQ(judged[i].expected, expected) << where << ", element " << i;
    EXPECT_EQ(judged[i].correctly_rounded, computed[i] == expected) << where << ", element " << i;
    EXPECT_NEAR(judged[i].ulp, error, 0x1p-20 * std::max(1.0, error)) << where << ", element " << i;
    EXPECT_NEAR(row.ulp_error(i, computed[i]), error, 0x1p-20 * std::max(1.0, error)) << where << ", element " << i;
  }
}

TEST(Rows, AgreeWithDirectSums) {
  std::mt19937_64 random(1);
  for (const Format* f : formats) {
    for (const char* activation : activations) {
      for (const std::size_t n : {1u, 2u, 3u, 10u, 65u}) {
        for (const double scale : {0.01, 1.0, 30.0}) {
          const std::vector<double> x = draw(*f, random, n, scale);
          agrees(ExactRow(activation, "forward", *f, x), direct(activation, x), *f,
                 std::string(activation) + " " + f->name + " of " + std::to_string(n));
        }
      }
    }
  }
}

TEST(Rows, GradientsAgreeWithDirectSums) {
  std::mt19937_64 random(2);
  for (const Format* f : formats) {
    for (const char* activation : activations) {
      for (const std::size_t n : {1u, 2u, 3u, 10u, 65u}) {
        const ExactRow row(activation, "forward", *f, draw(*f, random, n, 3));
        std::vector<double> y;
        for (std::size_t i = 0; i < n; ++i) y.push_back(row.rounded(i));
        // Ordinary ones, and constant ones, whose gradient is what y lacks of a sum of 1.
        for (const bool constant : {false, true}) {
          std::vector<double> dy = draw(*f, random, n, 1);
          if (constant) dy.assign(n, dy[0]);
          agrees(ExactRow(activation, "backward", *f, y, dy), direct_gradient(activation, y, dy), *f,
                 std::string(activation) + " " + f->name + " backward of " + std::to_string(n));
        }
      }
    }
  }
}

// One element outweighs the others by far: results next to 1, to 0, and to a tie, however little is missing.
TEST(Rows, SeeWhatIsNextToNothing) {
  const std::vector<double> x{0, -60, -200, -700};
  for (const Format* f : {&f32, &f64}) {
    for (const char* activation : {"softmax", "log_softmax"})
      agrees(ExactRow(activation, "forward", *f, x), direct(activation, x), *f, activation);
  }
  EXPECT_EQ(ExactRow("softmax", "forward", f64, x).rounded(0), 1);
  EXPECT_EQ(ExactRow("softmax", "forward", f64, x).decimal(0, 20), "1.0000000000000000000e+00");
  EXPECT_EQ(ExactRow("softmax", "forward", f64, x).decimal(0, 30), "9.99999999999999999999999991243e-01");
  EXPECT_EQ(ExactRow("log_softmax", "forward", f64, x).decimal(0, 10), "-8.756510763e-27");
  // 2^24 + 1 lies between two numbers of f32; what ln S takes off decides.
  const std::vector<double> tie{0, -16777216};
  EXPECT_EQ(ExactRow("log_softmax", "forward", f32, std::vector<double>{1, -16777216}).rounded(1), -16777218);
  EXPECT_EQ(ExactRow("log_softmax", "forward", f32, tie).rounded(1), -16777216);
}

TEST(Rows, KnowSpecialOnes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto forward = [](const char* activation, std::vector<double> x) {
    const ExactRow row(activation, "forward", f32, x);
    std::vector<double> y;
    for (std::size_t i = 0; i < row.size(); ++i) y.push_back(row.rounded(i));
    return y;
  };
  for (const auto& row :
       {std::vector{-infinity, -infinity}, {-infinity}, {1, infinity}, {infinity, infinity}, {nan, 1}}) {
    for (const char* activation : {"softmax", "log_softmax"}) {
      for (const double y : forward(activation, row)) EXPECT_TRUE(std::isnan(y)) << activation;
    }
  }
  for (const double y : forward("softmin", {infinity, infinity})) EXPECT_TRUE(std::isnan(y));
  EXPECT_EQ(forward("softmax", {3, -infinity, 3}), (std::vector<double>{0.5, 0, 0.5}));
  EXPECT_EQ(forward("softmin", {3, infinity, 3}), (std::vector<double>{0.5, 0, 0.5}));
  EXPECT_EQ(forward("log_softmax", {3, -infinity}), (std::vector<double>{0, -infinity}));
  EXPECT_FALSE(std::signbit(forward("softmax", {0, -infinity})[1]));

  const auto backward = [](const char* activation, std::vector<double> y, std::vector<double> dy) {
    const ExactRow row(activation, "backward", f32, y, dy);
    std::vector<double> dx;
    for (std::size_t i = 0; i < row.size(); ++i) dx.push_back(row.rounded(i));
    return dx;
  };
  EXPECT_EQ(backward("softmax", {0.5, 0.5}, {1, 1}), (std::vector<double>{0, 0}));
  EXPECT_EQ(backward("softmax", {0.5, 0.5}, {1, 0}), (std::vector<double>{0.25, -0.25}));
  EXPECT_EQ(backward("softmin", {0.5, 0.5}, {1, 0}), (std::vector<double>{-0.25, 0.25}));
  EXPECT_EQ(backward("log_softmax", {0, -infinity}, {2, 1}), (std::vector<double>{-1, 1}));
  for (const double dx : backward("softmax", {0.5, 0.5}, {nan, 1})) EXPECT_TRUE(std::isnan(dx));
  EXPECT_EQ(backward("softmax", {0.5, 0.5}, {infinity, 1})[1], -infinity);
  EXPECT_TRUE(std::isnan(backward("softmax", {0.5, 0.5}, {infinity, 1})[0]));
  EXPECT_TRUE(std::isnan(backward("log_softmax", {nan, -1}, {1, 1})[0]));
  EXPECT_FALSE(std::isnan(backward("log_softmax", {nan, -1}, {1, 1})[1]));

  EXPECT_THROW(ExactRow("gelu", "forward", f32, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(ExactRow("softmax", "derivative", f32, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(ExactRow("softmax", "forward", f32, std::vector<double>{}), std::invalid_argument);
  EXPECT_THROW(ExactRow("softmax", "backward", f32, std::vector<double>{1}), std::invalid_argument);
  EXPECT_THROW(ExactRow("softmax", "forward", f32, std::vector<double>{1}, std::vector<double>{1}),
               std::invalid_argument);
}

// What has gone wrong in real libraries, computed here in double: each must be seen.
TEST(Rows, SeeSeededDefects) {
  std::mt19937_64 random(3);
  const std::vector<double> x = draw(f32, random, 4096, 10);
  const auto judge = [](const ExactRow& row, const std::vector<double>& y) {
    std::vector<Judgement> judged(y.size());
    row.judge(y.data(), judged.data());
    double worst = 0;
    for (const Judgement& j : judged) worst = std::max(worst, j.ulp);
    return worst;
  };
  const ExactRow row("softmax", "forward", f32, x);
  const double m = *std::max_element(x.begin(), x.end());
  double sum = 0;
  float float_sum = 0;
  for (const double v : x) {
    sum += std::exp(v - m);
    float_sum += std::exp(static_cast<float>(v) - static_cast<float>(m));
  }
  std::vector<double> right, rounded_argument, one_missing, flushed;
  for (const double v : x) {
    const double y = round_to(f32, std::exp(v - m) / sum);
    right.push_back(y);
    rounded_argument.push_back(double{std::exp(static_cast<float>(v) - static_cast<float>(m)) / float_sum});
    one_missing.push_back(round_to(f32, std::exp(v - m) / (sum - 1e-6)));
    flushed.push_back(y < 0x1p-100 ? 0 : y);
  }
  EXPECT_LT(judge(row, right), 0.5001);
  EXPECT_GT(judge(row, rounded_argument), 4);
  EXPECT_GT(judge(row, one_missing), 1);
  const std::vector<double> spread{0, -80};
  EXPECT_GT(judge(ExactRow("softmax", "forward", f32, spread), {1, 0}), 1e6) << "a tail that became 0";
  EXPECT_EQ(judge(ExactRow("softmax", "forward", f32, spread), {1, infinity}), infinity);
  const std::vector<double> dominated{0, -40};
  EXPECT_GT(judge(ExactRow("log_softmax", "forward", f32, dominated), {0, -40}), 1e6) << "ln(1 + T) as ln 1";
  EXPECT_GT(judge(row, flushed), 0.4);
}

TEST(Rows, JudgeFourThousandElementsAtOnce) {
  std::mt19937_64 random(4);
  const std::vector<double> x = draw(f32, random, 4096, 10), y(4096, 0x1p-12);
  std::vector<Judgement> judged(4096);
  const auto start = std::chrono::steady_clock::now();
  const ExactRow row("softmax", "forward", f32, x);
  row.judge(y.data(), judged.data());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_LT(seconds, 1);
  EXPECT_LT(std::count_if(judged.begin(), judged.end(), [](const Judgement& j) { return j.from_exact; }), 3);
}

}  // namespace
}  // namespace actbench::reference
