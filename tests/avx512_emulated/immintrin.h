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
