// SPDX-License-Identifier: Apache-2.0
//
// In front of kernels/cuda/team.hpp: what a device has for threads that work together, on fibers.
#pragma once

#include <cstring>

#include "kernels/cuda/call.hpp"
#include "kernels/table.hpp"
#include "tests/cuda_emulated/fibers.hpp"

#define __global__
#define __grid_constant__
#define __launch_bounds__(threads, blocks)
#define __shared__ static thread_local

namespace actbench::cuda_emulated {
namespace {

struct Index {
  unsigned x;
};
thread_local Index blockIdx, threadIdx;
constexpr Index gridDim{2};

inline void enter(unsigned thread) { threadIdx.x = thread; }

inline void __syncthreads() { wait_for(0, cuda::threads_per_block); }
inline void __syncwarp() { wait_for(threadIdx.x / 32 * 32, 32); }
inline void __threadfence_block() {}

template <class T>
T __shfl_sync(unsigned mask, T value, int thread, int part) {
  static_assert(sizeof(T) <= slot_bytes);
  if (mask != ~0u) std::abort();
  std::memcpy(slot(threadIdx.x), &value, sizeof value);
  __syncwarp();
  const auto width = static_cast<unsigned>(part);
  std::memcpy(&value, slot(threadIdx.x / width * width + static_cast<unsigned>(thread)), sizeof value);
  __syncwarp();
  return value;
}

template <class T>
void atomicAdd(T* to, T value) {
  *to += value;
}
inline int atomicCAS(int* to, int expected, int value) {
  const int old = *to;
  if (old == expected) *to = value;
  return old;
}
inline void atomicExch(int* to, int value) { *to = value; }

}  // namespace
}  // namespace actbench::cuda_emulated

#include "kernels/cuda/team.hpp"
