// SPDX-License-Identifier: Apache-2.0
//
// σ(x) = 1/(1 + e^-x), its derivative, and the derivative of x·σ(u(x)): to about 2^-63, or 2^-43 roughly.
//
// With t = e^-|x|, σ is t/(1 + t) below 0 and 1/(1 + t) above: nothing overflows or cancels. Near 0, where σ lies next
// to 1/2 and midpoints between numbers of the type lie at multiples of x/4, it is (1/2 + x/4) - (x³/48 - x⁵/480), the
// first two exactly (the next term is below 2^-68 at 2^-8). Roughly, the definition will do.
//
// σ' is t/(1 + t)², and its series near 0, where it lies next to 1/4.
//
// Fast kernels compute the same with one division each. What falls off like e^x is a Scaled.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/near_zero.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> logistic(Number<V> number) {
  const DoubleDouble<V> x = number;
  const DoubleDouble<V> t = exp(-abs(x));
  const DoubleDouble<V> numerator = select(x.hi < V(0.0), t, DoubleDouble<V>(V(1.0), V(0.0)));
  const DoubleDouble<V> quotient = numerator / normalized(larger_first(Exact<V>(1.0), t));
  const DoubleDouble<V> line = fast_two_sum(V(0.5), x.hi * V(0.25));
  const V square = x.hi * x.hi;
  const V bend = x.hi * square * fma(square, V(1.0 / 480), V(-1.0 / 48));
  const DoubleDouble<V> centre(line.hi, line.lo + (bend + x.lo * V(0.25)));
  return select(abs(x.hi) < V(0x1p-8), centre, quotient);
}
template <class V>
inline Rough<V> logistic(Rough<V> x) {
  return 1.0 / (exp(-x) + 1.0);
}
template <class V>
inline Rough<Body<V>> logistic(Rough<Body<V>> x) {
  const Rough<Body<V>> t = exp(x);  // which does not overflow here
  return t / (t + 1.0);
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Share<V, Number> logistic(Number<V> x) { return {x}; }

/// σ'(x) = σ(x)·σ(-x).
template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> logistic_slope(Number<V> number) {
  const DoubleDouble<V> x = number;
  const DoubleDouble<V> t = exp(-abs(x));
  const DoubleDouble<V> more = normalized(larger_first(Exact<V>(1.0), t));
  const DoubleDouble<V> quotient = t / normalized(more * more);
  const V square = x.hi * x.hi;
  const DoubleDouble<V> line = fast_two_sum(V(0.25), square * V(-1.0 / 16));
  const V bend = square * square * fma(square, fma(square, V(31.0 / 161280), V(-17.0 / 11520)), V(1.0 / 96));
  const DoubleDouble<V> centre(line.hi, line.lo + fma(x.hi * x.lo, V(-1.0 / 8), bend));
  return normalized(select(abs(x.hi) < V(0x1p-8), centre, quotient));
}
template <class V>
inline Rough<V> logistic_slope(Rough<V> x) {
  const Rough<V> t = exp(-abs(x));
  const Rough<V> share = 1.0 / (t + 1.0);
  return t * share * share;
}

/// (1 + t)² as 1 + t(2 + t), which rounds less.
template <class V>
inline V square_of_more(V t) {
  return fma(t, t + number<V>(2), number<V>(1));
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> logistic_slope(Number<V> x) {
  const auto e = decaying(-abs(x));
  return product(e, number<V>(1) / square_of_more(value_of(e) * scale_down<V>()));
}

/// The derivative of x·σ(u(x)): σ(u) + w·σ'(u) with w = x·u'(x), as σ(u)·(1 + w·σ(-u)). Where that is near a zero the
/// caller has to do better: the error is relative to the larger of 1 and |w| there.
template <class Number, class Factor>
__attribute__((always_inline)) inline auto slope_of_product(Number u, Factor w) {
  const auto t = exp(-abs(u));
  const auto more = normalized(t + 1.0);
  const auto below = leading(u) < decltype(leading(u))(0.0);
  const auto top = select(below, t * normalized(more + w), more + normalized(w * t));
  return normalized(top) / normalized(more * more);
}

template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> falling_slope_of_product(Number<V> u, Split<V> w) {
  const auto e = decaying(u);
  const V t = value_of(e) * scale_down<V>(), one = number<V>(1);
  const V sum = one + w.hi, lost = one - (sum - w.hi), bottom = square_of_more(t);
  if constexpr (!precise<V>) return product(e, (sum + t) / bottom);
  const V rest = t + (w.lo + lost), top = sum + rest;
  const Split<V> square(bottom, fma(t, t + number<V>(2), one - bottom));
  return product(e, careful_quotient(Split<V>(top, rest - (top - sum)), square));
}
/// The slope at x from that at -|x|: the two add up to 1.
template <class V>
inline Scaled<V> slope_by_falling(Mask<V> here, Scaled<V> falling) {
  return select(here, falling.v, scale_up<V>() - falling.v);
}

/// The derivative of x·σ(x), and its zero: fitted by scripts/fit/slopes.py.
struct SiluSlope {
  static constexpr Zero zero{-0x1.474973c84120bp+0, -0x1.f8d74bc9ac154p-54, -0x1.44a50180ba78p-108};
  static constexpr DoubleDouble<double> low[] = {
      {0x1.be1410460527fp-3, -0x1.2541a6c9ccd89p-58}, {0x1.2c563458cc0adp-3, -0x1.ae40c6bd0202bp-57},
      {0x1.353eb573ca457p-6, 0x1.5acd429568b04p-60},  {-0x1.f2d0e32bc2994p-7, 0x1.2ded2122b8391p-61},
      {-0x1.b0f82c498fd4ap-8, 0x1.d8c2af9a7e12ap-62}, {0x1.098e92b8f0568p-13, 0x1.61f94f688e005p-67},
      {0x1.a2a7caf0f50abp-11, 0x1.3450cd83061abp-65}};
  static constexpr double high[] = {0x1.8574d136e4ef6p-13,  -0x1.57238de3f0935p-15, -0x1.f2d89785badfep-16,
                                    -0x1.8af3d8ac974a6p-19, 0x1.3ae11932517a5p-19,  0x1.cda10847150c3p-21,
                                    -0x1.06ba0588e7197p-25, -0x1.8900c9b85da4bp-24, -0x1.37ed37f65f56fp-26};
  static constexpr double rough[] = {0x1.be1410460527ep-3,   0x1.2c563458cc0adp-3,   0x1.353eb573cc428p-6,
                                     -0x1.f2d0e32bc2c24p-7,  -0x1.b0f82c4f5d30ep-8,  0x1.098e92c066e62p-13,
                                     0x1.a2a7d754ebc23p-11,  0x1.8574cf3bf22e4p-13,  -0x1.573b7f06b5838p-15,
                                     -0x1.f2d6b35a531f4p-16, -0x1.7595616cbf0c2p-19, 0x1.3a0e58817ce9ep-19};
  static constexpr float single[] = {0x1.be141p-3f,   0x1.2c5634p-3f,  0x1.3540bap-6f, -0x1.f2cfe6p-7f,
                                     -0x1.b21c4ep-8f, 0x1.1bd138p-13f, 0x1.f73cdep-11f};

  template <class V, template <class> class Number>
  __attribute__((always_inline)) static DoubleDouble<V> at(Number<V> number) {
    const DoubleDouble<V> u = normalized(DoubleDouble<V>(number));
    return select(abs(u.hi - V(zero.hi)) < V(0.25), near_zero(u, zero, low, high), slope_of_product(u, u));
  }
  /// u and what it lacks.
  template <class V>
  static Rough<V> at(Rough<V> u, V rest) {
    return select(abs(u.v - V(zero.hi)) < V(0.25), near_zero(u, rest, zero, rough), slope_of_product(u, u));
  }
};
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
__attribute__((always_inline)) inline Scaled<V> silu_slope(Number<V> u) {
  const Split<V> below = limited(-abs(u), V(FastRange<V>::lowest));
  const Scaled<V> far = falling_slope_of_product(below, below);
  return slope_by_falling(plain(u) < number<V>(0),
                          select(is_near<SiluSlope>(below.hi), fast_near_zero<SiluSlope>(below), far));
}
template <class V>
inline DoubleDouble<V> silu_slope(Exact<V> x) {
  return SiluSlope::at(x);
}
template <class V>
inline Rough<V> silu_slope(Rough<V> x) {
  return SiluSlope::at(x, V(0.0));
}
/// At factor·x.
template <class V>
inline DoubleDouble<V> silu_slope(Exact<V> factor, Exact<V> x) {
  return SiluSlope::at(factor * x);
}
template <class V>
inline Rough<V> silu_slope(Rough<V> factor, Rough<V> x) {
  const DoubleDouble<V> u = two_product(factor.v, x.v);
  return SiluSlope::at(Rough<V>(u.hi), u.lo);
}
template <class V>
inline Scaled<V> silu_slope(Input<V> factor, Input<V> x) {
  return silu_slope(factor * x);
}
/// At (high + low)·x.
template <class V>
inline DoubleDouble<V> silu_slope_at(Exact<V> x, double high, double low) {
  return SiluSlope::at(DoubleDouble<V>::constant(high, low) * x);
}
template <class V>
inline Rough<V> silu_slope_at(Rough<V> x, double high, double low) {
  const DoubleDouble<V> u = two_product(V(high), x.v);
  return SiluSlope::at(Rough<V>(u.hi), fma(V(low), x.v, u.lo));
}
template <class V>
inline Scaled<V> silu_slope_at(Input<V> x, double high, double low) {
  return silu_slope(Split<V>::constant(high, low) * x);
}

/// Where gelu_tanh's 1.596 x + 0.0714 x³ is still below reach; new_gelu's cubic is smaller.
inline double cubic_end(double reach) {
  return reach >= 690 ? 20.5 : reach >= 500 ? 18 : reach >= 80 ? 9.5 : reach >= 60 ? 8.4 : reach >= 50 ? 7.9 : 0;
}

/// x(c1 + c3 x²).
template <class N, class C>
inline auto cubic(N x, C c1, C c3) {
  return x * (c1 + c3 * (x * x));
}

/// The derivative of gelu_tanh and its like, x·σ(x(c1 + c3 x²)). Near: its zero and what it is next to that.
template <class Near, class V>
inline Rough<V> gelu_by_tanh_slope(Rough<V> x, Rough<V> c1, Rough<V> c3) {
  const Rough<V> cubic = c3 * (x * x);
  const Rough<V> far = slope_of_product(x * (c1 + cubic), x * (c1 + 3.0 * cubic));
  return select(abs(x.v - V(Near::zero.hi)) < V(0.25), near_zero(x, V(0.0), Near::zero, Near::rough), far);
}
template <class Near, class V>
__attribute__((always_inline)) inline DoubleDouble<V> gelu_by_tanh_slope(Exact<V> x, DoubleDouble<V> c1,
                                                                         DoubleDouble<V> c3) {
  const DoubleDouble<V> cubic = normalized(c3 * normalized(x * x));
  const DoubleDouble<V> u = normalized(x * normalized(c1 + cubic));
  const DoubleDouble<V> w = normalized(x * normalized(c1 + cubic * Exact<V>(3.0)));
  return select(abs(x.v - V(Near::zero.hi)) < V(0.25), near_zero(DoubleDouble<V>(x), Near::zero, Near::low, Near::high),
                slope_of_product(u, w));
}
/// c as a number of few bits and the rest: 18 after the binary point in f32, 46 in f64.
template <class V>
inline Split<V> short_split(Split<V> c) {
  const V anchor = V(FastRange<V>::short_anchor), high = (c.hi + anchor) - anchor;
  return {high, (c.hi - high) + c.lo};
}
/// c1 + c3 x² where x² is square + rest. c1 has so few bits at the front that what the sum rounds off is known exactly.
template <class V>
inline Split<V> cubic_factor(Split<V> square, Split<V> c1, Split<V> c3) {
  const Split<V> first = short_split(c1);
  const V hi = fma(c3.hi, square.hi, first.hi), lost = fma(c3.hi, square.hi, first.hi - hi);
  return {hi, lost + fma(c3.hi, square.lo, fma(c3.lo, square.hi, first.lo))};
}
template <class V>
inline Split<V> cubic(Input<V> x, Split<V> c1, Split<V> c3) {
  return x * cubic_factor(x * x, c1, c3);
}
/// x counts as cubic_end beyond it, where the exponential has become as small as it gets.
template <class Near, class V>
inline Scaled<V> gelu_by_tanh_slope(Input<V> x, Split<V> c1, Split<V> c3) {
  const Input<V> below = limited(-abs(x), V(FastRange<V>::cubic_end));
  const Split<V> square = below * below;
  const Split<V> w = below * cubic_factor(square, c1, c3 * Input<V>(3.0));
  const Scaled<V> far = falling_slope_of_product(below * cubic_factor(square, c1, c3), w);
  return slope_by_falling(x < 0.0, select(is_near<Near>(below.v), fast_near_zero<Near>(below), far));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
