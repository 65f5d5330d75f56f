// SPDX-License-Identifier: Apache-2.0
//
// The worst inputs that sweeps found, as test vectors.
#pragma once

#include <span>

#include "bench/sweep/sweep.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// One row for each function and input: activation, direction, type, parameters (name=value, separated by semicolons);
/// the bits of x, of dy and a where the kernel takes them, and of the correctly rounded result; the largest error that
/// a kernel made there, and the tier of that kernel.
reports::Table worst_inputs(std::span<const SweepRow>);

}  // namespace actbench::bench
