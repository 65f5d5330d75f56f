// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for one number at a time: what every instruction set provides, in its plainest form.
//
// V is F32 or F64, a register of numbers; Mask<V> one truth value a number. Every operation rounds as IEEE 754 says, to
// nearest even, and gives the same bits on every instruction set. Nothing here has external linkage: see
// docs/design/isolation.md.
#pragma once

#include <stdint.h>

#include "kernels/numbers/half.hpp"
#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline constexpr Backend backend = Backend::scalar;
#ifdef __FMA__
inline constexpr unsigned required_features = cpu_fma;
#else
inline constexpr unsigned required_features = 0;
#endif

struct F64 {
  using Element = double;
  static constexpr int lanes = 1;
  double v;
  F64() = default;
  constexpr F64(double a) : v(a) {}
};
struct F32 {
  using Element = float;
  static constexpr int lanes = 1;
  float v;
  F32() = default;
  constexpr F32(float a) : v(a) {}
};
template <class V>
struct Mask {
  bool v;
};

inline F64 operator+(F64 a, F64 b) { return a.v + b.v; }
inline F64 operator-(F64 a, F64 b) { return a.v - b.v; }
inline F64 operator-(F64 a) { return -a.v; }
inline F32 operator+(F32 a, F32 b) { return a.v + b.v; }
inline F32 operator-(F32 a, F32 b) { return a.v - b.v; }
inline F32 operator-(F32 a) { return -a.v; }
#ifndef ACTBENCH_COUNT_PRODUCTS  // a test has its own (tests/assists/counted.hpp)
inline F64 operator*(F64 a, F64 b) { return a.v * b.v; }
inline F64 operator/(F64 a, F64 b) { return a.v / b.v; }
inline F32 operator*(F32 a, F32 b) { return a.v * b.v; }
#ifndef ACTBENCH_DEVICE  // which has its own (cuda.hpp)
inline F32 operator/(F32 a, F32 b) { return a.v / b.v; }
#endif

/// a·b + c, rounded once.
inline F64 fma(F64 a, F64 b, F64 c) { return __builtin_fma(a.v, b.v, c.v); }
inline F32 fma(F32 a, F32 b, F32 c) { return __builtin_fmaf(a.v, b.v, c.v); }
#endif
inline F64 abs(F64 a) { return __builtin_fabs(a.v); }
inline F32 abs(F32 a) { return __builtin_fabsf(a.v); }
/// a, its sign changed where s is negative, -0 included.
inline F64 xor_sign(F64 a, F64 s) {
  return __builtin_bit_cast(
      double, __builtin_bit_cast(uint64_t, a.v) ^ (__builtin_bit_cast(uint64_t, s.v) & (uint64_t{1} << 63)));
}
inline F32 xor_sign(F32 a, F32 s) {
  return __builtin_bit_cast(
      float, __builtin_bit_cast(uint32_t, a.v) ^ (__builtin_bit_cast(uint32_t, s.v) & (uint32_t{1} << 31)));
}
/// The smaller and the larger; b where either is NaN, and b of two zeros.
inline F64 min(F64 a, F64 b) { return a.v < b.v ? a.v : b.v; }
inline F64 max(F64 a, F64 b) { return a.v > b.v ? a.v : b.v; }
inline F32 min(F32 a, F32 b) { return a.v < b.v ? a.v : b.v; }
inline F32 max(F32 a, F32 b) { return a.v > b.v ? a.v : b.v; }

// Comparisons are false where either is NaN.
inline Mask<F64> operator<(F64 a, F64 b) { return {a.v < b.v}; }
inline Mask<F64> operator<=(F64 a, F64 b) { return {a.v <= b.v}; }
inline Mask<F64> operator>(F64 a, F64 b) { return {a.v > b.v}; }
inline Mask<F64> operator>=(F64 a, F64 b) { return {a.v >= b.v}; }
inline Mask<F64> operator==(F64 a, F64 b) { return {a.v == b.v}; }
inline Mask<F32> operator<(F32 a, F32 b) { return {a.v < b.v}; }
inline Mask<F32> operator<=(F32 a, F32 b) { return {a.v <= b.v}; }
inline Mask<F32> operator>(F32 a, F32 b) { return {a.v > b.v}; }
inline Mask<F32> operator>=(F32 a, F32 b) { return {a.v >= b.v}; }
inline Mask<F32> operator==(F32 a, F32 b) { return {a.v == b.v}; }

template <class V>
inline Mask<V> operator&(Mask<V> a, Mask<V> b) {
  return {a.v && b.v};
}
template <class V>
inline Mask<V> operator|(Mask<V> a, Mask<V> b) {
  return {a.v || b.v};
}
/// Whether it holds for any number, and for all.
template <class V>
inline bool any(Mask<V> m) {
  return m.v;
}
template <class V>
inline bool all(Mask<V> m) {
  return m.v;
}

/// a where m holds, b elsewhere.
inline F64 select(Mask<F64> m, F64 a, F64 b) { return m.v ? a.v : b.v; }
inline F32 select(Mask<F32> m, F32 a, F32 b) { return m.v ? a.v : b.v; }

/// Where a is subnormal; 0 is not.
inline Mask<F64> subnormal(F64 a) { return {(__builtin_bit_cast(uint64_t, a.v) << 1) - 1 < 0x1FFFFFFFFFFFFF}; }
inline Mask<F32> subnormal(F32 a) { return {(__builtin_bit_cast(uint32_t, a.v) << 1) - 1 < 0xFFFFFF}; }

/// Looks through numbers for subnormal ones: clear() is true where there were none, and may be false where there were
/// zeros.
template <class V>
struct Lookout;
template <>
struct Lookout<F64> {
  uint64_t least = ~uint64_t{0};  ///< exponent, in place
  void see(F64 a) {
    const uint64_t exponent = __builtin_bit_cast(uint64_t, a.v) & (uint64_t{0x7FF} << 52);
    least = exponent < least ? exponent : least;
  }
  bool clear() const { return least != 0; }
};
template <>
struct Lookout<F32> {
  uint32_t least = ~uint32_t{0};
  void see(F32 a) {
    const uint32_t exponent = __builtin_bit_cast(uint32_t, a.v) & (uint32_t{0xFF} << 23);
    least = exponent < least ? exponent : least;
  }
  bool clear() const { return least != 0; }
};

/// 2^n, -1022 <= n <= 1023, for z = n + 1.5·2^52: the sum's low bits are n, moved to where a double keeps its exponent.
inline F64 power_of_two(F64 z) {
  return __builtin_bit_cast(double, (__builtin_bit_cast(uint64_t, z.v) << 52) + (uint64_t{1023} << 52));
}

/// The largest lane; of two zeros either.
inline float largest(F32 a) { return a.v; }
inline double largest(F64 a) { return a.v; }
/// All lanes of both, added as doubles.
inline double sum_in_double(F32 a, F32 b) { return static_cast<double>(a.v) + static_cast<double>(b.v); }

/// 2^(n - 127), 1 <= n <= 254, for z = n + 1.5·2^23, and 2^(n - 1023), 1 <= n <= 2046, for z = n + 1.5·2^52.
inline F32 from_exponent(F32 z) { return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, z.v) << 23); }
inline F64 from_exponent(F64 z) { return __builtin_bit_cast(double, __builtin_bit_cast(uint64_t, z.v) << 52); }
/// a·2^n for z = n + 1.5·2^23: a and the result must be normal numbers.
inline F32 raised(F32 a, F32 z) {
  return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, a.v) + (__builtin_bit_cast(uint32_t, z.v) << 23));
}

/// Which of the sixteen segments of [1, 16), four to a binade, u lies in, for table_lookup(). Tables are in the order
/// of the last two bits of an exponent and the first two of a fraction.
struct SegmentIndex {
  uint32_t v;
};
inline SegmentIndex segment_index(F32 u) { return {__builtin_bit_cast(uint32_t, u.v) >> 21 & 15}; }
#ifndef ACTBENCH_DEVICE
/// from_exponent for z in eighths, 1.5·2^20 too large (f64: 1.5·2^49): what the last three bits say lies in the table,
/// less their own place. The table for f64 has the exponent's bias, and is not on every instruction set.
inline F64 from_eighths(const uint64_t (&table)[8], F64 z) {
  const uint64_t bits = __builtin_bit_cast(uint64_t, z.v);
  return __builtin_bit_cast(double, (bits << 49) + table[bits % 8]);
}
inline F32 from_eighths(const uint32_t (&table)[8], F32 z) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, z.v);
  return __builtin_bit_cast(float, (bits << 20) + table[bits % 8]);
}
inline F32 table_lookup(const float (&table)[16], SegmentIndex i) { return table[i.v]; }
#endif

/// The largest power of two that is not above |a|; 0 for zeros and subnormal numbers, infinity for infinities and NaN.
inline F64 binade(F64 a) {
  return __builtin_bit_cast(double, __builtin_bit_cast(uint64_t, a.v) & (uint64_t{0x7FF} << 52));
}

/// s + t rounded to odd, for s = s + t rounded to nearest: s where t is 0, otherwise the neighbour of the exact sum
/// whose last bit is 1. Rounding that to fewer bits gives what rounding the exact sum would.
inline F64 round_to_odd(F64 s, F64 t) {
  const uint64_t bits = __builtin_bit_cast(uint64_t, s.v);
  const uint64_t opposite = (bits ^ __builtin_bit_cast(uint64_t, t.v)) >> 63;
  return t.v < 0 || t.v > 0 ? __builtin_bit_cast(double, (bits - opposite) | 1) : s.v;
}

/// Any alignment.
inline F64 load(const double* p) {
  double a;
  __builtin_memcpy(&a, p, sizeof a);
  return a;
}
inline F32 load(const float* p) {
  float a;
  __builtin_memcpy(&a, p, sizeof a);
  return a;
}
inline void store(double* p, F64 a) { __builtin_memcpy(p, &a.v, sizeof a.v); }
inline void store(float* p, F32 a) { __builtin_memcpy(p, &a.v, sizeof a.v); }
/// F64::lanes numbers of the narrower type, widened; and rounded to it. To a half type: the numbers must be its own, or
/// beyond its largest.
inline F64 load_wide(const float* p) { return static_cast<double>(load(p).v); }
inline F64 load_wide(const F16* p) { return static_cast<double>(to_float(*p)); }
inline F64 load_wide(const BF16* p) { return static_cast<double>(to_float(*p)); }
inline void store_narrow(float* p, F64 a) { store(p, F32(static_cast<float>(a.v))); }
inline void store_narrow(F16* p, F64 a) { *p = to_f16(static_cast<float>(a.v)); }
inline void store_narrow(BF16* p, F64 a) { *p = to_bf16(static_cast<float>(a.v)); }
/// A register of numbers of a type, as what fast kernels compute that type in, f32 for the half types; and back,
/// rounded to nearest even.
inline F32 load_working(const float* p) { return load(p); }
inline F32 load_working(const F16* p) { return to_float(*p); }
inline F32 load_working(const BF16* p) { return to_float(*p); }
inline F64 load_working(const double* p) { return load(p); }
inline void store_working(float* p, F32 a) { store(p, a); }
inline void store_working(F16* p, F32 a) { *p = to_f16(a.v); }
inline void store_working(BF16* p, F32 a) { *p = to_bf16(a.v); }
inline void store_working(double* p, F64 a) { store(p, a); }
/// As store_working, of a number that is no NaN; halves away from zero, which a carry does by itself.
inline void store_number(BF16* p, F32 a) {
  p->bits = static_cast<uint16_t>((__builtin_bit_cast(uint32_t, a.v) + 0x8000) >> 16);
}
/// Stores a, rounded to that type, and says whether b rounds to the same number in all lanes. A NaN counts as the same
/// as any number.
inline bool store_if_rounded_alike(float* p, F64 a, F64 b) {
  const float narrow_a = static_cast<float>(a.v), narrow_b = static_cast<float>(b.v);
  store(p, F32(narrow_a));
  return !(narrow_a < narrow_b || narrow_a > narrow_b);
}
/// Stores a, rounded to that type, and says whether the rounding is decided in all lanes: whether all numbers that are
/// less than so many steps of an f32 from a round to the same. For a NaN it may say anything.
inline bool store_if_rounding_decided(F16* p, F32 a, unsigned steps) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, a.v), size = bits & 0x7FFFFFFF;
  const float nearer = __builtin_bit_cast(float, bits - (size < steps ? size : steps));
  const auto [one, other] = to_f16(nearer, __builtin_bit_cast(float, bits + steps));
  *p = one;
  return one.bits == other.bits;
}
inline bool store_if_rounding_decided(BF16* p, F32 a, unsigned steps) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, a.v);
  const uint32_t one = bits + (0x8000 - steps), other = bits + (0x8000 + steps);
  p->bits = static_cast<uint16_t>(one >> 16);
  return (one ^ other) < 0x10000;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
