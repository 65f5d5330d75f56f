// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of results, Rounded and Scaled, with each other and with Input and Split.
#pragma once

#include "kernels/numbers/split.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

// Some results are not Rounded or Scaled, but wait for a factor that they can take
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
template <FastResult A>
inline auto abs(A a) {
  auto result = settled(a);
  result.v = abs(result.v);
  return result;
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
