// SPDX-License-Identifier: Apache-2.0
//
// Kernels of one function side by side: error, faults and time, of the project's own and of plug-ins. One error or time
// alone says little; what counts is which kernels no other is both faster and more accurate than: the front.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

struct CompareOptions {
  std::uint64_t inputs = std::uint64_t{1} << 20;  ///< for each kernel's error; an eighth more are searched
  std::string sizes = "default";                  ///< as timing::parse_sizes takes them
  std::string like = "normal";                    ///< as parse_distribution takes it
  std::uint64_t row = 1024;                       ///< length, of kernels over rows
  unsigned repetitions = 9;
  double min_time = 0.01;  ///< seconds of one timed run
  double budget = 0;       ///< seconds of the timed runs of each function; 0: as long as it takes
  std::uint64_t seed = default_seed;
  unsigned threads = 0;  ///< of the sweeps; kernels are timed on one
  bool faults = true;    ///< whether faults in kind are looked for
};

struct Compared {
  SweepRow errors;
  std::string faults;                   ///< in kind, half a sentence; empty where there are none
  std::vector<timing::BenchRow> times;  ///< in the order of the sizes
  /// The time over that of the kernel that is `ours`, in the order of the sizes: the median over the rounds, in each of
  /// which both ran moments apart.
  std::vector<timing::Interval> over_ours;
  bool on_front = false;  ///< no other is at least as accurate and as fast, and better in one of the two, at front_size
};

struct Comparison {
  std::vector<timing::Size> sizes;
  std::size_t front_size = 0;  ///< of sizes: L2 where it was measured, or else the first
  std::size_t ours = 0;        ///< of kernels: what the others' times are given as multiples of
  std::vector<Compared> kernels;
  timing::Machine machine;
  double confidence = 0;  ///< of the intervals
};

/// The kernels to compare: of the table's own, those of the best backend of each tier, and of foreign ones all, or
/// those of the backends named. Throws UsageError for a name that no foreign backend has.
std::vector<const Kernel*> compared_kernels(std::span<const Kernel* const>, std::span<const std::string> against);

/// The errors alone, of kernels of one activation, direction and type, in their order: compare() finds the same. Shows
/// no progress. Throws Interrupted.
std::vector<SweepRow> errors_of(std::span<const Kernel* const>, std::span<const Setting>, const CompareOptions&);

/// Kernels of one activation, direction and type, all runnable on the CPU. Throws UsageError, timing::Error,
/// Interrupted.
Comparison compare(std::span<const Kernel* const>, std::span<const Setting>, const CompareOptions&);

/// One row a kernel, the fastest at front_size first.
reports::Table comparison_table(const Comparison&, const CompareOptions&);

/// How a kernel stands: its time in ns an element and its largest error.
struct Standing {
  double ns = 0, ulp = 0;
};
/// Which of these are on the front: no other is at least as fast and as accurate, and better in one of the two.
std::vector<bool> front_of(std::span<const Standing>);

}  // namespace actbench::bench
