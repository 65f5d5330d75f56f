// SPDX-License-Identifier: Apache-2.0
//
// σ, Φ and what is made of them far down a tail, in f64: with the exponent apart, so that nothing is too small. To
// about 2^-62.
//
// e^u = 2^n e^r with n a multiple of 256 and |r| < 89, n ln 2 taken off in three steps as in exp.hpp. Below -600, σ(x)
// and σ'(x) are e^-|x| and x·σ(x) and its derivative x e^x and (1 + x) e^x, to 2^-800. For t = -x above 36, Φ(x) is
// φ(t) A(1/t²)/t, A the first ten terms of the asymptotic series 1 - q + 3 q² - 15 q³ + … (the next is below 2^-70).
#pragma once

#include "kernels/math/normal_cdf.hpp"
#include "kernels/numbers/with_exponent.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// factor·e^u for u from -3100 to 0, a normalized factor between 2^-60 and 2^60.
inline WithExponent scaled_exp(DoubleDouble<F64> factor, DoubleDouble<F64> u) {
  const F64 n = (fma(u.hi, F64(0x1.71547652b82fep-8), F64(0x1.8p52)) - F64(0x1.8p52)) * F64(256.0);
  const DoubleDouble<F64> middle = two_product(n, F64(-0x1.ef35793c7673p-45));
  const DoubleDouble<F64> sum = two_sum(fma(n, F64(-0x1.62e42fefa38p-1), u.hi), middle.hi);
  const DoubleDouble<F64> r(sum.hi, sum.lo + (middle.lo + fma(n, F64(-0x1.f97b57a079a19p-103), u.lo)));
  return {normalized(factor * exp(normalized(r))), n};
}

inline constexpr double logistic_tail_begin = 600, normal_tail_begin = 36;

/// factor·e^-|x|; what is beyond 3040 counts as that: no two doubles make a double of it.
inline WithExponent logistic_tail(DoubleDouble<F64> factor, F64 x) {
  return scaled_exp(factor, Exact<F64>(max(F64(-3040.0), -abs(x))));
}

/// φ(t)·(slope ? A/t - t : -A) for t = -x, or t = 78 beyond.
inline WithExponent gelu_tail(F64 x, bool slope) {
  constexpr double rest[] = {3, -15, 105, -945, 10395, -135135, 2027025, -34459425};
  const F64 t = min(F64(78.0), abs(x));
  const DoubleDouble<F64> square = two_product(t, t);
  const DoubleDouble<F64> q = Exact<F64>(1.0) / square;
  const DoubleDouble<F64> series = normalized(-q + Exact<F64>(q.hi * q.hi * polynomial(q.hi, rest)));
  const DoubleDouble<F64> a = normalized(series + 1.0);
  const DoubleDouble<F64> factor = slope ? normalized(a / Exact<F64>(t) - Exact<F64>(t)) : -a;
  return scaled_exp(normalized(factor * normal_peak<DoubleDouble<F64>>()), scale(square, -0.5));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
