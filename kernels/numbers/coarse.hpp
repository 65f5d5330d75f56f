// SPDX-License-Identifier: Apache-2.0
//
// Coarse is an F32 for the half types: the vocabulary over a number that need not be as precise as an f32 can be, only
// to about 2^-14. Fast kernels of f16 and bf16 compute with it, by shorter polynomials and without lower parts.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Holds a register as an F32 does, and not an F32: g++ keeps an aggregate in memory where it is a level deeper.
struct Coarse {
  using Element = float;
  static constexpr int lanes = F32::lanes;
  decltype(F32::v) v;
  Coarse() = default;
  Coarse(F32 a) : v(a.v) {}
  Coarse(float a) : Coarse(F32(a)) {}
};
template <>
struct Mask<Coarse> {
  decltype(Mask<F32>::v) v;
  Mask() = default;
  Mask(Mask<F32> m) : v(m.v) {}
};

inline F32 bare(F32 a) { return a; }
inline F64 bare(F64 a) { return a; }
inline F32 bare(Coarse a) { return F32(a.v); }
inline Mask<F32> bare(Mask<Coarse> m) { return {m.v}; }

inline Coarse operator+(Coarse a, Coarse b) { return bare(a) + bare(b); }
inline Coarse operator-(Coarse a, Coarse b) { return bare(a) - bare(b); }
inline Coarse operator*(Coarse a, Coarse b) { return bare(a) * bare(b); }
inline Coarse operator/(Coarse a, Coarse b) { return bare(a) / bare(b); }
inline Coarse operator-(Coarse a) { return -bare(a); }
inline Coarse fma(Coarse a, Coarse b, Coarse c) { return fma(bare(a), bare(b), bare(c)); }
inline Coarse abs(Coarse a) { return abs(bare(a)); }
inline Coarse xor_sign(Coarse a, Coarse s) { return xor_sign(bare(a), bare(s)); }
inline Coarse min(Coarse a, Coarse b) { return min(bare(a), bare(b)); }
inline Coarse max(Coarse a, Coarse b) { return max(bare(a), bare(b)); }
inline Mask<Coarse> operator<(Coarse a, Coarse b) { return bare(a) < bare(b); }
inline Mask<Coarse> operator<=(Coarse a, Coarse b) { return bare(a) <= bare(b); }
inline Mask<Coarse> operator>(Coarse a, Coarse b) { return bare(a) > bare(b); }
inline Mask<Coarse> operator>=(Coarse a, Coarse b) { return bare(a) >= bare(b); }
inline Mask<Coarse> operator==(Coarse a, Coarse b) { return bare(a) == bare(b); }
inline Mask<Coarse> operator&(Mask<Coarse> a, Mask<Coarse> b) { return bare(a) & bare(b); }
inline Mask<Coarse> operator|(Mask<Coarse> a, Mask<Coarse> b) { return bare(a) | bare(b); }
inline bool all(Mask<Coarse> m) { return all(bare(m)); }
inline Coarse select(Mask<Coarse> m, Coarse a, Coarse b) { return select(bare(m), bare(a), bare(b)); }
inline Coarse from_exponent(Coarse z) { return from_exponent(bare(z)); }

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
