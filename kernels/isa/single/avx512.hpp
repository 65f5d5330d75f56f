// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary of scalar.hpp for AVX-512.
#pragma once

#include <immintrin.h>

#include "kernels/math/half.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline F32 fma(F32 a, F32 b, F32 c) { return _mm512_fmadd_ps(a.v, b.v, c.v); }
inline bool all(Mask<F32> m) { return m.v == 0xFFFF; }

inline float largest(F32 a) { return _mm512_reduce_max_ps(a.v); }
inline double largest(F64 a) { return _mm512_reduce_max_pd(a.v); }
inline double sum_in_double(F32 a, F32 b) {
  const __m512d low =
      _mm512_add_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(a.v)), _mm512_cvtps_pd(_mm512_castps512_ps256(b.v)));
  const __m512d high =
      _mm512_add_pd(_mm512_cvtps_pd(_mm512_extractf32x8_ps(a.v, 1)), _mm512_cvtps_pd(_mm512_extractf32x8_ps(b.v, 1)));
  return _mm512_reduce_add_pd(_mm512_add_pd(low, high));
}

inline F32 from_exponent(F32 z) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(z.v), 23)); }
inline F64 from_exponent(F64 z) { return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(z.v), 52)); }

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
inline void store_working(F16* p, F32 a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT));
}
inline void store_working(BF16* p, F32 a) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i last = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(last, _mm512_set1_epi32(0x7FFF)));
  const __mmask16 nan = _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q);
  const __m512i quiet = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x400000));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_srli_epi32(quiet, 16)));
}
inline void store_working(double* p, F64 a) { store(p, a); }

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
