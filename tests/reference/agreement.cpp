// SPDX-License-Identifier: Apache-2.0
//
// A second opinion: each definition in cpp_bin_float, whose arithmetic and functions are not MPFR's, agrees with the
// MPFR evaluation to 50 digits. It works with 80, as its functions are off by up to 10^4 of its last units
// (Boost 1.74).
#include <gtest/gtest.h>
#include <mpfr.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "reference/activations.hpp"
#include "reference/function.hpp"
#include "tests/reference/support.hpp"

namespace {

using namespace actbench::reference;
using Second = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<80>, boost::multiprecision::et_off>;

struct Number {
  explicit Number(mpfr_prec_t bits = bits_of(100)) { mpfr_init2(value, bits); }
  ~Number() { mpfr_clear(value); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  mpfr_t value;
};

/// Exactly, and quickly for any exponent.
void convert(const Second& from, mpfr_t to) {
  using std::isinf;
  using std::isnan;
  if (isnan(from)) return mpfr_set_nan(to);
  if (isinf(from)) return mpfr_set_inf(to, from > 0 ? 1 : -1);
  if (from == 0) return mpfr_set_zero(to, signbit(from) ? -1 : 1);
  using Backend = Second::backend_type;
  const boost::multiprecision::number<Backend::rep_type> significand(from.backend().bits());
  mpfr_set_str(to, significand.str(0, std::ios_base::hex).c_str(), 16, MPFR_RNDN);
  mpfr_mul_2si(to, to, static_cast<long>(from.backend().exponent()) - static_cast<long>(Backend::bit_count) + 1,
               MPFR_RNDN);
  if (from.backend().sign()) mpfr_neg(to, to, MPFR_RNDN);
}

/// |a - b| <= 10^-digits |b|; both infinite, both NaN, or both zero; or both below what either can hold.
bool agree(mpfr_t a, mpfr_t b, int digits) {
  if (mpfr_nan_p(a) || mpfr_nan_p(b)) return mpfr_nan_p(a) && mpfr_nan_p(b);
  if (!mpfr_number_p(a) || !mpfr_number_p(b) || mpfr_zero_p(a) || mpfr_zero_p(b)) return mpfr_equal_p(a, b) != 0;
  if (mpfr_get_exp(b) < -1000000000) return mpfr_get_exp(a) < -1000000000 && mpfr_sgn(a) == mpfr_sgn(b);
  Number difference, bound;
  mpfr_sub(difference.value, a, b, MPFR_RNDN);
  mpfr_set_d(bound.value, 10, MPFR_RNDN);
  mpfr_pow_si(bound.value, bound.value, -digits, MPFR_RNDN);
  mpfr_mul(bound.value, bound.value, b, MPFR_RNDN);
  return mpfr_cmpabs(difference.value, bound.value) <= 0;
}

template <class Direction, class Activation>
void compare(const char* name, const Format& format, std::size_t first_count, std::size_t other_count) {
  const Function* function = find(name, Direction::name);
  if constexpr (!Direction::template defined<Activation>) {
    // forward is there in one of two kinds
    EXPECT_TRUE(function == nullptr || Direction::name == std::string_view("forward"))
        << name << " " << Direction::name;
  } else {
    ASSERT_NE(function, nullptr) << name << " " << Direction::name;
    ASSERT_EQ(function->multiplier_count, Direction::multipliers);
    constexpr int level = 1;
    static_assert(level_digits[level] == 100);
    Number anchor, rest, second_anchor, second_rest;
    std::size_t count = first_count;
    for (const std::vector<double>& parameters : parameter_cases(name)) {
      ASSERT_EQ(parameters.size(), Activation::parameters) << name;
      Second p[Activation::parameters + 1];
      for (std::size_t i = 0; i < parameters.size(); ++i) p[i] = parameters[i];
      std::vector<double> x = stratified(format, count, 1);
      std::vector<double> dy = gradients(format, x.size(), 7), a = gradients(format, x.size(), 8);
      constexpr double infinity = std::numeric_limits<double>::infinity();
      for (double special_x : {infinity, -infinity, 0.0, 1.0, -1.0}) {
        for (double special_dy : {-3.0, infinity, -infinity, 0.0, -0.0}) {
          x.push_back(special_x);
          dy.push_back(special_dy);
          a.push_back(x.size() % 2 == 0 ? special_dy : 2.5);
        }
      }
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double in[] = {x[i], dy[i], a[i]};
        const Second second_in[] = {Second(x[i]), Second(dy[i]), Second(a[i])};
        function->evaluate[level](in, parameters.data(), anchor.value, rest.value);
        const Anchored<Second> second = Direction::template value<Activation>(second_in, p);
        convert(second.anchor, second_anchor.value);
        convert(second.rest, second_rest.value);
        ASSERT_TRUE(agree(second_anchor.value, anchor.value, 50) && agree(second_rest.value, rest.value, 50))
            << name << " " << Direction::name << " at " << x[i] << ", dy " << dy[i] << ", a " << a[i]
            << ", first parameter " << (parameters.empty() ? 0.0 : parameters[0]) << ": "
            << mpfr_get_d(second_anchor.value, MPFR_RNDN) << " + " << mpfr_get_d(second_rest.value, MPFR_RNDN)
            << " against " << mpfr_get_d(anchor.value, MPFR_RNDN) << " + " << mpfr_get_d(rest.value, MPFR_RNDN);
      }
      count = other_count;
    }
  }
}

template <class Activation>
void compare_all(const char* name) {
  const auto one = [&]<class Direction>(const Direction*) {
    compare<Direction, Activation>(name, f32, 3000, 400);
    compare<Direction, Activation>(name, f64, 600, 100);
  };
  [&]<class... Direction>(const std::tuple<Direction...>*) {
    (one(static_cast<const Direction*>(nullptr)), ...);
  }(static_cast<const directions::All*>(nullptr));
}

#define ACTBENCH_TEST(name) \
  TEST(Agreement, name) { compare_all<activations::name>(#name); }
ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_TEST)

/// What Exact takes for granted of every function: 100 digits differ from the truth, here 300 digits, by less than the
/// rest at 100 digits times 2^(12 - b), b the bits of 50 digits. Half of b must be left over, whatever cancels.
TEST(Agreement, PrecisionsKeepTheMargin) {
  const mpfr_prec_t bits = bits_of(level_digits[0]);
  Number anchor, rest, truth_anchor(bits_of(300)), truth_rest(bits_of(300)), bound;
  for (const Function* f : functions()) {
    for (const std::vector<double>& parameters : parameter_cases(f->activation)) {
      const std::vector<double> x = stratified(f32, 300, 21), dy = gradients(f32, x.size(), 22),
                                a = gradients(f32, x.size(), 23);
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double in[] = {x[i], dy[i], a[i]};
        f->evaluate[1](in, parameters.data(), anchor.value, rest.value);
        f->evaluate[2](in, parameters.data(), truth_anchor.value, truth_rest.value);
        if (!mpfr_number_p(truth_anchor.value) || !mpfr_number_p(truth_rest.value)) continue;
        mpfr_mul_2si(bound.value, rest.value, -static_cast<long>(bits + bits / 2), MPFR_RNDN);
        mpfr_sub(truth_anchor.value, truth_anchor.value, anchor.value, MPFR_RNDN);
        mpfr_sub(truth_rest.value, truth_rest.value, rest.value, MPFR_RNDN);
        mpfr_add(truth_rest.value, truth_rest.value, truth_anchor.value, MPFR_RNDN);
        ASSERT_LE(mpfr_cmpabs(truth_rest.value, bound.value), 0)
            << f->activation << " " << f->direction << " at " << x[i] << ", dy " << dy[i] << ", a " << a[i]
            << ", first parameter " << (parameters.empty() ? 0.0 : parameters[0]);
      }
    }
  }
}

/// That the comparison sees one unit in the 50th digit.
TEST(Agreement, SeesTheFiftiethDigit) {
  Number a, b;
  mpfr_set_str(a.value, "1.23456789012345678901234567890123456789012345678902e-20", 10, MPFR_RNDN);
  mpfr_set_str(b.value, "1.23456789012345678901234567890123456789012345678901e-20", 10, MPFR_RNDN);
  EXPECT_TRUE(agree(a.value, b.value, 50));
  mpfr_set_str(a.value, "1.2345678901234567890123456789012345678901234567893e-20", 10, MPFR_RNDN);
  EXPECT_FALSE(agree(a.value, b.value, 50));
  mpfr_set_zero(a.value, 1);
  EXPECT_FALSE(agree(a.value, b.value, 50));
}

}  // namespace
