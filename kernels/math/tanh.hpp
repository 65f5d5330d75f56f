// SPDX-License-Identifier: Apache-2.0
//
// tanh x, to about 2^-63, and x - tanh x, to about 2^-59; both to about 2^-41 roughly, relative down to x = 0.
//
// tanh x = -m/(2 + m), m = e^(-2|x|) - 1, with the sign of x; near 0, where products of tanh x may lie next to
// midpoints of the type, x - (x - tanh x). Near 0 x - tanh x is x³ P(x²): the Taylor series to x¹³, then a polynomial
// of degree 10 (2^-77 up to 1/2); roughly of degree 9 (2^-41.8 up to 3/4). Fitted by scripts/fit/tanh.sollya.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/logistic.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// x - tanh x for |x| <= 1/2.
template <class V>
__attribute__((always_inline)) inline DoubleDouble<V> small_x_minus_tanh(DoubleDouble<V> x) {
  constexpr DoubleDouble<double> low[] = {
      {0x1.5555555555555p-2, 0x1.5555555555555p-56},  {-0x1.1111111111111p-3, -0x1.1111111111111p-59},
      {0x1.ba1ba1ba1ba1cp-5, -0x1.7917917917918p-59}, {-0x1.664f4882c10fap-6, 0x1.9a5288b6c44fdp-63},
      {0x1.226e355e6c23dp-7, -0x1.c292b8f1a2c13p-61}, {-0x1.d6d3d0e157dep-9, 0x1.280cfc968d971p-63}};
  constexpr double high[] = {0x1.7da36452b75e3p-10,  -0x1.35582480367dp-11,  0x1.f57d7734da39cp-13,
                             -0x1.967e18b15cfe1p-14, 0x1.497d8eec5d4f9p-15,  -0x1.0b13243d47f1fp-16,
                             0x1.b0f453fc807c3p-18,  -0x1.5eba105459e05p-19, 0x1.19e09ea2af90bp-20,
                             -0x1.a8bc448de9cc2p-22, 0x1.c457c513ab03cp-24};
  const DoubleDouble<V> square = normalized(x * x);
  return normalized(normalized(square * x) * falling_polynomial(square, low, high));
}

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> tanh(Number<V> number) {
  const DoubleDouble<V> x = number;
  const DoubleDouble<V> m = expm1(scale(abs(x), -2.0));
  const DoubleDouble<V> q = normalized(m / normalized(m + 2.0));
  const DoubleDouble<V> far(xor_sign(abs(q.hi), x.hi), xor_sign(-q.lo, x.hi));
  const auto near = abs(x.hi) < V(0x1p-6);
  if constexpr (is_body<V>) {
    if (!any(near)) return far;  // which takes half the time
  }
  return select(near, normalized(x - small_x_minus_tanh(x)), far);
}
template <class V>
inline Rough<V> tanh(Rough<V> x) {
  const Rough<V> m = expm1(scale(abs(x), -2.0));
  return xor_sign(abs((m / (m + 2.0)).v), x.v);
}

template <class V>
inline Rounded<V> tanh(Input<V> x) {
  const V m = expm1(scale(-abs(x), 2.0)).v;
  return xor_sign(abs(m / (m + number<V>(2))), x.v);
}

template <class V, template <class> class Number>
__attribute__((always_inline)) inline DoubleDouble<V> x_minus_tanh(Number<V> number) {
  const DoubleDouble<V> x = number;
  return select(abs(x.hi) < V(0.5), small_x_minus_tanh(x), normalized(x - tanh(x)));
}
template <class V>
inline Rough<V> x_minus_tanh(Rough<V> x) {
  constexpr double p[] = {0x1.5555555554f82p-2, -0x1.111111100dd81p-3, 0x1.ba1ba0cb128bfp-5,  -0x1.664f1d8b17827p-6,
                          0x1.226a42dc81c9fp-7, -0x1.d66838d89dc0cp-9, 0x1.7a1a59c9e02a5p-10, -0x1.227ffd8c348a4p-11,
                          0x1.765985ecd4bbp-13, -0x1.1b9d42b950881p-15};
  const V square = x.v * x.v;
  return select(abs(x.v) < V(0.75), Rough<V>(x.v * square * rough_polynomial(square, p)), x - tanh(x));
}

/// In the type's own precision x³ P(x²) up to 1, P of degree 7 in f32 (2^-25) and 16 in f64 (2^-53.1), fitted by
/// scripts/fit/fast.py; beyond (|x| - 1) + 2t/(1 + t), t = e^(-2|x|), where nothing cancels.
template <class V>
struct FastTanhshrink;
template <>
struct FastTanhshrink<F32> {
  static constexpr float p[] = {0x1.555556p-2f, -0x1.111176p-3f, 0x1.ba2f2p-5f,  -0x1.66f2b4p-6f,
                                0x1.2400d6p-7f, -0x1.cb9696p-9f, 0x1.2931fp-10f, -0x1.a5b1f8p-13f};
};
template <class T>
struct FastTanhshrink<Coarse<T>> : FastTanhshrink<F32> {};
template <class V>
struct FastTanhshrink<Body<V>> : FastTanhshrink<V> {};
template <>
struct FastTanhshrink<F64> {
  static constexpr double p[] = {0x1.5555555555555p-2,   -0x1.1111111111109p-3,  0x1.ba1ba1ba1ad7dp-5,
                                 -0x1.664f488284b8dp-6,  0x1.226e3554e6dd4p-7,   -0x1.d6d3cf0d0c2c1p-9,
                                 0x1.7da346885f2fcp-10,  -0x1.3556d18251fbep-11, 0x1.f567a3931a3bfp-13,
                                 -0x1.95f8a0b4ba7e6p-14, 0x1.47165838e07bdp-15,  -0x1.02a4fe28d9ba8p-16,
                                 0x1.83bab4e36a7fp-18,   -0x1.01f02896340b4p-19, 0x1.130c88c304d04p-21,
                                 -0x1.923c870db34aap-24, 0x1.256b18fd35d03p-27};
};
template <class V>
inline Rounded<V> x_minus_tanh(Input<V> x) {
  const V size = abs(x.v), square = x.v * x.v;
  const auto e = exp_beside_one(scale(-abs(x), 2.0));
  const V t = fma(e.power, e.growth, e.power);
  const V far = (size - number<V>(1)) + (t + t) / (t + number<V>(1));
  return select(size < number<V>(1), x.v * square * polynomial_from_first(square, FastTanhshrink<V>::p),
                xor_sign(far, x.v));
}

/// tanh² x.
template <class Number>
inline auto tanh_square(Number x) {
  const auto t = normalized(tanh(x));
  return t * t;
}
template <class V>
__attribute__((always_inline)) inline Scaled<V> tanh_square(Input<V> x) {
  const V size = abs(x.v), square = x.v * x.v;
  const auto e = exp_beside_one(scale(-abs(x), 2.0));
  const V t = fma(e.power, e.growth, e.power);
  const V far = number<V>(1) - (t + t) / (t + number<V>(1));
  const V near = fma(-(x.v * square), polynomial(square, FastTanhshrink<V>::p), x.v);
  const V value = select(size < number<V>(1), near, far);
  return value * scale_up<V>() * value;
}

/// 1/cosh² x = 4σ'(2x).
template <class Number>
inline auto tanh_slope(Number x) {
  return scale(logistic_slope(scale(x, 2.0)), 4.0);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
