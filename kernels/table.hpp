// SPDX-License-Identifier: Apache-2.0
//
// What one activation compiled for one instruction set hands to the registry. Plain data: the objects of the wider
// instruction sets must define no inline function that another object could pick up.
#pragma once

#include "actbench/kernels.hpp"

namespace actbench {

/// What a CPU must have for a set of kernels to run.
enum CpuFeature : unsigned {
#define ACTBENCH_BACKEND(name, ...) cpu_##name = 1u << static_cast<unsigned>(Backend::name),
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
  cpu_fma = 1
};

struct KernelTable {
  const Kernel* kernels;
  std::size_t count;
  unsigned cpu_features;  ///< CpuFeature bits
};

extern const KernelTable* const all_tables[];
extern const std::size_t all_tables_count;

/// The CpuFeature bits of this machine, less those named in the environment variable ACTBENCH_CPU_MASK (comma
/// separated: fma, avx2, avx512; each hides those that include it), so that a narrower machine can be tried out on a
/// wider one.
unsigned cpu_features() noexcept;

/// Runs a kernel on arrays of the host, wherever it runs itself.
void call(const Kernel&, const Arguments&) noexcept;

}  // namespace actbench
