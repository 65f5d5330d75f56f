// SPDX-License-Identifier: Apache-2.0
//
// Faults in kind: what is wrong with a kernel by more than a last digit. Results may be infinite, NaN or zero where
// they should not be, leave the function's range, step against its slope, change in kind at the wrong input, or depend
// on the backend or on the place in the array. All of this is seen in the kernel's own outputs. What the function is
// like (its range, its turning points, whether it is odd or even, where it vanishes, overflows or reaches its limit) is
// computed from the reference, in the same way for every activation, direction, type and choice of parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/faults/findings.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// How many inputs a sample may have: it is held in memory.
inline constexpr std::uint64_t largest_sample = std::uint64_t{1} << 25;

/// With options.all, f32 kernels take every pattern; the 16-bit types always do. Otherwise kernels take the special
/// inputs, numbers around every threshold and extremum, and runs of consecutive numbers, spread over every exponent,
/// with both signs. These are about options.inputs in all; 0 means as many as a few seconds allow. Kernels of the same
/// function must share parameters. Throws as sweep() does, and UsageError for more than the largest sample.
std::vector<FunctionFindings> examine(std::vector<Subject>, const SweepOptions&);

/// One row a kernel.
reports::Table overflow_summary(std::span<const FunctionFindings>);
/// Special values, thresholds and faults of one function, tiers and backends beside each other.
std::vector<reports::Table> overflow_details(const FunctionFindings&);
/// What is wrong with a kernel in half a sentence: "NaN at -inf; 0 from -5.542594 on, right from -14.356069 on". Empty
/// where nothing is.
std::string overflow_in_short(const FunctionFindings&, const KernelFindings&);
/// One row a finding, and a verdict for every kernel. with_what_is_right: special values and thresholds that are right,
/// and faults that are absent, have rows, too.
reports::Table overflow_records(std::span<const FunctionFindings>, bool with_what_is_right = true);
/// The sentences that explain the tables.
std::vector<std::string> overflow_notes(std::span<const FunctionFindings>, std::uint64_t seed);

}  // namespace actbench::bench
