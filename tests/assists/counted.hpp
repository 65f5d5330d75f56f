// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for one number at a time, whose products, quotients and fused operations count those that many CPUs
// hand to their microcode: with a subnormal operand, or a result that is subnormal or underflows to 0. Sums,
// comparisons and conversions are handled by the hardware everywhere.
#pragma once

#define ACTBENCH_COUNT_PRODUCTS
#include "kernels/isa/scalar.hpp"

extern "C" unsigned long actbench_assists;

namespace actbench::ACTBENCH_ISA {
namespace {

inline bool is_tiny(double a) { return __builtin_fabs(a) < 0x1p-1022 && a != 0; }
inline bool is_tiny(float a) { return __builtin_fabsf(a) < 0x1p-126f && a != 0; }
/// result: of a and b, other than 0.
template <class E>
inline E counted(E a, E b, E c, E result, bool can_vanish) {
  const bool vanished = can_vanish && result == 0 && a != 0 && b != 0;
  if (is_tiny(a) || is_tiny(b) || is_tiny(c) || is_tiny(result) || vanished) ++actbench_assists;
  return result;
}
template <class E>
inline E counted_product(E a, E b) {
  return a == 0 || b == 0 ? a * b : counted(a, b, E(0), a * b, true);
}
template <class E>
inline E counted_quotient(E a, E b) {
  return a == 0 || b == 0 ? a / b : counted(a, b, E(0), a / b, b - b == 0);
}

inline F64 operator*(F64 a, F64 b) { return counted_product(a.v, b.v); }
inline F32 operator*(F32 a, F32 b) { return counted_product(a.v, b.v); }
inline F64 operator/(F64 a, F64 b) { return counted_quotient(a.v, b.v); }
inline F32 operator/(F32 a, F32 b) { return counted_quotient(a.v, b.v); }
inline F64 fma(F64 a, F64 b, F64 c) {
  const double result = __builtin_fma(a.v, b.v, c.v);
  return a.v == 0 || b.v == 0 ? result : counted(a.v, b.v, c.v, result, c.v == 0);
}
inline F32 fma(F32 a, F32 b, F32 c) {
  const float result = __builtin_fmaf(a.v, b.v, c.v);
  return a.v == 0 || b.v == 0 ? result : counted(a.v, b.v, c.v, result, c.v == 0);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
