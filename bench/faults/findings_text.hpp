// SPDX-License-Identifier: Apache-2.0
//
// The words that the tables about findings share.
#pragma once

#include <cstdint>
#include <string>

#include "bench/faults/findings.hpp"
#include "reports/table.hpp"

namespace actbench::bench::faults {

/// "-5.5", "inf", "-nan".
std::string number_text(Type, std::uint64_t pattern);
/// What the function is like: "odd, monotone", "turns at -0.7517914"; may be empty.
std::string nature_text(Type, const FunctionTruth&);
/// The input at which a threshold is crossed, from its magnitude.
std::uint64_t input_of(Type, const Threshold&, std::uint64_t magnitude);
/// What happens at a threshold: "becomes subnormal", "stays -1".
std::string event_text(Type, const Threshold&);
/// Whether the kernel keeps its promise.
reports::Cell verdict_cell(const FunctionFindings&, const KernelFindings&);

}  // namespace actbench::bench::faults
