// SPDX-License-Identifier: Apache-2.0
//
// The gate's outcomes in a file of JSON lines: each run adds a line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/gate/report.hpp"

namespace actbench::bench::gate {

/// What a run said of a kernel's time. Percents are NaN where the run did not know them.
struct KernelChange {
  std::string kernel;  ///< identity
  Verdict verdict{};
  double percent, low, high;  ///< of time, with its bounds
};

struct HistoryEntry {
  std::string time;  ///< "2026-01-31T12:00:00Z"
  std::string outcome;
  std::uint64_t timed = 0, launches = 0;
  std::vector<std::string> slower;  ///< identities
  double tolerance_percent = 0;
  std::vector<KernelChange> changes;  ///< of all kernels that were timed
};

/// The lines of a file. Throws UsageError that names the file and the first line that is no outcome.
std::vector<HistoryEntry> read_history(const std::string& text, const std::string& file);

/// The line of a result, with its line end.
std::string history_line(const CheckResult&, bool strict);

}  // namespace actbench::bench::gate
