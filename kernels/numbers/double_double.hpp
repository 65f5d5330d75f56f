// SPDX-License-Identifier: Apache-2.0
//
// Double-double arithmetic over a vocabulary's V: numbers hi + lo that are not evaluated, after Dekker, "A
// floating-point technique for extending the available precision" (1971). On such operations and their errors see
// Joldes, Muller and Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic"
// (2017).
//
// A DoubleDouble is normalized where |lo| is at most half a unit in the last place of hi. Functions may return wider
// ones, |lo| up to 2^-6 |hi|: sums and products with an Exact take them as they are, anything that multiplies or
// divides by lo needs normalized().
//
// Errors below are relative to the result, u = 2^-53 for F64, for finite operands whose products neither overflow nor
// lose bits to subnormals: f32 inputs, limited to 2^200, are far from both.
//
// Fast kernels have a double-double of their own, Split (fast.hpp), over two_sum() and two_product(). Its other
// operations are written there: g++ makes other machine code of kernels that go through the ones here.
#pragma once

#include "kernels/numbers/rough.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

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

/// Outside registers: a constant, or what many elements share, such as a row's sum. Plain data, as tables and a
/// device's shared memory need it.
template <>
struct DoubleDouble<double> {
  double hi, lo;
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
/// a + b, with the same bits in fewer operations, where |a| >= |b| or a = 0.
template <class V>
inline DoubleDouble<V> larger_first(DoubleDouble<V> a, DoubleDouble<V> b) {
  const DoubleDouble<V> s = fast_two_sum(a.hi, b.hi);
  return {s.hi, s.lo + (a.lo + b.lo)};
}
template <class V>
inline DoubleDouble<V> larger_first(Exact<V> a, DoubleDouble<V> b) {
  const DoubleDouble<V> s = fast_two_sum(a.v, b.hi);
  return {s.hi, s.lo + b.lo};
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

// ---- Outside registers

inline DoubleDouble<double> added(DoubleDouble<double> a, double b, double b_low) {
  const DoubleDouble<double> s = two_sum(a.hi, b);
  return {s.hi, a.lo + (s.lo + b_low)};
}

inline DoubleDouble<F64> everywhere(DoubleDouble<double> a) { return {F64(a.hi), F64(a.lo)}; }

/// Of a register whose lanes hold the same number, that one.
inline double first_of(F64 a) {
  double lanes[F64::lanes];
  store(lanes, a);
  return lanes[0];
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
