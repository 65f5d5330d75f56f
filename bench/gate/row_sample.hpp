// SPDX-License-Identifier: Apache-2.0
//
// The sample of kernels over rows.
#pragma once

#include <vector>

#include "bench/rows/rows.hpp"

namespace actbench::bench::gate {

/// Rows of many lengths, sample_inputs elements in all: logits of scale 1, 10 and 100, masked, equal, from many
/// binades, and special ones; of backward results of forward as they might be, with gradients of several kinds. Drawn
/// without the C library's functions, so that they are the same everywhere.
std::vector<RowInputs> row_sample(const Kernel&);

}  // namespace actbench::bench::gate
