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

/// In the type's own precision. f32: R(t) by pieces, of t + 1 from 1 to 16, polynomials of degree 6 in t less a start
/// near where a piece begins, where R is next to a number of f32 (2^-27.6); they know no division and magnify nothing.
/// f64: R(t) = H(v)/(2(t + k)), H a polynomial in v = (t - k)/(t + k) = 1 - 4k/(2t + 2k) of degree 22 with
/// k = 5 (2^-54.5); what 1/(2t + 2k) rounds off would come to as much as five units, v
/// included, so f64 carries it, and so it does the last steps of H. And S(t) = (t0 - t)/2 (1 + p(t)/q(t)), -t0 the
/// derivative's zero, next to which it so keeps its relative precision (2^-25.8 and 2^-55.5). By scripts/fit/fast.py,
/// up to t = 16.2 and 46, where e^(-t²/2) has become as little as a Scaled gets.
template <class V>
struct FastNormal;
template <>
struct FastNormal<F32> {
  static constexpr float end = 16.1f;
  static constexpr float last = 0x1.fffffep+3f;  ///< of [1, 16), whose pieces t + 1 lies in; further out, in the last
  static constexpr float starts[] = {0x1.0208p+0f, 0x1.8038p+0f, 0x1.03fcp+1f, 0x1.439cp+1f, 0x1.87d8p+1f, 0x1.026cp+2f,
                                     0x1.40fp+2f,  0x1.8228p+2f, 0x1.c1p+2f,   0x1.23bp+3f,  0x1.61b4p+3f, 0x1.a36p+3f,
                                     0x0p+0f,      0x1.03dp-2f,  0x1.039p-1f,  0x1.87ap-1f};
  static constexpr float pieces[7][16] = {
      {0x1.0abe7cp-2f, 0x1.a547e8p-3f, 0x1.5450b2p-3f, 0x1.1ed59cp-3f, 0x1.e939aep-4f, 0x1.7f6e6cp-4f, 0x1.3a33f8p-4f,
       0x1.07ed3ap-4f, 0x1.c8e5bep-5f, 0x1.625e14p-5f, 0x1.254f44p-5f, 0x1.efe3a2p-6f, 0x1p-1f, 0x1.a6d84ep-2f,
       0x1.646b2ap-2f, 0x1.30cea8p-2f},
      {-0x1.175006p-3f, -0x1.718142p-4f, -0x1.f73d7ep-5f, -0x1.6f702ap-5f, -0x1.10d316p-5f, -0x1.57547cp-6f,
       -0x1.d3998ep-7f, -0x1.4cec98p-7f, -0x1.f5b664p-8f, -0x1.2ff076p-8f, -0x1.a1e55ep-9f, -0x1.2b47bcp-9f,
       -0x1.988452p-2f, -0x1.2d3b3ap-2f, -0x1.c7a7bep-3f, -0x1.5ebe82p-3f},
      {0x1.f7e97p-5f, 0x1.1ffc22p-5f, 0x1.531d72p-6f, 0x1.b4c3a2p-7f, 0x1.1e83b2p-7f, 0x1.26d2bp-8f, 0x1.518c04p-9f,
       0x1.9a9b1ep-10f, 0x1.0ead2ap-10f, 0x1.01d8d4p-11f, 0x1.276d7ap-12f, 0x1.673c2ep-13f, 0x1.ffff6p-3f,
       0x1.5a6a8p-3f, 0x1.e1d6bcp-4f, 0x1.55552cp-4f},
      {-0x1.96096ep-6f, -0x1.98dd16p-7f, -0x1.a7895ap-8f, -0x1.e772c6p-9f, -0x1.1d6b84p-9f, -0x1.e765d8p-11f,
       -0x1.d9afecp-12f, -0x1.efb8a2p-13f, -0x1.1eb4e6p-13f, -0x1.b0b00ap-15f, -0x1.9e7e1ap-16f, -0x1.ac6f38p-17f,
       -0x1.104ab8p-3f, -0x1.570d56p-4f, -0x1.bcb13ep-5f, -0x1.259ee4p-5f},
      {0x1.28d9dp-7f, 0x1.0b0004p-8f, 0x1.ee66dp-10f, 0x1.01de2ap-10f, 0x1.0cd2c6p-11f, 0x1.823108p-13f,
       0x1.419aeep-14f, 0x1.2421e2p-15f, 0x1.24bc2p-16f, 0x1.64545cp-18f, 0x1.1f17c4p-19f, 0x1.f5160cp-21f,
       0x1.fde59ep-5f, 0x1.2ec442p-5f, 0x1.711feap-6f, 0x1.cb16f8p-7f},
      {-0x1.7a4b36p-9f, -0x1.337f06p-10f, -0x1.063326p-11f, -0x1.02249ap-12f, -0x1.bfa796p-14f, -0x1.14215cp-15f,
       -0x1.8fbec6p-17f, -0x1.41c552p-18f, -0x1.04417p-19f, -0x1.0d5c3p-21f, -0x1.742b24p-23f, -0x1.0760ccp-24f,
       -0x1.9e609ap-6f, -0x1.df32bp-7f, -0x1.16ea8ap-7f, -0x1.519982p-8f},
      {0x1.400996p-11f, 0x1.dbea56p-13f, 0x1.8d4bbep-14f, 0x1.976782p-15f, 0x1.e144fp-17f, 0x1.077acap-18f,
       0x1.53e07ap-20f, 0x1.f8c22ep-22f, 0x1.1bf868p-23f, 0x1.10be92p-25f, 0x1.507bb6p-27f, 0x1.6225b2p-29f,
       0x1.cf5022p-8f, 0x1.1f9608p-8f, 0x1.507b9p-9f, 0x1.bf3a04p-10f}};
  static constexpr float zero = 0x1.80ead2p-1f, zero_low = -0x1.a03fd4p-27f;
  static constexpr float slope_p[] = {0x1.521468p-2f, 0x1.c28748p-4f, -0x1.2ef522p-5f, -0x1.dbd128p-6f, -0x1.60a66p-8f};
  static constexpr float slope_q[] = {0x1p+0f, 0x1.673cc6p+0f, 0x1.98eb58p-1f, 0x1.c80bap-3f, 0x1.b434e4p-6f};
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
  const V t = at_most(V(FastNormal<V>::end), abs(x.v));
  return {t, growing_bell<FastRange<V>::scale_exponent>(t)};
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
  V further = t - table_lookup(N::starts, here);
  if constexpr (requires { x.t.lo; }) further = further + x.t.lo;
  V ratio = table_lookup(N::pieces[6], here);
  for (int i = 5; i >= 0; --i) ratio = fma(ratio, further, table_lookup(N::pieces[i], here));
  const V scaled = x.decay.power * ratio;
  return fma(scaled, x.decay.growth, scaled);
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

/// x Φ(x).
template <class Number>
inline auto x_normal_cdf(Number x) {
  return x * normal_cdf(x);
}
/// As max(0, x) - |x| Φ(-|x|). The zero has x's sign.
template <class V>
inline Scaled<V> x_normal_cdf(Input<V> x) {
  const auto tail = normal_decay(x);
  return fma(-plain(tail.t), below_zero(tail), max(number<V>(0), x.v) * scale_up<V>());
}
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
