// SPDX-License-Identifier: Apache-2.0
//
// Which inputs a sample has.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/sweep/sweep.hpp"

namespace actbench::bench::faults {

/// How many consecutive numbers a run has: a step against the slope shows between neighbours only.
inline constexpr std::size_t run_length = 64;

/// Whether so many inputs are all that the type has.
bool every_number(Type, std::uint64_t inputs);

/// How many inputs the caller asks for; 0: no number is given.
std::uint64_t wanted_inputs(const Subject&, const SweepOptions&);

/// The magnitudes of special inputs and of NaNs, and runs of consecutive numbers: every exponent is cut into as many
/// equal parts as it has runs, and each part holds one at a random place. Ascending, none twice.
std::vector<std::uint64_t> sample_magnitudes(const Subject&, std::uint64_t inputs, std::uint64_t seed);

}  // namespace actbench::bench::faults
