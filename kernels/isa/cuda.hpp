// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary for CUDA device code: one number a lane, so that it is the scalar one, over what a device has in place
// of the compiler's built-in functions. Compiled for the device by NVRTC, which takes functions without annotations for
// device functions (-default-device): so everything above a vocabulary is the same text for CPUs and for the device.
// Products and sums are not fused (--fmad=false), subnormal numbers kept, divisions and square roots rounded correctly.
#pragma once

#ifdef __CUDACC_RTC__
inline double __builtin_fma(double a, double b, double c) { return __fma_rn(a, b, c); }
inline float __builtin_fmaf(float a, float b, float c) { return __fmaf_rn(a, b, c); }
inline double __builtin_fabs(double a) { return fabs(a); }
inline float __builtin_fabsf(float a) { return fabsf(a); }
constexpr double __builtin_inf() { return __builtin_bit_cast(double, 0x7FF0000000000000ull); }
constexpr float __builtin_nanf(const char*) { return __builtin_bit_cast(float, 0x7FC00000u); }
constexpr float __builtin_inff() { return __builtin_bit_cast(float, 0x7F800000u); }
/// One number of an array goes in one access: an address on a device is a multiple of what is there. Any other
/// alignment, who calls a vocabulary takes care of.
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
#define __extension__
#endif

#include "kernels/isa/scalar.hpp"
