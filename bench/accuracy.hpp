// SPDX-License-Identifier: Apache-2.0
//
// Sweeps as tables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/sweep.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// "0.5", "0.49999997", "195.2", "8.39e+06", "inf": as many digits as show on which side of 0.5 and of 1 it lies.
std::string ulp_text(double ulp);

/// Which ULP the tables speak of: one sentence.
extern const char* const ulp_definition;

/// The columns that say which kernel a row is about, and their cells. People see apart what all rows share.
std::vector<reports::Column> kernel_columns();
std::vector<reports::Cell> kernel_cells(const Kernel&);

reports::Table accuracy_table(std::span<const SweepRow>, std::uint64_t seed);

/// A table for people where backends that agree in all that is shown share a row: "scalar avx2 avx512".
reports::Table with_backends_joined(reports::Table);

}  // namespace actbench::bench
