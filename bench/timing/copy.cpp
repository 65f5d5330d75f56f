// SPDX-License-Identifier: Apache-2.0
//
// Code for wider instruction sets is confined to functions of its own that call nothing but intrinsics, so that nothing
// of it can reach a CPU that lacks them.
#include "bench/timing/copy.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <cstring>

namespace actbench::timing {
namespace {

constexpr std::size_t line = 64;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) void stream_avx512(char* to, const char* from, std::size_t lines) {
  for (; lines > 0; --lines, to += line, from += line) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), _mm512_loadu_si512(from));
  }
}

__attribute__((target("avx"))) void stream_avx(char* to, const char* from, std::size_t lines) {
  for (; lines > 0; --lines, to += line, from += line) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + 32));
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to), a);
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + 32), b);
  }
}

void stream_sse2(char* to, const char* from, std::size_t lines) {
  for (; lines > 0; --lines, to += line, from += line) {
    for (std::size_t i = 0; i < line; i += 16) {
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
    }
  }
}

void stream(char* to, const char* from, std::size_t lines) {
  static const auto widest = __builtin_cpu_supports("avx512f") ? stream_avx512
                             : __builtin_cpu_supports("avx")   ? stream_avx
                                                               : stream_sse2;
  widest(to, from, lines);
  _mm_sfence();
}
#elif defined(__aarch64__)
void stream(char* to, const char* from, std::size_t lines) {
  for (; lines > 0; --lines, to += line, from += line) {
    asm volatile(
        "ldp q0, q1, [%1]\n\tldp q2, q3, [%1, #32]\n\t"
        "stnp q0, q1, [%0]\n\tstnp q2, q3, [%0, #32]"
        :
        : "r"(to), "r"(from)
        : "v0", "v1", "v2", "v3", "memory");
  }
}
#else
// C++ has no such stores; a plain copy is what can be had.
void stream(char* to, const char* from, std::size_t lines) { std::memcpy(to, from, lines * line); }
#endif

}  // namespace

void copy_memcpy(void* to, const void* from, std::size_t bytes) { std::memcpy(to, from, bytes); }

void copy_non_temporal(void* to, const void* from, std::size_t bytes) {
  const std::size_t lines = bytes / line;
  stream(static_cast<char*>(to), static_cast<const char*>(from), lines);
  std::memcpy(static_cast<char*>(to) + lines * line, static_cast<const char*>(from) + lines * line, bytes % line);
}

}  // namespace actbench::timing
