// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/cuda/instantiate.hpp for activations over rows: a grid of two whole blocks, one after the other.
#pragma once

#include "kernels/cuda/device_rows.hpp"
#include "kernels/cuda/rows.hpp"

namespace actbench::cuda_emulated {

void launch(const Kernel&, const Arguments&, void (*walk)(const cuda::Call&)) noexcept;

namespace {

struct WalkGrid {
  template <std::size_t Row>
  static void run(const Arguments& a) noexcept {
    launch(on_cpu.kernel[Row], a, walk<Row>);
  }
  template <std::size_t Row>
  static void walk(const cuda::Call& call) {
    const bool both = call.n / call.row > cuda::rows_per_block(call.row);  // the second has rows, too
    for (blockIdx.x = 0; blockIdx.x < (both ? gridDim.x : 1); ++blockIdx.x)
      run_block(cuda::threads_per_block, enter, thread<Row>, &call);
  }
  template <std::size_t Row>
  static void thread(const void* call) {
    ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernel)<Row>(*static_cast<const cuda::Call*>(call));
  }
};

constexpr Rows emulated = rows_run_by<WalkGrid>();

}  // namespace
}  // namespace actbench::cuda_emulated

ACTBENCH_EXPORT(emulated.kernel, emulated.count)
