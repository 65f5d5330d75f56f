// SPDX-License-Identifier: Apache-2.0
//
// Polynomials in a V, and in a DoubleDouble. Coefficients come from scripts/fit/.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// c[0] + c[1] x + … by halves (Estrin), which keeps the chain of dependent operations short.
template <int First, int Count, class Element, class V>
inline V polynomial_part(const Element* c, const V* powers) {
  if constexpr (Count == 1) {
    return V(c[First]);
  } else {
    constexpr int level = Count > 16 ? 4 : Count > 8 ? 3 : Count > 4 ? 2 : Count > 2 ? 1 : 0;
    constexpr int half = 1 << level;
    return fma(polynomial_part<First + half, Count - half>(c, powers), powers[level],
               polynomial_part<First, half>(c, powers));
  }
}
template <class V, class Element, int Count>
__attribute__((always_inline)) inline V polynomial(V x, const Element (&c)[Count]) {
  V powers[5] = {x, x, x, x, x};
  for (int i = 1; i < 5 && (1 << i) < Count; ++i) powers[i] = powers[i - 1] * powers[i - 1];
  return polynomial_part<0, Count>(c, powers);
}
template <class V, int Count>
inline V rough_polynomial(V x, const double (&c)[Count]) {
  return polynomial(x, c);
}
/// c[First] + c[First + 1] x + …
template <int First, class V, class Element, int Count>
inline V polynomial_from(V x, const Element (&c)[Count]) {
  V powers[5] = {x, x, x, x, x};
  for (int i = 1; i < 5 && (1 << i) < Count - First; ++i) powers[i] = powers[i - 1] * powers[i - 1];
  return polynomial_part<First, Count - First>(c, powers);
}
/// The same as polynomial, but the first coefficient last: for small x it rounds only once, nearly.
template <class V, class Element, int Count>
inline V polynomial_from_first(V x, const Element (&c)[Count]) {
  return fma(x, polynomial_from<1>(x, c), V(c[0]));
}

/// low[0] + low[1] x + … + x^Pairs (high[0] + high[1] x + …), its first Pairs steps with the precision of a
/// DoubleDouble: for where the rest is small enough to be left to one V.
template <class V, int Pairs, int Count>
__attribute__((always_inline)) inline DoubleDouble<V> polynomial(DoubleDouble<V> x,
                                                                 const DoubleDouble<double> (&low)[Pairs],
                                                                 const double (&high)[Count]) {
  DoubleDouble<V> result = Exact<V>(polynomial(x.hi, high));
  for (int i = Pairs - 1; i >= 0; --i)
    result = normalized(result * x + DoubleDouble<V>::constant(low[i].hi, low[i].lo));
  return result;
}
/// The same with the same bits in fewer operations, where each of its first coefficients outweighs all that follows.
template <class V, int Pairs, int Count>
__attribute__((always_inline)) inline DoubleDouble<V> falling_polynomial(DoubleDouble<V> x,
                                                                         const DoubleDouble<double> (&low)[Pairs],
                                                                         const double (&high)[Count]) {
  DoubleDouble<V> result = Exact<V>(polynomial(x.hi, high));
  for (int i = Pairs - 1; i >= 0; --i)
    result = normalized(larger_first(DoubleDouble<V>::constant(low[i].hi, low[i].lo), result * x));
  return result;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
