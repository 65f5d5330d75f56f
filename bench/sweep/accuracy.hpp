// SPDX-License-Identifier: Apache-2.0
//
// Sweeps as tables.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/sweep/sweep.hpp"
#include "reports/table.hpp"

namespace CLI {
class App;
}

namespace actbench::bench {

/// "0.5", "0.49999997", "195.2", "8.39e+06", "inf": as many digits as show on which side of 0.5 and of 1 it lies.
std::string ulp_text(double ulp);

/// Which ULP a table speaks of: one sentence.
const char* ulp_definition(reference::Ulp);
inline constexpr reference::Ulp measures[] = {reference::Ulp::goldberg, reference::Ulp::kahan, reference::Ulp::steps};
/// "goldberg", "kahan", "steps".
const char* name(reference::Ulp);
/// --ulp.
void add_ulp(CLI::App&, reference::Ulp&);

/// The columns that say which kernel a row is about, and their cells. People see apart what all rows share.
std::vector<reports::Column> kernel_columns();
std::vector<reports::Cell> kernel_cells(const Kernel&);

/// At least one row, all by one measure. shard: which part of all inputs the rows are about, where that is not all;
/// of 0: some other part.
reports::Table accuracy_table(std::span<const SweepRow>, std::uint64_t seed, Shard shard = {});

/// A table for people where backends that agree in all that is shown share a row: "scalar avx2 avx512".
reports::Table with_backends_joined(reports::Table);

}  // namespace actbench::bench
