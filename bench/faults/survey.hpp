// SPDX-License-Identifier: Apache-2.0
//
// What a function is like, from its right results. U holds a pattern.
#pragma once

#include <cstdint>
#include <functional>

#include "bench/faults/shape.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench::faults {

/// Samples the right results, then finds extrema and slopes, thresholds, symmetry and range. Numbers around every place
/// so found join the sample. inputs: about how many the sample has.
template <class U>
FunctionShape<U> survey(const Subject&, const SweepOptions&, std::uint64_t inputs,
                        const std::function<void(double)>& progress);

}  // namespace actbench::bench::faults
