// SPDX-License-Identifier: Apache-2.0
//
// Intervals that hold what they stand for: both ends are MPFR numbers of 50 digits, every operation rounds its lower
// end down and its upper end up. What has no bound has an infinite end.
#pragma once

#include <algorithm>
#include <array>
#include <boost/multiprecision/mpfr.hpp>
#include <concepts>
#include <limits>
#include <utility>

#include "reference/curve.hpp"

namespace actbench::reference {

using Bound =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<50, boost::multiprecision::allocate_stack>,
                                  boost::multiprecision::et_off>;

struct Interval {
  Bound low{0}, high{0};

  Interval() = default;
  Interval(Bound l, Bound h) : low(std::move(l)), high(std::move(h)) {}
  template <std::integral I>
  Interval(I v) : low(v), high(v) {}       // NOLINT(google-explicit-constructor): definitions mix numbers with integers
  Interval(double v) : low(v), high(v) {}  // NOLINT(google-explicit-constructor)

  bool is_point() const { return low == high; }
  bool contains_zero() const { return low <= 0 && high >= 0; }
  /// 1 or -1 where all of it is on that side of zero, 0 elsewhere.
  int sign() const { return low > 0 ? 1 : high < 0 ? -1 : 0; }
};

namespace rounded {

inline Bound unary(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const Bound& a, mpfr_rnd_t direction) {
  Bound out;
  f(out.backend().data(), a.backend().data(), direction);
  return out;
}
inline Bound binary(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t), const Bound& a, const Bound& b,
                    mpfr_rnd_t direction) {
  Bound out;
  f(out.backend().data(), a.backend().data(), b.backend().data(), direction);
  return out;
}

}  // namespace rounded

inline Interval everything() {
  return {Bound(-std::numeric_limits<double>::infinity()), Bound(std::numeric_limits<double>::infinity())};
}

/// Where an end is what infinities leave undefined, nothing is known.
inline Interval defined(Interval v) {
  return mpfr_nan_p(v.low.backend().data()) || mpfr_nan_p(v.high.backend().data()) ? everything() : v;
}

inline Interval hull(const Interval& a, const Interval& b) {
  return {a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

/// Of two that hold the same number.
inline Interval intersection(const Interval& a, const Interval& b) {
  return {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

inline Interval operator-(const Interval& v) { return {Bound(-v.high), Bound(-v.low)}; }

inline Interval operator+(const Interval& a, const Interval& b) {
  return defined(
      {rounded::binary(mpfr_add, a.low, b.low, MPFR_RNDD), rounded::binary(mpfr_add, a.high, b.high, MPFR_RNDU)});
}

inline Interval operator-(const Interval& a, const Interval& b) {
  return defined(
      {rounded::binary(mpfr_sub, a.low, b.high, MPFR_RNDD), rounded::binary(mpfr_sub, a.high, b.low, MPFR_RNDU)});
}

/// 0·∞ is 0 here: an end at infinity says that there is no bound, not that the number is infinite.
inline Bound product(const Bound& a, const Bound& b, mpfr_rnd_t direction) {
  if (a == 0 || b == 0) return 0;
  return rounded::binary(mpfr_mul, a, b, direction);
}

inline Interval operator*(const Interval& a, const Interval& b) {
  if (a.low >= 0 && b.low >= 0) return {product(a.low, b.low, MPFR_RNDD), product(a.high, b.high, MPFR_RNDU)};
  if (a.low >= 0 && b.high <= 0) return {product(a.high, b.low, MPFR_RNDD), product(a.low, b.high, MPFR_RNDU)};
  if (a.high <= 0 && b.low >= 0) return {product(a.low, b.high, MPFR_RNDD), product(a.high, b.low, MPFR_RNDU)};
  if (a.high <= 0 && b.high <= 0) return {product(a.high, b.high, MPFR_RNDD), product(a.low, b.low, MPFR_RNDU)};
  const auto of = [&](mpfr_rnd_t direction) {
    return std::array<Bound, 4>{product(a.low, b.low, direction), product(a.low, b.high, direction),
                                product(a.high, b.low, direction), product(a.high, b.high, direction)};
  };
  const auto down = of(MPFR_RNDD), up = of(MPFR_RNDU);
  return {*std::min_element(down.begin(), down.end()), *std::max_element(up.begin(), up.end())};
}

inline Interval operator/(const Interval& a, const Interval& b) {
  if (b.contains_zero()) return everything();
  const Interval inverse{rounded::binary(mpfr_div, Bound(1), b.high, MPFR_RNDD),
                         rounded::binary(mpfr_div, Bound(1), b.low, MPFR_RNDU)};
  return a * inverse;
}

/// The interval of a function that rises with its argument.
inline Interval rising(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const Interval& v) {
  return {rounded::unary(f, v.low, MPFR_RNDD), rounded::unary(f, v.high, MPFR_RNDU)};
}

inline Interval exp(const Interval& v) { return rising(mpfr_exp, v); }
inline Interval expm1(const Interval& v) { return rising(mpfr_expm1, v); }
inline Interval log1p(const Interval& v) { return rising(mpfr_log1p, v); }
inline Interval tanh(const Interval& v) { return rising(mpfr_tanh, v); }
inline Interval erf(const Interval& v) { return rising(mpfr_erf, v); }
inline Interval sqrt(const Interval& v) { return rising(mpfr_sqrt, v); }
inline Interval erfc(const Interval& v) {
  return {rounded::unary(mpfr_erfc, v.high, MPFR_RNDD), rounded::unary(mpfr_erfc, v.low, MPFR_RNDU)};
}

inline Interval pi_interval() {
  Interval v;
  mpfr_const_pi(v.low.backend().data(), MPFR_RNDD);
  mpfr_const_pi(v.high.backend().data(), MPFR_RNDU);
  return v;
}

/// The largest size of what it holds.
inline Bound size_bound(const Interval& v) {
  const Bound low = -v.low;
  return low > v.high ? low : v.high;
}

/// The smallest one.
inline Bound least_size(const Interval& v) {
  if (v.contains_zero()) return 0;
  return v.low > 0 ? v.low : Bound(-v.high);
}

/// As doubles around it.
inline Bracket bracket_of(const Interval& v) {
  return {mpfr_get_d(v.low.backend().data(), MPFR_RNDD), mpfr_get_d(v.high.backend().data(), MPFR_RNDU)};
}

}  // namespace actbench::reference
