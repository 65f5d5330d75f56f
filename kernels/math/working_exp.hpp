// SPDX-License-Identifier: Apache-2.0
//
// e^x times a power of two, in a type's own precision: to about 1.5 units in its last place (of relative error 2^-24 or
// 2^-53), for fast kernels.
//
// x = n ln 2 + r with |r| <= ln(2)/2; ln 2 in two parts, the first so short that n times it is exact for |n| < 2^12
// (f32: 2^10). Then e^r = 1 + r + r² P(r), P of degree 4 in f32 (2^-28), and of degree 11 in f64, where Taylor's
// coefficients will do (2^-57). Where nothing but the value of e^x is asked for, f32 has n in eighths, |r| <= ln(2)/16,
// P of degree 1 (2^-25.2) and a table of 2^(i/8), each rounded (2^-25). Fitted by scripts/fit/fast.py and constants.py.
#pragma once

#include "kernels/math/polynomial.hpp"
#include "kernels/numbers/scaled.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V>
struct WorkingExp;
template <>
struct WorkingExp<F32> {
  static constexpr float shift = 0x1.8p23f, log2e = 0x1.715476p+0f;
  static constexpr float ln2 = 0x1.62e43p-1f, ln2_high = 0x1.62e8p-1f, ln2_low = -0x1.e8082ep-16f;
  static constexpr int bias = 127;
  static constexpr float p[] = {0x1p-1f, 0x1.55549p-3f, 0x1.5554cep-5f, 0x1.123ac4p-7f, 0x1.6d6aa4p-10f};
  static constexpr float shift_of_eighths = 0x1.8p20f, p_of_eighths[] = {0x1.00088p-1f, 0x1.555c84p-3f};
  static constexpr uint32_t eighths[] = {0x0,        0xfffb95c2, 0xfff837f0, 0xfff5fed7,
                                         0xfff504f3, 0xfff5672a, 0xfff744fd, 0xfffac0c7};
  template <class V>
  static V polynomial(V r, V square) {
    const V low = fma(V(p[1]), r, V(p[0])), high = fma(V(p[3]), r, V(p[2]));
    return fma(fma(V(p[4]), square, high), square, low);
  }
};
/// Its polynomials are in kernels/math/coarse.hpp.
template <class T>
struct WorkingExp<Coarse<T>> {
  static constexpr float shift = WorkingExp<F32>::shift, log2e = WorkingExp<F32>::log2e;
  static constexpr int bias = WorkingExp<F32>::bias;
};
template <>
struct WorkingExp<F64> {
  static constexpr double shift = 0x1.8p52, log2e = 0x1.71547652b82fep+0;
  static constexpr double ln2 = 0x1.62e42fefa39efp-1, ln2_high = 0x1.62e42fefa4p-1, ln2_low = -0x1.8432a1b0e2634p-43;
  static constexpr int bias = 1023;
  static constexpr double p[] = {1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
                                 1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  template <class V>
  static V polynomial(V r, V) {
    return ACTBENCH_ISA::polynomial(r, p);
  }
};
template <class V>
struct WorkingExp<Body<V>> : WorkingExp<V> {};

/// x within two bounds, of which the lower one is for a tail. An x beyond them loses its lower part.
template <class V>
inline Input<V> limited(Input<V> x, V low, V high) {
  return max(low, min(high, x.v));
}
template <class V>
inline Split<V> limited(Split<V> x, V low, V high) {
  const V hi = max(low, min(high, x.hi));
  return {hi, select(hi == x.hi, x.lo, number<V>(0))};
}
template <class V>
inline Input<V> limited(Input<V> x, V low) {
  return max(low, x.v);
}
template <class V>
inline Split<V> limited(Split<V> x, V low) {
  return {max(low, x.hi), select(x.hi >= low, x.lo, number<V>(0))};
}

template <class V>
inline Input<Body<V>> limited(Input<Body<V>> x, Body<V>, Body<V> high) {
  return min(high, x.v);
}
template <class V>
inline Split<Body<V>> limited(Split<Body<V>> x, Body<V>, Body<V> high) {
  const Body<V> hi = min(high, x.hi);
  return {hi, select(hi == x.hi, x.lo, number<Body<V>>(0))};
}
template <class V>
inline Input<Body<V>> limited(Input<Body<V>> x, Body<V>) {
  return x;
}
template <class V>
inline Split<Body<V>> limited(Split<Body<V>> x, Body<V>) {
  return x;
}

/// x up to where a tail counts as ended.
template <class V>
inline V at_most(V end, V x) {
  return min(end, x);
}
template <class V>
inline Body<V> at_most(Body<V>, Body<V> x) {
  return x;
}

/// e^x = power·(1 + growth); growth keeps its relative precision down to x = 0.
template <class V>
struct Growing {
  V power, growth;
};
template <class V>
inline V value_of(Growing<V> e) {
  return fma(e.power, e.growth, e.power);
}
/// ±x/ln 2 + rounder, and what rounding it leaves of x.
template <class V>
struct ReducedArgument {
  V rounded, rest;
};
template <int sign = 1, class V, template <class> class Number>
requires FastArgument<Number<V>>
inline ReducedArgument<V> reduced_argument(Number<V> x, V rounder) {
  using E = WorkingExp<V>;
  const V hi = plain(x), z = fma(hi, V(sign * E::log2e), rounder);
  const V n = z - rounder;
  V r = fma(n, V(-sign * E::ln2_high), hi);
  if constexpr (requires { x.lo; } && precise<V>) {
    r = r + fma(n, V(-sign * E::ln2_low), x.lo);
  } else {
    r = fma(n, V(-sign * E::ln2_low), r);
  }
  return {z, r};
}
/// What rounds x/ln 2 to a whole number when it is added, with the exponent's bias and a scale added to it.
template <int scale, class V>
inline V rounder() {
  using E = WorkingExp<V>;
  return V(E::shift + static_cast<typename V::Element>(E::bias + scale));
}
template <class V>
inline Growing<V> growing(ReducedArgument<V> x) {
  const V r = x.rest, square = r * r;
  return {from_exponent(x.rounded), fma(square, WorkingExp<V>::polynomial(r, square), r)};
}
/// e^x, 2^scale too large, for x/ln 2 + scale within the range of normal exponents.
template <int scale, class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Growing<V> growing(Number<V> x) { return growing(reduced_argument(x, rounder<scale, V>())); }
/// e^(-t²/2) likewise, where t² is not rounded.
template <int scale, class V>
inline Growing<V> growing_bell(V t) {
  using E = WorkingExp<V>;
  const V half = t * number<V>(-0.5);
  const V z = fma(t * V(E::log2e / -2), t, rounder<scale, V>()), n = z - rounder<scale, V>();
  return growing(ReducedArgument<V>{z, fma(n, V(-E::ln2_low), fma(half, t, n * V(-E::ln2_high)))});
}

/// e^x as a Scaled in its parts, for x that is limited and for any x up to 40; product(): a times that, rounded once.
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Growing<V> decaying_limited(Number<V> x) { return growing<FastRange<V>::scale_exponent>(x); }
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Growing<V> decaying(Number<V> x) { return decaying_limited(limited(x, V(FastRange<V>::lowest))); }
template <class V>
inline V product(Growing<V> e, V a) {
  const V scaled = e.power * a;
  return fma(scaled, e.growth, scaled);
}
template <class V>
inline V product(Growing<V> e, Split<V> a) {
  if constexpr (!precise<V>) return product(e, a.hi);
  return e.power * (a.hi + fma(a.hi, e.growth, a.lo));
}

/// The value of e^±x, 2^scale too large.
template <int sign, int scale, class V, template <class> class Number>
requires FastArgument<Number<V>>
inline V exp_value(Number<V> x) {
  if constexpr (requires { WorkingExp<V>::eighths; } && precise<V>) {
    using E = WorkingExp<V>;
    const auto [z, r] = reduced_argument<sign>(x, V(E::shift_of_eighths + (E::bias + scale)));
    const V power = from_eighths(E::eighths, z), bend = fma(V(sign * E::p_of_eighths[1]), r, V(E::p_of_eighths[0]));
    return fma(power, fma(r * r, bend, sign > 0 ? r : -r), power);
  } else {
    return value_of(growing<scale>(sign > 0 ? x : -x));
  }
}
/// The same as a Scaled, as decaying_limited() takes x.
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> exp_limited(Number<V> x) { return exp_value<1, FastRange<V>::scale_exponent>(x); }
/// e^x for x up to 40. Above that the result is anything: fast kernels compute nothing that grows like e^x.
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> exp(Number<V> x) { return exp_limited(limited(x, V(FastRange<V>::lowest))); }

/// 1/(1 + e^-x), as a Scaled that takes a factor in place of the 1, where it costs no rounding.
template <class V, template <class> class Number>
struct Share {
  Number<V> x;
};
template <class V, template <class> class Number>
inline constexpr bool is_result<Share<V, Number>> = true;
template <class V, template <class> class Number>
inline Scaled<V> taking(V factor, Share<V, Number> a) {
  if constexpr (!is_body<V>) a.x = limited(a.x, V(FastRange<V>::lowest), V(FastRange<V>::saturated));
  return factor / (exp_value<-1, -FastRange<V>::scale_exponent>(a.x) + scale_down<V>());
}
template <class V, template <class> class Number>
inline Scaled<V> settled(Share<V, Number> a) {
  return taking(number<V>(1), a);
}

/// e^x for x <= 0 beside 1, from which on -45 is as good as any less. ln 2 is one number: n times its error is nothing
/// beside 2^n.
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Growing<V> exp_beside_one(Number<V> x) {
  using E = WorkingExp<V>;
  x = limited(x, number<V>(-45));
  if constexpr (precise<V>) {
    const V z = fma(plain(x), V(E::log2e), rounder<0, V>());
    V r = fma(z - rounder<0, V>(), V(-E::ln2), plain(x));
    if constexpr (requires { x.lo; }) r = r + x.lo;
    return growing(ReducedArgument<V>{z, r});
  } else {
    return growing<0>(x);
  }
}
/// e^x - 1 for x <= 0, with its relative precision down to x = 0; anything above 0. Below -45 it is -1 to the last bit.
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Rounded<V> expm1(Number<V> x) {
  const auto e = exp_beside_one(x);
  return fma(e.power, e.growth, e.power - number<V>(1));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
