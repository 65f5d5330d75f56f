// SPDX-License-Identifier: Apache-2.0
//
// Makes a report: one folder that tells the whole story.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/report/section.hpp"

namespace actbench::bench {

struct ReportOutcome {
  std::filesystem::path folder;
  std::vector<ReportFile> files;      ///< in the folder
  std::vector<std::string> left_out;  ///< sentences
  bool promises_kept = true;
};

/// Runs every section that applies, then writes all files together or none. Throws UsageError and MissingError where
/// no kernel can be measured, reports::FileError where the folder cannot be written, Interrupted after a signal.
ReportOutcome make_report(const ReportOptions&);

}  // namespace actbench::bench
