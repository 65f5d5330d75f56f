// SPDX-License-Identifier: Apache-2.0
//
// A baseline: times in a file, for where there is no base to run. They are not times as such, but relative to two
// things that were timed in the same blocks and are timed again beside the head: copying, and a loop of integer
// arithmetic that never changes. That takes out a clock that runs faster or slower today, as far as it does so for
// both; the tolerance must cover the rest. Making a baseline times everything in two passes, and the largest shift
// between the two says how large the rest is.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/gate/speed.hpp"

namespace actbench::bench::gate {

struct Baseline {
  struct Series {
    std::vector<double> to_copy, to_calibration;  ///< ln(ns an element / ns an element of that), launch by launch
    double ns = 0;                                ///< of an element, median
  };
  std::string machine;   ///< the CPU's brand, and what it is: ratios are the same on no other
  std::string platform;  ///< C library and compiler
  double shift = 0;      ///< the largest |ln| between the medians of two passes
  double tolerance = 0;  ///< share of the time, from that
  std::map<std::string, Series> kernels{};

  std::string text() const;
  /// Throws UsageError naming the file: what is wrong with it.
  static Baseline parse(const std::string& text, const std::string& file);
};

/// The tolerance that a shift between two passes justifies: twice the shift, and no less than 5 %.
double baseline_tolerance(double shift);

struct BaselineOptions {
  double budget_s = 600;
  std::uint64_t seed = 1;
  std::function<void(double fraction, const std::string& label)> progress;
};

/// Times kernels of the head. Throws Fault, Interrupted, and MissingError where the budget is too short for them.
Baseline make_baseline(const Place&, const std::vector<Planned>&, const BaselineOptions&);

/// Times the kernels again. SLOWER where both ratios are proven to have risen by more than the baseline's tolerance,
/// FASTER likewise, SAME where one of them is proven to be within it. Kernels that the baseline does not have are left
/// out. Throws as make_baseline, and MissingError where the baseline is from another CPU.
SpeedResult compare_with_baseline(const Place&, const std::vector<Planned>&, const Baseline&, const BaselineOptions&);

}  // namespace actbench::bench::gate
