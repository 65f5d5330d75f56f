// SPDX-License-Identifier: Apache-2.0
//
// The numbers that fast kernels compute with, over a vocabulary's F32 or F64, to a few units in the last place (or
// over a Coarse, to about 2^-14):
//
//   Input    one V that is what it says: the input, a parameter;
//   Split    a double-double hi + lo, hi the rounded value: what a product, sum or quotient of Input is. Only the
//            functions that magnify an error of their argument look at lo, so that it costs nothing elsewhere
//            (split.hpp);
//   Rounded  one V, off by some units in its last place (scaled.hpp);
//   Scaled   the same, 2^scale_exponent too large: what falls off like e^x. So it is precise where it or its product
//            with a gradient is subnormal. It is rounded once, when 2^-scale_exponent is taken off (scaled.hpp).
//
// A quotient by an Input is a product with its reciprocal: such a divisor is a parameter or a constant, the same for
// all elements.
//
// The steps (kernels/elementwise/own_precision.hpp) see to these limits: |x| < 2^30 (f64: 2^100), parameters and their
// reciprocals at most 2^7, multipliers of a Scaled together at most 2^28 (f64: 2^300), a quotient of parameters
// counted. So nothing overflows, and what is as small as a Scaled gets, e^-131 (f64: e^-1060), still rounds to zero.
#pragma once

#include "kernels/numbers/coarse.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V>
struct FastRange;
template <>
struct FastRange<F32> {
  static constexpr float scale_up = 0x1p64f, scale_down = 0x1p-64f;
  static constexpr int scale_exponent = 64;
  static constexpr float lowest = -131;       ///< the least x of e^x
  static constexpr float reach = 80;          ///< e^-reach is far from subnormal
  static constexpr float product_reach = 60;  ///< and so is e^-product_reach times a factor, or the product of two
  static constexpr float least_factor = 0x1p-30f, least_of_two = 0x1p-15f;
  static constexpr float least_input = 0x1p-60f;   ///< times itself: so is that
  static constexpr float saturated = 20;           ///< e^-x next to 1 is nothing
  static constexpr float short_anchor = 0x1.8p5f;  ///< adding it rounds to 18 bits after the point
  static constexpr float cubic_end = -12.6f;       ///< where e^x(c1 + c3 x²) of gelu_tanh has come as far
  static constexpr float input = 0x1p30f;          ///< inputs are smaller
  static constexpr float smallest_normal = 0x1p-126f;
  static constexpr float tiny = 0x1p-90f;                              ///< times or over parameters, this may lose bits
  static constexpr float multipliers = 0x1p28f, multiplier = 0x1p14f;  ///< one of them, and each of two
};
template <class T>
struct FastRange<Coarse<T>> : FastRange<F32> {};
template <>
struct FastRange<F64> {
  static constexpr double scale_up = 0x1p512, scale_down = 0x1p-512;
  static constexpr int scale_exponent = 512;
  static constexpr double lowest = -1060;
  static constexpr double reach = 690;
  static constexpr double product_reach = 500;
  static constexpr double least_factor = 0x1p-250, least_of_two = 0x1p-125;
  static constexpr double least_input = 0x1p-500;
  static constexpr double saturated = 40;
  static constexpr double short_anchor = 0x1.8p6;
  static constexpr double cubic_end = -27;
  static constexpr double input = 0x1p100;
  static constexpr double smallest_normal = 0x1p-1022;
  static constexpr double tiny = 0x1p-900;
  static constexpr double multipliers = 0x1p300, multiplier = 0x1p150;
};

/// What half types are computed with (kernels/math/coarse.hpp).
template <class V>
concept Short = !precise<V>;

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

/// Whether V is for inputs that need no scale (body.hpp), and the scale of a Scaled then, which is 1.
template <class V>
inline constexpr bool is_body = false;
struct NoScale {};

template <class V>
inline auto scale_up() {
  if constexpr (is_body<V>)
    return NoScale();
  else
    return V(FastRange<V>::scale_up);
}
template <class V>
inline auto scale_down() {
  if constexpr (is_body<V>)
    return NoScale();
  else
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

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
