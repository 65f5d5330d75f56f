// SPDX-License-Identifier: Apache-2.0
//
// Every kernel of a function over many inputs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "bench/faults/shape.hpp"
#include "bench/faults/thresholds.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench::faults {

/// What one kernel did over a part of the inputs.
struct Seen {
  std::array<Faults, fault_count> faults{};
  Crossings crossings;
};

struct ScanResult {
  std::vector<Seen> kernels;    ///< one for each subject
  std::uint64_t surprises = 0;  ///< steps of the right results against the slope; counted where all inputs are taken
};

/// Runs every subject over the magnitudes, with both signs, and looks for the faults of results and of blocks. A block
/// of results that equals the right ones in every bit has no fault, since the right ones have none.
template <class U>
ScanResult scan(std::span<const Subject>, const FunctionShape<U>&, const Magnitudes<U>&, const SweepOptions&,
                const std::function<void(double)>& progress);

}  // namespace actbench::bench::faults
