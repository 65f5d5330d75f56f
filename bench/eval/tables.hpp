// SPDX-License-Identifier: Apache-2.0
//
// The last step of eval: its results as tables.
#pragma once

#include <vector>

#include "bench/eval/results.hpp"
#include "reports/table.hpp"

namespace actbench::bench::eval {

/// A table for each case. Each element has a row for the correctly rounded result and one for each kernel. The notes of
/// the results, after the definition of an error, are those of the last table.
std::vector<reports::Table> tables_of(const Results&);

}  // namespace actbench::bench::eval
