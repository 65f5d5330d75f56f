// SPDX-License-Identifier: Apache-2.0
//
// Φ, the standard normal distribution function, its density φ, and Φ(x) + x φ(x), the derivative of x Φ(x): to about
// 2^-62, or 2^-42 roughly.
//
// With t = |x|, Φ(-t) = e^(-t²/2) R(t), R a polynomial in v = (t - k)/(t + k): k = 6 and degree 30 (2^-66) up to
// t = 55, where even the largest double times Φ(-t) is no double any more (scripts/fit/slopes.py); roughly k = 4.5 and
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
__attribute__((always_inline)) inline NormalTail<DoubleDouble<V>> normal_tail(DoubleDouble<V> x) {
  constexpr DoubleDouble<double> low[] = {
      {0x1.095608c7b15f1p-4, 0x1.fe1c5fb8bd6b3p-62},  {-0x1.f89d2352c035p-4, -0x1.a8b01cde72119p-59},
      {0x1.b17c5d341b133p-4, -0x1.b9651fa3e190fp-58}, {-0x1.4f7cb52484d12p-4, 0x1.73907e9d7c92dp-62},
      {0x1.d17ec9c71a485p-5, -0x1.7f521be261edbp-59}, {-0x1.1f2ab2c41094fp-5, 0x1.b8ae3656b216p-60},
      {0x1.3718190f23249p-6, -0x1.bcb069a6861a8p-61}, {-0x1.21e1488133c6dp-7, 0x1.5b8c3cb820782p-61},
      {0x1.bffea210dc6ap-9, 0x1.0f62e3f2246acp-63},   {-0x1.09ab9f82ab28fp-10, -0x1.dcf6e6591ae6ap-64},
      {0x1.7a44fb9f33c27p-13, -0x1.bb250c9323bfbp-67}};
  constexpr double high[] = {
      0x1.9f35c8e10660ep-17,  -0x1.581714366c994p-16, 0x1.7020e508aceeep-18,  0x1.ffe39d673ff9cp-22,
      -0x1.8077c3351414dp-21, 0x1.ea7c41201d472p-24,  0x1.07790c2da768dp-24,  -0x1.b2ff0f04b6705p-26,
      -0x1.0f0c6b9c63323p-28, 0x1.0d45df5226c21p-28,  0x1.f938a1f987505p-34,  -0x1.39b4a959b9b23p-31,
      0x1.66b6dbc0f06f4p-36,  0x1.72e79fdfc89cep-34,  -0x1.42301ce3f3381p-38, -0x1.ae314cfc678dbp-37,
      0x1.2129365e20bc8p-42,  0x1.8c5ef2bf0224fp-40,  0x1.fa5a1ad1b70a9p-45,  -0x1.3ae4e0b4be866p-44};
  const DoubleDouble<V> size = abs(x);
  const DoubleDouble<V> exponent = scale(size * size, -0.5);
  const DoubleDouble<V> t(min(V(55.0), size.hi), select(size.hi < V(55.0), size.lo, V(0.0)));
  const DoubleDouble<V> v = normalized(normalized(t + -6.0) / normalized(t + 6.0));
  return {exp(normalized(exponent)), polynomial(v, low, high)};
}
template <class V>
inline NormalTail<Rough<V>> normal_tail(Rough<V> x) {
  constexpr double r[] = {0x1.5b5acd3b15e07p-4,   -0x1.3f5f1e623f58ap-3, 0x1.ee92ec897463bp-4,   -0x1.3e64a54794267p-4,
                          0x1.4bcc5737df341p-5,   -0x1.086d3bd2aae95p-6, 0x1.1566208125c79p-8,   -0x1.2055b3d946205p-12,
                          -0x1.36af56df2ba8fp-12, 0x1.aeb4cdbf232dp-14,  0x1.8ad4f594e1fb3p-17,  -0x1.dda4f9ce607f5p-17,
                          0x1.f9f92fe84afc2p-24,  0x1.0415e197825dcp-19, -0x1.074601c313dadp-26, -0x1.0ebddafa830aap-22,
                          -0x1.8d0fa20fbdeecp-25};
  const V t = at_most(V(37.6), abs(x.v));
  const auto e = exponential(Rough<V>(t * t * V(-0.5)));
  return {fma(e.power, e.minus_one.v, e.power), rough_polynomial(rough_quotient(t - V(4.5), t + V(4.5)), r)};
}

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> normal_cdf(Number<V> number) {
  constexpr DoubleDouble<double> first[] = {{0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56}};
  constexpr double rest[] = {-0x1.1058377e2ceep-4, 0x1.46d04297691dap-7, -0x1.37403f6ba11p-10, 0x1.e42b0d5216fc8p-14};
  const DoubleDouble<V> x = number;
  const DoubleDouble<V> centre = x * polynomial(normalized(x * x), first, rest) + 0.5;
  const auto tail = normal_tail(x);
  const DoubleDouble<V> below = normalized(tail.decay * tail.ratio);
  const DoubleDouble<V> far = select(x.hi < V(0.0), below, normalized(-below + 1.0));
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
inline DoubleDouble<V> normal_pdf(Number<V> number) {
  const DoubleDouble<V> x = number;
  return normalized(exp(normalized(scale(x * x, -0.5))) * normal_peak<DoubleDouble<V>>());
}
template <class V>
inline Rough<V> normal_pdf(Rough<V> x) {
  return exp(scale(x * x, -0.5)) * normal_peak<Rough<V>>();
}

/// The derivative's zero and what it is next to it: scripts/fit/slopes.py.
struct GeluSlope {
  static constexpr Zero zero{-0x1.80ead197f00b4p-1, 0x1.13e74c58cada8p-56, 0x1.65d4b5b9cdd03p-111};
  static constexpr DoubleDouble<double> low[] = {
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
__attribute__((always_inline)) inline DoubleDouble<V> gelu_slope(Number<V> number) {
  constexpr DoubleDouble<double> first[] = {{0x1.9884533d43651p-1, -0x1.cbc0d30ebfd15p-55}};
  constexpr double rest[] = {-0x1.1058377e2cee0p-2, 0x1.ea3863e31dac7p-5, -0x1.37403f6ba1100p-7, 0x1.2e9ae8534e5ddp-10};
  const DoubleDouble<V> x = normalized(DoubleDouble<V>(number));
  const DoubleDouble<V> centre = x * polynomial(normalized(x * x), first, rest) + 0.5;
  const auto tail = normal_tail(x);
  const DoubleDouble<V> below =
      normalized(tail.decay * normalized(tail.ratio - normalized(abs(x) * normal_peak<DoubleDouble<V>>())));
  const DoubleDouble<V> far = select(x.hi < V(0.0), below, normalized(-below + 1.0));
  const DoubleDouble<V> turn = near_zero(x, GeluSlope::zero, GeluSlope::low, GeluSlope::high);
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

/// In the type's own precision. f32: R(t) by pieces, of t + 1 from 1 to 16, polynomials of degree 6 in t less where a
/// piece begins (2^-24.5, most of it the first coefficient's own rounding), which knows no division and magnifies
/// nothing. f64, and coarse: R(t) = H(v)/(2(t + k)), H a polynomial in v = (t - k)/(t + k) = 1 - 4k/(2t + 2k), of
/// degree 22 with k = 5 (2^-54.5), coarse 5 with k = 3 (2^-15.6); what 1/(2t + 2k) rounds off would come to as much as
/// five units, v included, so f64 carries it, and so it does the last steps of H. And S(t) = (t0 - t)/2 (1 +
/// p(t)/q(t)), -t0 the derivative's zero, next to which it so keeps its relative precision (2^-25.8 and 2^-55.5). By
/// scripts/fit/fast.py, up to t = 16.2 and 46, where e^(-t²/2) has become as little as a Scaled gets.
template <class V>
struct FastNormal;
template <>
struct FastNormal<F32> {
  static constexpr float end = 16.1f;
  static constexpr float last = 0x1.fffffep+3f;  ///< of [1, 16), whose pieces t + 1 lies in; further out, in the last
  static constexpr float pieces[7][16] = {
      {0x1.0bdb2ep-2f, 0x1.a57056p-3f, 0x1.5845dcp-3f, 0x1.217252p-3f, 0x1.f1b89cp-4f, 0x1.82b4bcp-4f, 0x1.3b0fbcp-4f,
       0x1.095608p-4f, 0x1.c9e12p-5f, 0x1.66ccb8p-5f, 0x1.26b4dp-5f, 0x1.f3ddc2p-6f, 0x1p-1f, 0x1.a7f808p-2f,
       0x1.66027ap-2f, 0x1.337024p-2f},
      {-0x1.195246p-3f, -0x1.71c0b4p-4f, -0x1.00f92ep-4f, -0x1.75abp-5f, -0x1.19cedap-5f, -0x1.5cf9e8p-6f,
       -0x1.d6138p-7f, -0x1.506732p-7f, -0x1.f7d4ap-8f, -0x1.378164p-8f, -0x1.a5db26p-9f, -0x1.301264p-9f,
       -0x1.988452p-2f, -0x1.2e863ap-2f, -0x1.cb0482p-3f, -0x1.63e17ap-3f},
      {0x1.fcc5dap-5f, 0x1.2051a4p-5f, 0x1.5cf66ep-6f, 0x1.bf1708p-7f, 0x1.2c034ap-7f, 0x1.2deb9ep-8f, 0x1.53ebc6p-9f,
       0x1.a0650ep-10f, 0x1.104b86p-10f, 0x1.0b7808p-11f, 0x1.2bab48p-12f, 0x1.6fcb6cp-13f, 0x1.ffff6p-3f,
       0x1.5c4e66p-3f, 0x1.e5efa4p-4f, 0x1.5c52f4p-4f},
      {-0x1.9ac7eep-6f, -0x1.9bac6ep-7f, -0x1.b02b58p-8f, -0x1.f1abdap-9f, -0x1.2e54c6p-9f, -0x1.f8b9cp-11f,
       -0x1.d67f2ap-12f, -0x1.e8050cp-13f, -0x1.1fe3ap-13f, -0x1.c74fcep-15f, -0x1.a865d6p-16f, -0x1.b8f244p-17f,
       -0x1.104ab8p-3f, -0x1.5843a2p-4f, -0x1.af0f58p-5f, -0x1.383854p-5f},
      {0x1.2ca536p-7f, 0x1.1cf202p-8f, 0x1.9c321cp-10f, 0x1.d14b44p-11f, 0x1.1db264p-11f, 0x1.a1c116p-13f,
       0x1.09b7d8p-14f, 0x1.4ca5bp-16f, 0x1.1eec98p-16f, 0x1.837afp-18f, 0x1.35ad2cp-19f, 0x1.fde61cp-21f,
       0x1.fde59ep-5f, 0x1.21385ep-5f, 0x1.6d032cp-8f, 0x1.9b1e1p-6f},
      {-0x1.7e4144p-9f, -0x1.ae2cb8p-10f, 0x1.325c08p-13f, -0x1.a4a374p-16f, -0x1.d117ep-14f, -0x1.5af3ep-15f,
       0x1.6ef39p-22f, 0x1.29f72cp-17f, -0x1.d19d06p-20f, -0x1.403aaep-21f, -0x1.ec6a2ap-23f, -0x1.f667d2p-25f,
       -0x1.9e609ap-6f, -0x1.068f4ep-7f, 0x1.a625fcp-5f, -0x1.5c74c8p-5f},
      {0x1.4069a2p-11f, 0x1.1714dep-11f, -0x1.58ca82p-12f, -0x1.ab96d2p-14f, 0x1.d557f6p-17f, 0x1.aca2ecp-18f,
       -0x1.762eeap-19f, -0x1.0f63dp-18f, 0x1.9f3566p-24f, 0x1.767cf6p-25f, 0x1.3cd5f6p-26f, 0x1.23156ep-29f,
       0x1.cf5022p-8f, -0x1.20d1dp-8f, -0x1.38b9eep-4f, 0x1.9ddaaep-5f}};
  static constexpr float zero = 0x1.80ead2p-1f, zero_low = -0x1.a03fd4p-27f;
  static constexpr float slope_p[] = {0x1.521468p-2f, 0x1.c28748p-4f, -0x1.2ef522p-5f, -0x1.dbd128p-6f, -0x1.60a66p-8f};
  static constexpr float slope_q[] = {0x1p+0f, 0x1.673cc6p+0f, 0x1.98eb58p-1f, 0x1.c80bap-3f, 0x1.b434e4p-6f};
};
template <>
struct FastNormal<Coarse> : FastNormal<F32> {
  static constexpr float k = 3.0f;
  static constexpr float p[] = {0x1.754b82p+0f,  -0x1.04d326p+0f, 0x1.d6b292p-2f,
                                -0x1.7bf1e8p-4f, -0x1.3e2926p-6f, 0x1.4ad17ep-7f};
};
template <>
struct FastNormal<F64> {
  static constexpr double end = 46;
  static constexpr double k = 5;
  static constexpr double p[] = {
      0x1.89d3abe1f95aep+0,   -0x1.54ad03f27ca18p+0, 0x1.fb31653876fafp-1,   -0x1.410ed5f8759ap-1,
      0x1.51f6329f00b2p-2,    -0x1.1b1c254ca0fd8p-3, 0x1.54b4d4f53e79dp-5,   -0x1.88590e9e13cffp-8,
      -0x1.a2503874f94cap-10, 0x1.1daf1b92fe654p-10, -0x1.f2142a599d478p-14, -0x1.a1704277192edp-14,
      0x1.17dbab1031a8fp-15,  0x1.0b1800d4961e2p-17, -0x1.7396bde1dd598p-18, -0x1.675dd53866ea8p-21,
      0x1.d05c194d64c4p-21,   0x1.550c5a84bdff5p-24, -0x1.1b165896f1ff8p-23, -0x1.fb779008aab2dp-27,
      0x1.17450dc2aa5ffp-26,  0x1.36ece64c0cd09p-29, -0x1.d643817861e5p-31};
  /// Of its derivative, to a tenth.
  static constexpr double slope[] = {-1.3308, 1.9812, -1.8812, 1.3202, -0.6912, 0.2495, -0.0419};
  static constexpr double zero = 0x1.80ead197f00b4p-1, zero_low = -0x1.13e74c58cada8p-56;
  static constexpr double slope_p[] = {0x1.5214697307b1fp-2,   0x1.96b9550176706p-2,   0x1.772dc9d2e8165p-3,
                                       0x1.b0472e168d77ep-7,   -0x1.cc534f7bc4d9cp-6,  -0x1.15ebecfa2950fp-6,
                                       -0x1.5d7b807dd799ep-8,  -0x1.18bea1903ec7ep-10, -0x1.26ac3ba4abbefp-13,
                                       -0x1.79a6dfe607b5bp-17, -0x1.cd20fa2b54912p-22};
  static constexpr double slope_q[] = {0x1p+0,
                                       0x1.22f6fe348d22dp+1,
                                       0x1.32bddcacfe39ap+1,
                                       0x1.8bddb5b4c3029p+0,
                                       0x1.5b344839fac04p-1,
                                       0x1.b1d976c74e471p-3,
                                       0x1.88922b41d0475p-5,
                                       0x1.fe65352fd07eep-8,
                                       0x1.cb0839a0f9085p-11,
                                       0x1.0402fd8ab493fp-14,
                                       0x1.1d30630204d3dp-19};
};

template <class V>
struct FastNormal<Body<V>> : FastNormal<V> {};

/// t = |x| up to where it ends, and e^(-t²/2).
template <class V, class Number>
struct NormalDecay {
  Number t;
  Growing<V> decay;
};
template <class V>
inline NormalDecay<V, Input<V>> normal_decay(Input<V> x) {
  const V t = at_most(V(FastNormal<V>::end), abs(x.v)), half = t * number<V>(-0.5), square = half * t;
  return {t, decaying_limited(Split<V>(square, fma(half, t, -square)))};
}
template <class V>
inline NormalDecay<V, Split<V>> normal_decay(Split<V> x) {
  const V size = abs(x.hi), t = min(V(FastNormal<V>::end), size), square = t * t, half = number<V>(-0.5);
  const V rest = select(t == size, xor_sign(x.lo, x.hi), number<V>(0));
  const V low = fma(t + t, rest, fma(t, t, -square));
  return {Split<V>(t, rest), decaying_limited(Split<V>(square * half, low * half))};
}

/// Φ(-t), as a Scaled.
template <class V, class Number>
requires(precise<V> && sizeof(typename V::Element) == sizeof(float)) inline V
    below_zero(const NormalDecay<V, Number>& x) {
  using N = FastNormal<V>;
  const V t = plain(x.t), one = number<V>(1), u = at_most(V(N::last), t + one);
  const auto here = segment_index(u);
  const V further = (t - (segment_start(u) - one)) + low_part(x.t);
  V ratio = table_lookup(N::pieces[6], here);
  for (int i = 5; i >= 0; --i) ratio = fma(ratio, further, table_lookup(N::pieces[i], here));
  const V scaled = x.decay.power * ratio;
  return fma(scaled, x.decay.growth, scaled);
}
template <class V, class Number>
requires(!precise<V>) inline V below_zero(const NormalDecay<V, Number>& x) {
  using N = FastNormal<V>;
  const V t = plain(x.t), one = number<V>(1), share = one / fma(t, number<V>(2), V(2 * N::k));
  return product(x.decay, share * polynomial(fma(share, V(-4 * N::k), one), N::p));
}
/// What v and the first two steps round off would be felt among 53 bits: h'(v), a few units large, times what v lacks.
template <class V, class Number>
requires(precise<V> && sizeof(typename V::Element) == sizeof(double)) inline V
    below_zero(const NormalDecay<V, Number>& x) {
  using N = FastNormal<V>;
  const V t = plain(x.t), one = 1.0, two = 2.0, size = fma(t, two, V(2 * N::k));
  V size_low = fma(t, two, V(2 * N::k) - size);
  if constexpr (requires { x.t.lo; }) size_low = fma(two, x.t.lo, size_low);
  const V share = one / size, missing = fma(-share, size_low, fma(-share, size, one));
  const V c(-4 * N::k), product = share * c, v = one + product, back = v - one;
  const V v_low = ((one - (v - back)) + (product - back)) + (fma(share, c, -product) + product * missing);
  const V inner = polynomial_from<2>(v, N::p), rest = fma(v, inner, V(N::p[1]));
  const V rest_low = fma(v, inner, V(N::p[1]) - rest), h = fma(v, rest, V(N::p[0]));
  const V low = fma(v, rest, V(N::p[0]) - h) + fma(v, rest_low, v_low * polynomial(v, N::slope));
  const V growth = x.decay.growth + fma(x.decay.growth, missing, missing);
  const V scaled = x.decay.power * share;
  return fma(scaled, h, scaled * fma(h, growth, low));
}
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline BelowOrRest<V> normal_cdf(Number<V> x) { return {plain(x) <= number<V>(0), below_zero(normal_decay(x))}; }
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
inline Scaled<V> normal_pdf(Number<V> x) { return product(normal_decay(x).decay, number<V>(0x1.9884533d43651p-2)); }
template <class V, template <class> class Number>
requires FastArgument<Number<V>>
__attribute__((always_inline)) inline Scaled<V> gelu_slope(Number<V> x) {
  using N = FastNormal<V>;
  const auto tail = normal_decay(x);
  const V t = plain(tail.t), to_zero = (V(N::zero) - t) + (V(N::zero_low) - low_part(tail.t));
  const V rest = polynomial(t, N::slope_p) / polynomial(t, N::slope_q);
  const V half = tail.decay.power * to_zero * number<V>(0.5);
  const V below = fma(half, fma(tail.decay.growth, rest, tail.decay.growth + rest), half);
  return select(plain(x) < number<V>(0), below, scale_up<V>() - below);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
