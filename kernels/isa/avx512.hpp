// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for AVX-512 (F, DQ, BW, VL): 8 doubles or 16 floats. scalar.hpp says what each operation means.
#pragma once

#include <immintrin.h>

#include "kernels/numbers/half.hpp"
#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline constexpr Backend backend = Backend::avx512;
inline constexpr unsigned required_features = cpu_fma | cpu_avx2 | cpu_avx512;

struct F64 {
  using Element = double;
  static constexpr int lanes = 8;
  __m512d v;
  F64() = default;
  F64(__m512d a) : v(a) {}
  F64(double a) : v(_mm512_set1_pd(a)) {}
};
struct F32 {
  using Element = float;
  static constexpr int lanes = 16;
  __m512 v;
  F32() = default;
  F32(__m512 a) : v(a) {}
  F32(float a) : v(_mm512_set1_ps(a)) {}
};
template <class V>
struct Mask;
template <>
struct Mask<F64> {
  __mmask8 v;
};
template <>
struct Mask<F32> {
  __mmask16 v;
};

inline F64 operator+(F64 a, F64 b) { return _mm512_add_pd(a.v, b.v); }
inline F64 operator-(F64 a, F64 b) { return _mm512_sub_pd(a.v, b.v); }
inline F64 operator*(F64 a, F64 b) { return _mm512_mul_pd(a.v, b.v); }
inline F64 operator/(F64 a, F64 b) { return _mm512_div_pd(a.v, b.v); }
inline F64 operator-(F64 a) { return -a.v; }
inline F32 operator+(F32 a, F32 b) { return _mm512_add_ps(a.v, b.v); }
inline F32 operator-(F32 a, F32 b) { return _mm512_sub_ps(a.v, b.v); }
inline F32 operator*(F32 a, F32 b) { return _mm512_mul_ps(a.v, b.v); }
inline F32 operator/(F32 a, F32 b) { return _mm512_div_ps(a.v, b.v); }
inline F32 operator-(F32 a) { return -a.v; }

inline F64 fma(F64 a, F64 b, F64 c) { return _mm512_fmadd_pd(a.v, b.v, c.v); }
inline F32 fma(F32 a, F32 b, F32 c) { return _mm512_fmadd_ps(a.v, b.v, c.v); }
inline F64 abs(F64 a) { return _mm512_andnot_pd(_mm512_set1_pd(-0.0), a.v); }
inline F32 abs(F32 a) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), a.v); }
inline F64 xor_sign(F64 a, F64 s) { return _mm512_xor_pd(a.v, _mm512_and_pd(s.v, _mm512_set1_pd(-0.0))); }
inline F32 xor_sign(F32 a, F32 s) { return _mm512_xor_ps(a.v, _mm512_and_ps(s.v, _mm512_set1_ps(-0.0f))); }
inline F64 min(F64 a, F64 b) { return _mm512_min_pd(a.v, b.v); }
inline F64 max(F64 a, F64 b) { return _mm512_max_pd(a.v, b.v); }
inline F32 min(F32 a, F32 b) { return _mm512_min_ps(a.v, b.v); }
inline F32 max(F32 a, F32 b) { return _mm512_max_ps(a.v, b.v); }

inline Mask<F64> operator<(F64 a, F64 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<F64> operator<=(F64 a, F64 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask<F64> operator>(F64 a, F64 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask<F64> operator>=(F64 a, F64 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask<F64> operator==(F64 a, F64 b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline Mask<F32> operator<(F32 a, F32 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline Mask<F32> operator<=(F32 a, F32 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline Mask<F32> operator>(F32 a, F32 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask<F32> operator>=(F32 a, F32 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_GE_OQ)}; }
inline Mask<F32> operator==(F32 a, F32 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }

inline Mask<F64> operator&(Mask<F64> a, Mask<F64> b) { return {static_cast<__mmask8>(a.v & b.v)}; }
inline Mask<F64> operator|(Mask<F64> a, Mask<F64> b) { return {static_cast<__mmask8>(a.v | b.v)}; }
inline Mask<F32> operator&(Mask<F32> a, Mask<F32> b) { return {static_cast<__mmask16>(a.v & b.v)}; }
inline Mask<F32> operator|(Mask<F32> a, Mask<F32> b) { return {static_cast<__mmask16>(a.v | b.v)}; }
inline bool any(Mask<F64> m) { return m.v != 0; }
inline bool all(Mask<F64> m) { return m.v == 255; }
inline bool any(Mask<F32> m) { return m.v != 0; }
inline bool all(Mask<F32> m) { return m.v == 0xFFFF; }

inline F64 select(Mask<F64> m, F64 a, F64 b) { return _mm512_mask_blend_pd(m.v, b.v, a.v); }
inline F32 select(Mask<F32> m, F32 a, F32 b) { return _mm512_mask_blend_ps(m.v, b.v, a.v); }

constexpr int class_subnormal = 0x20;
inline Mask<F64> subnormal(F64 a) { return {_mm512_fpclass_pd_mask(a.v, class_subnormal)}; }
inline Mask<F32> subnormal(F32 a) { return {_mm512_fpclass_ps_mask(a.v, class_subnormal)}; }

template <class V>
struct Lookout {
  decltype(subnormal(V()).v) found = 0;
  void see(V a) { found |= subnormal(a).v; }
  bool clear() const { return found == 0; }
};

// Of a double the upper half decides.
inline __m512i bits_of(F32 a) { return _mm512_castps_si512(a.v); }
inline __m512i bits_of(F64 a) { return _mm512_castpd_si512(a.v); }
template <class V>
struct Outliers {
  using Element = typename V::Element;
  static constexpr unsigned deciding = V::lanes == 16 ? 0xFFFF : 0xAAAA;
  uint32_t first, last;
  __m512i most;
  bool seen = false;
  Outliers(Element least, Element limit)
      : first(least > 0 ? size_bits(least) + 1 : 0), last(limit > least ? size_bits(limit) - 1 - first : 0) {}
  void see(V a) {
    const __m512i above = _mm512_sub_epi32(bits_of(abs(a)), _mm512_set1_epi32(static_cast<int>(first)));
    most = seen ? _mm512_max_epu32(most, above) : above;
    seen = true;
  }
  bool none() const {
    const unsigned within = _mm512_cmple_epu32_mask(most, _mm512_set1_epi32(static_cast<int>(last)));
    return (within & deciding) == deciding;
  }
};

inline F64 power_of_two(F64 z) {
  const __m512i shifted = _mm512_slli_epi64(_mm512_castpd_si512(z.v), 52);
  return _mm512_castsi512_pd(_mm512_add_epi64(shifted, _mm512_set1_epi64(0x3FF0000000000000)));
}

inline float largest(F32 a) {
  const __m256 half =
      _mm256_max_ps(_mm512_castps512_ps256(a.v), _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1)));
  __m128 m = _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ps(m, _mm_movehdup_ps(m)));
}
inline double largest(F64 a) {
  const __m256d half = _mm256_max_pd(_mm512_castpd512_pd256(a.v), _mm512_extractf64x4_pd(a.v, 1));
  const __m128d m = _mm_max_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
  return _mm_cvtsd_f64(_mm_max_sd(m, _mm_unpackhi_pd(m, m)));
}
inline double sum_in_double(F32 a, F32 b) {
  const __m512d low =
      _mm512_add_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(a.v)), _mm512_cvtps_pd(_mm512_castps512_ps256(b.v)));
  const __m512d high =
      _mm512_add_pd(_mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1))),
                    _mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(b.v), 1))));
  const __m512d all = _mm512_add_pd(low, high);
  const __m256d half = _mm256_add_pd(_mm512_castpd512_pd256(all), _mm512_extractf64x4_pd(all, 1));
  const __m128d quarter = _mm_add_pd(_mm256_castpd256_pd128(half), _mm256_extractf128_pd(half, 1));
  return _mm_cvtsd_f64(_mm_add_sd(quarter, _mm_unpackhi_pd(quarter, quarter)));
}

inline F32 from_exponent(F32 z) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(z.v), 23)); }
inline F64 from_exponent(F64 z) { return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(z.v), 52)); }
inline F32 raised(F32 a, F32 z) {
  const __m512i power = _mm512_slli_epi32(_mm512_castps_si512(z.v), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a.v), power));
}
inline F32 from_eighths(const uint32_t (&table)[8], F32 z) {
  const __m512i bits = _mm512_castps_si512(z.v);
  const __m512i twice = _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(table)));
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_slli_epi32(bits, 20), _mm512_permutexvar_epi32(bits, twice)));
}

inline F64 from_eighths(const uint64_t (&table)[8], F64 z) {
  const __m512i bits = _mm512_castpd_si512(z.v);
  return _mm512_castsi512_pd(
      _mm512_add_epi64(_mm512_slli_epi64(bits, 49), _mm512_permutexvar_epi64(bits, _mm512_loadu_si512(table))));
}

struct SegmentIndex {
  __m512i v;  ///< its lower four bits
};
inline SegmentIndex segment_index(F32 u) { return {_mm512_srli_epi32(_mm512_castps_si512(u.v), 21)}; }
inline F32 table_lookup(const float (&table)[16], SegmentIndex i) {
  return _mm512_permutexvar_ps(i.v, _mm512_loadu_ps(table));
}

inline F64 binade(F64 a) { return _mm512_and_pd(a.v, _mm512_castsi512_pd(_mm512_set1_epi64(0x7FF0000000000000))); }

inline F64 round_to_odd(F64 s, F64 t) {
  const __m512i bits = _mm512_castpd_si512(s.v);
  const __mmask8 inexact = _mm512_cmp_pd_mask(t.v, _mm512_setzero_pd(), _CMP_NEQ_OQ);
  const __m512i opposite = _mm512_srai_epi64(_mm512_xor_si512(bits, _mm512_castpd_si512(t.v)), 63);
  const __m512i odd = _mm512_or_si512(_mm512_add_epi64(bits, opposite), _mm512_set1_epi64(1));
  return _mm512_castsi512_pd(_mm512_mask_mov_epi64(bits, inexact, odd));
}

inline F64 load(const double* p) { return _mm512_loadu_pd(p); }
inline F32 load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(double* p, F64 a) { _mm512_storeu_pd(p, a.v); }
inline void store(float* p, F32 a) { _mm512_storeu_ps(p, a.v); }
inline F64 load_wide(const float* p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
inline F64 load_wide(const F16* p) {
  return _mm512_cvtps_pd(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline F64 load_wide(const BF16* p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm512_cvtps_pd(_mm256_castsi256_ps(_mm256_slli_epi32(wide, 16)));
}
inline void store_narrow(float* p, F64 a) { _mm256_storeu_ps(p, _mm512_cvtpd_ps(a.v)); }
inline void store_narrow(F16* p, F64 a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(_mm512_cvtpd_ps(a.v), _MM_FROUND_TO_NEAREST_INT));
}
inline void store_narrow(BF16* p, F64 a) {
  const __m256i wide = _mm256_srli_epi32(_mm256_castps_si256(_mm512_cvtpd_ps(a.v)), 16);
  const __m256i halves = _mm256_permute4x64_epi64(_mm256_packus_epi32(wide, wide), 0x08);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(halves));
}
inline F32 load_working(const float* p) { return load(p); }
inline F32 load_working(const F16* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
inline F32 load_working(const BF16* p) {
  const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}
inline F64 load_working(const double* p) { return load(p); }
inline void store_working(float* p, F32 a) { store(p, a); }
inline __m256i to_half(const F16*, F32 a) { return _mm512_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT); }
/// The upper halves of numbers whose lower ones have been rounded away.
inline __m256i upper_halves(__m512i bits) {
  alignas(64) static constexpr uint16_t odd[32] = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31};
  return _mm512_castsi512_si256(_mm512_permutexvar_epi16(_mm512_load_si512(odd), bits));
}
inline __m512i rounded_above(__m512i bits) {
  // bits | (the last bit of the upper half), so that half a unit above an odd one is more than half.
  const __m512i more = _mm512_ternarylogic_epi32(bits, _mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1), 0xF8);
  return _mm512_add_epi32(more, _mm512_set1_epi32(0x7FFF));
}
/// Rounded in its upper half. A NaN stays one.
inline __m512i rounded_above(F32 a) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __mmask16 nan = _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q);
  return _mm512_mask_or_epi32(rounded_above(bits), nan, bits, _mm512_set1_epi32(0x400000));
}
inline __m256i to_half(const BF16*, F32 a) { return upper_halves(rounded_above(a)); }
template <class T>
inline void store_working(T* p, F32 a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), to_half(p, a));
}
inline __m512i rounded_away(F32 a) { return _mm512_add_epi32(_mm512_castps_si512(a.v), _mm512_set1_epi32(0x8000)); }
inline void store_number(BF16* p, F32 a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), upper_halves(rounded_away(a)));
}
template <class T>
struct HalfBits {
  __m512i v;
};
template <class T>
inline HalfBits<T> load_bits(const T* p) {
  return {_mm512_loadu_si512(p)};
}
inline void spread(HalfBits<BF16> bits, F32& first, F32& second) {
  first = _mm512_castsi512_ps(_mm512_slli_epi32(bits.v, 16));
  second = _mm512_castsi512_ps(_mm512_and_si512(bits.v, _mm512_set1_epi32(-0x10000)));
}
inline void load_numbers(const F16* p, F32& first, F32& second) {
  first = load_working(p);
  second = load_working(p + F32::lanes);
}
inline void load_numbers(const BF16* p, F32& first, F32& second) { spread(load_bits(p), first, second); }
inline void store_numbers(F16* p, F32 first, F32 second) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), to_half(p, first));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + F32::lanes), to_half(p, second));
}
inline void store_upper_halves(BF16* p, __m512i first, __m512i second) {
  _mm512_storeu_si512(p, _mm512_mask_blend_epi16(0xAAAAAAAA, _mm512_srli_epi32(first, 16), second));
}
inline void store_numbers(BF16* p, F32 first, F32 second) {
  store_upper_halves(p, rounded_away(first), rounded_away(second));
}
inline void store_rounded(BF16* p, F32 first, F32 second) {
  store_upper_halves(p, rounded_above(first), rounded_above(second));
}
template <class T>
struct HalfOutliers {
  uint32_t first, last;
  HalfOutliers(float least, float limit)
      : first(least > 0 ? doubled_half<T>(least) + 2 : 0),
        last(limit > least ? doubled_half<T>(limit) - 1 - first : 0) {}
  bool none(HalfBits<T> bits) const {
    const __m512i size = _mm512_add_epi16(bits.v, bits.v);
    const __m512i beyond = _mm512_sub_epi16(size, _mm512_set1_epi16(static_cast<short>(first)));
    return _mm512_cmple_epu16_mask(beyond, _mm512_set1_epi16(static_cast<short>(last))) == 0xFFFFFFFF;
  }
};
inline void store_working(double* p, F64 a) { store(p, a); }
inline bool store_if_rounded_alike(float* p, F64 a, F64 b) {
  const __m256 narrow_a = _mm512_cvtpd_ps(a.v), narrow_b = _mm512_cvtpd_ps(b.v);
  _mm256_storeu_ps(p, narrow_a);
  return !_mm256_cmp_ps_mask(narrow_a, narrow_b, _CMP_NEQ_OQ);
}
inline bool rounding_decided(const float*, F64 a, F64 b, double error) {
  const unsigned away = static_cast<unsigned>(error * 0x1p56);  // the 29 bits that an f32 has not are in the upper ones
  const __m512i low =
      _mm512_castps_si512(_mm512_mask_moveldup_ps(_mm512_castpd_ps(a.v), 0xAAAA, _mm512_castpd_ps(b.v)));
  const __m512i beyond =
      _mm512_add_epi32(_mm512_slli_epi32(low, 3), _mm512_set1_epi32(static_cast<int>(away - 0x80000000u)));
  return !_mm512_cmple_epu32_mask(beyond, _mm512_set1_epi32(static_cast<int>(2 * away)));
}
/// Both ends of what a may be, rounded.
struct RoundedEnds {
  __m256i one, other;
};
inline RoundedEnds rounded_ends(const F16* p, F32 a, unsigned steps) {
  const __m512i bits = _mm512_castps_si512(a.v), most = _mm512_set1_epi32(static_cast<int>(steps));
  const __m512i size = _mm512_and_si512(bits, _mm512_set1_epi32(0x7FFFFFFF));
  const F32 nearer = _mm512_castsi512_ps(_mm512_sub_epi32(bits, _mm512_min_epu32(size, most)));
  return {to_half(p, nearer), to_half(p, _mm512_castsi512_ps(_mm512_add_epi32(bits, most)))};
}
inline bool store_if_rounding_decided(F16* p, F32 a, unsigned steps) {
  const RoundedEnds ends = rounded_ends(p, a, steps);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), ends.one);
  return !_mm256_cmpneq_epi16_mask(ends.one, ends.other);
}
inline bool store_if_rounding_decided(BF16* p, F32 a, unsigned steps) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i one = _mm512_add_epi32(bits, _mm512_set1_epi32(0x8000 - static_cast<int>(steps)));
  const __m512i other = _mm512_add_epi32(bits, _mm512_set1_epi32(0x8000 + static_cast<int>(steps)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), upper_halves(one));
  return !_mm512_test_epi32_mask(_mm512_xor_si512(one, other), _mm512_set1_epi32(-0x10000));
}

/// The same of two registers. Stores nothing where a rounding is not decided.
inline bool store_if_rounding_decided(F16* p, F32 first, F32 second, unsigned steps) {
  const RoundedEnds a = rounded_ends(p, first, steps), b = rounded_ends(p, second, steps);
  if (_mm256_cmpneq_epi16_mask(a.one, a.other) | _mm256_cmpneq_epi16_mask(b.one, b.other)) return false;
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a.one);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + F32::lanes), b.one);
  return true;
}
inline bool store_if_rounding_decided(BF16* p, F32 first, F32 second, unsigned steps) {
  const __m512i less = _mm512_set1_epi32(0x8000 - static_cast<int>(steps));
  const __m512i between = _mm512_set1_epi32(2 * static_cast<int>(steps));
  const __m512i a = _mm512_add_epi32(_mm512_castps_si512(first.v), less);
  const __m512i b = _mm512_add_epi32(_mm512_castps_si512(second.v), less);
  const __m512i changed = _mm512_or_si512(_mm512_xor_si512(a, _mm512_add_epi32(a, between)),
                                          _mm512_xor_si512(b, _mm512_add_epi32(b, between)));
  if (_mm512_test_epi32_mask(changed, _mm512_set1_epi32(-0x10000))) return false;
  store_upper_halves(p, a, b);
  return true;
}

template <class T>
struct Halves {
  using Element = float;
  static constexpr int lanes = 32;
  __m512i v;
  __m512i order;  ///< integers in the order of the numbers, 0 for both zeros
  Halves(__m512i a, __m512i order_of_a) : v(a), order(order_of_a) {}
  Halves(__m512i a)
      : v(a),
        order(_mm512_mask_blend_epi16(_mm512_movepi16_mask(a), a, _mm512_sub_epi16(_mm512_set1_epi16(-0x8000), a))) {}
  Halves(float a) : Halves(_mm512_set1_epi16(bits_of_half<T>(a))) {}
};
template <class T>
struct Mask<Halves<T>> {
  __mmask32 v;
};
template <class T>
inline Mask<Halves<T>> operator<=(Halves<T> a, Halves<T> b) {
  return {_mm512_cmple_epi16_mask(a.order, b.order)};
}
template <class T>
inline Mask<Halves<T>> operator<(Halves<T> a, Halves<T> b) {
  return {static_cast<__mmask32>(~(b <= a).v)};
}
template <class T>
inline Halves<T> xor_sign(Halves<T> a, Halves<T> s) {
  return _mm512_xor_si512(a.v, _mm512_and_si512(s.v, _mm512_set1_epi16(-0x8000)));
}
template <class T>
inline Halves<T> select(Mask<Halves<T>> m, Halves<T> a, Halves<T> b) {
  return {_mm512_mask_blend_epi16(m.v, b.v, a.v), _mm512_mask_blend_epi16(m.v, b.order, a.order)};
}
template <class T>
inline Halves<T> abs(Halves<T> a) {
  return _mm512_and_si512(a.v, _mm512_set1_epi16(0x7FFF));
}
template <class T>
inline Halves<T> load_halves(const T* p) {
  return _mm512_loadu_si512(p);
}
template <class T>
inline void store_halves(T* p, Halves<T> a) {
  _mm512_storeu_si512(p, a.v);
}
template <class T>
struct NaNs {
  __m512i most = _mm512_setzero_si512();
  void see(Halves<T> a) { most = _mm512_max_epi16(most, abs(a).v); }
  bool none() const { return _mm512_cmple_epi16_mask(most, _mm512_set1_epi16(infinite_half<T>)) == 0xFFFFFFFF; }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
