// SPDX-License-Identifier: Apache-2.0
//
// Φ, the standard normal distribution function, to about 2^-62, or 2^-42 roughly.
//
// With t = |x|, Φ(-t) = e^(-t²/2) R(t), R a polynomial in v = (t - k)/(t + k), good up to t = 20, where even the
// largest float times Φ(-t) is no float any more, and positive beyond. k = 5 and degree 26 (2^-70); roughly k = 4.5 and
// degree 16 (2^-43). Φ(t) is 1 - Φ(-t). Near 0, where x Φ(x) lies next to midpoints of the type, Φ(x) = 1/2 + x C(x²),
// C the first five terms of its series (2^-67 up to 2^-6). Fitted by scripts/fit/normal_cdf.sollya.
#pragma once

#include "kernels/math/exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V, template <class> class Number>
inline Sum<V> normal_cdf(Number<V> number) {
  constexpr Pair low[] = {
      {0x1.3b0fbcb4c77bep-4, 0x1.317a5b62bd64fp-58},   {-0x1.25cd1321c8cb6p-3, 0x1.bfdfb9d8abd12p-57},
      {0x1.db6af8722ce4ap-4, -0x1.5d889485d5e3ep-58},  {-0x1.4b4ce479f8385p-4, 0x1.958c20d244fefp-58},
      {0x1.8807f29ff85d7p-5, 0x1.605281d3429f4p-60},   {-0x1.7f9d04377655ap-6, 0x1.0492b2b6308cp-66},
      {0x1.26a1153b04745p-7, 0x1.3f575b57d7933p-61},   {-0x1.37ccc56c5e332p-9, 0x1.d9b67d0d0c91cp-64},
      {0x1.cc6e67933832cp-13, -0x1.4eba440ae5806p-68}, {0x1.19995411c5589p-13, -0x1.cb95799aa610cp-67}};
  constexpr double high[] = {-0x1.fae706d8a656cp-15, 0x1.020ea0a2faee4p-20,  0x1.bde6272ae5becp-18,
                             -0x1.54f73194a983fp-20, -0x1.6a6c8d9307df3p-21, 0x1.059ec26b5585bp-22,
                             0x1.4b4455538aea3p-24,  -0x1.54eb05d31fd95p-25, -0x1.7e138554caeccp-27,
                             0x1.adc2d4a777365p-28,  0x1.1b140f84b957cp-29,  -0x1.f8a927bbe7a84p-31,
                             -0x1.e9e312df18b5p-32,  0x1.63f8fc6d463c3p-34,  0x1.64091a5e315a8p-34,
                             0x1.c9191b66ee28dp-37,  -0x1.e9513d39c468bp-42};
  constexpr Pair first[] = {{0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56}};
  constexpr double rest[] = {-0x1.1058377e2ceep-4, 0x1.46d04297691dap-7, -0x1.37403f6ba11p-10, 0x1.e42b0d5216fc8p-14};
  const Sum<V> x = number;
  const Sum<V> size = abs(x);

  const Sum<V> centre = x * polynomial(normalized(x * x), first, rest) + 0.5;

  const Sum<V> exponent = scale(size * size, -0.5);
  const Sum<V> t(min(V(20.0), size.hi), select(size.hi < V(20.0), size.lo, V(0.0)));
  const Sum<V> v = normalized(normalized(t + -5.0) / normalized(t + 5.0));
  const Sum<V> below = normalized(exp(normalized(exponent)) * polynomial(v, low, high));
  const Sum<V> tail = select(x.hi < V(0.0), below, normalized(-below + 1.0));

  return select(size.hi < V(0x1p-6), centre, tail);
}
template <class V>
inline Rough<V> normal_cdf(Rough<V> x) {
  constexpr double r[] = {0x1.5b5acd3b15e07p-4,   -0x1.3f5f1e623f58ap-3, 0x1.ee92ec897463bp-4,   -0x1.3e64a54794267p-4,
                          0x1.4bcc5737df341p-5,   -0x1.086d3bd2aae95p-6, 0x1.1566208125c79p-8,   -0x1.2055b3d946205p-12,
                          -0x1.36af56df2ba8fp-12, 0x1.aeb4cdbf232dp-14,  0x1.8ad4f594e1fb3p-17,  -0x1.dda4f9ce607f5p-17,
                          0x1.f9f92fe84afc2p-24,  0x1.0415e197825dcp-19, -0x1.074601c313dadp-26, -0x1.0ebddafa830aap-22,
                          -0x1.8d0fa20fbdeecp-25};
  const V t = min(V(31.0), abs(x.v));
  const auto e = exponential(Rough<V>(t * t * V(-0.5)));
  const V ratio = polynomial((t - V(4.5)) / (t + V(4.5)), r);
  const V below = fma(e.power, e.minus_one.v, e.power) * ratio;
  return select(x.v < V(0.0), below, V(1.0) - below);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
