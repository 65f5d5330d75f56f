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
inline Sum<V> twice_atanh(Sum<V> s) {
  constexpr Pair low[] = {{1.0, 0.0},
                          {0x1.5555555555555p-2, 0x1.5555555555555p-56},
                          {0x1.999999999999ap-3, -0x1.999999999999ap-57},
                          {0x1.2492492492492p-3, 0x1.2492492492492p-57}};
  constexpr double high[] = {0x1.c71c71c71c71dp-4, 0x1.745d1745d1571p-4, 0x1.3b13b13b2fbf9p-4, 0x1.11111104d11dap-4,
                             0x1.e1e1e7c4cd711p-5, 0x1.af27907171c28p-5, 0x1.862cb6e90c287p-5, 0x1.62f34713ee449p-5,
                             0x1.53cdb519da733p-5, 0x1.cb89d00a897c5p-6, 0x1.059dee5e4137fp-4};
  return normalized(scale(s, 2.0) * polynomial(normalized(s * s), low, high));
}

template <class V, template <class> class Number>
inline Sum<V> log1p_exp(Number<V> number) {
  const Sum<V> x = number;
  const Sum<V> t = exp(-abs(x));
  const Sum<V> logarithm = twice_atanh(normalized(t / normalized(t + 2.0)));
  return select(x.hi > V(0.0), normalized(x + logarithm), logarithm);
}
template <class V>
inline Rough<V> twice_atanh(Rough<V> s) {
  constexpr double q[] = {0x1.555555555f578p-2, 0x1.99999955a4322p-3, 0x1.24926ec7503e3p-3, 0x1.c70cdbbf46b31p-4,
                          0x1.75e40b6c90a2ap-4, 0x1.27ada5305f262p-4, 0x1.87004941c7a71p-4};
  const V square = s.v * s.v;
  const V twice = s.v + s.v;
  return fma(twice * square, polynomial(square, q), twice);
}
template <class V>
inline Rough<V> log1p_exp(Rough<V> x) {
  const Rough<V> t = exp(-abs(x));
  return max(x.v, V(0.0)) + twice_atanh(t / (t + 2.0));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
