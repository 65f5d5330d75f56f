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

/// The name of a size for people: "L1", "LLC", "memory", "4096".
std::string size_text(const std::string& name);

/// The machine in half a line: "AMD EPYC 7763 64-Core Processor, 2 of 4 CPUs".
std::string machine_text(const timing::Machine&);

/// Two tables of the same columns: the copy ceilings, and every kernel at every size.
std::vector<reports::Table> performance_tables(const timing::BenchResult&, const timing::Machine&, std::uint64_t seed);

/// One row for each kernel, size and length of rows: ns an element over every kind of inputs, the slowest kind, and its
/// time over that of normal inputs. The largest ratio comes first.
reports::Table performance_by_inputs(const timing::BenchResult&);

/// One row for each kernel, kind of inputs and length of rows: ns an element and % of the copy ceiling at every size.
reports::Table performance_overview(const timing::BenchResult&);

}  // namespace actbench::bench
