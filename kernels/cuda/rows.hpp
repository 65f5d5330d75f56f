// SPDX-License-Identifier: Apache-2.0
//
// The rows of a CPU, each run in another way.
#pragma once

// An activation over rows comes with a team, which says so.
#ifndef ACTBENCH_INSTANTIATE
#define ACTBENCH_INSTANTIATE "kernels/instantiate.hpp"
#endif
#define ACTBENCH_ROWS_ONLY
#include ACTBENCH_INSTANTIATE

namespace actbench::ACTBENCH_ISA {
namespace {

constexpr Rows on_cpu = all_rows<Definition>();

/// Make::run<Row> in place of each row's own function, of the cuda backend.
template <class Make, std::size_t Row = 0>
constexpr void put_runs(Rows& all) {
  if constexpr (Row < on_cpu.count) {
    all.kernel[Row].backend = Backend::cuda;
    all.kernel[Row].run = Make::template run<Row>;
    put_runs<Make, Row + 1>(all);
  }
}

template <class Make>
constexpr Rows rows_run_by() {
  Rows all = on_cpu;
  put_runs<Make>(all);
  return all;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
