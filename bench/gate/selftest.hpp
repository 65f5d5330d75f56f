// SPDX-License-Identifier: Apache-2.0
//
// The gate's own test on this machine: head against itself, with a known share of extra work in some kernels.
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

/// The verdicts on kernels that did a share of extra work.
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

/// Makes comparison after comparison of kernels drawn from these, until the time is up. The libraries of the place have
/// the kernels in common, and they are the same in both. Throws Fault, Interrupted.
SelfTest run_selftest(const Place&, const std::vector<std::string>& kernels, const SelfTestOptions&);

/// Whether nothing refutes that slow-downs of the tolerance are found here in at least 95 % of the tries, with false
/// alarms in at most 1 % of the comparisons.
bool holds(const SelfTest&);

/// Whether any comparison came to a verdict. If none did, the time was too short, and nothing is known.
bool says_anything(const SelfTest&);

reports::Table selftest_table(const SelfTest&);

}  // namespace actbench::bench::gate
