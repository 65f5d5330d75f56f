// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/cuda/instantiate.hpp: rows that go through the lanes of a small grid one after the other.
#pragma once

#include "kernels/table.hpp"

#define __global__
#define __grid_constant__
#define __launch_bounds__(threads)

namespace actbench::cuda_emulated {
namespace {

struct Index {
  unsigned x;
};
Index blockIdx, threadIdx;
constexpr Index gridDim{2}, blockDim{3};

}  // namespace
}  // namespace actbench::cuda_emulated

#include "kernels/cuda/device.hpp"
#include "kernels/cuda/rows.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct WalkGrid {
  template <std::size_t Row>
  static void run(const Arguments& a) noexcept {
    cuda::Call call{a.x, a.dy, a.y, a.n, {}};
    for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) call.parameters[i] = a.parameters[i];
    for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x) {
      for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x)
        ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernel)<Row>(call);
    }
  }
};

constexpr Rows emulated = rows_run_by<WalkGrid>();

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(emulated.kernel, emulated.count)
