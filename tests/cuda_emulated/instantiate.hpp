// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/cuda/instantiate.hpp: rows that go through the lanes of a small grid one after the other.
#pragma once

#include "kernels/cuda/call.hpp"
#include "kernels/table.hpp"

#define __global__
#define __grid_constant__
#define __launch_bounds__(threads)

namespace actbench::cuda_emulated {
namespace {

struct Index {
  unsigned x;
};
thread_local Index blockIdx, threadIdx;
constexpr Index gridDim{2}, blockDim{3};

}  // namespace

/// Runs a kernel's walk over the grid with this call; tests have one that does it, and one with a device around it.
void launch(const Kernel&, const Arguments&, void (*walk)(const cuda::Call&)) noexcept;

}  // namespace actbench::cuda_emulated

#include "kernels/cuda/device.hpp"
#include "kernels/cuda/rows.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct WalkGrid {
  template <std::size_t Row>
  static void run(const Arguments& a) noexcept {
    launch(on_cpu.kernel[Row], a, walk<Row>);
  }
  template <std::size_t Row>
  static void walk(const cuda::Call& call) {
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
