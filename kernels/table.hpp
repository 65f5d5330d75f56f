// SPDX-License-Identifier: Apache-2.0
//
// What one activation compiled for one instruction set hands to the registry. Plain data: the objects of the wider
// instruction sets must define no inline function that another object could pick up.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench {

/// What a CPU must have for a set of kernels to run.
enum CpuFeature : unsigned { cpu_fma = 1, cpu_avx2 = 2, cpu_avx512 = 4 };

struct KernelTable {
  const Kernel* kernels;
  std::size_t count;
  unsigned cpu_features;  ///< CpuFeature bits
};

extern const KernelTable* const all_tables[];
extern const std::size_t all_tables_count;

/// The CpuFeature bits of this machine, less those named in the environment variable ACTBENCH_CPU_MASK (comma
/// separated: fma, avx2, avx512), so that a narrower machine can be tried out on a wider one.
unsigned cpu_features() noexcept;

/// Runs a kernel on arrays of the host, wherever it runs itself.
void call(const Kernel&, const Arguments&) noexcept;

}  // namespace actbench
