// SPDX-License-Identifier: Apache-2.0
//
// e^x and e^x - 1: to about 2^-64 from an Exact or a DoubleDouble, to about 2^-43 from a Rough.
//
// A DoubleDouble needs room below its leading part, which f64 does not have next to its smallest numbers. So e^x as a
// DoubleDouble comes scaled: 2^128 times too large where it is below 2^-300, and as many times too small above 2^300.
// Beside any other number it is then still next to nothing, or everything, and what is proportional to it is scaled as
// much. A caller who takes a result that small compares it with the Rough one to see whether it was scaled
// (kernels/elementwise/double_double.hpp).
//
// x = n ln 2 + r with |r| <= ln(2)/2. n ln 2 is taken off in three steps, the first exact (42 bits of ln 2 times an n
// of at most 11). Then e^r - 1 = r + r² (1/2 + r/6 + r²/24 + r³ P(r)), P of degree 9 (2^-70) and the only part that is
// left to plain arithmetic; or roughly r + r² Q(r), Q of degree 7 (2^-44). Fitted by scripts/fit/exp.sollya. In the
// body (kernels/numbers/body.hpp) nothing is limited or scaled.
#pragma once

#include "kernels/math/coarse.hpp"
#include "kernels/numbers/deep.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// e^x = power·(1 + minus_one), where minus_one = e^r - 1 keeps its relative precision down to r = 0.
template <class V, class Number>
struct Exponential {
  V power;
  Number minus_one;
};

/// |x| beyond 708 counts as 708: all that a double's exponent has room for.
template <class V>
inline Rough<V> limit(Rough<V> x) {
  return max(V(-708.0), min(V(708.0), x.v));
}
template <class V>
inline Rough<Body<V>> limit(Rough<Body<V>> x) {
  return x;
}
template <class V>
inline DoubleDouble<Body<V>> limit(DoubleDouble<Body<V>> x) {
  return x;
}
/// |x| beyond largest_exponent counts as that.
template <class V>
inline DoubleDouble<V> limit(DoubleDouble<V> x) {
  constexpr double most = largest_exponent<V>;
  return {max(V(-most), min(V(most), x.hi)), select(abs(x.hi) <= V(most), x.lo, V(0.0))};
}
template <class V>
inline DoubleDouble<V> limit(Exact<V> x) {
  return limit(DoubleDouble<V>(x));
}

// Adding 1.5·2^52 rounds to an integer and leaves it in the low bits, for power_of_two.
template <class V>
__attribute__((always_inline)) inline Exponential<V, DoubleDouble<V>> exponential(DoubleDouble<V> x) {
  constexpr DoubleDouble<double> low[] = {
      {0.5, 0.0}, {0x1.5555555555555p-3, 0x1.5555555555555p-57}, {0x1.5555555555555p-5, 0x1.5555555555555p-59}};
  constexpr double high[] = {0x1.1111111111111p-7,  0x1.6c16c16c16c17p-10, 0x1.a01a01a01a04ep-13, 0x1.a01a01a019986p-16,
                             0x1.71de3a569cedp-19,  0x1.27e4fb7b0e0d1p-22, 0x1.ae6441a546a2bp-26, 0x1.1eed74ff6a37fp-29,
                             0x1.619a02d3284c5p-33, 0x1.944509fc52bdp-37};
  const V shifted = fma(x.hi, V(0x1.71547652b82fep0), V(0x1.8p52));
  const V n = shifted - V(0x1.8p52);
  const DoubleDouble<V> middle = two_product(n, V(-0x1.ef35793c7673p-45));
  const DoubleDouble<V> sum = two_sum(fma(n, V(-0x1.62e42fefa38p-1), x.hi), middle.hi);
  const DoubleDouble<V> r =
      normalized(DoubleDouble<V>(sum.hi, sum.lo + (middle.lo + fma(n, V(-0x1.f97b57a079a19p-103), x.lo))));
  return {scaled_power(shifted, x.hi), normalized(larger_first(r, r * r * falling_polynomial(r, low, high)))};
}
template <class V>
inline Exponential<V, Rough<V>> exponential(Rough<V> x) {
  constexpr double q[] = {0x1.fffffffffe06p-2,   0x1.5555555552755p-3,  0x1.55555565c8882p-5,  0x1.111111218467p-7,
                          0x1.6c166bdcb60c7p-10, 0x1.a01997d6ebc21p-13, 0x1.a136c1ba40b78p-16, 0x1.72e11871dfbaep-19};
  const V shifted = fma(x.v, V(0x1.71547652b82fep0), V(0x1.8p52));
  const V r = fma(shifted - V(0x1.8p52), V(-0x1.62e42fefa39efp-1), x.v);
  return {power_of_two(shifted), fma(r * r, rough_polynomial(r, q), r)};
}

/// In the body, where a vocabulary has the table, x = n ln 2 + r with n in eighths, |r| <= ln(2)/16 and Q of degree 4
/// (2^-48).
template <HasEighths V>
inline Exponential<Body<V>, Rough<Body<V>>> exponential(Rough<Body<V>> x) {
  using Both = Body<V>;
  constexpr double q[] = {0x1.000000000005dp-1, 0x1.5555554dd0ffbp-3, 0x1.5555554b8bd1cp-5, 0x1.1114f98662d7ep-7,
                          0x1.6c1c3aded997cp-10};
  static constexpr uint64_t eighths[] = {0x3ff0000000000000, 0x3fef72b83c7d517b, 0x3fef06fe0a31b715,
                                         0x3feebfdad5362a27, 0x3feea09e667f3bcd, 0x3feeace5422aa0db,
                                         0x3feee89f995ad3ad, 0x3fef5818dcfba487};
  const Both shifted = fma(x.v, Both(0x1.71547652b82fep0), Both(0x1.8p49));
  const Both r = fma(shifted - Both(0x1.8p49), Both(-0x1.62e42fefa39efp-1), x.v);
  return {from_eighths(eighths, shifted), fma(r * r, rough_polynomial(r, q), r)};
}

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> exp(Number<V> x) {
  const auto e = exponential(limit(x));
  const DoubleDouble<V> s = fast_two_sum(V(1.0), e.minus_one.hi);
  return normalized(DoubleDouble<V>(e.power * s.hi, e.power * (s.lo + e.minus_one.lo)));
}
template <class V>
inline Rough<V> exp(Rough<V> x) {
  const auto e = exponential(limit(x));
  return fma(e.power, e.minus_one.v, e.power);
}

/// e^x - 1, with its relative precision down to x = 0.
template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> expm1(Number<V> x) {
  const auto e = exponential(limit(x));
  const DoubleDouble<V> scaled(e.power * e.minus_one.hi, e.power * e.minus_one.lo);
  return normalized(two_sum(e.power, V(-1.0)) + scaled);
}
template <class V>
inline Rough<V> expm1(Rough<V> x) {
  const auto e = exponential(limit(x));
  return fma(e.power, e.minus_one.v, e.power - V(1.0));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
