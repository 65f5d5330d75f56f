// SPDX-License-Identifier: Apache-2.0
//
// Functions for fast kernels of the half types, to about 2^-13 (bf16) and 2^-14 (f16), where numbers of the type have
// 2^-8 and 2^-11 between them. All are fitted by scripts/fit/fast.py, "coarse".
//
// e^x is 2^n·2^f with n + f = x/ln 2, |f| <= 1/2, which takes no more of ln 2 than one product: f is off by 2^-24 of n.
// Of 2^f a polynomial has the value, of degree 3 in bf16 (2^-13.7) and 4 in f16 (2^-18.5); 2^n goes into its exponent.
// Where 1 is taken off, f times a polynomial is 2^f - 1 with its relative precision, of one degree less.
#pragma once

#include "kernels/math/polynomial.hpp"
#include "kernels/math/working_exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// For f16, and any other type of at most 11 bits.
template <class V>
struct CoarseTables {
  static constexpr float power[] = {0x1.ffffe8p-1f, 0x1.62e0dep-1f, 0x1.ec06cap-3f, 0x1.ca13fap-5f, 0x1.3997b8p-7f};
  static constexpr float growth[] = {0x1.62e12cp-1f, 0x1.ec037ap-3f, 0x1.c9fc9cp-5f, 0x1.3a024p-7f};
  static constexpr float log1p[] = {0x1.fffee6p-1f,  -0x1.ff5882p-2f, 0x1.4d024cp-2f,
                                    -0x1.ae2a06p-3f, 0x1.9e91ecp-4f,  -0x1.870342p-6f};
};
template <>
struct CoarseTables<Coarse<BF16>> {
  static constexpr float power[] = {0x1.fff694p-1f, 0x1.62f326p-1f, 0x1.f0de4ep-3f, 0x1.c3f1f4p-5f};
  static constexpr float growth[] = {0x1.62f602p-1f, 0x1.f00cc6p-3f, 0x1.c2a004p-5f};
  /// ln(1 + t)/t for t <= 1, to 2^-14.1 here and 2^-16.9 below.
  static constexpr float log1p[] = {0x1.fff88ep-1f, -0x1.fce73p-2f, 0x1.39a45p-2f, -0x1.4260e4p-3f, 0x1.52a6fep-5f};
};
template <class V>
struct CoarseTables<Body<V>> : CoarseTables<V> {};

/// By Horner's scheme: what a processor has least of here is room for operations.
template <class V, int Count>
__attribute__((always_inline)) inline V short_polynomial(V x, const float (&c)[Count]) {
  V result(c[Count - 1]);
  for (int i = Count - 2; i >= 0; --i) result = fma(result, x, V(c[i]));
  return result;
}

// ---- e^x

/// factor·x + rounder, and f.
template <Short V>
inline ReducedArgument<V> binary_argument(V x, float factor, V rounder) {
  const V z = fma(x, V(factor), rounder);
  return {z, fma(x, V(factor), rounder - z)};
}
/// 2^(factor·x), 2^scale too large. That must be a normal number.
template <int scale, Short V>
__attribute__((always_inline)) inline V short_power(V x, float factor) {
  const auto [z, f] = binary_argument(x, factor, V(WorkingExp<V>::shift + scale));
  return raised(short_polynomial(f, CoarseTables<V>::power), z);
}

template <int sign = 1, class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline ReducedArgument<V> reduced_argument(Number<V> x, V rounder) {
  return binary_argument(plain(x), sign * WorkingExp<V>::log2e, rounder);
}
template <Short V>
inline Growing<V> growing(ReducedArgument<V> x) {
  return {from_exponent(x.rounded), x.rest * short_polynomial(x.rest, CoarseTables<V>::growth)};
}
template <int sign, int scale, class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline V exp_value(Number<V> x) { return short_power<scale>(plain(x), sign * WorkingExp<V>::log2e); }
/// What decaying_limited() gives of one.
template <class V>
struct ShortDecay {
  V v;
};
template <class V>
inline V value_of(ShortDecay<V> e) {
  return e.v;
}
template <class V>
inline V product(ShortDecay<V> e, V a) {
  return e.v * a;
}
template <class V>
inline V product(ShortDecay<V> e, Split<V> a) {
  return e.v * a.hi;
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline ShortDecay<V> decaying_limited(Number<V> x) {
  return {short_power<FastRange<V>::scale_exponent>(plain(x), WorkingExp<V>::log2e)};
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline ShortDecay<V> decaying(Number<V> x) { return decaying_limited(limited(x, V(FastRange<V>::lowest))); }

// ---- tanh x = x·P(x²)/Q(x²) up to 5, where it is 1 (2^-14.2)

template <Short V>
inline Rounded<V> tanh(Input<V> x) {
  constexpr float p[] = {0x1.fff93p-1f, 0x1.a3808ap-4f, 0x1.5f8d1cp-11f};
  constexpr float q[] = {0x1p+0f, 0x1.bde218p-2f, 0x1.a4132cp-7f};
  const V within = max(min(x.v, number<V>(5)), number<V>(-5)), square = within * within;
  return within * short_polynomial(square, p) / short_polynomial(square, q);
}

// ---- ln(1 + e^x) = max(x, 0) + ln(1 + t), t = e^−|x|

template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline Scaled<V> log1p_exp(Number<V> x) {
  const V scaled = exp(-abs(x)).v, t = scaled * scale_down<V>();
  return fma(scaled, short_polynomial(t, CoarseTables<V>::log1p), max(number<V>(0), plain(x)) * scale_up<V>());
}

// ---- Φ(−t) = e^(−t²/2)·P(t)/Q(t) (2^-15.1), and the same of its derivative's (t0 − t) (2^-14.3)

struct CoarseNormal {
  static constexpr float end = 16.1f;  ///< where e^(-t²/2) has become as little as a Scaled gets
  static constexpr float half_log2e = WorkingExp<F32>::log2e / -2;
  static constexpr float p[] = {0x1.0001ccp-1f, 0x1.1ff7ap-2f, 0x1.053e46p-4f};
  static constexpr float q[] = {0x1p+0f, 0x1.5c74fcp+0f, 0x1.6b43f8p-1f, 0x1.471dd8p-3f};
  static constexpr float zero = 0x1.80ead2p-1f, zero_low = -0x1.a03fd4p-27f;
  static constexpr float slope_p[] = {0x1.5480d4p-1f, 0x1.efcb18p-2f, 0x1.ee37eap-4f};
  static constexpr float slope_q[] = {0x1p+0f, 0x1.fc28a4p-1f, 0x1.357622p-2f};
};
/// e^(-t²/2), as a Scaled has it.
template <Short V>
inline V short_normal(V t) {
  return short_power<FastRange<V>::scale_exponent>(t * t, CoarseNormal::half_log2e);
}
template <Short V>
inline V short_below_zero(V t) {
  using N = CoarseNormal;
  return short_normal(t) * short_polynomial(t, N::p) / short_polynomial(t, N::q);
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline BelowOrRest<V> normal_cdf(Number<V> x) {
  return {plain(x) <= number<V>(0), short_below_zero(at_most(V(CoarseNormal::end), abs(plain(x))))};
}
template <Short V>
inline Scaled<V> x_normal_cdf(Input<V> x) {
  const V t = at_most(V(CoarseNormal::end), abs(x.v));
  return fma(-t, short_below_zero(t), max(number<V>(0), x.v) * scale_up<V>());
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline Scaled<V> normal_pdf(Number<V> x) {
  return short_normal(at_most(V(CoarseNormal::end), abs(plain(x)))) * number<V>(0x1.9884533d43651p-2);
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>> && Short<V>
inline Scaled<V> gelu_slope(Number<V> x) {
  using N = CoarseNormal;
  const V t = at_most(V(N::end), abs(plain(x))), to_zero = (V(N::zero) - t) + V(N::zero_low);
  const V below = short_normal(t) * to_zero * (short_polynomial(t, N::slope_p) / short_polynomial(t, N::slope_q));
  return select(plain(x) < number<V>(0), below, scale_up<V>() - below);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
