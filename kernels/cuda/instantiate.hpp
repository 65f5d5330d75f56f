// SPDX-License-Identifier: Apache-2.0
//
// The rows of one activation for the registry: those of a CPU, but that each launches its kernel.
#pragma once

#include "kernels/cuda/launch.hpp"
#define ACTBENCH_ROWS_ONLY
#include "kernels/instantiate.hpp"

namespace actbench::cuda {

extern const Module ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _module);

namespace {

constexpr Rows on_cpu = all_rows<Definition>();

template <std::size_t Row>
void launch_row(const Arguments& a) noexcept {
  launch(ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _module), Row, on_cpu.kernel[Row], a);
}

template <std::size_t Row = 0>
constexpr void put_launches(Rows& all) {
  if constexpr (Row < on_cpu.count) {
    all.kernel[Row].backend = Backend::cuda;
    all.kernel[Row].run = launch_row<Row>;
    put_launches<Row + 1>(all);
  }
}

constexpr Rows launched = [] {
  Rows all = on_cpu;
  put_launches(all);
  return all;
}();

}  // namespace
}  // namespace actbench::cuda

ACTBENCH_EXPORT(launched.kernel, launched.count)
