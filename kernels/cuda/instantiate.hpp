// SPDX-License-Identifier: Apache-2.0
//
// The rows of one activation for the registry: those of a CPU, but that each launches its kernel.
#pragma once

#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/rows.hpp"

namespace actbench::cuda {

extern const Module ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _module);

namespace {

struct Launch {
  template <std::size_t Row>
  static void run(const Arguments& a) noexcept {
    launch(ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _module), Row, on_cpu.kernel[Row], a);
  }
};

constexpr Rows launched = rows_run_by<Launch>();

}  // namespace
}  // namespace actbench::cuda

ACTBENCH_EXPORT(launched.kernel, launched.count)
