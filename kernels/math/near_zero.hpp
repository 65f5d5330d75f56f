// SPDX-License-Identifier: Apache-2.0
//
// A function next to one of its zeros, where its terms cancel: (x - zero) P(x - zero), the zero to three times a
// double's precision, so that the result keeps its relative precision however small it is.
#pragma once

#include "kernels/math/polynomial.hpp"
#include "kernels/numbers/scaled.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Zero {
  double hi, mid, lo;
};

template <class V, int Pairs, int Count>
__attribute__((always_inline)) inline DoubleDouble<V> near_zero(DoubleDouble<V> x, const Zero& zero,
                                                                const DoubleDouble<double> (&low)[Pairs],
                                                                const double (&high)[Count]) {
  const DoubleDouble<V> a = two_sum(x.hi, V(-zero.hi));
  const DoubleDouble<V> b = two_sum(a.hi, V(-zero.mid));
  const DoubleDouble<V> d = normalized(DoubleDouble<V>(b.hi, b.lo + ((a.lo + x.lo) - V(zero.lo))));
  return normalized(d * polynomial(d, low, high));
}
/// At x + rest, for where rounding x to one V is too much.
template <class V, int Count>
inline Rough<V> near_zero(Rough<V> x, V rest, const Zero& zero, const double (&p)[Count]) {
  const V d = (x.v - V(zero.hi)) + (rest - V(zero.mid));
  return d * rough_polynomial(d, p);
}

template <int Count>
struct Coefficients {
  double c[Count] = {};
};
template <int Pairs, int Count>
constexpr Coefficients<Pairs + Count> leading_parts(const DoubleDouble<double> (&low)[Pairs],
                                                    const double (&high)[Count]) {
  Coefficients<Pairs + Count> all;
  for (int i = 0; i < Pairs; ++i) all.c[i] = low[i].hi;
  for (int i = 0; i < Count; ++i) all.c[Pairs + i] = high[i];
  return all;
}
/// For fast kernels, |x - zero| < 1/4 or anything: in f64 by the same coefficients, each one double, in f32 by those of
/// Near::single, which scripts/fit/fast.py fitted.
template <class Near, class V>
struct FastZero;
template <class Near>
struct FastZero<Near, F32> {
  static constexpr float hi = static_cast<float>(Near::zero.hi);
  static constexpr float lo = static_cast<float>((Near::zero.hi - static_cast<double>(hi)) + Near::zero.mid);
  template <class V>
  static V slope(V d) {
    return polynomial_from_first(d, Near::single);
  }
};
template <class Near, class T>
struct FastZero<Near, Coarse<T>> : FastZero<Near, F32> {
  template <class V>
  static V slope(V d) {
    return polynomial(d, Near::single);
  }
};
template <class Near>
struct FastZero<Near, F64> {
  static constexpr double hi = Near::zero.hi, lo = Near::zero.mid;
  static constexpr auto coefficients = leading_parts(Near::low, Near::high);
  template <class V>
  static V slope(V d) {
    return polynomial_from_first(d, coefficients.c);
  }
};
template <class Near, class V>
struct FastZero<Near, Body<V>> : FastZero<Near, V> {};
template <class Near, class V>
inline Mask<V> is_near(V x) {
  return abs(x - V(FastZero<Near, V>::hi)) < number<V>(0.25);
}
template <class Near, class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> fast_near_zero(Number<V> x) {
  using Z = FastZero<Near, V>;
  const V d = (plain(x) - V(Z::hi)) + (low_part(x) - V(Z::lo));
  return d * scale_up<V>() * Z::slope(d);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
