// SPDX-License-Identifier: Apache-2.0
//
// Interval arithmetic. Both ends are MPFR numbers of 50 digits; every operation rounds its lower end down and its upper
// end up. A side without a bound has an infinite end.
#pragma once

#include <boost/multiprecision/mpfr.hpp>
#include <concepts>
#include <limits>

#include "reference/bracket.hpp"

namespace actbench::reference {

using Bound =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<50, boost::multiprecision::allocate_stack>,
                                  boost::multiprecision::et_off>;

inline mpfr_ptr raw(Bound& v) { return v.backend().data(); }
inline mpfr_srcptr raw(const Bound& v) { return v.backend().data(); }

struct Interval {
  Bound low, high;

  Interval() {
    mpfr_set_zero(raw(low), 1);
    mpfr_set_zero(raw(high), 1);
  }
  Interval(const Bound& l, const Bound& h) : low(l), high(h) {}
  template <std::integral I>
  Interval(I v) : low(v), high(low) {}  // NOLINT(google-explicit-constructor): definitions mix numbers with integers
  Interval(double v) : low(v), high(low) {}  // NOLINT(google-explicit-constructor)

  bool is_point() const { return mpfr_equal_p(raw(low), raw(high)) != 0; }
  bool contains_zero() const { return mpfr_sgn(raw(low)) <= 0 && mpfr_sgn(raw(high)) >= 0; }
  /// 1 or -1 where all of it is on that side of zero, 0 elsewhere.
  int sign() const { return mpfr_sgn(raw(low)) > 0 ? 1 : mpfr_sgn(raw(high)) < 0 ? -1 : 0; }
};

inline Interval everything() {
  return {Bound(-std::numeric_limits<double>::infinity()), Bound(std::numeric_limits<double>::infinity())};
}

/// An end that infinities leave undefined (NaN) says nothing: the interval becomes the whole line.
inline void define(Interval& v) {
  if (mpfr_nan_p(raw(v.low)) || mpfr_nan_p(raw(v.high))) v = everything();
}

inline Interval hull(const Interval& a, const Interval& b) {
  return {a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

inline bool disjoint(const Interval& a, const Interval& b) { return a.high < b.low || b.high < a.low; }

/// The intersection of two intervals that hold the same number.
inline Interval intersection(const Interval& a, const Interval& b) {
  return {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high};
}

inline Interval operator-(const Interval& v) {
  Interval out;
  mpfr_neg(raw(out.low), raw(v.high), MPFR_RNDD);
  mpfr_neg(raw(out.high), raw(v.low), MPFR_RNDU);
  return out;
}

inline Interval operator+(const Interval& a, const Interval& b) {
  Interval out;
  mpfr_add(raw(out.low), raw(a.low), raw(b.low), MPFR_RNDD);
  mpfr_add(raw(out.high), raw(a.high), raw(b.high), MPFR_RNDU);
  define(out);
  return out;
}

inline Interval operator-(const Interval& a, const Interval& b) {
  Interval out;
  mpfr_sub(raw(out.low), raw(a.low), raw(b.high), MPFR_RNDD);
  mpfr_sub(raw(out.high), raw(a.high), raw(b.low), MPFR_RNDU);
  define(out);
  return out;
}

/// 0·∞ is 0 here: an end at infinity says that there is no bound, not that the number is infinite.
inline void multiply(Bound& out, const Bound& a, const Bound& b, mpfr_rnd_t direction) {
  if (mpfr_zero_p(raw(a)) || mpfr_zero_p(raw(b))) {
    mpfr_set_zero(raw(out), 1);
  } else {
    mpfr_mul(raw(out), raw(a), raw(b), direction);
  }
}

inline Interval operator*(const Interval& a, const Interval& b) {
  // 1: all of it at or above zero, -1: at or below, 0: on both sides.
  const auto side = [](const Interval& v) {
    return mpfr_sgn(raw(v.low)) >= 0 ? 1 : mpfr_sgn(raw(v.high)) <= 0 ? -1 : 0;
  };
  const int s = side(a), t = side(b);
  Interval out;
  if (s != 0 && t != 0) {
    // Which end of the one counts depends on the side of the other.
    multiply(out.low, t > 0 ? a.low : a.high, s > 0 ? b.low : b.high, MPFR_RNDD);
    multiply(out.high, t > 0 ? a.high : a.low, s > 0 ? b.high : b.low, MPFR_RNDU);
    return out;
  }
  bool first = true;
  Bound corner;
  for (const Bound* p : {&a.low, &a.high}) {
    for (const Bound* q : {&b.low, &b.high}) {
      multiply(corner, *p, *q, MPFR_RNDD);
      if (first || mpfr_less_p(raw(corner), raw(out.low))) mpfr_set(raw(out.low), raw(corner), MPFR_RNDD);
      multiply(corner, *p, *q, MPFR_RNDU);
      if (first || mpfr_greater_p(raw(corner), raw(out.high))) mpfr_set(raw(out.high), raw(corner), MPFR_RNDU);
      first = false;
    }
  }
  return out;
}

/// Times or over a small positive integer.
inline Interval times(const Interval& v, unsigned long k) {
  Interval out;
  mpfr_mul_ui(raw(out.low), raw(v.low), k, MPFR_RNDD);
  mpfr_mul_ui(raw(out.high), raw(v.high), k, MPFR_RNDU);
  return out;
}
inline Interval over(const Interval& v, unsigned long k) {
  Interval out;
  mpfr_div_ui(raw(out.low), raw(v.low), k, MPFR_RNDD);
  mpfr_div_ui(raw(out.high), raw(v.high), k, MPFR_RNDU);
  return out;
}

inline Interval operator/(const Interval& a, const Interval& b) {
  if (b.contains_zero()) return everything();
  Interval inverse;
  mpfr_ui_div(raw(inverse.low), 1, raw(b.high), MPFR_RNDD);
  mpfr_ui_div(raw(inverse.high), 1, raw(b.low), MPFR_RNDU);
  return a * inverse;
}

/// The interval of a function that rises with its argument.
inline Interval rising(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const Interval& v) {
  Interval out;
  f(raw(out.low), raw(v.low), MPFR_RNDD);
  f(raw(out.high), raw(v.high), MPFR_RNDU);
  return out;
}

inline Interval exp(const Interval& v) { return rising(mpfr_exp, v); }
inline Interval expm1(const Interval& v) { return rising(mpfr_expm1, v); }
inline Interval log1p(const Interval& v) { return rising(mpfr_log1p, v); }
inline Interval tanh(const Interval& v) { return rising(mpfr_tanh, v); }
inline Interval erf(const Interval& v) { return rising(mpfr_erf, v); }
inline Interval sqrt(const Interval& v) { return rising(mpfr_sqrt, v); }
inline Interval erfc(const Interval& v) {
  Interval out;
  mpfr_erfc(raw(out.low), raw(v.high), MPFR_RNDD);
  mpfr_erfc(raw(out.high), raw(v.low), MPFR_RNDU);
  return out;
}

inline Interval pi_interval() {
  Interval v;
  mpfr_const_pi(raw(v.low), MPFR_RNDD);
  mpfr_const_pi(raw(v.high), MPFR_RNDU);
  return v;
}

/// The largest size of the numbers in it.
inline Bound size_bound(const Interval& v) {
  const Bound low = -v.low;
  return low > v.high ? low : v.high;
}

/// The smallest size of the numbers in it.
inline Bound least_size(const Interval& v) {
  if (v.contains_zero()) return 0;
  return v.low > 0 ? v.low : Bound(-v.high);
}

/// Two doubles around it.
inline Bracket bracket_of(const Interval& v) {
  return {mpfr_get_d(raw(v.low), MPFR_RNDD), mpfr_get_d(raw(v.high), MPFR_RNDU)};
}

}  // namespace actbench::reference
