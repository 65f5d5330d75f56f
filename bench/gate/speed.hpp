// SPDX-License-Identifier: Apache-2.0
//
// Compares the speed of base and head, launch after launch, until every kernel has a verdict or the time is up.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/gate/launch.hpp"
#include "bench/gate/statistics.hpp"

namespace actbench::bench::gate {

struct SpeedOptions {
  double tolerance = 0.03;  ///< share of the base's time
  double budget_s = 600;    ///< of wall-clock time; at least one launch is made
  std::uint64_t seed = 1;
  std::size_t family = 0;    ///< how many kernels the whole run times, which share the chance of false alarms; 0: these
  bool only_slower = false;  ///< matters: how much faster the head is needs no proof
  std::function<void(double fraction, const std::string& label)> progress;  ///< may be empty
};

struct Comparison {
  Planned planned;
  Verdict verdict = Verdict::inconclusive;
  std::vector<double> values{};      ///< ln(head / base) of every launch
  double median = 0;                 ///< of the values
  Limits limits{0, 0};               ///< of the median, each wrong with a chance of at most Certainty::false_pass
  double base_ns = 0, head_ns = 0;   ///< for an element, median over launches
  std::size_t missing_launches = 0;  ///< about how many more an inconclusive one takes; 0: very many
};

struct SpeedResult {
  std::vector<Comparison> comparisons;  ///< as planned
  std::size_t launches = 0;
  std::size_t least_launches = 0;          ///< before any kernel can have a verdict
  double seconds = 0, launch_seconds = 0;  ///< of all, of one with all kernels
};

/// Throws Fault, Interrupted, MissingError.
SpeedResult compare_speed(const Place&, const std::vector<Planned>&, const SpeedOptions&);

/// The tolerance as a difference of logarithms.
double log_tolerance(double share);

}  // namespace actbench::bench::gate
