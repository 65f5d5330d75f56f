// SPDX-License-Identifier: Apache-2.0
//
// The device's side of digests, for the host: a small grid, its threads one after the other.
#include "tests/cuda_emulated/digest.hpp"

#define __global__
#define __grid_constant__

namespace actbench::bench::device {
namespace {

struct Index {
  unsigned x;
};
thread_local Index blockIdx, threadIdx;
constexpr Index gridDim{2}, blockDim{3};

void atomicAdd(unsigned long long* to, unsigned long long value) { *to += value; }

}  // namespace
}  // namespace actbench::bench::device

#include "bench/device/digest_kernels.hpp"

namespace actbench::cuda_emulated {
namespace {

using namespace bench::device;

template <class Parameter>
std::function<void()> over_grid(void (*kernel)(Parameter), const void* parameter) {
  return [kernel, p = *static_cast<const Parameter*>(parameter)] {
    for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x) {
      for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x) kernel(p);
    }
  };
}

}  // namespace

std::function<void()> digest_kernel(std::size_t kernel, const void* parameter) {
  switch (static_cast<DigestKernel>(kernel)) {
    case DigestKernel::number_16:
      return over_grid(&number_16, parameter);
    case DigestKernel::number_32:
      return over_grid(&number_32, parameter);
    case DigestKernel::take_in_f32:
      return over_grid(&take_in_f32, parameter);
    case DigestKernel::take_in_f16:
      return over_grid(&take_in_f16, parameter);
    case DigestKernel::take_in_bf16:
      return over_grid(&take_in_bf16, parameter);
  }
  return {};
}

}  // namespace actbench::cuda_emulated
