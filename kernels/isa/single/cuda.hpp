// SPDX-License-Identifier: Apache-2.0
//
// As scalar.hpp, over what a device has in place of the compiler's built-in functions.
#pragma once

#ifdef __CUDACC_RTC__
constexpr float __builtin_nanf(const char*) { return __builtin_bit_cast(float, 0x7FC00000u); }
inline int __builtin_clzll(unsigned long long a) { return __clzll(static_cast<long long>(a)); }
inline bool __builtin_signbit(double a) { return __builtin_bit_cast(unsigned long long, a) >> 63 != 0; }
#endif

#include "kernels/isa/single/scalar.hpp"
