// SPDX-License-Identifier: Apache-2.0
//
// σ(x) = 1/(1 + e^-x), to about 2^-63, or 2^-43 roughly.
//
// With t = e^-|x| it is t/(1 + t) below 0 and 1/(1 + t) above: nothing overflows or cancels. Near 0, where σ lies next
// to 1/2 and midpoints between numbers of the type lie at multiples of x/4, it is (1/2 + x/4) - (x³/48 - x⁵/480), the
// first two exactly (the next term is below 2^-68 at 2^-8). Roughly, the definition will do.
#pragma once

#include "kernels/math/exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V, template <class> class Number>
inline Sum<V> logistic(Number<V> number) {
  const Sum<V> x = number;
  const Sum<V> t = exp(-abs(x));
  const Sum<V> numerator = select(x.hi < V(0.0), t, Sum<V>(V(1.0), V(0.0)));
  const Sum<V> quotient = numerator / normalized(t + 1.0);
  const Sum<V> line = ordered_sum(V(0.5), x.hi * V(0.25));
  const V square = x.hi * x.hi;
  const V bend = x.hi * square * fma(square, V(1.0 / 480), V(-1.0 / 48));
  const Sum<V> centre(line.hi, line.lo + (bend + x.lo * V(0.25)));
  return select(abs(x.hi) < V(0x1p-8), centre, quotient);
}
template <class V>
inline Rough<V> logistic(Rough<V> x) {
  return 1.0 / (exp(-x) + 1.0);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
