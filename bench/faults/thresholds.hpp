// SPDX-License-Identifier: Apache-2.0
//
// Thresholds: where the right results change in kind or reach their limit, and where a kernel's do. U holds a pattern.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bench/faults/block.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/faults/probe.hpp"
#include "bench/faults/shape.hpp"

namespace actbench::bench::faults {

/// The thresholds of the right results on a half-axis. Every extremum must be in the sample: between its neighbours
/// results are monotone then, so that bisection finds the number at which they change.
template <class U>
std::vector<Threshold> right_thresholds(const Sample<U>&, bool negative, const Layout&, Oracle&);

/// Which of the magnitudes looked at a kernel crosses the thresholds at. Filled block by block, in any order.
class Crossings {
 public:
  explicit Crossings(const std::vector<Threshold>&);

  template <class U>
  void take(const Block<U>&);
  void merge(const Crossings&);

  /// For each threshold the index of the first magnitude from which on it is crossed. For a saturation this is one
  /// beyond the last magnitude at which the result is not yet the limit. `never`: not at all.
  const std::vector<std::uint64_t>& indices() const { return indices_; }

  static constexpr std::uint64_t never = ~std::uint64_t{0};

 private:
  const std::vector<Threshold>& thresholds_;
  std::vector<std::uint64_t> indices_;
};

/// Where the kernel crosses each threshold: between two magnitudes that were looked at, one before the crossing and one
/// after, by bisection. Nothing: never.
template <class U>
std::vector<std::optional<std::uint64_t>> kernel_thresholds(const Probe<U>&, const std::vector<Threshold>&,
                                                            const Magnitudes<U>&, const Crossings&);

}  // namespace actbench::bench::faults
