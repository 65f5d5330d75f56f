// SPDX-License-Identifier: Apache-2.0
//
// What the kernels of digest_kernels.hpp are called with. Seen by the device's compiler.
#pragma once

#include <stdint.h>

#include <cstddef>

namespace actbench::bench::device {

enum class DigestKernel : unsigned char { number_16, number_32, take_in_f32, take_in_f16, take_in_bf16 };

/// to[i] = the lowest bits of (first + i) >> shift.
struct Number {
  void* to;
  std::size_t n;
  uint64_t first;
  unsigned shift;
};

/// sums[0 … digest_ranges - 1] += the digests of the ranges, sums[digest_ranges] += the quick one, for the outputs of
/// inputs first … first + n - 1. first: a multiple of the piece. outputs: aligned to 16 bytes, room for whole pieces.
struct TakeIn {
  const void* outputs;
  std::size_t n;
  uint64_t first;
  uint64_t range_size;  ///< inputs of a range
  unsigned long long* sums;
};

}  // namespace actbench::bench::device
