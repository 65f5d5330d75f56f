// SPDX-License-Identifier: Apache-2.0
//
// What changed since an earlier report: the numbers in the files of both, compared row by row.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/csv.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// What a report's CSV says, by the files' names without ".csv": "accuracy", "rows-performance".
using ReportNumbers = std::map<std::string, std::vector<reports::CsvRecord>>;

/// An earlier report, and when and from which revision it was made.
struct EarlierReport {
  std::string folder{}, started{}, revision{};
  ReportNumbers numbers{};
};

/// Reads the files in the folder of a report that are compared. Throws UsageError where that is no such folder, where
/// it has nothing to compare, and where a file lacks a column or has what is no number; FileError where a file cannot
/// be read.
EarlierReport read_earlier(const std::filesystem::path& folder);

/// The same numbers of files that are about to be written, by their names. Throws UsageError as above.
ReportNumbers numbers_of(const std::vector<std::pair<std::string, std::string>>& files);

/// In the order in which they are shown.
enum class Change : unsigned char { verdict, error_grew, slower, gone, error_shrank, faster, added };
const char* name(Change) noexcept;  ///< "error grew"

struct Difference {
  Change change;
  std::string subject;      ///< a kernel, with its parameters, or a claim
  std::string where;        ///< what about it: "faults in kind", "l1, normal"; may be empty
  std::string before, now;  ///< as in the files; empty for what was not there
  double ratio = 0;         ///< now over before, of times and finite errors; 0: none
  double size() const;      ///< how large a change is among those of its kind
};

struct Changes {
  std::vector<Difference> all;                      ///< the worst first, kind by kind
  std::size_t errors = 0, verdicts = 0, times = 0;  ///< how many were compared
  std::vector<std::string> notes;                   ///< sentences: what could not be compared, and why

  std::size_t count(Change) const;
};

/// An error is larger or smaller where both reports tried the same inputs. A time is longer or shorter where its
/// interval and the earlier one have nothing in common, on a CPU of the same name.
Changes changes_since(const ReportNumbers& before, const ReportNumbers& now);

/// The answer in the summary's first lines: one item of a list.
std::string changes_line(const EarlierReport&, const Changes&);
/// The summary's section, from its heading on.
std::string changes_section(const EarlierReport&, const Changes&);
/// All of them, for machines.
reports::Table changes_table(const Changes&);

}  // namespace actbench::bench
