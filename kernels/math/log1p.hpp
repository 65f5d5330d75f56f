// SPDX-License-Identifier: Apache-2.0
//
// ln(1 + t) for t >= 0, to about 2^-62, with its relative precision down to t = 0: for one number that many results
// share, such as the logarithm of a row's sum. All lanes of a register compute the same.
//
// 1 + t = 2^k·f with f in [1, 2), and ln f = 2 atanh(s), s = (f - 1)/(f + 1) <= 1/3, by the polynomial of
// log1p_exp.hpp. Where k = 0, f - 1 is t itself.
#pragma once

#include "kernels/math/log1p_exp.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// 1 + t = 2^k·(1 + rest).
struct Reduced {
  double k;
  DoubleDouble<double> rest;
};
inline Reduced reduced(DoubleDouble<double> t) {
  if (!(t.hi >= 1)) return {0, t};
  DoubleDouble<double> f = two_sum(1.0, t.hi);
  f = normalized(DoubleDouble<double>{f.hi, f.lo + t.lo});
  const uint64_t exponent = (__builtin_bit_cast(uint64_t, f.hi) >> 52) - 1023;
  const double inverse = __builtin_bit_cast(double, (1023 - exponent) << 52);
  const DoubleDouble<double> less = two_sum(f.hi * inverse, -1.0);
  return {static_cast<double>(exponent), normalized(DoubleDouble<double>{less.hi, less.lo + f.lo * inverse})};
}

inline DoubleDouble<double> log1p(DoubleDouble<double> t) {
  const Reduced r = reduced(t);
  const DoubleDouble<F64> part = everywhere(r.rest);
  const DoubleDouble<F64> logarithm = twice_atanh(normalized(part / normalized(part + 2.0)));
  const DoubleDouble<F64> whole =
      normalized(DoubleDouble<F64>(F64(0x1.62e42fefa39efp-1), F64(0x1.abc9e3b39803fp-56)) * Exact<F64>(r.k));
  const DoubleDouble<F64> result = normalized(whole + logarithm);
  return {first_of(result.hi), first_of(result.lo)};
}
/// To about 2^-41.
inline double rough_log1p(double t) {
  const Reduced r = reduced({t, 0});
  const Rough<F64> part = r.rest.hi;
  return r.k * 0x1.62e42fefa39efp-1 + first_of(twice_atanh(part / (part + 2.0)).v);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
