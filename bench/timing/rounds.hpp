// SPDX-License-Identifier: Apache-2.0
//
// From the times of rounds to rows and to Google Benchmark's formats: what run.cpp and device_run.cpp share.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"
#include "bench/timing/whole_file.hpp"

namespace actbench::timing {

inline constexpr int fewest_rounds = 6;                                // what a 95 % interval of the median takes
inline constexpr std::size_t pattern_elements = std::size_t{1} << 18;  // random data, repeated to fill longer arrays

/// The parameters that a kernel runs with, rounded to its type; an empty span means the defaults. Throws Error, naming
/// the kernel, for those that do not fit.
std::array<double, max_parameters> rounded_parameters(const Kernel&, std::span<const double>);

/// Those that are no NaN: a round that was left out has none.
std::vector<double> finite(std::span<const double>);

/// Puts in what follows from a row's samples, which are in ns per element.
void set_times(BenchRow&, std::vector<double> samples);

/// The median of ceiling[i] / samples[i] over the rounds that have both.
Interval ratio(std::span<const double> ceiling, std::span<const double> samples);

/// Where Google Benchmark's own output goes: --benchmark_out, which appears whole or not at all, --benchmark_format.
class GoogleOutput {
 public:
  /// Throws Error where the file cannot be written.
  explicit GoogleOutput(const GoogleArguments&);

  /// The runs of each title, in this order of titles.
  void write(const std::vector<std::string>& titles,
             const std::map<std::string, std::vector<benchmark::BenchmarkReporter::Run>>& runs, BenchResult&);

 private:
  const GoogleArguments& google_;
  std::unique_ptr<WholeFile> file_;
};

}  // namespace actbench::timing
