// SPDX-License-Identifier: Apache-2.0
//
// How long the timings of a report may take, and timings that two sections make alike.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/report/section.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::bench {

/// Seconds for so many benchmarks, a benchmark being one kernel at one size. A quick report spends at most quick_most,
/// and none more than the budget has.
double time_budget_s(const Report&, const Budget&, std::size_t benchmarks, double quick_most);

/// Runs the benchmarks within their own budget and this one. Where that is too short for all, the sizes between the
/// smallest and the largest go first, then the largest; `cut` gets a sentence about it that begins with `what`.
timing::BenchResult time_within(const Budget&, timing::BenchOptions, const ShowProgress&, const std::string& what,
                                std::vector<std::string>& cut);
/// The same on a device; a full report spends at most ten times quick_most.
double device_time_budget_s(const Report&, std::size_t benchmarks, double quick_most);

/// The kernels that are timed over inputs of every kind: those that promise something.
std::vector<const Kernel*> without_naive(std::vector<const Kernel*>);
/// The same benchmarks over inputs of these kinds.
timing::BenchResult time_by_inputs(Report&, const Budget&, timing::BenchOptions, std::vector<timing::Distribution>,
                                   double quick_most, const ShowProgress&);

}  // namespace actbench::bench
