// SPDX-License-Identifier: Apache-2.0
//
// AVX-512's intrinsics in terms of narrower ones, by SIMDe, so that the AVX-512 vocabulary and all kernels over it run
// on a CPU that has none of it. Found before the compiler's own header of this name.
#pragma once

#include_next <immintrin.h>

// The compiler has defined it; of clang's SIMDe 0.8 would make another type.
#define __mmask64 __mmask64
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

// What SIMDe lacks, in its oldest version that counts, 0.7.2: the same operations on the compiler's generic vectors, or
// on halves of the registers.
typedef long long emulated_v8i __attribute__((vector_size(64)));
typedef int emulated_v16i __attribute__((vector_size(64)));
typedef unsigned short emulated_v16us __attribute__((vector_size(32)));
#undef _mm512_cvtpd_ps
#undef _mm512_cvtps_pd
#undef _mm512_srai_epi64
#undef _mm512_cvtepu16_epi32
#undef _mm512_cvtepi32_epi16
#undef _mm512_cvtph_ps
#undef _mm512_cvtps_ph
#undef _mm512_setzero_pd
#undef _mm512_cmple_epi16_mask
#undef _mm512_cmple_epu32_mask
#undef _mm512_mask_moveldup_ps
#undef _mm256_cmp_ps_mask
#undef _mm256_cmpneq_epi16_mask
#define _mm512_cvtpd_ps(a) ((__m256) __builtin_convertvector(a, __m256))
#define _mm512_cvtps_pd(a) ((__m512d) __builtin_convertvector(a, __m512d))
#define _mm512_srai_epi64(a, n) ((__m512i)((emulated_v8i)(a) >> (n)))
#define _mm512_cvtepu16_epi32(a) ((__m512i) __builtin_convertvector((emulated_v16us)(a), emulated_v16i))
#define _mm512_cvtepi32_epi16(a) ((__m256i) __builtin_convertvector((emulated_v16i)(a), emulated_v16us))
#define _mm512_cvtph_ps(a) emulated_cvtph_ps(a)
#define _mm512_cvtps_ph(a, rounding) emulated_cvtps_ph<rounding>(a)
#define _mm512_setzero_pd() ((__m512d){})
#define _mm512_cmple_epi16_mask(a, b) emulated_mask<__mmask32, short>(a, b, [](short x, short y) { return x <= y; })
#define _mm512_cmple_epu32_mask(a, b) \
  emulated_mask<__mmask16, unsigned>(a, b, [](unsigned x, unsigned y) { return x <= y; })
#define _mm512_mask_moveldup_ps(a, mask, b) emulated_mask_moveldup(a, mask, b)
#define _mm256_cmp_ps_mask(a, b, how) static_cast<__mmask8>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, how)))
#define _mm256_cmpneq_epi16_mask(a, b) emulated_mask<__mmask16, short>(a, b, [](short x, short y) { return x != y; })

// Of VFPCLASS the class that kernels ask for, subnormal numbers.
#undef _mm512_fpclass_ps_mask
#undef _mm512_fpclass_pd_mask
#define _mm512_fpclass_ps_mask(a, classes) emulated_subnormal<classes, __mmask16, unsigned, 0x7F800000u>(a)
#define _mm512_fpclass_pd_mask(a, classes) emulated_subnormal<classes, __mmask8, unsigned long, 0x7FF0000000000000u>(a)
template <int classes, class Mask, class Integer, Integer exponent, class Register>
static inline Mask emulated_subnormal(Register a) {
  static_assert(classes == 0x20);
  constexpr int lanes = sizeof(Register) / sizeof(Integer);
  Integer bits[lanes];
  __builtin_memcpy(bits, &a, sizeof a);
  Mask found = 0;
  for (int i = 0; i < lanes; ++i) {
    const bool subnormal = (bits[i] & exponent) == 0 && bits[i] << 1 != 0;
    found = static_cast<Mask>(found | (subnormal ? 1u << i : 0u));
  }
  return found;
}

template <class Mask, class Integer, class Register, class Holds>
static inline Mask emulated_mask(Register a, Register b, Holds holds) {
  constexpr int lanes = sizeof a / sizeof(Integer);
  Integer left[lanes], right[lanes];
  __builtin_memcpy(left, &a, sizeof a);
  __builtin_memcpy(right, &b, sizeof b);
  Mask found = 0;
  for (int i = 0; i < lanes; ++i) found = static_cast<Mask>(found | (holds(left[i], right[i]) ? 1u << i : 0u));
  return found;
}

static inline __m512 emulated_cvtph_ps(__m256i a) {
  const __m256 halves[] = {_mm256_cvtph_ps(_mm256_castsi256_si128(a)), _mm256_cvtph_ps(_mm256_extracti128_si256(a, 1))};
  __m512 all;
  __builtin_memcpy(&all, halves, sizeof all);
  return all;
}
template <int rounding>
static inline __m256i emulated_cvtps_ph(__m512 a) {
  __m256 halves[2];
  __builtin_memcpy(halves, &a, sizeof a);
  return _mm256_set_m128i(_mm256_cvtps_ph(halves[1], rounding), _mm256_cvtps_ph(halves[0], rounding));
}
static inline __m512 emulated_mask_moveldup(__m512 a, __mmask16 mask, __m512 b) {
  float all[16], even[16];
  __builtin_memcpy(all, &a, sizeof a);
  __builtin_memcpy(even, &b, sizeof b);
  for (int i = 0; i < 16; ++i) {
    if (mask >> i & 1) all[i] = even[i / 2 * 2];
  }
  __builtin_memcpy(&a, all, sizeof a);
  return a;
}
