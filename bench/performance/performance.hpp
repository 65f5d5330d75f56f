// SPDX-License-Identifier: Apache-2.0
//
// Measured times as tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// "0.512", "12.3", "1.95e+04": three significant digits.
std::string ns_text(double ns);

/// A size as people write it: "L1", "LLC", "memory", "4096".
std::string size_text(const std::string& name);

/// "AMD EPYC 7763 64-Core Processor, 2 of 4 CPUs": a machine in half a line.
std::string machine_text(const timing::Machine&);

/// The copy ceilings, and every kernel at every size: two tables of the same columns.
std::vector<reports::Table> performance_tables(const timing::BenchResult&, const timing::Machine&, std::uint64_t seed);

/// One row a kernel, size and length of rows: ns an element of every distribution that was timed beside normal, the
/// slowest of them, and its time over that of normal inputs. Slowest first.
reports::Table performance_by_inputs(const timing::BenchResult&);

/// One row a kernel, distribution and length of rows: ns an element at every size, and percent of the copy ceiling.
reports::Table performance_overview(const timing::BenchResult&);

}  // namespace actbench::bench
