// SPDX-License-Identifier: Apache-2.0
//
// What a launch hands to the device.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench::cuda {

inline constexpr unsigned threads_per_block = 256;
/// The widest access of one lane. Each takes so much of y at a time.
inline constexpr unsigned chunk_bytes = 16;

/// Arguments, with the parameters themselves.
struct Call {
  const void* x;
  const void* dy;
  const void* a;
  void* y;
  std::size_t n;
  double parameters[max_parameters];
};

}  // namespace actbench::cuda
