// SPDX-License-Identifier: Apache-2.0
//
// Sums of two doubles outside registers: what many elements share, such as a row's sum.
#pragma once

#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// a + b exactly (Knuth).
inline Pair two_sum(double a, double b) {
  const double s = a + b, b_part = s - a;
  return {s, (a - (s - b_part)) + (b - b_part)};
}
inline Pair normalized(Pair a) {
  const double s = a.hi + a.lo;
  return {s, a.lo - (s - a.hi)};
}
inline Pair added(Pair a, double b, double b_low) {
  const Pair s = two_sum(a.hi, b);
  return {s.hi, a.lo + (s.lo + b_low)};
}

inline DoubleDouble<F64> everywhere(Pair a) { return {F64(a.hi), F64(a.lo)}; }

/// Of a register whose lanes hold the same number, that one.
inline double first_of(F64 a) {
  double lanes[F64::lanes];
  store(lanes, a);
  return lanes[0];
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
