// SPDX-License-Identifier: Apache-2.0
//
// AVX-512's intrinsics in terms of narrower ones, by SIMDe, so that the AVX-512 vocabulary and all kernels over it run
// on a CPU that has none of it. Found before the compiler's own header of this name.
#pragma once

#include_next <immintrin.h>

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

// What SIMDe lacks: the same operations on the compiler's generic vectors.
typedef long long emulated_v8i __attribute__((vector_size(64)));
#undef _mm512_cvtpd_ps
#undef _mm512_cvtps_pd
#undef _mm512_srai_epi64
#define _mm512_cvtpd_ps(a) ((__m256) __builtin_convertvector(a, __m256))
#define _mm512_cvtps_pd(a) ((__m512d) __builtin_convertvector(a, __m512d))
#define _mm512_srai_epi64(a, n) ((__m512i)((emulated_v8i)(a) >> (n)))

template <class Whole, class Half>
Whole emulated_whole(Half low, Half high) {
  const Half halves[] = {low, high};
  Whole whole;
  __builtin_memcpy(&whole, halves, sizeof whole);
  return whole;
}
template <class Half, class Whole>
Half emulated_half(Whole whole, int which) {
  Half halves[2];
  __builtin_memcpy(halves, &whole, sizeof whole);
  return halves[which];
}
#undef _mm512_cvtph_ps
#undef _mm512_cvtps_ph
#undef _mm512_cvtepu16_epi32
#undef _mm512_cvtepi32_epi16
#define _mm512_cvtph_ps(a)                                                      \
  emulated_whole<__m512, __m256>(_mm256_cvtph_ps(emulated_half<__m128i>(a, 0)), \
                                 _mm256_cvtph_ps(emulated_half<__m128i>(a, 1)))
#define _mm512_cvtps_ph(a, rounding)                                                       \
  emulated_whole<__m256i, __m128i>(_mm256_cvtps_ph(emulated_half<__m256>(a, 0), rounding), \
                                   _mm256_cvtps_ph(emulated_half<__m256>(a, 1), rounding))
typedef unsigned short emulated_v16u16 __attribute__((vector_size(32)));
typedef unsigned emulated_v16u32 __attribute__((vector_size(64)));
#define _mm512_cvtepu16_epi32(a) ((__m512i) __builtin_convertvector((emulated_v16u16)(a), emulated_v16u32))
#define _mm512_cvtepi32_epi16(a) ((__m256i) __builtin_convertvector((emulated_v16u32)(a), emulated_v16u16))
