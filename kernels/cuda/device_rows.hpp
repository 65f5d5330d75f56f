// SPDX-License-Identifier: Apache-2.0
//
// The device's side of a kernel over rows: the function of the same row that a CPU runs, run by every thread of the
// grid. Which rows are its, and with whom it shares them, its Team says. Arrays begin at multiples of their elements'
// size.
#pragma once

#define ACTBENCH_ROWS_ONLY
#include "kernels/rows/instantiate.hpp"

namespace actbench::ACTBENCH_ISA {

/// So many blocks are to have room on a processor: 80 registers a thread, or 128 where digits of e^y may be asked for.
/// Where a kernel still spills, the compiling program asks for fewer.
#ifdef ACTBENCH_MIN_BLOCKS
inline constexpr int min_blocks = ACTBENCH_MIN_BLOCKS - 1;
#else
inline constexpr int min_blocks = Definition::logarithm ? 2 : 3;
#endif

template <std::size_t Row>
__global__ void __launch_bounds__(cuda::threads_per_block, min_blocks)
    ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernel)(const __grid_constant__ cuda::Call c) {
  constexpr Kernel row = all_rows<Definition>().kernel[Row];
  row.run({c.x, c.dy, c.y, c.n, c.parameters, c.a, c.row});
}

}  // namespace actbench::ACTBENCH_ISA
