// SPDX-License-Identifier: Apache-2.0
//
// The numbers that fast kernels compute with, over a vocabulary's F32 or F64, to a few units in the last place (or
// over Coarse, to 2^-14):
//
//   Input    one V that is what it says: the input, a parameter;
//   Split    an unevaluated sum hi + lo, hi the rounded value: what a product, sum or quotient of Input is. Only the
//            functions that magnify an error of their argument look at lo, so that it costs nothing elsewhere;
//   Rounded  one V, off by some units in its last place;
//   Scaled   the same, 2^scale_exponent too large: what falls off like e^x. So it is precise where it or its product
//   with a
//            gradient is subnormal; that is rounded once, when 2^-scale_exponent is taken off.
//
// Quotients by a Input are products with its reciprocal: those are parameters and constants, the same for all elements.
//
// Limits, which the loops (kernels/loops.hpp) see to: |x| < 2^30 (f64: 2^100), parameters and their reciprocals at most
// 2^7, multipliers of a Scaled together at most 2^28 (f64: 2^300), a quotient of parameters counted. So nothing
// overflows, and what is as small as a Scaled gets, e^-131 (f64: e^-1060), still rounds to zero.
#pragma once

#include "kernels/math/coarse.hpp"
#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V>
struct FastRange;
template <>
struct FastRange<F32> {
  static constexpr float scale_up = 0x1p64f, scale_down = 0x1p-64f;
  static constexpr int scale_exponent = 64;
  static constexpr float lowest = -131;            ///< the least x of e^x
  static constexpr float saturated = 20;           ///< e^-x next to 1 is nothing
  static constexpr float short_anchor = 0x1.8p5f;  ///< adding it rounds to 18 bits after the point
  static constexpr float cubic_end = -12.6f;       ///< where e^x(c1 + c3 x²) of gelu_tanh has come as far
  static constexpr float input = 0x1p30f;          ///< inputs are smaller
  static constexpr float smallest_normal = 0x1p-126f;
  static constexpr float tiny = 0x1p-90f;                              ///< times or over parameters, this may lose bits
  static constexpr float multipliers = 0x1p28f, multiplier = 0x1p14f;  ///< one of them, and each of two
};
template <>
struct FastRange<Coarse> : FastRange<F32> {};
template <>
struct FastRange<F64> {
  static constexpr double scale_up = 0x1p512, scale_down = 0x1p-512;
  static constexpr int scale_exponent = 512;
  static constexpr double lowest = -1060;
  static constexpr double saturated = 40;
  static constexpr double short_anchor = 0x1.8p6;
  static constexpr double cubic_end = -27;
  static constexpr double input = 0x1p100;
  static constexpr double smallest_normal = 0x1p-1022;
  static constexpr double tiny = 0x1p-900;
  static constexpr double multipliers = 0x1p300, multiplier = 0x1p150;
};

/// A constant as a V.
template <class V>
inline V number(double c) {
  return V(static_cast<typename V::Element>(c));
}

template <class V>
struct Input {
  V v;
  Input(V a) : v(a) {}
  Input(double a) : v(number<V>(a)) {}
};
template <class V>
struct Split {
  V hi, lo;
  Split(V high, V low) : hi(high), lo(low) {}
  Split(Input<V> a) : hi(a.v), lo(number<V>(0)) {}
  /// A constant given to twice a double's precision.
  static Split constant(double high, double low) {
    using Element = typename V::Element;
    const Element leading = static_cast<Element>(high);
    return {V(leading), V(static_cast<Element>((high - static_cast<double>(leading)) + low))};
  }
};
template <class V>
struct Rounded {
  V v;
  Rounded(V a) : v(a) {}
};
template <class V>
struct Scaled {
  V v;
  Scaled(V a) : v(a) {}
};
/// A sum, a Rounded or Scaled, and one of its two terms, likewise: they may cancel.
template <class Number, class V>
struct Cancelling {
  Number value;
  V term;
};

template <class V>
inline V scale_up() {
  return V(FastRange<V>::scale_up);
}
template <class V>
inline V scale_down() {
  return V(FastRange<V>::scale_down);
}

/// One V for the whole number.
template <class V>
inline V plain(Input<V> a) {
  return a.v;
}
template <class V>
inline V plain(Split<V> a) {
  return a.hi;
}
template <class V>
inline V plain(Rounded<V> a) {
  return a.v;
}
template <class V>
inline V plain(Scaled<V> a) {
  return a.v * scale_down<V>();
}

/// What functions of an argument take, and what they give.
template <class N>
inline constexpr bool is_argument = false;
template <class V>
inline constexpr bool is_argument<Input<V>> = true;
template <class V>
inline constexpr bool is_argument<Split<V>> = true;
template <class N>
concept FastArgument = is_argument<N>;
template <class N>
inline constexpr bool is_result = false;
template <class V>
inline constexpr bool is_result<Rounded<V>> = true;
template <class V>
inline constexpr bool is_result<Scaled<V>> = true;
template <class N>
concept FastResult = is_result<N>;
template <class N>
concept FastAny = FastArgument<N> || FastResult<N>;

template <class V>
inline V low_part(Split<V> a) {
  return a.lo;
}
template <class V>
inline V low_part(Input<V>) {
  return number<V>(0);
}

// Input and Split.
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
    return quotient_of_any(a.v, b.v);
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

// Results, with each other and with the rest. Some are not Rounded or Scaled, but wait for a factor that they can take
// without rounding: settled() makes them so, and taking() gives them theirs.
template <FastArgument N>
inline N settled(N a) {
  return a;
}
template <class V>
inline Rounded<V> settled(Rounded<V> a) {
  return a;
}
template <class V>
inline Scaled<V> settled(Scaled<V> a) {
  return a;
}
template <class V>
inline Scaled<V> as_scaled(Input<V> a) {
  return a.v * scale_up<V>();
}
template <class V>
inline Scaled<V> as_scaled(Split<V> a) {
  return a.hi * scale_up<V>();
}
template <class V>
inline Scaled<V> as_scaled(Rounded<V> a) {
  return a.v * scale_up<V>();
}
template <class V>
inline Scaled<V> as_scaled(Scaled<V> a) {
  return a;
}
template <class V>
inline Rounded<V> taking(V factor, Rounded<V> a) {
  return factor * a.v;
}
template <class V>
inline Scaled<V> taking(V factor, Scaled<V> a) {
  return factor * a.v;
}

template <class N>
inline constexpr bool is_scaled = false;
template <class V>
inline constexpr bool is_scaled<Scaled<V>> = true;
template <class A, class B>
inline constexpr bool with_result = FastAny<A>&& FastAny<B> && (FastResult<A> || FastResult<B>);
/// The V of a number.
template <class N>
struct NumberIn;
template <class V, template <class> class N>
struct NumberIn<N<V>> {
  using Type = V;
};
template <class N>
using NumberOf = typename NumberIn<N>::Type;

template <FastResult A>
inline auto operator-(A a) {
  auto result = settled(a);
  result.v = -result.v;
  return result;
}
template <class A, class B>
requires with_result<A, B>
inline auto operator+(A a, B b) {
  using V = NumberOf<A>;
  const auto x = settled(a);
  const auto y = settled(b);
  if constexpr (is_scaled<decltype(settled(a))> && is_scaled<decltype(settled(b))>)
    return Scaled<V>(x.v + y.v);
  else
    return Rounded<V>(plain(x) + plain(y));
}
template <class A, class B>
requires with_result<A, B>
inline auto operator-(A a, B b) { return a + -b; }
template <class A, class B>
requires with_result<A, B>
inline auto operator*(A a, B b) {
  if constexpr (FastResult<B>)
    return taking(plain(settled(a)), b);
  else
    return taking(plain(b), a);
}
template <class A, class B>
requires with_result<A, B>
inline auto operator/(A a, B b) {
  using V = NumberOf<A>;
  const auto x = settled(a);
  const V divisor = plain(settled(b));
  if constexpr (is_scaled<decltype(settled(a))>) {
    if constexpr (FastArgument<B>)
      return Scaled<V>(divided(x.v, b));
    else
      return Scaled<V>(x.v / divisor);
  } else {
    return Rounded<V>(plain(x) / divisor);
  }
}
template <FastResult A>
inline auto operator+(A a, double b) {
  return a + Input<NumberOf<A>>(b);
}
template <FastResult A>
inline auto operator+(double a, A b) {
  return b + a;
}
template <FastResult A>
inline auto operator-(A a, double b) {
  return a + -b;
}
template <FastResult A>
inline auto operator-(double a, A b) {
  return -b + a;
}
template <FastResult A>
inline auto operator*(A a, double b) {
  return a * Input<NumberOf<A>>(b);
}
template <FastResult A>
inline auto operator*(double a, A b) {
  return b * a;
}
template <FastResult A>
inline auto operator/(A a, double b) {
  return a / Input<NumberOf<A>>(b);
}
template <FastResult A>
inline auto operator/(double a, A b) {
  return Input<NumberOf<A>>(a) / b;
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
template <class V, class A, class B>
requires with_result<A, B>
inline auto select(Mask<V> m, A a, B b) {
  const auto x = settled(a);
  const auto y = settled(b);
  if constexpr (is_scaled<decltype(settled(a))> || is_scaled<decltype(settled(b))>)
    return Scaled<V>(select(m, as_scaled(x).v, as_scaled(y).v));
  else
    return Rounded<V>(select(m, plain(x), plain(y)));
}
template <class V, FastResult B>
inline auto select(Mask<V> m, double a, B b) {
  return select(m, Input<V>(a), b);
}
template <class V, FastResult A>
inline auto select(Mask<V> m, A a, double b) {
  return select(m, a, Input<V>(b));
}

template <class V>
inline Input<V> abs(Input<V> a) {
  return abs(a.v);
}
template <class V>
inline Split<V> abs(Split<V> a) {
  return {abs(a.hi), xor_sign(a.lo, a.hi)};
}
template <FastResult A>
inline auto abs(A a) {
  auto result = settled(a);
  result.v = abs(result.v);
  return result;
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
template <FastResult A>
inline auto scale(A a, double factor) {
  auto result = settled(a);
  result.v = result.v * number<NumberOf<A>>(factor);
  return result;
}

// hi is the rounded value already.
template <FastAny N>
inline N normalized(N a) {
  return a;
}
template <FastAny N>
inline auto leading(N a) {
  return plain(settled(a));
}

/// What is rounded as if it were as large as peak for others is precise here.
template <class V>
inline Scaled<V> largest_term(Scaled<V>, Scaled<V> bump) {
  return bump;
}
template <FastArgument A, class V>
inline auto cancelling(A term, Rounded<V> result) {
  return Cancelling<Rounded<V>, V>{result, plain(term)};
}
template <class V>
inline auto cancelling(Scaled<V> term, Scaled<V> result) {
  return Cancelling<Scaled<V>, V>{result, term.v};
}

/// below, or 1 - below where not that: times a number, rounded once more only.
template <class V>
struct BelowOrRest {
  Mask<V> is_below;
  V below;
};
template <class V>
inline constexpr bool is_result<BelowOrRest<V>> = true;
template <class V>
inline Scaled<V> settled(BelowOrRest<V> a) {
  return select(a.is_below, a.below, scale_up<V>() - a.below);
}
template <class V>
inline Scaled<V> taking(V factor, BelowOrRest<V> a) {
  const V below = factor * a.below;  // a zero's, too, which keeps its sign so
  return select(a.is_below | (factor == number<V>(0)), below, fma(-factor, a.below, factor * scale_up<V>()));
}

// What multipliers go to, and what is left to do then.
template <FastAny N>
inline auto value_of(N a) {
  if constexpr (FastResult<N>)
    return settled(a).v;
  else
    return plain(a);
}
template <class Number, class V>
inline V value_of(Cancelling<Number, V> a) {
  return value_of(a.value);
}
template <FastAny N, class V>
inline V scaled_back(N a, V value) {
  if constexpr (is_scaled<decltype(settled(a))>)
    return value * scale_down<V>();
  else
    return value;
}
template <class Number, class V>
inline V scaled_back(Cancelling<Number, V> a, V value) {
  return scaled_back(a.value, value);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
