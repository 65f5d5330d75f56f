// SPDX-License-Identifier: Apache-2.0
//
// The numbers that accurate kernels compute with, over a vocabulary's V. An activation is written once, over any of
// them:
//
//   Rough         one V, every operation rounded: error of the whole below rough_error, at V's own speed;
//   Exact         one V that is what it says, the input or a parameter (double_double.hpp);
//   DoubleDouble  a double-double: two V whose unevaluated sum is the value, with about twice V's precision. It is what
//                 operations on Exact give (double_double.hpp).
//
// An accurate kernel of f32 or a half type takes the Rough result wherever that decides the rounding, which is Ziv's
// rounding test, and starts again from Exact where it does not. One of f64 always starts from Exact.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Relative error that every activation stays below when computed with Rough numbers over F64.
inline constexpr double rough_error = 0x1p-39;

// What Rough numbers leave to a vocabulary that has a shorter way, since no result depends on their last bits.
/// a/b to about 2^-50, for b from 2^-1000 to 2^1000; 0 where that is as small as a product with what is beyond.
template <class V>
inline V rough_quotient(V a, V b) {
  return a / b;
}
/// As polynomial().
template <class V, int Count>
inline V rough_polynomial(V x, const double (&c)[Count]);

/// A Rough result whose error is relative to |v| + slack.
template <class V>
struct Slack {
  V v;
  V slack;
};

template <class V>
struct Rough {
  V v;
  Rough(V a) : v(a) {}
  Rough(double a) : v(a) {}

  /// A constant given to twice the precision.
  static Rough constant(double high, double) { return V(high); }

  friend Rough operator-(Rough a) { return -a.v; }
  friend Rough operator+(Rough a, Rough b) { return a.v + b.v; }
  friend Rough operator-(Rough a, Rough b) { return a.v - b.v; }
  friend Rough operator*(Rough a, Rough b) { return a.v * b.v; }
  friend Rough operator/(Rough a, Rough b) { return rough_quotient(a.v, b.v); }
  friend Rough operator/(Rough a, double b) { return a.v * V(1 / b); }
  friend Mask<V> operator<(Rough a, Rough b) { return a.v < b.v; }
  friend Mask<V> operator<=(Rough a, Rough b) { return a.v <= b.v; }
  friend Mask<V> operator>(Rough a, Rough b) { return a.v > b.v; }
  friend Mask<V> operator>=(Rough a, Rough b) { return a.v >= b.v; }
  friend Rough select(Mask<V> m, Rough a, Rough b) { return select(m, a.v, b.v); }
  friend Rough abs(Rough a) { return abs(a.v); }
  friend Rough scale(Rough a, double factor) { return a.v * V(factor); }
  friend Rough normalized(Rough a) { return a; }
  friend V leading(Rough a) { return a.v; }
};

/// A result that may be far smaller than `term`, one of the terms it is made of: their rounding is relative to that.
template <class V>
inline Slack<V> cancelling(Rough<V> term, Rough<V> result) {
  return {result.v, abs(term.v)};
}
template <class Term, class Number>
inline Number cancelling(Term, Number result) {
  return result;
}

/// Of a sum of bump and something that is rounded as if it were as large as peak.
template <class Number>
inline Number largest_term(Number peak, Number bump) {
  return peak + abs(bump);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
