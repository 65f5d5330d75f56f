// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for AVX2 and FMA: 4 doubles or 8 floats. scalar.hpp says what each operation means.
#pragma once

#include <immintrin.h>

#include "kernels/numbers/half.hpp"
#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline constexpr Backend backend = Backend::avx2;
inline constexpr unsigned required_features = cpu_fma | cpu_avx2;

struct F64 {
  using Element = double;
  static constexpr int lanes = 4;
  __m256d v;
  F64() = default;
  F64(__m256d a) : v(a) {}
  F64(double a) : v(_mm256_set1_pd(a)) {}
};
struct F32 {
  using Element = float;
  static constexpr int lanes = 8;
  __m256 v;
  F32() = default;
  F32(__m256 a) : v(a) {}
  F32(float a) : v(_mm256_set1_ps(a)) {}
};
template <class V>
struct Mask {
  decltype(V::v) v;
};

inline F64 operator+(F64 a, F64 b) { return _mm256_add_pd(a.v, b.v); }
inline F64 operator-(F64 a, F64 b) { return _mm256_sub_pd(a.v, b.v); }
inline F64 operator*(F64 a, F64 b) { return _mm256_mul_pd(a.v, b.v); }
inline F64 operator/(F64 a, F64 b) { return _mm256_div_pd(a.v, b.v); }
inline F64 operator-(F64 a) { return -a.v; }
inline F32 operator+(F32 a, F32 b) { return _mm256_add_ps(a.v, b.v); }
inline F32 operator-(F32 a, F32 b) { return _mm256_sub_ps(a.v, b.v); }
inline F32 operator*(F32 a, F32 b) { return _mm256_mul_ps(a.v, b.v); }
inline F32 operator/(F32 a, F32 b) { return _mm256_div_ps(a.v, b.v); }
inline F32 operator-(F32 a) { return -a.v; }

inline F64 fma(F64 a, F64 b, F64 c) { return _mm256_fmadd_pd(a.v, b.v, c.v); }
inline F32 fma(F32 a, F32 b, F32 c) { return _mm256_fmadd_ps(a.v, b.v, c.v); }
inline F64 abs(F64 a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a.v); }
inline F32 abs(F32 a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v); }
inline F64 xor_sign(F64 a, F64 s) { return _mm256_xor_pd(a.v, _mm256_and_pd(s.v, _mm256_set1_pd(-0.0))); }
inline F32 xor_sign(F32 a, F32 s) { return _mm256_xor_ps(a.v, _mm256_and_ps(s.v, _mm256_set1_ps(-0.0f))); }
inline F64 min(F64 a, F64 b) { return _mm256_min_pd(a.v, b.v); }
inline F64 max(F64 a, F64 b) { return _mm256_max_pd(a.v, b.v); }
inline F32 min(F32 a, F32 b) { return _mm256_min_ps(a.v, b.v); }
inline F32 max(F32 a, F32 b) { return _mm256_max_ps(a.v, b.v); }

inline Mask<F64> operator<(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<F64> operator<=(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask<F64> operator>(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask<F64> operator>=(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask<F64> operator==(F64 a, F64 b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask<F32> operator<(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<F32> operator<=(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask<F32> operator>(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask<F32> operator>=(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask<F32> operator==(F32 a, F32 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }

inline Mask<F64> operator&(Mask<F64> a, Mask<F64> b) { return {_mm256_and_pd(a.v, b.v)}; }
inline Mask<F64> operator|(Mask<F64> a, Mask<F64> b) { return {_mm256_or_pd(a.v, b.v)}; }
inline Mask<F32> operator&(Mask<F32> a, Mask<F32> b) { return {_mm256_and_ps(a.v, b.v)}; }
inline Mask<F32> operator|(Mask<F32> a, Mask<F32> b) { return {_mm256_or_ps(a.v, b.v)}; }
inline bool any(Mask<F64> m) { return _mm256_movemask_pd(m.v) != 0; }
inline bool all(Mask<F64> m) { return _mm256_movemask_pd(m.v) == 15; }
inline bool any(Mask<F32> m) { return _mm256_movemask_ps(m.v) != 0; }
inline bool all(Mask<F32> m) { return _mm256_movemask_ps(m.v) == 255; }

inline F64 select(Mask<F64> m, F64 a, F64 b) { return _mm256_blendv_pd(b.v, a.v, m.v); }
inline F32 select(Mask<F32> m, F32 a, F32 b) { return _mm256_blendv_ps(b.v, a.v, m.v); }

// AVX2 compares signed integers: with half of all added, 2|a| - 1 of a subnormal a is the least.
inline Mask<F64> subnormal(F64 a) {
  const __m256i size = _mm256_slli_epi64(_mm256_castpd_si256(a.v), 1);
  const __m256i moved = _mm256_add_epi64(size, _mm256_set1_epi64x(0x7FFFFFFFFFFFFFFF));
  return {_mm256_castsi256_pd(_mm256_cmpgt_epi64(_mm256_set1_epi64x(-0x7FE0000000000001), moved))};
}
inline Mask<F32> subnormal(F32 a) {
  const __m256i size = _mm256_slli_epi32(_mm256_castps_si256(a.v), 1);
  const __m256i moved = _mm256_add_epi32(size, _mm256_set1_epi32(0x7FFFFFFF));
  return {_mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(-0x7F000001), moved))};
}

template <class V>
struct Lookout;
template <>
struct Lookout<F64> {
  __m256i least =
      _mm256_set1_epi32(-1);  ///< of the upper halves, which hold the exponents: there is no minimum of 64 bits
  void see(F64 a) {
    const __m256i exponent = _mm256_and_si256(_mm256_castpd_si256(a.v), _mm256_set1_epi64x(0x7FF0000000000000));
    least = _mm256_min_epu32(least, exponent);
  }
  bool clear() const {
    const __m256i zero = _mm256_cmpeq_epi32(least, _mm256_setzero_si256());
    return _mm256_movemask_pd(_mm256_castsi256_pd(zero)) == 0;
  }
};
template <>
struct Lookout<F32> {
  __m256i least = _mm256_set1_epi32(-1);
  void see(F32 a) {
    const __m256i exponent = _mm256_and_si256(_mm256_castps_si256(a.v), _mm256_set1_epi32(0x7F800000));
    least = _mm256_min_epu32(least, exponent);
  }
  bool clear() const {
    const __m256i zero = _mm256_cmpeq_epi32(least, _mm256_setzero_si256());
    return _mm256_movemask_ps(_mm256_castsi256_ps(zero)) == 0;
  }
};

// Of a double the upper half decides.
inline __m256i bits_of(F32 a) { return _mm256_castps_si256(a.v); }
inline __m256i bits_of(F64 a) { return _mm256_castpd_si256(a.v); }
template <class V>
struct Outliers {
  using Element = typename V::Element;
  uint32_t first, last;
  __m256i most;
  bool seen = false;
  Outliers(Element least, Element limit)
      : first(least > 0 ? size_bits(least) + 1 : 0), last(limit > least ? size_bits(limit) - 1 - first : 0) {}
  void see(V a) {
    const __m256i above = _mm256_sub_epi32(bits_of(abs(a)), _mm256_set1_epi32(static_cast<int>(first)));
    most = seen ? _mm256_max_epu32(most, above) : above;
    seen = true;
  }
  bool none() const {
    const __m256i end = _mm256_set1_epi32(static_cast<int>(last));
    const __m256i within = _mm256_cmpeq_epi32(_mm256_max_epu32(most, end), end);
    if constexpr (V::lanes == 8) return _mm256_movemask_ps(_mm256_castsi256_ps(within)) == 255;
    return _mm256_movemask_pd(_mm256_castsi256_pd(within)) == 15;
  }
};

inline F64 power_of_two(F64 z) {
  const __m256i shifted = _mm256_slli_epi64(_mm256_castpd_si256(z.v), 52);
  return _mm256_castsi256_pd(_mm256_add_epi64(shifted, _mm256_set1_epi64x(0x3FF0000000000000)));
}

inline float largest(F32 a) {
  __m128 m = _mm_max_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ps(m, _mm_movehdup_ps(m)));
}
inline double largest(F64 a) {
  const __m128d m = _mm_max_pd(_mm256_castpd256_pd128(a.v), _mm256_extractf128_pd(a.v, 1));
  return _mm_cvtsd_f64(_mm_max_sd(m, _mm_unpackhi_pd(m, m)));
}
inline double sum_in_double(F32 a, F32 b) {
  const __m256d low =
      _mm256_add_pd(_mm256_cvtps_pd(_mm256_castps256_ps128(a.v)), _mm256_cvtps_pd(_mm256_castps256_ps128(b.v)));
  const __m256d high =
      _mm256_add_pd(_mm256_cvtps_pd(_mm256_extractf128_ps(a.v, 1)), _mm256_cvtps_pd(_mm256_extractf128_ps(b.v, 1)));
  const __m256d all = _mm256_add_pd(low, high);
  const __m128d half = _mm_add_pd(_mm256_castpd256_pd128(all), _mm256_extractf128_pd(all, 1));
  return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
}

inline F32 from_exponent(F32 z) { return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(z.v), 23)); }
inline F64 from_exponent(F64 z) { return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(z.v), 52)); }
inline F32 raised(F32 a, F32 z) {
  const __m256i power = _mm256_slli_epi32(_mm256_castps_si256(z.v), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a.v), power));
}
inline F32 from_eighths(const uint32_t (&table)[8], F32 z) {
  const __m256i bits = _mm256_castps_si256(z.v), all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table));
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_slli_epi32(bits, 20), _mm256_permutevar8x32_epi32(all, bits)));
}

struct SegmentIndex {
  __m256i v;      ///< its lower three bits
  __m256 second;  ///< its fourth, as a sign
};
inline SegmentIndex segment_index(F32 u) {
  const __m256i bits = _mm256_castps_si256(u.v);
  return {_mm256_srli_epi32(bits, 21), _mm256_castsi256_ps(_mm256_slli_epi32(bits, 7))};
}
inline F32 table_lookup(const float (&table)[16], SegmentIndex i) {
  return _mm256_blendv_ps(_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), i.v),
                          _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), i.v), i.second);
}

inline F64 binade(F64 a) { return _mm256_and_pd(a.v, _mm256_castsi256_pd(_mm256_set1_epi64x(0x7FF0000000000000))); }

inline F64 round_to_odd(F64 s, F64 t) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i bits = _mm256_castpd_si256(s.v);
  const __m256i inexact = _mm256_castpd_si256(_mm256_cmp_pd(t.v, _mm256_setzero_pd(), _CMP_NEQ_OQ));
  const __m256i opposite = _mm256_cmpgt_epi64(zero, _mm256_xor_si256(bits, _mm256_castpd_si256(t.v)));
  const __m256i truncated = _mm256_add_epi64(bits, _mm256_and_si256(opposite, inexact));
  return _mm256_castsi256_pd(_mm256_or_si256(truncated, _mm256_srli_epi64(inexact, 63)));
}

inline F64 load(const double* p) { return _mm256_loadu_pd(p); }
inline F32 load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(double* p, F64 a) { _mm256_storeu_pd(p, a.v); }
inline void store(float* p, F32 a) { _mm256_storeu_ps(p, a.v); }
inline F64 load_wide(const float* p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
inline F64 load_wide(const F16* p) {
  return _mm256_cvtps_pd(_mm_cvtph_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
inline F64 load_wide(const BF16* p) {
  const __m128i wide = _mm_cvtepu16_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
  return _mm256_cvtps_pd(_mm_castsi128_ps(_mm_slli_epi32(wide, 16)));
}
inline void store_narrow(float* p, F64 a) { _mm_storeu_ps(p, _mm256_cvtpd_ps(a.v)); }
inline void store_narrow(F16* p, F64 a) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_cvtps_ph(_mm256_cvtpd_ps(a.v), _MM_FROUND_TO_NEAREST_INT));
}
inline void store_narrow(BF16* p, F64 a) {
  const __m128i wide = _mm_srli_epi32(_mm_castps_si128(_mm256_cvtpd_ps(a.v)), 16);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi32(wide, wide));
}
inline F32 load_working(const float* p) { return load(p); }
inline F32 load_working(const F16* p) { return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))); }
inline F32 load_working(const BF16* p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
inline F64 load_working(const double* p) { return load(p); }
inline void store_working(float* p, F32 a) { store(p, a); }
inline __m128i to_half(const F16*, F32 a) { return _mm256_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT); }
/// The upper halves of numbers whose lower ones have been rounded away.
inline __m128i upper_halves(__m256i bits) {
  const __m256i odd = _mm256_setr_epi8(2, 3, 6, 7, 10, 11, 14, 15, 2, 3, 6, 7, 10, 11, 14, 15, 2, 3, 6, 7, 10, 11, 14,
                                       15, 2, 3, 6, 7, 10, 11, 14, 15);
  return _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_shuffle_epi8(bits, odd), 0x08));
}
inline __m256i rounded_above(__m256i bits) {
  const __m256i last = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  return _mm256_add_epi32(bits, _mm256_add_epi32(last, _mm256_set1_epi32(0x7FFF)));
}
/// Rounded in its upper half. A NaN stays one.
inline __m256i rounded_above(F32 a) {
  const __m256i bits = _mm256_castps_si256(a.v), quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
  const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q));
  return _mm256_blendv_epi8(rounded_above(bits), quiet, nan);
}
inline __m128i to_half(const BF16*, F32 a) { return upper_halves(rounded_above(a)); }
template <class T>
inline void store_working(T* p, F32 a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), to_half(p, a));
}
inline __m256i rounded_away(F32 a) { return _mm256_add_epi32(_mm256_castps_si256(a.v), _mm256_set1_epi32(0x8000)); }
inline void store_number(BF16* p, F32 a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), upper_halves(rounded_away(a)));
}
template <class T>
struct HalfBits {
  __m256i v;
};
template <class T>
inline HalfBits<T> load_bits(const T* p) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))};
}
inline void spread(HalfBits<BF16> bits, F32& first, F32& second) {
  first = _mm256_castsi256_ps(_mm256_slli_epi32(bits.v, 16));
  second = _mm256_castsi256_ps(_mm256_and_si256(bits.v, _mm256_set1_epi32(-0x10000)));
}
inline void load_numbers(const F16* p, F32& first, F32& second) {
  first = load_working(p);
  second = load_working(p + F32::lanes);
}
inline void load_numbers(const BF16* p, F32& first, F32& second) { spread(load_bits(p), first, second); }
inline void store_numbers(F16* p, F32 first, F32 second) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), to_half(p, first));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + F32::lanes), to_half(p, second));
}
inline void store_upper_halves(BF16* p, __m256i first, __m256i second) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_blend_epi16(_mm256_srli_epi32(first, 16), second, 0xAA));
}
inline void store_numbers(BF16* p, F32 first, F32 second) {
  store_upper_halves(p, rounded_away(first), rounded_away(second));
}
inline void store_rounded(BF16* p, F32 first, F32 second) {
  store_upper_halves(p, rounded_above(first), rounded_above(second));
}
// AVX2 compares signed integers: all of them are half of the range further down.
template <class T>
struct HalfOutliers {
  uint32_t first, last;
  HalfOutliers(float least, float limit)
      : first(least > 0 ? doubled_half<T>(least) + 2 : 0),
        last(limit > least ? doubled_half<T>(limit) - 1 - first : 0) {}
  bool none(HalfBits<T> bits) const {
    const __m256i size = _mm256_add_epi16(bits.v, bits.v);
    const __m256i beyond = _mm256_sub_epi16(size, _mm256_set1_epi16(static_cast<short>(first + 0x8000)));
    return _mm256_movemask_epi8(_mm256_cmpgt_epi16(beyond, _mm256_set1_epi16(static_cast<short>(last - 0x8000)))) == 0;
  }
};
inline void store_working(double* p, F64 a) { store(p, a); }
inline bool store_if_rounded_alike(float* p, F64 a, F64 b) {
  const __m128 narrow_a = _mm256_cvtpd_ps(a.v), narrow_b = _mm256_cvtpd_ps(b.v);
  _mm_storeu_ps(p, narrow_a);
  return !_mm_movemask_ps(_mm_cmp_ps(narrow_a, narrow_b, _CMP_NEQ_OQ));
}
inline bool rounding_decided(const float*, F64 a, F64 b, double error) {
  const unsigned away = static_cast<unsigned>(error * 0x1p56);  // the 29 bits that an f32 has not are in the upper ones
  const __m256i low =
      _mm256_castps_si256(_mm256_blend_ps(_mm256_castpd_ps(a.v), _mm256_moveldup_ps(_mm256_castpd_ps(b.v)), 0xAA));
  const __m256i beyond =
      _mm256_add_epi32(_mm256_slli_epi32(low, 3), _mm256_set1_epi32(static_cast<int>(away - 0x80000000u)));
  const __m256i end = _mm256_set1_epi32(static_cast<int>(2 * away + 1));
  return _mm256_movemask_epi8(_mm256_cmpeq_epi32(_mm256_max_epu32(beyond, end), beyond)) == -1;
}
/// Both ends of what a may be, rounded.
struct RoundedEnds {
  __m128i one, other;
};
inline RoundedEnds rounded_ends(const F16* p, F32 a, unsigned steps) {
  const __m256i bits = _mm256_castps_si256(a.v), most = _mm256_set1_epi32(static_cast<int>(steps));
  const __m256i size = _mm256_and_si256(bits, _mm256_set1_epi32(0x7FFFFFFF));
  const F32 nearer = _mm256_castsi256_ps(_mm256_sub_epi32(bits, _mm256_min_epu32(size, most)));
  return {to_half(p, nearer), to_half(p, _mm256_castsi256_ps(_mm256_add_epi32(bits, most)))};
}
inline bool store_if_rounding_decided(F16* p, F32 a, unsigned steps) {
  const RoundedEnds ends = rounded_ends(p, a, steps);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), ends.one);
  return _mm_movemask_epi8(_mm_cmpeq_epi16(ends.one, ends.other)) == 0xFFFF;
}
inline bool store_if_rounding_decided(BF16* p, F32 a, unsigned steps) {
  const __m256i bits = _mm256_castps_si256(a.v);
  const __m256i one = _mm256_add_epi32(bits, _mm256_set1_epi32(0x8000 - static_cast<int>(steps)));
  const __m256i other = _mm256_add_epi32(bits, _mm256_set1_epi32(0x8000 + static_cast<int>(steps)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), upper_halves(one));
  return _mm256_testz_si256(_mm256_xor_si256(one, other), _mm256_set1_epi32(-0x10000)) != 0;
}

/// The same of two registers. Stores nothing where a rounding is not decided.
inline bool store_if_rounding_decided(F16* p, F32 first, F32 second, unsigned steps) {
  const RoundedEnds a = rounded_ends(p, first, steps), b = rounded_ends(p, second, steps);
  if (_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi16(a.one, a.other), _mm_cmpeq_epi16(b.one, b.other))) != 0xFFFF)
    return false;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), a.one);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + F32::lanes), b.one);
  return true;
}
inline bool store_if_rounding_decided(BF16* p, F32 first, F32 second, unsigned steps) {
  const __m256i less = _mm256_set1_epi32(0x8000 - static_cast<int>(steps));
  const __m256i between = _mm256_set1_epi32(2 * static_cast<int>(steps));
  const __m256i a = _mm256_add_epi32(_mm256_castps_si256(first.v), less);
  const __m256i b = _mm256_add_epi32(_mm256_castps_si256(second.v), less);
  const __m256i changed = _mm256_or_si256(_mm256_xor_si256(a, _mm256_add_epi32(a, between)),
                                          _mm256_xor_si256(b, _mm256_add_epi32(b, between)));
  if (!_mm256_testz_si256(changed, _mm256_set1_epi32(-0x10000))) return false;
  store_upper_halves(p, a, b);
  return true;
}

template <class T>
struct Halves {
  using Element = float;
  static constexpr int lanes = 16;
  __m256i v;
  __m256i order;  ///< integers in the order of the numbers, 0 for both zeros
  Halves(__m256i a, __m256i order_of_a) : v(a), order(order_of_a) {}
  Halves(__m256i a) : v(a), order(_mm256_sign_epi16(_mm256_and_si256(a, _mm256_set1_epi16(0x7FFF)), a)) {}
  Halves(float a) : Halves(_mm256_set1_epi16(bits_of_half<T>(a))) {}
};
template <class T>
inline Mask<Halves<T>> operator<=(Halves<T> a, Halves<T> b) {
  return {_mm256_cmpeq_epi16(_mm256_max_epi16(a.order, b.order), b.order)};
}
template <class T>
inline Mask<Halves<T>> operator<(Halves<T> a, Halves<T> b) {
  return {_mm256_cmpgt_epi16(b.order, a.order)};
}
template <class T>
inline Halves<T> xor_sign(Halves<T> a, Halves<T> s) {
  return _mm256_xor_si256(a.v, _mm256_and_si256(s.v, _mm256_set1_epi16(-0x8000)));
}
template <class T>
inline Halves<T> select(Mask<Halves<T>> m, Halves<T> a, Halves<T> b) {
  return {_mm256_blendv_epi8(b.v, a.v, m.v), _mm256_blendv_epi8(b.order, a.order, m.v)};
}
template <class T>
inline Halves<T> abs(Halves<T> a) {
  return _mm256_and_si256(a.v, _mm256_set1_epi16(0x7FFF));
}
template <class T>
inline Halves<T> load_halves(const T* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
template <class T>
inline void store_halves(T* p, Halves<T> a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a.v);
}
template <class T>
struct NaNs {
  __m256i most = _mm256_setzero_si256();
  void see(Halves<T> a) { most = _mm256_max_epi16(most, abs(a).v); }
  bool none() const {
    const __m256i beyond = _mm256_cmpgt_epi16(most, _mm256_set1_epi16(infinite_half<T>));
    return _mm256_movemask_epi8(beyond) == 0;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
