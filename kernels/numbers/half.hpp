// SPDX-License-Identifier: Apache-2.0
//
// The half types as their bits, and their conversions for one number at a time: correctly rounded, subnormals kept, in
// integer and float arithmetic that every CPU has and a compiler can vectorise, or by a device's instructions.
#pragma once

#include <stdint.h>

namespace actbench::ACTBENCH_ISA {
namespace {

struct F16 {
  uint16_t bits;
};
struct BF16 {
  uint16_t bits;
};
struct TwoF16 {
  F16 first, second;
};

inline float to_float(float x) { return x; }
inline double to_float(double x) { return x; }
inline float to_float(BF16 x) { return __builtin_bit_cast(float, static_cast<uint32_t>(x.bits) << 16); }
#ifdef __CUDACC_RTC__
inline float to_float(F16 x) { return actbench_from_f16(x.bits); }
inline F16 to_f16(float x) { return {actbench_to_f16(x)}; }
inline BF16 to_bf16(float x) { return {actbench_to_bf16(x)}; }
inline TwoF16 to_f16(float a, float b) { return __builtin_bit_cast(TwoF16, actbench_to_f16(a, b)); }
#else
/// The bits moved to where a float keeps them have an exponent that is too small by 112. A subnormal number's are those
/// of its sum with 2^-14.
inline float to_float(F16 x) {
  const uint32_t size = static_cast<uint32_t>(x.bits & 0x7FFF) << 13;
  const float subnormal = __builtin_bit_cast(float, size + 0x38800000) - 0x1p-14f;
  const uint32_t finite = size < 0x00800000 ? __builtin_bit_cast(uint32_t, subnormal) : size + 0x38000000;
  const uint32_t sign = static_cast<uint32_t>(x.bits & 0x8000) << 16;
  return __builtin_bit_cast(float, sign | (size >= 0x0F800000 ? size | 0x7F800000 : finite));
}
/// To nearest even. Below the smallest normal number, adding 1/2 leaves the rounded bits at the bottom of the sum.
inline F16 to_f16(float x) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, x), size = bits & 0x7FFFFFFF;
  const uint32_t normal = (size - 0x38000000 + 0xFFF + (size >> 13 & 1)) >> 13;
  const uint32_t subnormal = __builtin_bit_cast(uint32_t, __builtin_bit_cast(float, size) + 0.5f) - 0x3F000000;
  const uint32_t infinite = size > 0x7F800000 ? 0x7E00 : 0x7C00;
  const uint32_t finite = size < 0x38800000 ? subnormal : normal;
  return {static_cast<uint16_t>((size >= 0x477FF000 ? infinite : finite) | (bits >> 16 & 0x8000))};
}
inline BF16 to_bf16(float x) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, x);
  const uint32_t rounded = bits + 0x7FFF + (bits >> 16 & 1);
  return {static_cast<uint16_t>(((bits & 0x7FFFFFFF) > 0x7F800000 ? bits | 0x400000 : rounded) >> 16)};
}
inline TwoF16 to_f16(float a, float b) { return {to_f16(a), to_f16(b)}; }
#endif

inline void from_float(float& y, float x) { y = x; }
inline void from_float(double& y, double x) { y = x; }
inline void from_float(F16& y, float x) { y = to_f16(x); }
inline void from_float(BF16& y, float x) { y = to_bf16(x); }

/// What a vocabulary of wide registers has beside the others. Outliers(least, limit) looks quickly through numbers:
/// none() is true only if the size of each was below the limit and, unless least is 0, above that. Both are powers of
/// two; next to them it may be false.
template <class V>
struct Outliers;
/// A register of a half type's numbers as they are, for what compares and selects alone. What it makes of a NaN means
/// nothing; but NaNs<T> tells whether it has seen any.
template <class T>
struct Halves;
template <class T>
struct NaNs;
template <class T>
inline constexpr bool has_halves = requires {
  Halves<T>::lanes;
};

/// The bits of infinity. Those of a NaN are above, but for the sign.
template <class T>
inline constexpr short infinite_half = 0x7F80;
template <>
inline constexpr short infinite_half<F16> = 0x7C00;

/// The first 32 bits of a number without its sign.
constexpr uint32_t size_bits(float a) { return __builtin_bit_cast(uint32_t, a) & 0x7FFFFFFF; }
constexpr uint32_t size_bits(double a) {
  return static_cast<uint32_t>(__builtin_bit_cast(uint64_t, a) >> 32) & 0x7FFFFFFF;
}

/// Whether vocabularies of wide registers take a half type's numbers two registers at a time. These are as load_bits(p)
/// reads them, which HalfOutliers sees as Outliers sees floats.
/// load_numbers(p, first, second) reads them as floats, in the order in which store_numbers(p, first, second) takes
/// them, which must be no NaN. bf16 has also spread(bits, first, second) and store_rounded(p, first, second), which
/// takes a NaN and rounds as store_working() does.
template <class T>
inline constexpr bool two_at_a_time = false;
template <>
inline constexpr bool two_at_a_time<F16> = true;
template <>
inline constexpr bool two_at_a_time<BF16> = true;
template <class T>
struct HalfBits;
template <class T>
struct HalfOutliers;

/// Twice that of a half type's number, 15 bits. What is beyond f16 counts as infinite, and as 0.
template <class T>
constexpr uint32_t doubled_half(float a) {
  return size_bits(a) >> 15;
}
template <>
constexpr uint32_t doubled_half<F16>(float a) {
  const uint32_t size = size_bits(a) >> 13;  // a float's exponent and 10 bits of its fraction
  return a >= 0x1p16f ? 0xF800 : a < 0x1p-14f ? 0 : ((size - (112 << 10)) & 0x7FFF) * 2;
}

/// A number as the bits of a half type, rounded.
template <class T>
inline short bits_of_half(float a) {
  T half;
  from_float(half, a);
  return static_cast<short>(half.bits);
}

/// What an array holds.
inline float stored(float x) { return x; }
inline double stored(double x) { return x; }
inline uint16_t stored(F16 x) { return x.bits; }
inline uint16_t stored(BF16 x) { return x.bits; }

/// What the naive tier computes with.
template <class T>
using Platform = decltype(to_float(T()));

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
