// SPDX-License-Identifier: Apache-2.0
//
// ln(1 + e^x), to about 2^-63, or 2^-41 roughly.
//
// It is max(x, 0) + ln(1 + t), t = e^-|x|, and ln(1 + t) = 2 atanh(s) with s = t/(2 + t) <= 1/3. With z = s²,
// atanh(s)/s = 1 + z/3 + z²/5 + z³/7 + z⁴ P(z), P of degree 10 (2^-73); roughly 1 + z Q(z), Q of degree 6 (2^-41.8).
// Fitted by scripts/fit/log1p.sollya.
#pragma once

#include "kernels/math/exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// ln((1 + s)/(1 - s)) for a normalized 0 <= s <= 1/3.
template <class V>
__attribute__((always_inline)) inline DoubleDouble<V> twice_atanh(DoubleDouble<V> s) {
  constexpr DoubleDouble<double> low[] = {{1.0, 0.0},
                                          {0x1.5555555555555p-2, 0x1.5555555555555p-56},
                                          {0x1.999999999999ap-3, -0x1.999999999999ap-57},
                                          {0x1.2492492492492p-3, 0x1.2492492492492p-57}};
  constexpr double high[] = {0x1.c71c71c71c71dp-4, 0x1.745d1745d1571p-4, 0x1.3b13b13b2fbf9p-4, 0x1.11111104d11dap-4,
                             0x1.e1e1e7c4cd711p-5, 0x1.af27907171c28p-5, 0x1.862cb6e90c287p-5, 0x1.62f34713ee449p-5,
                             0x1.53cdb519da733p-5, 0x1.cb89d00a897c5p-6, 0x1.059dee5e4137fp-4};
  return normalized(scale(s, 2.0) * falling_polynomial(normalized(s * s), low, high));
}

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> log1p_exp(Number<V> number) {
  const DoubleDouble<V> x = number;
  const DoubleDouble<V> t = exp(-abs(x));
  const DoubleDouble<V> logarithm = twice_atanh(normalized(t / normalized(larger_first(Exact<V>(2.0), t))));
  return select(x.hi > V(0.0), normalized(x + logarithm), logarithm);
}
template <class V>
inline Rough<V> twice_atanh(Rough<V> s) {
  constexpr double q[] = {0x1.555555555f578p-2, 0x1.99999955a4322p-3, 0x1.24926ec7503e3p-3, 0x1.c70cdbbf46b31p-4,
                          0x1.75e40b6c90a2ap-4, 0x1.27ada5305f262p-4, 0x1.87004941c7a71p-4};
  const V square = s.v * s.v;
  const V twice = s.v + s.v;
  return fma(twice * square, rough_polynomial(square, q), twice);
}
template <class V>
inline Rough<V> log1p_exp(Rough<V> x) {
  const Rough<V> t = exp(-abs(x));
  return max(x.v, V(0.0)) + twice_atanh(t / (t + 2.0));
}
/// atanh(s)/s = 1 + z P(z) in the type's own precision: of degree 3 in f32 (2^-27.7), 10 in f64 (2^-58.7), fitted by
/// scripts/fit/fast.py.
template <class V>
struct FastAtanh;
template <>
struct FastAtanh<F32> {
  static constexpr float p[] = {0x1.555502p-2f, 0x1.99d1f8p-3f, 0x1.1ebccp-3f, 0x1.1edb08p-3f};
};
template <class V>
struct FastAtanh<Body<V>> : FastAtanh<V> {};
template <>
struct FastAtanh<F64> {
  static constexpr double p[] = {0x1.5555555555556p-2, 0x1.999999999957ep-3, 0x1.24924924c0a56p-3, 0x1.c71c71a68d3bdp-4,
                                 0x1.745d1de65083fp-4, 0x1.3b12d8c696cb4p-4, 0x1.112314d564a92p-4, 0x1.dfe6bf9212053p-5,
                                 0x1.c154600fe0cc1p-5, 0x1.1ee2e92f835bap-5, 0x1.50ee1e71c5121p-4};
};
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> log1p_exp(Number<V> x) {
  const V t = exp(-abs(x)).v;
  const V scaled = t / fma(t, scale_down<V>(), number<V>(2)), s = scaled * scale_down<V>(), z = s * s;
  const V twice = scaled + scaled;
  const V logarithm = fma(twice, z * polynomial(z, FastAtanh<V>::p), twice);
  return fma(max(number<V>(0), plain(x)), scale_up<V>(), logarithm);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
