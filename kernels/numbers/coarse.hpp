// SPDX-License-Identifier: Apache-2.0
//
// Coarse<T> is an F32 for a half type T: the vocabulary over a number that need not be as precise as an f32 can be,
// only to about 2^-13 for bf16 and 2^-14 for f16. Fast kernels of these types compute with it, by shorter polynomials
// and quotients (kernels/math/coarse.hpp) and without lower parts.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Holds a register as an F32 does, and not an F32: g++ keeps an aggregate in memory where it is a level deeper.
template <class T>
struct Coarse {
  using Element = float;
  static constexpr int lanes = F32::lanes;
  decltype(F32::v) v;
  Coarse() = default;
  Coarse(F32 a) : v(a.v) {}
  Coarse(float a) : Coarse(F32(a)) {}
};
template <class T>
struct Mask<Coarse<T>> {
  decltype(Mask<F32>::v) v;
  Mask() = default;
  Mask(Mask<F32> m) : v(m.v) {}
};

inline F32 bare(F32 a) { return a; }
inline F64 bare(F64 a) { return a; }
template <class T>
inline F32 bare(Coarse<T> a) {
  return F32(a.v);
}
template <class T>
inline Mask<F32> bare(Mask<Coarse<T>> m) {
  return {m.v};
}

template <class T>
inline Coarse<T> operator+(Coarse<T> a, Coarse<T> b) {
  return bare(a) + bare(b);
}
template <class T>
inline Coarse<T> operator-(Coarse<T> a, Coarse<T> b) {
  return bare(a) - bare(b);
}
template <class T>
inline Coarse<T> operator*(Coarse<T> a, Coarse<T> b) {
  return bare(a) * bare(b);
}
template <class T>
inline Coarse<T> operator/(Coarse<T> a, Coarse<T> b) {
  return bare(a) / bare(b);
}
template <class T>
inline Coarse<T> operator-(Coarse<T> a) {
  return -bare(a);
}
template <class T>
inline Coarse<T> fma(Coarse<T> a, Coarse<T> b, Coarse<T> c) {
  return fma(bare(a), bare(b), bare(c));
}
template <class T>
inline Coarse<T> abs(Coarse<T> a) {
  return abs(bare(a));
}
template <class T>
inline Coarse<T> xor_sign(Coarse<T> a, Coarse<T> s) {
  return xor_sign(bare(a), bare(s));
}
template <class T>
inline Coarse<T> min(Coarse<T> a, Coarse<T> b) {
  return min(bare(a), bare(b));
}
template <class T>
inline Coarse<T> max(Coarse<T> a, Coarse<T> b) {
  return max(bare(a), bare(b));
}
template <class T>
inline Mask<Coarse<T>> operator<(Coarse<T> a, Coarse<T> b) {
  return bare(a) < bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator<=(Coarse<T> a, Coarse<T> b) {
  return bare(a) <= bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator>(Coarse<T> a, Coarse<T> b) {
  return bare(a) > bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator>=(Coarse<T> a, Coarse<T> b) {
  return bare(a) >= bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator==(Coarse<T> a, Coarse<T> b) {
  return bare(a) == bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator&(Mask<Coarse<T>> a, Mask<Coarse<T>> b) {
  return bare(a) & bare(b);
}
template <class T>
inline Mask<Coarse<T>> operator|(Mask<Coarse<T>> a, Mask<Coarse<T>> b) {
  return bare(a) | bare(b);
}
template <class T>
inline bool all(Mask<Coarse<T>> m) {
  return all(bare(m));
}
template <class T>
inline Coarse<T> select(Mask<Coarse<T>> m, Coarse<T> a, Coarse<T> b) {
  return select(bare(m), bare(a), bare(b));
}
template <class T>
inline Coarse<T> from_exponent(Coarse<T> z) {
  return from_exponent(bare(z));
}
template <class T>
inline Coarse<T> raised(Coarse<T> a, Coarse<T> z) {
  return raised(bare(a), bare(z));
}

/// Whether lower parts count.
template <class V>
inline constexpr bool precise = true;
template <class T>
inline constexpr bool precise<Coarse<T>> = false;

/// What fast kernels compute a type with.
template <class T>
struct FastNumber {
  using V = Coarse<T>;
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
