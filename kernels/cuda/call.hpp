// SPDX-License-Identifier: Apache-2.0
//
// What a launch hands to the device.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench::cuda {

inline constexpr unsigned threads_per_block = 256;
/// The widest access of one lane. Each takes so much of y at a time.
inline constexpr unsigned chunk_bytes = 16;

/// Whether a whole block works on each row of that length, and not a warp.
constexpr bool row_takes_block(std::size_t length) { return length > 1024; }
constexpr unsigned rows_per_block(std::size_t length) { return row_takes_block(length) ? 1 : threads_per_block / 32; }

/// Arguments, with the parameters themselves.
struct Call {
  const void* x;
  const void* dy;
  const void* a;
  void* y;
  std::size_t n;
  std::size_t row;
  double parameters[max_parameters];
};

}  // namespace actbench::cuda
