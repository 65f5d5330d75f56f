// SPDX-License-Identifier: Apache-2.0
//
// The numbers that kernels compute with, over a vocabulary's V. An activation is written once, over any of them:
//
//   Rough   one V, every operation rounded: error of the whole below rough_error, at V's own speed;
//   Exact   one V that is what it says, the input or a parameter;
//   DoubleDouble     two V whose unevaluated sum is the value: what operations on Exact give, with about twice V's
//   precision.
//
// For f32 and the half types an accurate kernel takes the Rough result wherever that decides the rounding, and starts
// again from Exact where not; for f64 it always starts from Exact.
//
// A DoubleDouble is normalized where |lo| is at most half a unit in the last place of hi. Functions may return wider
// ones, |lo| up to 2^-6 |hi|: sums and products with an Exact take them as they are, anything that multiplies or
// divides by lo needs normalized().
//
// Errors below are relative to the result, u = 2^-53 for F64, for finite operands whose products neither overflow nor
// lose bits to subnormals: f32 inputs, limited to 2^200, are far from both.
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

template <class V>
struct Exact {
  V v;
  Exact(V a) : v(a) {}
  Exact(double a) : v(a) {}
};

template <class V>
struct DoubleDouble {
  V hi, lo;
  DoubleDouble(V high, V low) : hi(high), lo(low) {}
  DoubleDouble(Exact<V> a) : hi(a.v), lo(0.0) {}

  /// A constant given to twice the precision.
  static DoubleDouble constant(double high, double low) { return {V(high), V(low)}; }
};

/// a + b exactly (Knuth), and the same in half the operations where |a| >= |b| or a = 0 (Dekker).
template <class V>
inline DoubleDouble<V> two_sum(V a, V b) {
  const V s = a + b;
  const V b_part = s - a;
  return {s, (a - (s - b_part)) + (b - b_part)};
}
template <class V>
inline DoubleDouble<V> fast_two_sum(V a, V b) {
  const V s = a + b;
  return {s, b - (s - a)};
}
/// a·b exactly.
template <class V>
inline DoubleDouble<V> two_product(V a, V b) {
  const V p = a * b;
  return {p, fma(a, b, -p)};
}

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

template <class V>
inline DoubleDouble<V> normalized(DoubleDouble<V> a) {
  return fast_two_sum(a.hi, a.lo);
}

// Exact operands: the results are exact, but for division (2u²).
template <class V>
inline Exact<V> operator-(Exact<V> a) {
  return -a.v;
}
template <class V>
inline DoubleDouble<V> operator+(Exact<V> a, Exact<V> b) {
  return two_sum(a.v, b.v);
}
template <class V>
inline DoubleDouble<V> operator-(Exact<V> a, Exact<V> b) {
  return two_sum(a.v, -b.v);
}
template <class V>
inline DoubleDouble<V> operator*(Exact<V> a, Exact<V> b) {
  return two_product(a.v, b.v);
}

template <class V>
inline DoubleDouble<V> operator-(DoubleDouble<V> a) {
  return {-a.hi, -a.lo};
}
/// Error below 2u² where the terms have the same sign; 2u² of the larger term otherwise.
template <class V>
inline DoubleDouble<V> operator+(DoubleDouble<V> a, Exact<V> b) {
  const DoubleDouble<V> s = two_sum(a.hi, b.v);
  return {s.hi, s.lo + a.lo};
}
template <class V>
inline DoubleDouble<V> operator+(Exact<V> a, DoubleDouble<V> b) {
  return b + a;
}
template <class V>
inline DoubleDouble<V> operator+(DoubleDouble<V> a, DoubleDouble<V> b) {
  const DoubleDouble<V> s = two_sum(a.hi, b.hi);
  return {s.hi, s.lo + (a.lo + b.lo)};
}
template <class V, class B>
inline DoubleDouble<V> operator-(DoubleDouble<V> a, B b) {
  return a + -b;
}
template <class V>
inline DoubleDouble<V> operator-(Exact<V> a, DoubleDouble<V> b) {
  return -b + a;
}
/// Error below 4u² for normalized operands.
template <class V>
inline DoubleDouble<V> operator*(DoubleDouble<V> a, Exact<V> b) {
  const V p = a.hi * b.v;
  return {p, fma(a.lo, b.v, fma(a.hi, b.v, -p))};
}
template <class V>
inline DoubleDouble<V> operator*(Exact<V> a, DoubleDouble<V> b) {
  return b * a;
}
template <class V>
inline DoubleDouble<V> operator*(DoubleDouble<V> a, DoubleDouble<V> b) {
  const V p = a.hi * b.hi;
  return {p, fma(a.hi, b.lo, fma(a.lo, b.hi, fma(a.hi, b.hi, -p)))};
}
/// Error below 4u²; exact where the quotient is a V. The reciprocal is the same for all elements where b is.
template <class V>
inline DoubleDouble<V> operator/(DoubleDouble<V> a, Exact<V> b) {
  const V q = a.hi / b.v;
  return {q, (fma(-q, b.v, a.hi) + a.lo) * (V(1.0) / b.v)};
}
template <class V>
inline DoubleDouble<V> operator/(Exact<V> a, Exact<V> b) {
  return DoubleDouble<V>(a) / b;
}
/// Error below 16u² for a normalized b; exact where a, b and the quotient are V: the product with the reciprocal is off
/// by 2u, which one step of Newton's method mends.
template <class V>
inline DoubleDouble<V> operator/(DoubleDouble<V> a, DoubleDouble<V> b) {
  const V reciprocal = V(1.0) / b.hi;
  const V near = a.hi * reciprocal;
  const V q = fma(fma(-near, b.hi, a.hi), reciprocal, near);
  return {q, (fma(-q, b.hi, a.hi) + fma(-q, b.lo, a.lo)) * reciprocal};
}
template <class V>
inline DoubleDouble<V> operator/(Exact<V> a, DoubleDouble<V> b) {
  return DoubleDouble<V>(a) / b;
}

// The same with a plain number on one side.
template <class V>
inline auto operator+(Exact<V> a, double b) {
  return a + Exact<V>(b);
}
template <class V>
inline auto operator+(DoubleDouble<V> a, double b) {
  return a + Exact<V>(b);
}
template <class V>
inline auto operator/(DoubleDouble<V> a, double b) {
  return a / Exact<V>(b);
}

/// a·factor, exactly: factor is a power of two.
template <class V>
inline Exact<V> scale(Exact<V> a, double factor) {
  return a.v * V(factor);
}
template <class V>
inline DoubleDouble<V> scale(DoubleDouble<V> a, double factor) {
  return {a.hi * V(factor), a.lo * V(factor)};
}

template <class V>
inline Mask<V> operator<(Exact<V> a, double b) {
  return a.v < V(b);
}
template <class V>
inline Mask<V> operator<=(Exact<V> a, double b) {
  return a.v <= V(b);
}
template <class V>
inline Mask<V> operator>(Exact<V> a, double b) {
  return a.v > V(b);
}
template <class V>
inline Mask<V> operator>=(Exact<V> a, double b) {
  return a.v >= V(b);
}

template <class V>
inline Mask<V> operator>(Exact<V> a, Exact<V> b) {
  return a.v > b.v;
}
template <class V>
inline Mask<V> operator<=(Exact<V> a, Exact<V> b) {
  return a.v <= b.v;
}

template <class V>
inline Exact<V> select(Mask<V> m, Exact<V> a, Exact<V> b) {
  return select(m, a.v, b.v);
}
template <class V>
inline DoubleDouble<V> select(Mask<V> m, DoubleDouble<V> a, DoubleDouble<V> b) {
  return {select(m, a.hi, b.hi), select(m, a.lo, b.lo)};
}
template <class V>
inline DoubleDouble<V> select(Mask<V> m, Exact<V> a, DoubleDouble<V> b) {
  return select(m, DoubleDouble<V>(a), b);
}
template <class V>
inline DoubleDouble<V> select(Mask<V> m, double a, DoubleDouble<V> b) {
  return select(m, DoubleDouble<V>(Exact<V>(a)), b);
}

/// The leading part of a number.
template <class V>
inline V leading(Exact<V> a) {
  return a.v;
}
template <class V>
inline V leading(DoubleDouble<V> a) {
  return a.hi;
}

template <class V>
inline Exact<V> abs(Exact<V> a) {
  return abs(a.v);
}
template <class V>
inline DoubleDouble<V> abs(DoubleDouble<V> a) {
  return {abs(a.hi), xor_sign(a.lo, a.hi)};
}

/// The V nearest to a that is fit to be rounded once more, to a type of at most 51 bits, as if from a itself.
template <class V>
inline V last_step(DoubleDouble<V> a) {
  const DoubleDouble<V> s = normalized(a);
  return round_to_odd(s.hi, s.lo);
}
template <class V>
inline V last_step(Exact<V> a) {
  return a.v;
}

/// c[0] + c[1] x + … by halves (Estrin), which keeps the chain of dependent operations short.
template <int First, int Count, class Element, class V>
inline V polynomial_part(const Element* c, const V* powers) {
  if constexpr (Count == 1) {
    return V(c[First]);
  } else {
    constexpr int level = Count > 16 ? 4 : Count > 8 ? 3 : Count > 4 ? 2 : Count > 2 ? 1 : 0;
    constexpr int half = 1 << level;
    return fma(polynomial_part<First + half, Count - half>(c, powers), powers[level],
               polynomial_part<First, half>(c, powers));
  }
}
template <class V, class Element, int Count>
inline V polynomial(V x, const Element (&c)[Count]) {
  V powers[5] = {x, x, x, x, x};
  for (int i = 1; i < 5 && (1 << i) < Count; ++i) powers[i] = powers[i - 1] * powers[i - 1];
  return polynomial_part<0, Count>(c, powers);
}
template <class V, int Count>
inline V rough_polynomial(V x, const double (&c)[Count]) {
  return polynomial(x, c);
}
/// c[First] + c[First + 1] x + …
template <int First, class V, class Element, int Count>
inline V polynomial_from(V x, const Element (&c)[Count]) {
  V powers[5] = {x, x, x, x, x};
  for (int i = 1; i < 5 && (1 << i) < Count - First; ++i) powers[i] = powers[i - 1] * powers[i - 1];
  return polynomial_part<First, Count - First>(c, powers);
}
/// The same as polynomial, but the first coefficient last: for small x it rounds only once, nearly.
template <class V, class Element, int Count>
inline V polynomial_from_first(V x, const Element (&c)[Count]) {
  return fma(x, polynomial_from<1>(x, c), V(c[0]));
}

/// A constant as the sum of two doubles.
struct Pair {
  double hi, lo;
};

/// low[0] + low[1] x + … + x^Pairs (high[0] + high[1] x + …), its first Pairs steps with the precision of a
/// DoubleDouble: for where the rest is small enough to be left to one V.
template <class V, int Pairs, int Count>
inline DoubleDouble<V> polynomial(DoubleDouble<V> x, const Pair (&low)[Pairs], const double (&high)[Count]) {
  DoubleDouble<V> result = Exact<V>(polynomial(x.hi, high));
  for (int i = Pairs - 1; i >= 0; --i)
    result = normalized(result * x + DoubleDouble<V>::constant(low[i].hi, low[i].lo));
  return result;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
