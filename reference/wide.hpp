// SPDX-License-Identifier: Apache-2.0
//
// The quick reference's number type for f64: significands of 128 bits in integer arithmetic, and exponents without
// limits that matter. Each number has a bound on how far it may be from the truth, which every operation carries on.
// Nothing overflows, underflows or loses its last digits in silence: where terms cancel, or an argument magnifies an
// error, the bound says so. It also says where a sum or a product of a few doubles is exact. Kernels compute f64 with
// pairs of doubles; the reference does not, so that the two have no errors in common.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>

#include "reference/forms.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

using Word = unsigned __int128;

inline int leading_zeros(Word v) {
  const auto high = static_cast<std::uint64_t>(v >> 64), low = static_cast<std::uint64_t>(v);
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(low);
}

/// 2^e for -1022 <= e <= 1023.
inline double power_of_two(std::int64_t e) { return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52); }

/// An upper bound of v·2^e for v >= 0, off by rounding alone unless the result is below v·2^-900.
inline double raised_by(double v, std::int64_t e) {
  if (v == 0) return 0;
  if (e > 1023) return std::numeric_limits<double>::infinity();
  return v * power_of_two(e < -900 ? -900 : e);
}

struct Product {
  Word high;
  Word low;
};

/// high·2^128 + low = a·b.
inline Product multiply(Word a, Word b) {
  const auto a1 = static_cast<std::uint64_t>(a >> 64), a0 = static_cast<std::uint64_t>(a);
  const auto b1 = static_cast<std::uint64_t>(b >> 64), b0 = static_cast<std::uint64_t>(b);
  const Word bottom = Word{a0} * b0;
  const Word first = Word{a1} * b0 + static_cast<std::uint64_t>(bottom >> 64);
  const Word second = Word{a0} * b1 + static_cast<std::uint64_t>(first);
  return {Word{a1} * b1 + static_cast<std::uint64_t>(first >> 64) + static_cast<std::uint64_t>(second >> 64),
          (second << 64) | static_cast<std::uint64_t>(bottom)};
}

/// ±significand·2^exponent, and the truth within error·2^exponent of it. The significand's top bit is set but for zero.
/// Errors are added up in double arithmetic, whose own rounding is left to whoever reads them: a relative 2^-30 covers
/// millions of operations. An infinite or NaN error: nothing is known.
struct Wide {
  Word significand = 0;
  std::int64_t exponent = 0;
  double error = 0;
  bool negative = false;

  Wide() = default;
  Wide(Word s, std::int64_t e, double bound, bool minus) : significand(s), exponent(e), error(bound), negative(minus) {}

  template <std::integral I>
  Wide(I v) : negative(v < 0) {  // NOLINT(google-explicit-constructor): definitions mix R with small integers
    const auto magnitude = negative ? ~static_cast<std::uint64_t>(v) + 1 : static_cast<std::uint64_t>(v);
    if (magnitude == 0) return;
    const int shift = 64 + std::countl_zero(magnitude);
    significand = Word{magnitude} << shift;
    exponent = -shift;
  }

  Wide(double v) : negative(std::signbit(v)) {  // NOLINT(google-explicit-constructor)
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(v) & 0x7fffffffffffffff;
    const std::uint64_t biased = bits >> 52, fraction = bits & 0xfffffffffffff;
    if (biased == 2047) {
      error = std::numeric_limits<double>::infinity();
    } else if (biased != 0) {
      significand = Word{fraction | std::uint64_t{1} << 52} << 75;
      exponent = static_cast<std::int64_t>(biased) - 1075 - 75;
    } else if (fraction != 0) {
      const int shift = 64 + std::countl_zero(fraction);
      significand = Word{fraction} << shift;
      exponent = -1074 - shift;
    }
  }

  Wide operator-() const { return {significand, exponent, error, !negative}; }

  /// The value is below 2^top(), and not below half of that.
  std::int64_t top() const { return exponent + 128; }
};

/// A number of which nothing is known.
inline Wide unknown() { return {0, 0, std::numeric_limits<double>::infinity(), false}; }

/// v·2^exponent as a Wide, with an error of `error` units of 2^exponent.
inline Wide normalised(Word v, std::int64_t exponent, double error, bool negative) {
  if (v == 0) return {0, exponent, error, negative};
  const int shift = leading_zeros(v);
  return {v << shift, exponent - shift, error * power_of_two(shift), negative};
}

/// How far off the number may be.
inline double absolute_error(const Wide& v) { return raised_by(v.error, v.exponent); }

inline bool has_smaller_magnitude(const Wide& a, const Wide& b) {
  if (a.significand == 0 || b.significand == 0) return a.significand == 0 && b.significand != 0;
  return a.exponent != b.exponent ? a.exponent < b.exponent : a.significand < b.significand;
}

inline Wide operator+(const Wide& a, const Wide& b) {
  if (a.significand == 0 && b.significand == 0) {
    const std::int64_t exponent = std::max(a.exponent, b.exponent);
    return {0, exponent, raised_by(a.error, a.exponent - exponent) + raised_by(b.error, b.exponent - exponent),
            a.negative && b.negative};
  }
  if (a.significand == 0 || b.significand == 0) {
    const Wide &value = a.significand != 0 ? a : b, &zero = a.significand != 0 ? b : a;
    return {value.significand, value.exponent, value.error + raised_by(zero.error, zero.exponent - value.exponent),
            value.negative};
  }
  const bool swapped = has_smaller_magnitude(a, b);
  const Wide &big = swapped ? b : a, &small = swapped ? a : b;
  const std::int64_t distance = big.exponent - small.exponent;
  const Word shifted = distance < 128 ? small.significand >> distance : 0;
  const bool lost = distance >= 128 || shifted << distance != small.significand;
  const double error = big.error + raised_by(small.error, -distance);
  if (big.negative == small.negative) {
    const Word sum = big.significand + shifted;
    if (sum >= shifted) return {sum, big.exponent, error + (lost ? 1 : 0), big.negative};
    return {(sum >> 1) | Word{1} << 127, big.exponent + 1, 0.5 * error + (lost || (sum & 1) != 0 ? 1 : 0),
            big.negative};
  }
  const Word difference = big.significand - shifted;
  if (difference == 0) return {0, big.exponent, error + (lost ? 1 : 0), false};
  return normalised(difference, big.exponent, error + (lost ? 1 : 0), big.negative);
}

inline Wide operator-(const Wide& a, const Wide& b) { return a + -b; }

inline Wide operator*(const Wide& a, const Wide& b) {
  const bool negative = a.negative != b.negative;
  if (a.significand == 0 || b.significand == 0) {
    double error = a.error * b.error;
    if (b.significand != 0) error += a.error * 0x1p128;
    if (a.significand != 0) error += b.error * 0x1p128;
    return {0, a.exponent + b.exponent, error, negative};
  }
  const Product p = multiply(a.significand, b.significand);
  const int shift = p.high >> 127 != 0 ? 0 : 1;
  const Word high = shift == 0 ? p.high : p.high << 1 | p.low >> 127, low = p.low << shift;
  const double error = a.error + b.error + a.error * b.error * 0x1p-128;
  return {high, a.exponent + b.exponent + 128 - shift, (shift == 0 ? error : 2 * error) + (low != 0 ? 1 : 0), negative};
}

Wide operator/(const Wide&, const Wide&);

/// The sign of a - b, as if both were what they say.
inline int compare(const Wide& a, const Wide& b) {
  if (a.significand == 0 && b.significand == 0) return 0;
  const int below = b.negative ? 1 : -1;
  if (a.significand == 0) return below;
  if (b.significand == 0 || a.negative != b.negative) return a.negative ? -1 : 1;
  if (has_smaller_magnitude(a, b)) return below;
  return has_smaller_magnitude(b, a) ? -below : 0;
}

/// A number that is merely not known to differ from zero equals nothing: it must not pass for an exact zero.
inline bool operator==(const Wide& a, const Wide& b) {
  const auto open = [](const Wide& v) { return v.significand == 0 && v.error != 0; };
  return compare(a, b) == 0 && !open(a) && !open(b);
}
inline bool operator!=(const Wide& a, const Wide& b) { return !(a == b); }
inline bool operator<(const Wide& a, const Wide& b) { return compare(a, b) < 0; }
inline bool operator>(const Wide& a, const Wide& b) { return compare(a, b) > 0; }
inline bool operator<=(const Wide& a, const Wide& b) { return compare(a, b) <= 0; }
inline bool operator>=(const Wide& a, const Wide& b) { return compare(a, b) >= 0; }

inline bool signbit(const Wide& v) { return v.negative; }
inline bool isinf(const Wide&) { return false; }
inline bool isnan(const Wide&) { return false; }
inline Wide ldexp(const Wide& v, std::int64_t e) { return {v.significand, v.exponent + e, v.error, v.negative}; }

// Functions, each with a relative error below 2^-95 on top of what its argument's error comes to.
Wide exp(const Wide&);    ///< relative error 2^-111; unknown from y = 2^12 on, see vanishing below -2^12
Wide expm1(const Wide&);  ///< 2^-104
Wide tanh(const Wide&);   ///< 2^-102
Wide cosh(const Wide&);   ///< 2^-110
Wide log1p(const Wide&);  ///< 2^-104 for arguments above -2^-6; near zeros elsewhere the error says what is lost
Wide erf(const Wide&);    ///< 2^-100
Wide erfc(const Wide&);   ///< 2^-100
Wide sqrt(const Wide&);   ///< 2^-100

/// What stands for any positive number below 2^-5900, as e^-y and erfc y from about y = 4096 and 64 on. Products of
/// such a number with three of f64's are still below what f64 and the judgements tell from zero, but for the sign
/// (quick_of).
inline Wide vanishing() { return {Word{1} << 127, -5900 - 127, 0, false}; }

// The forms that are series at any precision, with a number of terms that is known here.
Wide exp_beyond_linear(const Wide&);           ///< relative error 2^-98
Wide tanh_deficit(const Wide&);                ///< 2^-98
Wide mills_ratio(const Wide& z, const Wide&);  ///< 2^-100
inline Wide kept_positive(const Wide& v, bool) { return v; }
template <>
Wide pi<Wide>();
template <>
Wide root_two_over_pi<Wide>();

/// Whether the sum's sign is that of the truth.
bool sign_known(const Anchored<Wide>&);

/// The sum as a quick value: two doubles in units of 2^scale, and a bound that holds whatever rounding that takes.
Quick quick_of(const Anchored<Wide>&);

}  // namespace actbench::reference
