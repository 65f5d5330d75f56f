// SPDX-License-Identifier: Apache-2.0
//
// The sample of kernels over rows.
#pragma once

#include <vector>

#include "bench/rows/rows.hpp"

namespace actbench::bench::gate {

/// Rows of many lengths, sample_inputs elements in all. For forward they hold logits of scale 1, 10 and 100, masked
/// ones, equal ones, some from many binades, and special ones; for backward, plausible results of forward, with
/// gradients of several kinds. They are drawn without the C library's functions, so that they are the same everywhere.
std::vector<RowInputs> row_sample(const Kernel&);

}  // namespace actbench::bench::gate
