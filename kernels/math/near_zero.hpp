// SPDX-License-Identifier: Apache-2.0
//
// A function next to one of its zeros, where its terms cancel: (x - zero) P(x - zero), the zero to three times a
// double's precision, so that the result keeps its relative precision however small it is.
#pragma once

#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Zero {
  double hi, mid, lo;
};

template <class V, int Pairs, int Count>
inline Sum<V> near_zero(Sum<V> x, const Zero& zero, const Pair (&low)[Pairs], const double (&high)[Count]) {
  const Sum<V> a = two_sum(x.hi, V(-zero.hi));
  const Sum<V> b = two_sum(a.hi, V(-zero.mid));
  const Sum<V> d = normalized(Sum<V>(b.hi, b.lo + ((a.lo + x.lo) - V(zero.lo))));
  return normalized(d * polynomial(d, low, high));
}
/// At x + rest, for where rounding x to one V is too much.
template <class V, int Count>
inline Rough<V> near_zero(Rough<V> x, V rest, const Zero& zero, const double (&p)[Count]) {
  const V d = (x.v - V(zero.hi)) + (rest - V(zero.mid));
  return d * polynomial(d, p);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
