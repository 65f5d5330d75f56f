// SPDX-License-Identifier: Apache-2.0
//
// Deep is an F64 for the depths of a tail: the vocabulary over a number whose e^x comes 2^1040 times too large where it
// is far below the smallest double. A gradient needs it: dy may bring f'(x) from there back to a double.
#pragma once

#include "kernels/numbers/body.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Deep {
  using Element = double;
  F64 v;
  Deep(F64 a) : v(a) {}
  Deep(double a) : v(a) {}
};
template <>
struct Mask<Deep> {
  Mask<F64> v;
};

inline F64 plain(F64 a) { return a; }
inline F64 plain(Deep a) { return a.v; }

inline Deep operator+(Deep a, Deep b) { return a.v + b.v; }
inline Deep operator-(Deep a, Deep b) { return a.v - b.v; }
inline Deep operator*(Deep a, Deep b) { return a.v * b.v; }
inline Deep operator/(Deep a, Deep b) { return a.v / b.v; }
inline Deep operator-(Deep a) { return -a.v; }
inline Deep fma(Deep a, Deep b, Deep c) { return fma(a.v, b.v, c.v); }
inline Deep abs(Deep a) { return abs(a.v); }
inline Deep xor_sign(Deep a, Deep s) { return xor_sign(a.v, s.v); }
inline Deep min(Deep a, Deep b) { return min(a.v, b.v); }
inline Deep max(Deep a, Deep b) { return max(a.v, b.v); }
inline Mask<Deep> operator<(Deep a, Deep b) { return {a.v < b.v}; }
inline Mask<Deep> operator<=(Deep a, Deep b) { return {a.v <= b.v}; }
inline Mask<Deep> operator>(Deep a, Deep b) { return {a.v > b.v}; }
inline Mask<Deep> operator>=(Deep a, Deep b) { return {a.v >= b.v}; }
inline Mask<Deep> operator==(Deep a, Deep b) { return {a.v == b.v}; }
inline Deep select(Mask<Deep> m, Deep a, Deep b) { return select(m.v, a.v, b.v); }

/// |x| beyond which e^x counts as e^±that, and e^-that, scaled, as 2^-1022: something as small as one likes. For Deep
/// as 0: no double's factor makes a double of it.
template <class V>
constexpr double largest_exponent = 790;
template <>
constexpr double largest_exponent<Deep> = 1500;

/// 2^n, scaled, for z = n + 1.5·2^52; x is the exponential's argument, limited. For Deep, what is not scaled comes as
/// -2^-200, so that the sign of what is proportional to it tells.
template <class V>
inline V scaled_power(V z, V x) {
  const V n = z - V(0x1.8p52);
  const V shift = select(n < V(-300.0), V(128.0), select(n > V(300.0), V(-128.0), V(0.0)));
  return select(x <= V(-largest_exponent<V>), V(0x1p-1022), power_of_two(z + shift));
}
/// In the body nothing is scaled.
template <class V>
inline Body<V> scaled_power(Body<V> z, Body<V>) {
  return power_of_two(z);
}
inline Deep scaled_power(Deep z, Deep) {
  const F64 shift = 0x1.8p52;
  const F64 n = z.v - shift;
  const auto low = n < F64(-2050.0), scaled = n < F64(-1130.0);
  const F64 exponent = n + select(low, F64(1340.0), F64(1040.0));
  return select(scaled, power_of_two(exponent + shift) * select(low, F64(0x1p-300), F64(1.0)), F64(-0x1p-200));
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
