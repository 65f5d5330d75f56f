// SPDX-License-Identifier: Apache-2.0
//
// What the gate can see on this machine: head against itself, with a known share of extra work in some kernels.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/gate/speed.hpp"
#include "reports/table.hpp"

namespace actbench::bench::gate {

struct SelfTestOptions {
  double tolerance = 0.03;
  double budget_s = 120;
  double run_budget_s = 10;  ///< of one comparison
  std::uint64_t seed = 1;
  std::function<void(double fraction, const std::string& label)> progress;
};

/// What became of kernels that did a share of extra work.
struct Injected {
  double extra;  ///< share; 0: no difference
  std::uint64_t tried = 0, slower = 0, same = 0, faster = 0, inconclusive = 0;
};

struct SelfTest {
  double tolerance = 0;
  std::vector<Injected> injected;            ///< by rising share
  std::uint64_t runs = 0, false_alarms = 0;  ///< comparisons, and those that said SLOWER of a kernel without extra work
  double seconds = 0;
};

/// Comparison after comparison of kernels drawn from these, which the libraries of the place have in common and which
/// are the same in both, until the time is up. Throws Fault, Interrupted.
SelfTest run_selftest(const Place&, const std::vector<std::string>& kernels, const SelfTestOptions&);

/// Whether slow-downs of the tolerance are found here: in no fewer tries than 95 %, as far as can be told from these,
/// and with no more false alarms than 1 % of the comparisons can explain.
bool holds(const SelfTest&);

reports::Table selftest_table(const SelfTest&);

}  // namespace actbench::bench::gate
