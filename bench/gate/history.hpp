// SPDX-License-Identifier: Apache-2.0
//
// Outcomes of the gate as a file of JSON lines, one a run, that grows at its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/gate/report.hpp"

namespace actbench::bench::gate {

struct HistoryEntry {
  std::string time;  ///< "2026-01-31T12:00:00Z"
  std::string outcome;
  std::uint64_t timed = 0, launches = 0;
  std::vector<std::string> slower;  ///< identities
};

/// The lines of a file. Throws UsageError naming the file and the line that is none of these.
std::vector<HistoryEntry> read_history(const std::string& text, const std::string& file);

/// One line, with its end.
std::string history_line(const CheckResult&, bool strict);

}  // namespace actbench::bench::gate
