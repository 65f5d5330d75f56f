// SPDX-License-Identifier: Apache-2.0
//
// The gate's findings, for people and for the machines of a CI.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/gate/at_least.hpp"
#include "bench/gate/outputs.hpp"
#include "bench/gate/speed.hpp"
#include "reports/table.hpp"

namespace actbench::bench::gate {

struct CheckResult {
  std::string base, head;  ///< paths of what was compared
  std::string machine;     ///< half a line
  double tolerance = 0.03;
  bool outputs_checked = false;
  bool plugins = false;  ///< base and head are plug-ins: outputs are held against the base's
  std::vector<OutputRow> outputs;
  std::vector<std::string> missing;  ///< recorded, and not in this program
  bool sped = false;                 ///< the speed half was done
  bool against_baseline = false;     ///< with times from a file
  std::optional<AtLeast> peers;      ///< where the speed was held against other libraries
  bool recorded = false;             ///< a baseline was made, which is no comparison and fails nothing
  SpeedResult speed;
  std::vector<const Kernel*> identical;     ///< the same machine code: not timed
  std::vector<std::string> added, removed;  ///< kernels that only the head, only the base has
  std::optional<std::string> fault;         ///< of the head: it crashed or hung
  std::vector<std::string> notes;
  double seconds = 0;
};

/// Why a check that found no fault is no pass all the same, as a sentence without its full stop: nothing was compared,
/// or too little for any verdict. Empty where neither is so.
std::string why_no_verdict(const CheckResult&);

/// exit_check_failed; exit_missing where there is no verdict, unless all that was asked for is a record, and, where
/// strict, for inconclusive kernels and those that no peer could be held against; exit_fine otherwise.
int exit_code(const CheckResult&, bool strict);

/// "passed", "failed", "inconclusive", "without a verdict".
const char* outcome(const CheckResult&, bool strict);

/// Tables of the findings, worst first. all: also what is the same. most: how many rows of each people see.
std::vector<reports::Table> check_tables(const CheckResult&, bool all, std::size_t most = SIZE_MAX);

/// A job summary of at most so many bytes. It leaves out whole rows, the best first.
std::string check_markdown(const CheckResult&, bool strict, std::size_t most_bytes = 1'000'000);

/// In Google Benchmark's schema: for every timed kernel one run of the base and one of the head, in ns an element.
std::string check_json(const CheckResult&);

/// In JUnit's schema: a suite for outputs and one for speed. Inconclusive kernels count as skipped.
std::string check_junit(const CheckResult&, bool strict);

}  // namespace actbench::bench::gate
