// SPDX-License-Identifier: Apache-2.0
//
// The conditions of a machine that make timing bad, and what can be done about them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/support/float_state.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

enum class Health : unsigned char { good, bad, unknown };

struct Condition {
  std::string what;   ///< "governor"
  std::string found;  ///< "powersave"
  Health health;
  std::string effect;  ///< on timing, where it is bad or unknown
  std::string remedy;  ///< what can be done about it, or why nothing can
};

/// CPU time of the whole machine so far, in ticks, as /proc/stat has it.
struct CpuTicks {
  unsigned long long all = 0, idle = 0, stolen = 0;
};
CpuTicks read_ticks(const std::filesystem::path& root);

/// How even the times of the same work are.
struct Steadiness {
  double median_s = 0;    ///< of a run
  double spread = 0;      ///< of the middle half of the runs, over the median
  double late_share = 0;  ///< of runs that took 3 % longer than the median
  bool cpu_time = true;   ///< the thread's CPU clock is fine enough
};
Steadiness measure_steadiness();

/// Whether a program that is loaded as this one was starts in the default floating-point state, and who changed it.
Condition judge(const FoundFloatState&);

/// before, after: some time apart, in which nothing of this program ran. root: as of timing::read_machine.
std::vector<Condition> diagnose(const std::filesystem::path& root, CpuTicks before, CpuTicks after, const Steadiness&);

/// A row for each condition. Effects and remedies are notes for people, columns for machines.
reports::Table doctor_table(const std::vector<Condition>&, const timing::Machine&, bool for_people);

}  // namespace actbench::bench
