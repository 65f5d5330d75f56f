// SPDX-License-Identifier: Apache-2.0
//
// e^x times a power of two, in a type's own precision: to about 1.3 units in its last place (of relative error 2^-24 or
// 2^-53), for fast kernels.
//
// x = n ln 2 + r with |r| <= ln(2)/2; ln 2 in two parts, the first so short that n times it is exact for |n| < 2^12
// (f32: 2^10). Then e^r = 1 + r + r² P(r), P of degree 4 in f32 (2^-28), and of degree 11 in f64, where Taylor's
// coefficients will do (2^-57). Fitted by scripts/fit/single_exp.py.
#pragma once

#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V>
struct WorkingExp;
template <>
struct WorkingExp<F32> {
  static constexpr float shift = 0x1.8p23f, log2e = 0x1.715476p+0f;
  static constexpr float ln2_high = 0x1.62e8p-1f, ln2_low = -0x1.e8082ep-16f;
  static constexpr int bias = 127;
  static constexpr float p[] = {0x1p-1f, 0x1.55549p-3f, 0x1.5554cep-5f, 0x1.123ac4p-7f, 0x1.6d6aa4p-10f};
  static F32 polynomial(F32 r, F32 square) {
    const F32 low = fma(F32(p[1]), r, F32(p[0])), high = fma(F32(p[3]), r, F32(p[2]));
    return fma(fma(F32(p[4]), square, high), square, low);
  }
};
template <>
struct WorkingExp<F64> {
  static constexpr double shift = 0x1.8p52, log2e = 0x1.71547652b82fep+0;
  static constexpr double ln2_high = 0x1.62e42fefa4p-1, ln2_low = -0x1.8432a1b0e2634p-43;
  static constexpr int bias = 1023;
  static constexpr double p[] = {1.0 / 2,       1.0 / 6,        1.0 / 24,        1.0 / 120,
                                 1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
                                 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  static F64 polynomial(F64 r, F64) { return ACTBENCH_ISA::polynomial(r, p); }
};

/// e^x·2^lift, for whole numbers n + lift within the range of normal exponents; x of that many ln 2.
template <class V>
inline V lifted_exp(V x, V lift) {
  using E = WorkingExp<V>;
  const V z = fma(x, V(E::log2e), V(E::shift));
  const V n = z - V(E::shift);
  const V r = fma(n, V(-E::ln2_low), fma(n, V(-E::ln2_high), x));
  const V square = r * r;
  const V growth = fma(square, E::polynomial(r, square), r);
  const V power = from_exponent(z + (lift + V(E::bias)));
  return fma(power, growth, power);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
