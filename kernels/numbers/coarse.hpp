// SPDX-License-Identifier: Apache-2.0
//
// Coarse is an F32 for the half types: the vocabulary over a number that need not be as precise as an f32 can be, only
// to about 2^-14. Fast kernels of f16 and bf16 compute with it, by shorter polynomials and without lower parts.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Coarse {
  using Element = float;
  static constexpr int lanes = F32::lanes;
  F32 v;
  Coarse() = default;
  Coarse(F32 a) : v(a) {}
  Coarse(float a) : v(a) {}
};
template <>
struct Mask<Coarse> {
  Mask<F32> v;
};

inline F32 bare(F32 a) { return a; }
inline F64 bare(F64 a) { return a; }
inline F32 bare(Coarse a) { return a.v; }

inline Coarse operator+(Coarse a, Coarse b) { return a.v + b.v; }
inline Coarse operator-(Coarse a, Coarse b) { return a.v - b.v; }
inline Coarse operator*(Coarse a, Coarse b) { return a.v * b.v; }
inline Coarse operator/(Coarse a, Coarse b) { return a.v / b.v; }
inline Coarse operator-(Coarse a) { return -a.v; }
inline Coarse fma(Coarse a, Coarse b, Coarse c) { return fma(a.v, b.v, c.v); }
inline Coarse abs(Coarse a) { return abs(a.v); }
inline Coarse xor_sign(Coarse a, Coarse s) { return xor_sign(a.v, s.v); }
inline Coarse min(Coarse a, Coarse b) { return min(a.v, b.v); }
inline Coarse max(Coarse a, Coarse b) { return max(a.v, b.v); }
inline Mask<Coarse> operator<(Coarse a, Coarse b) { return {a.v < b.v}; }
inline Mask<Coarse> operator<=(Coarse a, Coarse b) { return {a.v <= b.v}; }
inline Mask<Coarse> operator>(Coarse a, Coarse b) { return {a.v > b.v}; }
inline Mask<Coarse> operator>=(Coarse a, Coarse b) { return {a.v >= b.v}; }
inline Mask<Coarse> operator==(Coarse a, Coarse b) { return {a.v == b.v}; }
inline Mask<Coarse> operator&(Mask<Coarse> a, Mask<Coarse> b) { return {a.v & b.v}; }
inline Mask<Coarse> operator|(Mask<Coarse> a, Mask<Coarse> b) { return {a.v | b.v}; }
inline bool all(Mask<Coarse> m) { return all(m.v); }
inline Coarse select(Mask<Coarse> m, Coarse a, Coarse b) { return select(m.v, a.v, b.v); }
inline Coarse from_exponent(Coarse z) { return from_exponent(z.v); }

/// Whether lower parts count.
template <class V>
inline constexpr bool precise = true;
template <>
inline constexpr bool precise<Coarse> = false;

/// What fast kernels compute a type with.
template <class T>
struct FastNumber {
  using V = Coarse;
};
template <>
struct FastNumber<float> {
  using V = F32;
};
template <>
struct FastNumber<double> {
  using V = F64;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
