// SPDX-License-Identifier: Apache-2.0
//
// Google Benchmark's command line and its output formats, for runs whose repetitions were interleaved by us.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "bench/support/automaton.hpp"

namespace actbench::timing {

/// Its options, as far as they are not left to Google Benchmark itself.
struct GoogleArguments {
  bool list = false;                ///< --benchmark_list_tests
  std::string filter;               ///< --benchmark_filter
  std::string format;               ///< --benchmark_format, empty: not asked for
  std::string out;                  ///< --benchmark_out, empty: no file
  std::string out_format = "json";  ///< --benchmark_out_format
  int repetitions = 0;              ///< --benchmark_repetitions, 0: not given
  double min_time_s = 0;            ///< --benchmark_min_time=0.1 or 0.1s, 0: not given
  std::size_t iterations = 0;       ///< --benchmark_min_time=100x, 0: not given
  int interleave = -1;              ///< --benchmark_enable_random_interleaving, -1: not given
  bool report_aggregates = false;   ///< --benchmark_report_aggregates_only
  bool display_aggregates = false;  ///< --benchmark_display_aggregates_only
  std::vector<std::string> rest;    ///< for benchmark::Initialize
};

/// Throws Error for what is no option of Google Benchmark or has a value that it would end the program for.
GoogleArguments parse_google_arguments(const std::vector<std::string>& arguments);

/// benchmark::Initialize with every option back at its default but those given. Throws Error for unknown ones.
void initialize_google(const GoogleArguments&);

/// Whether --benchmark_filter picks a name: a POSIX extended regular expression of at most 1000 characters, found
/// anywhere, turned round by a leading '-'. Throws Error for a malformed one.
class GoogleFilter {
 public:
  explicit GoogleFilter(const std::string& filter);
  bool operator()(const std::string& name) const;

 private:
  bool all_, negative_;
  bench::Automaton pattern_;
};

/// Writes runs as Google Benchmark does ("json", "csv", "console"): per benchmark, its repetitions, then mean, median,
/// stddev and cv. groups: one per benchmark; empty ones are left out.
void write_google_runs(const std::string& format, std::vector<std::vector<benchmark::BenchmarkReporter::Run>> groups,
                       bool aggregates_only, std::ostream& to);

}  // namespace actbench::timing
