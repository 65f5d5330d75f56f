// SPDX-License-Identifier: Apache-2.0
//
// Φ, the standard normal distribution function, its density φ, and Φ(x) + x φ(x), the derivative of x Φ(x): to about
// 2^-62, or 2^-42 roughly.
//
// With t = |x|, Φ(-t) = e^(-t²/2) R(t), R a polynomial in v = (t - k)/(t + k): k = 5.5 and degree 28 (2^-68) up to
// t = 39, where even the largest double times Φ(-t) is no double any more (scripts/fit/slopes.py); roughly k = 4.5 and
// degree 16 (2^-43 up to 20, and within 2^-26 up to 38; scripts/fit/normal_cdf.sollya). Φ(t) is 1 - Φ(-t), and with
// S(t) = R(t) - t/√(2π) the derivative is e^(-t²/2) S(t) below 0 and 1 - e^(-t²/2) S(t) above. Near 0, where x Φ(x) and
// multiples of the derivative lie next to midpoints of the type, both are 1/2 + x C(x²), C the first five terms of a
// series (2^-67 up to 2^-6).
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/near_zero.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Φ(-|x|) = decay·ratio with decay = e^(-x²/2).
template <class Number>
struct NormalTail {
  Number decay, ratio;
};

template <class V>
inline NormalTail<Sum<V>> normal_tail(Sum<V> x) {
  constexpr Pair low[] = {
      {0x1.201fa9259b7acp-4, 0x1.49fff7264012bp-58},  {-0x1.0fa16a922b6cfp-3, -0x1.7ee86f267d6c8p-57},
      {0x1.c692f4b3a4699p-4, -0x1.7c77e22f6c626p-58}, {-0x1.501cc4ffc42d6p-4, -0x1.4871cc9cf9852p-60},
      {0x1.b39b63d533a6p-5, 0x1.aee5e9c382a2p-64},    {-0x1.e7e8aa7ce4d6ap-6, 0x1.89e6df4f350ep-64},
      {0x1.cd231aa74b826p-7, -0x1.8d3639fda1646p-62}, {-0x1.5fa30def4678dp-8, -0x1.4c97e9a101b67p-64},
      {0x1.8608cc0e9e083p-10, 0x1.c46802356b789p-64}, {-0x1.9e5ae318f036bp-13, -0x1.f32ba3248bddcp-69}};
  constexpr double high[] = {
      -0x1.c514d3117564ep-15, 0x1.2df12485beee6p-15,  -0x1.50202ab7838d7p-18, -0x1.5afc199e0cbe5p-19,
      0x1.32a9f625ae763p-20,  0x1.93eb3fc68c4cfp-24,  -0x1.5680f7e94e24fp-23, 0x1.2883711458617p-27,
      0x1.6a42e0d596415p-26,  -0x1.909805429319dp-29, -0x1.98131ef279286p-29, 0x1.25ec59771eaf5p-31,
      0x1.fb078d1ad4c1p-32,   -0x1.44d42e6356456p-34, -0x1.464a6b9d44caep-34, 0x1.4a48d541c8eb5p-38,
      0x1.4a67072e97a77p-37,  0x1.8471cb8a0bf0bp-41,  -0x1.81ae6ae46eed1p-42};
  const Sum<V> size = abs(x);
  const Sum<V> exponent = scale(size * size, -0.5);
  const Sum<V> t(min(V(39.0), size.hi), select(size.hi < V(39.0), size.lo, V(0.0)));
  const Sum<V> v = normalized(normalized(t + -5.5) / normalized(t + 5.5));
  return {exp(normalized(exponent)), polynomial(v, low, high)};
}
template <class V>
inline NormalTail<Rough<V>> normal_tail(Rough<V> x) {
  constexpr double r[] = {0x1.5b5acd3b15e07p-4,   -0x1.3f5f1e623f58ap-3, 0x1.ee92ec897463bp-4,   -0x1.3e64a54794267p-4,
                          0x1.4bcc5737df341p-5,   -0x1.086d3bd2aae95p-6, 0x1.1566208125c79p-8,   -0x1.2055b3d946205p-12,
                          -0x1.36af56df2ba8fp-12, 0x1.aeb4cdbf232dp-14,  0x1.8ad4f594e1fb3p-17,  -0x1.dda4f9ce607f5p-17,
                          0x1.f9f92fe84afc2p-24,  0x1.0415e197825dcp-19, -0x1.074601c313dadp-26, -0x1.0ebddafa830aap-22,
                          -0x1.8d0fa20fbdeecp-25};
  const V t = min(V(37.6), abs(x.v));
  const auto e = exponential(Rough<V>(t * t * V(-0.5)));
  return {fma(e.power, e.minus_one.v, e.power), polynomial((t - V(4.5)) / (t + V(4.5)), r)};
}

template <class V, template <class> class Number>
inline Sum<V> normal_cdf(Number<V> number) {
  constexpr Pair first[] = {{0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56}};
  constexpr double rest[] = {-0x1.1058377e2ceep-4, 0x1.46d04297691dap-7, -0x1.37403f6ba11p-10, 0x1.e42b0d5216fc8p-14};
  const Sum<V> x = number;
  const Sum<V> centre = x * polynomial(normalized(x * x), first, rest) + 0.5;
  const auto tail = normal_tail(x);
  const Sum<V> below = normalized(tail.decay * tail.ratio);
  const Sum<V> far = select(x.hi < V(0.0), below, normalized(-below + 1.0));
  return select(abs(x.hi) < V(0x1p-6), centre, far);
}
template <class V>
inline Rough<V> normal_cdf(Rough<V> x) {
  const auto tail = normal_tail(x);
  const Rough<V> below = tail.decay * tail.ratio;
  return select(x.v < V(0.0), below, 1.0 - below);
}

/// 1/√(2π).
template <class Number>
inline Number normal_peak() {
  return Number::constant(0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56);
}

template <class V, template <class> class Number>
inline Sum<V> normal_pdf(Number<V> number) {
  const Sum<V> x = number;
  return normalized(exp(normalized(scale(x * x, -0.5))) * normal_peak<Sum<V>>());
}
template <class V>
inline Rough<V> normal_pdf(Rough<V> x) {
  return exp(scale(x * x, -0.5)) * normal_peak<Rough<V>>();
}

/// The derivative's zero and what it is next to it: scripts/fit/slopes.py.
struct GeluSlope {
  static constexpr Zero zero{-0x1.80ead197f00b4p-1, 0x1.13e74c58cada8p-56, 0x1.65d4b5b9cdd03p-111};
  static constexpr Pair low[] = {
      {0x1.b9d98fa5a3215p-2, 0x1.f7c2cebb9c637p-56},   {0x1.8d9a941de3ac5p-2, 0x1.aea2f260cf0fap-56},
      {-0x1.2a2ef9bb865aep-6, -0x1.07b0e86880993p-61}, {-0x1.d2fa4c17c7e84p-4, -0x1.71299df075271p-59},
      {-0x1.e4088244f8fbbp-7, 0x1.d3502cb29b75ep-61},  {0x1.3e346def42058p-6, 0x1.d5a6a5e72a09bp-60},
      {0x1.297b9d6ff4825p-8, 0x1.c4c5f73b42d1p-62}};
  static constexpr double high[] = {-0x1.258a6d8563b5dp-9, -0x1.8680f7424d753p-11, 0x1.86c863b843957p-13,
                                    0x1.6960fc35ba404p-14, -0x1.784acedcb7817p-17, -0x1.03f71f8ac3045p-17,
                                    0x1.d0cd18c315db3p-22, 0x1.2d7177c348cdap-21,  -0x1.0bc67476ca7c6p-29};
  static constexpr double rough[] = {0x1.b9d98fa5a3219p-2,  0x1.8d9a941de3ac5p-2,  -0x1.2a2ef9bb9863p-6,
                                     -0x1.d2fa4c17c7a6fp-4, -0x1.e408822aaaf8bp-7, 0x1.3e346dee83897p-6,
                                     0x1.297b8f6608374p-8,  -0x1.258a6bef01417p-9, -0x1.8673692c7815cp-11,
                                     0x1.86c553ea546abp-13, 0x1.635670b4faff9p-14, -0x1.7591f95b590abp-17};
};

/// Φ(x) + x φ(x).
template <class V, template <class> class Number>
inline Sum<V> gelu_slope(Number<V> number) {
  constexpr Pair first[] = {{0x1.9884533d43651p-1, -0x1.cbc0d30ebfd15p-55}};
  constexpr double rest[] = {-0x1.1058377e2cee0p-2, 0x1.ea3863e31dac7p-5, -0x1.37403f6ba1100p-7, 0x1.2e9ae8534e5ddp-10};
  const Sum<V> x = normalized(Sum<V>(number));
  const Sum<V> centre = x * polynomial(normalized(x * x), first, rest) + 0.5;
  const auto tail = normal_tail(x);
  const Sum<V> below = normalized(tail.decay * normalized(tail.ratio - normalized(abs(x) * normal_peak<Sum<V>>())));
  const Sum<V> far = select(x.hi < V(0.0), below, normalized(-below + 1.0));
  const Sum<V> turn = near_zero(x, GeluSlope::zero, GeluSlope::low, GeluSlope::high);
  return select(abs(x.hi) < V(0x1p-6), centre, select(abs(x.hi - V(GeluSlope::zero.hi)) < V(0.25), turn, far));
}
template <class V>
inline Rough<V> gelu_slope(Rough<V> x) {
  const auto tail = normal_tail(x);
  const Rough<V> below = tail.decay * (tail.ratio - abs(x) * normal_peak<Rough<V>>());
  const Rough<V> far = select(x.v < V(0.0), below, 1.0 - below);
  return select(abs(x.v - V(GeluSlope::zero.hi)) < V(0.25), near_zero(x, V(0.0), GeluSlope::zero, GeluSlope::rough),
                far);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
