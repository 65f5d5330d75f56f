// SPDX-License-Identifier: Apache-2.0
//
// What a report can say while it is still at work.
#pragma once

#include <string>

#include "bench/report/section.hpp"

namespace actbench::bench {

/// Whether the outputs for every input are still those that were proved right, of the kernels for which that takes a
/// moment: those with 2^16 inputs, on the widest backend that runs here. One sentence; empty where there are none.
/// Throws Interrupted.
std::string proofs_in_short(const Report&);

/// The fastest kernels that promise something, beside the textbook's: one sentence; empty where nothing was timed.
std::string fastest_in_short(const Report&);

}  // namespace actbench::bench
