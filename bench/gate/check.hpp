// SPDX-License-Identifier: Apache-2.0
//
// A check from the request to the verdicts: which kernels, with which outputs, at which speed against which base.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/gate/at_least.hpp"
#include "bench/gate/baseline.hpp"
#include "bench/gate/pairs.hpp"
#include "bench/gate/report.hpp"
#include "bench/gate/selftest.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/selection/kernels.hpp"
#include "reports/files.hpp"

namespace actbench::bench::gate {

/// What is asked of a check. Paths and files that are not named are empty.
struct CheckRequest {
  Selection selection;
  bool outputs = true, speed = true;     ///< the halves that are wanted
  std::string base, head;                ///< libraries or build folders; head: this program's own if not named
  std::string baseline, write_baseline;  ///< files of times
  std::string samples, certificates;     ///< files; those that the program was built with if not named
  std::vector<std::string> extra_work;   ///< "gelu/forward=3": kernels of the head made slower, in percent
  double tolerance_percent = 3;
  double budget_s = 600, patience_s = 60;
  std::uint64_t seed = 0;  ///< 0: another one each time
  std::uint64_t draw = 0;  ///< how many kernels to draw at random; 0: all
  unsigned threads = 0;
  bool strict = false;          ///< inconclusive is not good enough
  bool quick = false;           ///< a 64th of certificates over 2^32 inputs
  bool update = false;          ///< write the outputs to the file of samples
  bool time_identical = false;  ///< also kernels whose machine code is the same
  bool selftest = false;
  double at_least = 0;    ///< share of the speed of the quickest peer that is right enough; 0: peers do not matter
  double within_ulp = 8;  ///< what is right enough
  std::string markdown, csv, json, junit, history;  ///< files that are written
};

/// Kernels of the head that are made slower, to see what the gate says of that: all that a filter picks.
struct ExtraWork {
  std::string text;  ///< "gelu/forward/f32/accurate/avx2=3", as it was asked for
  std::string filter;
  double share;  ///< of the time
};

/// Files that report a result. Whether they can be written is tried before the work.
class ResultFiles {
 public:
  /// Throws FileError, and UsageError where two have one name or the history is none.
  explicit ResultFiles(const CheckRequest&);
  void write(const CheckResult&, bool strict);

 private:
  reports::Target markdown_, csv_, json_, junit_, history_;
};

/// One check. Its functions throw Fault, Interrupted, UsageError, MissingError and FileError.
class Check {
 public:
  /// Plans: chooses the kernels, reads the files that are named, finds the libraries.
  explicit Check(CheckRequest);

  /// Instead of run(): what the gate can see on this machine.
  SelfTest selftest();

  /// Compares outputs, times kernels, and judges both.
  const CheckResult& run();

  /// Writes the files that are asked for.
  void write();

 private:
  void choose_kernels();
  void find_libraries();
  void choose_plugins();
  std::vector<plugin::Adopted> adopted_base() const;
  Samples samples_of_base() const;
  void compare_machine_code();
  void compare_outputs();
  void compare_speed_with_baseline();
  void make_new_baseline(const std::vector<Planned>&, const BaselineOptions&);
  void compare_speed_with_base();
  void compare_with_peers();
  std::vector<Planned> plan_of_base();
  void note_what_is_not_timed(std::size_t unrunnable, const std::vector<std::string>& changed_on_device);
  void note(std::string sentence) { result_.notes.push_back(std::move(sentence)); }

  CheckRequest request_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<ExtraWork> extra_work_;
  std::optional<Baseline> baseline_;
  bool whole_table_ = false;               ///< nothing chooses kernels
  std::vector<const Kernel*> kernels_;     ///< that are checked
  std::vector<const Kernel*> to_compare_;  ///< the same, and those of a device, whose machine code is compared
  std::set<const Kernel*> identical_;      ///< machine code as in the base
  bool plugins_ = false;                   ///< base and head are plug-ins
  Family family_;
  Place place_;
  CheckResult result_;
  std::optional<ResultFiles> files_;
  std::optional<reports::Target> samples_file_, baseline_file_;
};

}  // namespace actbench::bench::gate
