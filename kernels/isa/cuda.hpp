// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for CUDA device code: one number a lane, so that it is the scalar one, over what a device has in place
// of the compiler's built-in functions. Compiled for the device by NVRTC, which takes functions without annotations for
// device functions (-default-device): so everything above a vocabulary is the same text for CPUs and for the device.
// Products and sums are not fused (--fmad=false), subnormal numbers kept, divisions of doubles rounded correctly.
#pragma once

#ifdef __CUDACC_RTC__
inline double __builtin_fma(double a, double b, double c) { return __fma_rn(a, b, c); }
inline float __builtin_fmaf(float a, float b, float c) { return __fmaf_rn(a, b, c); }
inline double __builtin_fabs(double a) { return fabs(a); }
inline float __builtin_fabsf(float a) { return fabsf(a); }
constexpr double __builtin_inf() { return __builtin_bit_cast(double, 0x7FF0000000000000ull); }
constexpr float __builtin_nanf(const char*) { return __builtin_bit_cast(float, 0x7FC00000u); }
constexpr float __builtin_inff() { return __builtin_bit_cast(float, 0x7F800000u); }
/// One number of an array goes in one access: an address on a device is a multiple of what is there. The
/// caller of a vocabulary takes care of any other alignment.
template <class T>
inline void actbench_copy(T* to, const T* from, decltype(sizeof 0) bytes) {
  if (bytes == sizeof(T)) {
    *to = *from;
  } else {
    memcpy(to, from, bytes);
  }
}
inline void actbench_copy(void* to, const void* from, decltype(sizeof 0) bytes) { memcpy(to, from, bytes); }
#define __builtin_memcpy actbench_copy
inline int __builtin_clzll(unsigned long long a) { return __clzll(static_cast<long long>(a)); }
inline bool __builtin_signbit(double a) { return __builtin_bit_cast(unsigned long long, a) >> 63 != 0; }
inline float actbench_from_f16(unsigned short bits) {
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
  return x;
}
inline unsigned short actbench_to_f16(float x) {
  unsigned short bits;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}
inline unsigned short actbench_to_bf16(float x) {
  unsigned short bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(x));
  return bits;
}
/// Two numbers, the first in the lower half.
inline unsigned actbench_to_f16(float low, float high) {
  unsigned bits;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
  return bits;
}
#define __extension__
#endif

#define ACTBENCH_DEVICE

#include "kernels/isa/scalar.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

// Shorter ways than a CPU's (kernels/numbers/rough.hpp, kernels/elementwise/): a double's operation takes a device
// twice as long as any other, and a division brings a branch.

/// 1/b to about a unit in the last place of an f32; here and below as for the test on a CPU.
inline float near_reciprocal(float b) {
#ifdef __CUDACC_RTC__
  float r;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(b));
  return r;
#else
  return 1 / b;
#endif
}
/// Rounded correctly where a, b, a/b and what a product with it leaves of a are normal numbers, and for a = 0. What
/// kernels in f32 divide is so, or something whose last bits are lost when it is scaled back to a subnormal number; or
/// they ask for what comes next (kernels/numbers/fast.hpp).
inline F32 operator/(F32 a, F32 b) {
  const float near = near_reciprocal(b.v), r = __builtin_fmaf(__builtin_fmaf(-b.v, near, 1), near, near);
  const float q = a.v * r, better = __builtin_fmaf(__builtin_fmaf(-b.v, q, a.v), r, q);
  return __builtin_bit_cast(
      float, (__builtin_bit_cast(uint32_t, better) & 0x7FFFFFFF) | (__builtin_bit_cast(uint32_t, q) & 0x80000000));
}

inline F32 quotient_of_any(F32 a, F32 b) { return a.v / b.v; }

/// From memory by way of the L1 cache: constant memory, where the compiler would have it, serves threads that look
/// elsewhere one after the other.
inline F32 table_lookup(const float (&table)[16], SegmentIndex i) {
#ifdef __CUDACC_RTC__
  float value;
  asm("ld.relaxed.cta.f32 %0, [%1];" : "=f"(value) : "l"(table + i.v));
  return value;
#else
  return table[i.v];
#endif
}

inline F32 from_eighths(const uint32_t (&table)[8], F32 z) {
  const uint32_t bits = __builtin_bit_cast(uint32_t, z.v);
#ifdef __CUDACC_RTC__
  uint32_t entry;
  asm("ld.relaxed.cta.u32 %0, [%1];" : "=r"(entry) : "l"(table + bits % 8));
#else
  const uint32_t entry = table[bits % 8];
#endif
  return __builtin_bit_cast(float, (bits << 20) + entry);
}

/// 1/b to about 2^-20.
inline double near_reciprocal(double b) {
#ifdef __CUDACC_RTC__
  double r;
  asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(r) : "d"(b));
  return r;
#else
  const auto upper = [](double a) { return __builtin_bit_cast(double, __builtin_bit_cast(uint64_t, a) >> 32 << 32); };
  const double r = upper(1 / upper(b));
  return r > -0x1p-1022 && r < 0x1p-1022 ? 0 * r : r;
#endif
}
/// By a step of third order.
inline F64 rough_quotient(F64 a, F64 b) {
  const double r = near_reciprocal(b.v), e = __builtin_fma(-b.v, r, 1.0);
  return a.v * __builtin_fma(r, __builtin_fma(e, e, e), r);
}
template <int Count>
inline F64 rough_polynomial(F64 x, const double (&c)[Count]) {
  double result = c[Count - 1];
  for (int i = Count - 2; i >= 0; --i) result = __builtin_fma(result, x.v, c[i]);
  return result;
}
inline F64 finite(F64 x) {
  constexpr uint32_t infinite = 0x7FF00000, large = 0x4C700000;
  const uint64_t bits = __builtin_bit_cast(uint64_t, x.v);
  const auto high = static_cast<uint32_t>(bits >> 32), low = static_cast<uint32_t>(bits);
  const uint32_t limited = (high & 0x7FFFFFFF) == infinite ? (high & 0x80000000) | large : high;
  return __builtin_bit_cast(double, uint64_t{limited} << 32 | low);
}
/// By the 29 bits that an f32 has not: what they may be off by next to half a unit decides. Subnormal and infinite
/// results count as not sure.
inline bool store_if_rounding_decided(float* p, F64 a, double error) {
  const uint64_t bits = __builtin_bit_cast(uint64_t, a.v);
  const auto high = static_cast<uint32_t>(bits >> 32) & 0x7FFFFFFF, low = static_cast<uint32_t>(bits);
  const auto away = static_cast<uint32_t>(error * 0x1p53);
  store(p, F32(static_cast<float>(a.v)));
  const bool normal = high - 0x38100000 < 0x0FE00000, decided = (low & 0x1FFFFFFF) - (0x10000000 - away) > 2 * away;
  return (normal && decided) || (high | low) == 0;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
