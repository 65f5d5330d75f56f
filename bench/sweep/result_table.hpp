// SPDX-License-Identifier: Apache-2.0
//
// The exact result of one input, and each kernel's.
#pragma once

#include <span>

#include "actbench/kernels.hpp"
#include "bench/numbers/inputs.hpp"
#include "reference/reference.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// The kernels must be of one activation, direction and type; at least one. The table has a row for the correctly
/// rounded result and one for each kernel.
reports::Table result_table(std::span<const Kernel* const> kernels, std::span<const double> parameters, const Point&,
                            reference::Ulp);

}  // namespace actbench::bench
