// SPDX-License-Identifier: Apache-2.0
//
// What the vocabulary has for kernels that compute in the type's own precision, f32 for the half types, one number at a
// time. avx2.hpp and avx512.hpp have the same for their registers.
#pragma once

#include "kernels/math/half.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// a·b + c, rounded once.
inline F32 fma(F32 a, F32 b, F32 c) { return __builtin_fmaf(a.v, b.v, c.v); }
/// Whether it holds for all.
inline bool all(Mask<F32> m) { return m.v; }

/// The largest lane; of two zeros either.
inline float largest(F32 a) { return a.v; }
inline double largest(F64 a) { return a.v; }
/// All lanes of both, added as doubles.
inline double sum_in_double(F32 a, F32 b) { return static_cast<double>(a.v) + static_cast<double>(b.v); }

/// 2^(n - 127), 1 <= n <= 254, for z = n + 1.5·2^23, and 2^(n - 1023), 1 <= n <= 2046, for z = n + 1.5·2^52: the sum's
/// low bits, moved to where the number keeps its exponent.
inline F32 from_exponent(F32 z) { return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, z.v) << 23); }
inline F64 from_exponent(F64 z) { return __builtin_bit_cast(double, __builtin_bit_cast(uint64_t, z.v) << 52); }

/// A register of numbers of a type, as what that type is computed in, and back, rounded to nearest even. Any alignment.
inline F32 load_working(const float* p) { return load(p); }
inline F32 load_working(const F16* p) { return to_float(*p); }
inline F32 load_working(const BF16* p) { return to_float(*p); }
inline F64 load_working(const double* p) { return load(p); }
inline void store_working(float* p, F32 a) { store(p, a); }
inline void store_working(F16* p, F32 a) { *p = to_f16(a.v); }
inline void store_working(BF16* p, F32 a) { *p = to_bf16(a.v); }
inline void store_working(double* p, F64 a) { store(p, a); }

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
