// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary of scalar.hpp for AVX2 and FMA.
#pragma once

#include <immintrin.h>

#include "kernels/math/half.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline F32 fma(F32 a, F32 b, F32 c) { return _mm256_fmadd_ps(a.v, b.v, c.v); }
inline bool all(Mask<F32> m) { return _mm256_movemask_ps(m.v) == 255; }

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

inline F32 load_working(const float* p) { return load(p); }
inline F32 load_working(const F16* p) { return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))); }
inline F32 load_working(const BF16* p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
inline F64 load_working(const double* p) { return load(p); }
inline void store_working(float* p, F32 a) { store(p, a); }
inline void store_working(F16* p, F32 a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT));
}
inline void store_working(BF16* p, F32 a) {
  const __m256i bits = _mm256_castps_si256(a.v);
  const __m256i last = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(last, _mm256_set1_epi32(0x7FFF)));
  const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
  const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q));
  const __m256i high = _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16);
  const __m256i halves = _mm256_permute4x64_epi64(_mm256_packus_epi32(high, high), 0x08);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(halves));
}
inline void store_working(double* p, F64 a) { store(p, a); }

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
