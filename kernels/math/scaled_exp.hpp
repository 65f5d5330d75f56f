// SPDX-License-Identifier: Apache-2.0
//
// e^d with its whole exponent apart, for where it may be below the smallest double, or is added to what is larger.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/numbers/with_exponent.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// e^d for d <= 0, its value between 1/2 and 2 and its exponent whole; a d below -790 counts as that.
inline WithExponent scaled_exp(DoubleDouble<F64> d) {
  const DoubleDouble<F64> x = limit(d);
  const F64 n = fma(x.hi, F64(0x1.71547652b82fep0), F64(0x1.8p52)) - F64(0x1.8p52);
  const DoubleDouble<F64> growth = exponential(x).minus_one, s = fast_two_sum(F64(1.0), growth.hi);
  return {normalized(DoubleDouble<F64>(s.hi, s.lo + growth.lo)), n};
}

/// value·2^exponent as one number; an exponent below `least` counts as that.
inline DoubleDouble<F64> unscaled(const WithExponent& e, double least) {
  const F64 power = power_of_two(max(F64(least), e.exponent) + F64(0x1.8p52));
  return {e.value.hi * power, e.value.lo * power};
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
