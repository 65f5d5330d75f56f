// SPDX-License-Identifier: Apache-2.0
//
// How long the timings of a report may take, and timings that two sections make alike.
#pragma once

#include <cstddef>
#include <vector>

#include "bench/report/section.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::bench {

/// Seconds for so many benchmarks, a benchmark being one kernel at one size. A quick report spends at most quick_most.
double time_budget_s(const Report&, std::size_t benchmarks, double quick_most);
/// The same on a device; a full report spends at most ten times quick_most.
double device_time_budget_s(const Report&, std::size_t benchmarks, double quick_most);

/// The kernels that are timed over inputs of every kind: those that promise something.
std::vector<const Kernel*> without_naive(std::vector<const Kernel*>);
/// The same benchmarks over inputs of these kinds.
timing::BenchResult time_by_inputs(const Report&, timing::BenchOptions, std::vector<timing::Distribution>,
                                   double quick_most);

}  // namespace actbench::bench
