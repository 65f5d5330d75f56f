// SPDX-License-Identifier: Apache-2.0
//
// The exact value as a shrinking interval.
//
// Method. A definition is evaluated at two neighbouring precisions of level_digits (function.hpp). The truth is taken
// to lie around what the better evaluation gives, within the larger of two bounds:
// - the distance between the two evaluations;
// - the precision of the worse one less about 10 bits. The definitions in forms.hpp lose a few units in the last place;
//   anything worse, as where the scaled forms pass through zero, shows as distance.
// While the two ends of that interval have different answers, the next precision is taken.
//
// Termination. A value that 300 and 1000 digits (988 bits) leave on a tie, on a power of two, or on zero is taken to be
// exactly there. For f32, f16 and bf16 that is right, for each of three kinds of values:
// - Rational values are those of the piecewise linear definitions, hard_sigmoid, hard_swish, softsign, their
//   derivatives and those times dy; selu' for x > 0; mish'(0) = 3/5. Where they differ from a dyadic number of those
//   formats' exponents, they differ by more than 2^-700 of their size.
// - Values near a limit or a tangent come arbitrarily near to such a point: f(x) = c·x + d·x² + ... near 0,
//   f(x) -> c·x + d, f'(x) = c + d·x + ... near 0, f'(x) -> c, and dy times those. There the definitions give that
//   simple part apart, as an anchor. The rest has its full relative precision and is never zero, so that 50 digits see
//   on which side the value lies.
// - All other values are transcendental. There are fewer than 2^65 of them (x and dy). That one of these comes within
//   2^-900 of a point of a grid has a chance below 2^-830; of a gated unit's gradient, with its third input, below
//   2^-790.
// f64 is served by the same anchors; its exact sums of two numbers fit into 1000 digits (3322 bits).
//
// Cancellation. Derivatives have zeros (gelu' at -0.7518, silu' at -1.2785) and cross their anchors (gelu' is 1 at
// 0.7518). There the anchor and the rest cancel, or terms of the rest do. Such a point is transcendental, and the
// numbers of a format keep away from it: no more bits are lost than about as many as the format has, while 50 digits
// are 169 bits. Where such a point is a number of the format (hard_swish' is 0 at -3/2, gelu_normal' is 1/2 near μ/2),
// the definitions do not cancel. What is lost does no harm:
// - What the anchor and the rest lose together needs no bound. The interval's width is that of the rest, absolute; a
//   sum that is small against it leaves answers open until a higher precision.
// - Where the rest itself has lost k bits, the better evaluation is off by 2^(k - b) of it, with b the bits that it
//   has. The worse evaluation has at most b/2 bits, so that the second bound is at least 2^(12 - b/2) of the rest. That
//   is larger, whatever the distance between the two happens to be, as long as k is below b/2: 160 for the first two
//   precisions.
#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "reference/format.hpp"
#include "reference/function.hpp"
#include "reference/value.hpp"

namespace actbench::reference {
namespace {

/// An MPFR number of a fixed precision.
class Number {
 public:
  explicit Number(mpfr_prec_t bits) { mpfr_init2(value_, bits); }
  ~Number() { mpfr_clear(value_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  operator mpfr_ptr() { return value_; }
  operator mpfr_srcptr() const { return value_; }

 private:
  mpfr_t value_;
};

/// Frees the constants that MPFR keeps for each thread when the thread ends.
struct ThreadCache {
  ~ThreadCache() { mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); }
};

/// sum = a + b rounded to odd: truncated, and the last bit is one where that loses something. It compares with any
/// number of fewer bits as a + b does.
void add_to_odd(mpfr_ptr sum, mpfr_srcptr a, mpfr_srcptr b) {
  if (mpfr_add(sum, a, b, MPFR_RNDZ) == 0 || mpfr_zero_p(sum)) return;
  if (mpfr_min_prec(sum) == mpfr_get_prec(sum)) return;
  mpfr_add(sum, a, b, MPFR_RNDA);
}

/// The nearest number of the format, ties to even. v has at least two bits more than the format, or is exact.
double round_number(const Format& f, mpfr_srcptr v) {
  if (mpfr_zero_p(v)) return mpfr_signbit(v) ? -0.0 : 0.0;
  const double sign = mpfr_signbit(v) ? -1.0 : 1.0;
  const long exponent = mpfr_get_exp(v) - 1;
  if (exponent > f.max_exponent) return sign * std::numeric_limits<double>::infinity();
  const int quantum = spacing_exponent(f, exponent);
  const long bits = exponent - quantum + 1;
  if (bits < 0) return sign * 0.0;
  if (bits == 0) {  // between a half and one smallest number
    const bool tie = mpfr_min_prec(v) == 1;
    return tie ? sign * 0.0 : sign * std::ldexp(1.0, quantum);
  }
  Number rounded(bits);
  mpfr_set(rounded, v, MPFR_RNDN);
  const double result = mpfr_get_d(rounded, MPFR_RNDN);
  return std::abs(result) > largest(f) ? sign * std::numeric_limits<double>::infinity() : result;
}

bool identical(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

/// A function at a point.
class AtPoint : public Evaluation {
 public:
  AtPoint(const Function& function, std::span<const double> inputs, std::span<const double> parameters)
      : function_(function), inputs_(inputs.begin(), inputs.end()), parameters_(parameters.begin(), parameters.end()) {}
  void at(int level, mpfr_ptr anchor, mpfr_ptr rest) const override {
    function_.evaluate[level](inputs_.data(), parameters_.data(), anchor, rest);
  }

 private:
  const Function& function_;
  std::vector<double> inputs_, parameters_;
};

template <class Test>
bool any_of(std::span<const double> numbers, Test test) {
  return std::any_of(numbers.begin(), numbers.end(), test);
}

/// The interval that holds the value, and the answers that follow from it.
struct Interval {
  std::unique_ptr<const Evaluation> evaluation;
  Format format;
  bool nan, infinite_input;
  int level = 0;  ///< the last one evaluated
  Number anchor{bits_of(level_digits[levels - 1])}, rest{bits_of(level_digits[levels - 1])};
  Number lower{working_bits}, upper{working_bits};
  bool settled = false;  ///< lower = upper is the exact value

  /// Beyond the last level's, so that exact sums of f64 numbers stay exact.
  static constexpr mpfr_prec_t working_bits = bits_of(level_digits[levels - 1]) + 64;

  /// nan: a NaN came in; infinite_input: an infinity, so that NaN may come out.
  Interval(const Format& to, std::unique_ptr<const Evaluation> e, bool is_nan, bool has_infinity)
      : evaluation(std::move(e)), format(to), nan(is_nan), infinite_input(has_infinity) {
    if (nan) return;
    evaluate();
    refine();
  }

  void evaluate() {
    thread_local const ThreadCache cache;
    static_cast<void>(cache);
    evaluation->at(level, anchor, rest);
  }

  /// The next precision and the interval that follows from it; at the end, the value itself.
  void refine() {
    if (level == levels - 1) {
      add_to_odd(lower, anchor, rest);
      take_nearby_simple_number();
      mpfr_set(upper, lower, MPFR_RNDN);
      settled = true;
      return;
    }
    const mpfr_prec_t bits = bits_of(level_digits[level]);
    Number error(64), other(64), last_anchor(bits), last_rest(bits);
    mpfr_set(last_anchor, anchor, MPFR_RNDN);
    mpfr_set(last_rest, rest, MPFR_RNDN);
    ++level;
    evaluate();
    if (mpfr_nan_p(anchor) || mpfr_nan_p(rest)) {
      nan = infinite_input;  // 0·infinity
      if (!nan) throw std::logic_error("a definition gave NaN");
      return;
    }
    if (mpfr_inf_p(anchor) || mpfr_inf_p(rest) || (mpfr_zero_p(rest) && mpfr_equal_p(anchor, last_anchor))) {
      const bool negative_zero = mpfr_zero_p(anchor) && mpfr_signbit(anchor);
      mpfr_add(lower, anchor, rest, MPFR_RNDN);
      if (mpfr_zero_p(lower)) mpfr_setsign(lower, lower, negative_zero, MPFR_RNDN);
      mpfr_set(upper, lower, MPFR_RNDN);
      settled = true;
      return;
    }
    mpfr_sub(error, rest, last_rest, MPFR_RNDA);
    mpfr_sub(other, anchor, last_anchor, MPFR_RNDA);
    mpfr_abs(error, error, MPFR_RNDU);
    mpfr_abs(other, other, MPFR_RNDU);
    mpfr_add(error, error, other, MPFR_RNDU);
    mpfr_mul_2si(other, rest, -(static_cast<long>(bits) - 12), MPFR_RNDA);
    mpfr_abs(other, other, MPFR_RNDU);
    mpfr_max(error, error, other, MPFR_RNDU);
    Number end(working_bits);
    mpfr_sub(end, rest, error, MPFR_RNDD);
    add_to_odd(lower, anchor, end);
    mpfr_add(end, rest, error, MPFR_RNDU);
    add_to_odd(upper, anchor, end);
  }

  /// Division rounds the last digits of the rest: dy·x/3 of f16 numbers often is a tie. Where `lower` differs by no
  /// more than these digits from a number of few bits (a tie, a power of two or a number of the format), that number
  /// takes its place.
  void take_nearby_simple_number() {
    Number simple(64), difference(64), doubt(64);
    mpfr_set(simple, lower, MPFR_RNDN);
    mpfr_sub(difference, lower, simple, MPFR_RNDA);
    mpfr_mul_2si(doubt, rest, -(static_cast<long>(bits_of(level_digits[levels - 1])) - 24), MPFR_RNDZ);
    if (!mpfr_zero_p(simple) && mpfr_cmpabs(difference, doubt) <= 0) mpfr_set(lower, simple, MPFR_RNDN);
  }

  double rounded() {
    if (nan) return std::numeric_limits<double>::quiet_NaN();
    while (true) {
      const double low = round_value(lower), high = round_value(upper);
      if (settled || identical(low, high)) return low;
      refine();
    }
  }

  double round_value(mpfr_srcptr v) const { return mpfr_inf_p(v) ? mpfr_get_d(v, MPFR_RNDN) : round_number(format, v); }

  /// log2 of the spacing at an end of the interval, as if there were no largest number.
  int spacing_at(mpfr_srcptr v) const {
    return spacing_exponent(format, mpfr_zero_p(v) ? format.min_exponent : mpfr_get_exp(v) - 1);
  }

  double ulp_error(double computed, Ulp measure) {
    const double error = goldberg(computed);
    if (measure == Ulp::goldberg || error == 0 || std::isinf(error)) return error;
    if (measure == Ulp::steps) return steps_between(format, rounded(), computed);
    while (!settled && halved(lower) != halved(upper)) refine();
    return halved(lower) ? 2 * error : error;
  }

  /// Whether the two numbers of the format nearest to v are half of its spacing apart.
  bool halved(mpfr_srcptr v) const {
    if (mpfr_zero_p(v) || mpfr_inf_p(v)) return false;
    const long exponent = mpfr_get_exp(v) - 1;
    if (exponent <= format.min_exponent) return false;
    Number end(working_bits), quarter(working_bits);
    mpfr_set_si_2exp(end, 1, exponent, MPFR_RNDN);
    mpfr_set_si_2exp(quarter, 1, exponent - format.precision - 1, MPFR_RNDN);
    mpfr_add(end, end, quarter, MPFR_RNDN);
    return mpfr_cmpabs(v, end) < 0;
  }

  double goldberg(double computed) {
    const double infinity = std::numeric_limits<double>::infinity();
    if (nan || std::isnan(computed)) return nan && std::isnan(computed) ? 0.0 : infinity;
    const double expected = rounded();
    if (std::isinf(computed)) return computed == expected ? 0.0 : infinity;
    if (mpfr_inf_p(lower)) return infinity;
    while (true) {
      const int spacing = spacing_at(lower);
      const int low_side = against_half(lower, computed, spacing), high_side = against_half(upper, computed, spacing);
      const double low = distance(lower, computed, spacing), high = distance(upper, computed, spacing);
      const bool agree = spacing == spacing_at(upper) && low_side == high_side &&
                         (std::abs(low - high) <= 0x1p-22 * low || std::max(low, high) < 0x1p-64);
      if (!settled && !agree) {
        refine();
        continue;
      }
      if (low_side < 0) return std::min(low, std::nextafter(0.5, 0.0));
      if (low_side > 0) return std::max(low, std::nextafter(0.5, 1.0));
      return 0.5;
    }
  }

  /// The sign of |computed - v| - half a spacing.
  static int against_half(mpfr_srcptr v, double computed, int spacing) {
    Number end(working_bits);
    const int side = mpfr_cmp_d(v, computed);  // the half lies on v's side
    if (side == 0) return -1;
    mpfr_set_si_2exp(end, side > 0 ? 1 : -1, spacing - 1, MPFR_RNDN);
    mpfr_add_d(end, end, computed, MPFR_RNDN);
    const int beyond = mpfr_cmp(v, end);
    return side > 0 ? beyond : -beyond;
  }

  /// |computed - v| in spacings.
  static double distance(mpfr_srcptr v, double computed, int spacing) {
    Number d(64);
    mpfr_sub_d(d, v, computed, MPFR_RNDN);
    mpfr_mul_2si(d, d, -spacing, MPFR_RNDN);
    return std::abs(mpfr_get_d(d, MPFR_RNDN));
  }

  std::string decimal(int digits) {
    if (nan) return "nan";
    while (true) {
      std::string low = print(lower, digits);
      if (settled || low == print(upper, digits)) return low;
      refine();
    }
  }

  /// Binary exponents below this one come from kept_positive (forms.hpp), which raises smaller numbers.
  static constexpr long least_printed = -(1L << 29) + 4096;

  static std::string print(mpfr_srcptr v, int digits) {
    const char* sign = mpfr_signbit(v) ? "-" : "";
    if (mpfr_inf_p(v)) return std::string(sign) + "inf";
    if (mpfr_zero_p(v) || mpfr_get_exp(v) < least_printed) return std::string(sign) + "0";
    std::string text(static_cast<std::size_t>(digits) + 32, '\0');
    const int length = mpfr_snprintf(text.data(), text.size(), "%.*RNe", digits - 1, v);
    text.resize(static_cast<std::size_t>(length));
    return text;
  }
};

/// Throws std::invalid_argument.
Interval at_point(const Function& function, const Format& format, std::span<const double> inputs,
                  std::span<const double> parameters) {
  if (inputs.size() != 1 + function.multiplier_count || parameters.size() != function.parameter_count)
    throw std::invalid_argument("Exact: wrong number of inputs or parameters");
  return {format, std::make_unique<AtPoint>(function, inputs, parameters),
          any_of(inputs, [](double v) { return std::isnan(v); }),
          any_of(inputs, [](double v) { return std::isinf(v); })};
}

std::string checked_decimal(Interval& interval, int digits) {
  if (digits < 1 || digits > 900) throw std::invalid_argument("Exact::decimal: digits must be 1 to 900");
  return interval.decimal(digits);
}

}  // namespace

struct Exact::Impl {
  Interval interval;
};
struct Value::Impl {
  Interval interval;
};

Exact::Exact(const Function& function, const Format& format, std::span<const double> inputs,
             std::span<const double> parameters)
    : impl_(new Impl{at_point(function, format, inputs, parameters)}) {}
Exact::~Exact() = default;
Exact::Exact(Exact&&) noexcept = default;
Exact& Exact::operator=(Exact&&) noexcept = default;

double Exact::rounded() const { return impl_->interval.rounded(); }
double Exact::ulp_error(double computed, Ulp measure) const { return impl_->interval.ulp_error(computed, measure); }
std::string Exact::decimal(int digits) const { return checked_decimal(impl_->interval, digits); }

Value::Value(const Format& format, std::unique_ptr<const Evaluation> evaluation)
    : impl_(new Impl{Interval(format, std::move(evaluation), false, false)}) {}
Value::~Value() = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(Value&&) noexcept = default;

double Value::rounded() const { return impl_->interval.rounded(); }
double Value::ulp_error(double computed, Ulp measure) const { return impl_->interval.ulp_error(computed, measure); }
std::string Value::decimal(int digits) const { return checked_decimal(impl_->interval, digits); }

}  // namespace actbench::reference
