// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of Input and Split.
#pragma once

#include "kernels/numbers/body.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V>
inline Split<V> split(DoubleDouble<V> a) {
  return {a.hi, a.lo};
}
template <class V>
inline Input<V> operator-(Input<V> a) {
  return -a.v;
}
template <class V>
inline Split<V> operator-(Split<V> a) {
  return {-a.hi, -a.lo};
}
template <class V>
inline Split<V> operator+(Input<V> a, Input<V> b) {
  return split(two_sum(a.v, b.v));
}
template <class V>
inline Split<V> operator-(Input<V> a, Input<V> b) {
  return split(two_sum(a.v, -b.v));
}
template <class V>
inline Split<V> operator*(Input<V> a, Input<V> b) {
  return split(two_product(a.v, b.v));
}
template <class V>
inline Split<V> operator+(Split<V> a, Input<V> b) {
  const DoubleDouble<V> s = two_sum(a.hi, b.v);
  return {s.hi, s.lo + a.lo};
}
template <class V>
inline Split<V> operator+(Split<V> a, Split<V> b) {
  const DoubleDouble<V> s = two_sum(a.hi, b.hi);
  return {s.hi, s.lo + (a.lo + b.lo)};
}
template <class V>
inline Split<V> operator*(Split<V> a, Input<V> b) {
  const V p = a.hi * b.v;
  return {p, fma(a.lo, b.v, fma(a.hi, b.v, -p))};
}
template <class V>
inline Split<V> operator*(Input<V> a, Split<V> b) {
  return b * a;
}
template <class V>
inline Split<V> operator*(Split<V> a, Split<V> b) {
  const V p = a.hi * b.hi;
  return {p, fma(a.hi, b.lo, fma(a.lo, b.hi, fma(a.hi, b.hi, -p)))};
}
template <class V>
inline Split<V> operator/(Split<V> a, Input<V> b) {
  const V reciprocal = number<V>(1) / b.v, q = a.hi * reciprocal;
  return {q, (fma(-q, b.v, a.hi) + a.lo) * reciprocal};
}
template <class V>
inline Split<V> operator/(Input<V> a, Input<V> b) {
  return Split<V>(a) / b;
}
/// A quotient that is rounded correctly for any a, next to nothing too; a device's operator/ is not.
template <class V>
inline V quotient_of_any(V a, V b) {
  if constexpr (precise<V>) {
    return a / b;
  } else {
    return quotient_of_any(bare(a), bare(b));
  }
}
template <class V>
inline Rounded<V> operator/(Input<V> a, Split<V> b) {
  return quotient_of_any(a.v, b.hi);
}
template <class V>
inline V divided(V a, Input<V> b) {
  const V reciprocal = number<V>(1) / b.v;
  if constexpr (!precise<V>) return a * reciprocal;
  const V lost = fma(-reciprocal, b.v, number<V>(1)) * reciprocal;
  return fma(a, reciprocal, a * lost);
}
template <class V>
inline V divided(V a, Split<V> b) {
  return a / b.hi;
}
template <class V>
inline Rounded<V> operator/(Split<V> a, Split<V> b) {
  return a.hi / b.hi;
}
template <class V, class B>
requires FastArgument<B>
inline Split<V> operator-(Split<V> a, B b) { return a + -b; }
template <class V>
inline Split<V> operator-(Input<V> a, Split<V> b) {
  return -b + a;
}
/// a/b, not by a reciprocal that is the same for all, to about twice the precision.
template <class V>
inline Split<V> careful_quotient(Split<V> a, Split<V> b) {
  if constexpr (!precise<V>) return {a.hi / b.hi, number<V>(0)};
  const V reciprocal = number<V>(1) / b.hi, q = a.hi * reciprocal;
  return {q, fma(-q, b.lo, fma(-q, b.hi, a.hi) + a.lo) * reciprocal};
}
template <class V>
inline Split<V> operator+(Input<V> a, double b) {
  return a + Input<V>(b);
}
template <class V>
inline Split<V> operator+(Split<V> a, double b) {
  return a + Input<V>(b);
}
template <class V>
inline Split<V> operator/(Split<V> a, double b) {
  return a / Input<V>(b);
}

template <class V>
inline Mask<V> operator<(Input<V> a, double b) {
  return a.v < number<V>(b);
}
template <class V>
inline Mask<V> operator<=(Input<V> a, double b) {
  return a.v <= number<V>(b);
}
template <class V>
inline Mask<V> operator>(Input<V> a, double b) {
  return a.v > number<V>(b);
}
template <class V>
inline Mask<V> operator>=(Input<V> a, double b) {
  return a.v >= number<V>(b);
}

template <class V>
inline Split<V> select(Mask<V> m, Split<V> a, Split<V> b) {
  return {select(m, a.hi, b.hi), select(m, a.lo, b.lo)};
}
template <class V>
inline Split<V> select(Mask<V> m, Input<V> a, Split<V> b) {
  return select(m, Split<V>(a), b);
}
template <class V>
inline Split<V> select(Mask<V> m, double a, Split<V> b) {
  return select(m, Input<V>(a), b);
}
template <class V>
inline Input<V> select(Mask<V> m, Input<V> a, Input<V> b) {
  return select(m, a.v, b.v);
}

template <class V>
inline Input<V> abs(Input<V> a) {
  return abs(a.v);
}
template <class V>
inline Split<V> abs(Split<V> a) {
  return {abs(a.hi), xor_sign(a.lo, a.hi)};
}
/// a·factor, a power of two.
template <class V>
inline Input<V> scale(Input<V> a, double factor) {
  return a.v * number<V>(factor);
}
template <class V>
inline Split<V> scale(Split<V> a, double factor) {
  return {a.hi * number<V>(factor), a.lo * number<V>(factor)};
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
