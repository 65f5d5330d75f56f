// SPDX-License-Identifier: Apache-2.0
//
// e^d as a factor next to 1 and a power of two apart, for where it may be below the smallest double, or is to be added
// to what is larger.
#pragma once

#include "kernels/math/exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// e^d = factor·2^n for d <= 0, whole n; below -790 as if it were that.
struct WithExponent {
  DoubleDouble<F64> factor;
  F64 n;
};
inline WithExponent scaled_exp(DoubleDouble<F64> d) {
  const DoubleDouble<F64> x = limit(d);
  const F64 n = fma(x.hi, F64(0x1.71547652b82fep0), F64(0x1.8p52)) - F64(0x1.8p52);
  const DoubleDouble<F64> growth = exponential(x).minus_one, s = fast_two_sum(F64(1.0), growth.hi);
  return {normalized(DoubleDouble<F64>(s.hi, s.lo + growth.lo)), n};
}
inline DoubleDouble<F64> unscaled(const WithExponent& e, double least) {
  const F64 power = power_of_two(max(F64(least), e.n) + F64(0x1.8p52));
  return {e.factor.hi * power, e.factor.lo * power};
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
