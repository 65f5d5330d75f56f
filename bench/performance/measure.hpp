// SPDX-License-Identifier: Apache-2.0
//
// Measures chosen kernels at the sizes and over the inputs that a user asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// timing::run_benchmarks with its progress shown under that name. Throws what that throws, and Interrupted after a
/// signal.
timing::BenchResult run_with_progress(timing::BenchOptions, const char* what);

struct MeasureOptions {
  std::string sizes = "default";        ///< "l1,memory" or counts of elements, as timing::parse_sizes takes them
  std::string like = "normal";          ///< as parse_distributions takes them
  std::vector<std::size_t> rows;        ///< lengths, for kernels over rows; empty: the defaults
  std::vector<std::string> parameters;  ///< "alpha=0.2"
  int repetitions = 9;
  unsigned threads = 1;    ///< that share a call
  double min_time = 0.01;  ///< seconds of one timed run
  double budget = 0;       ///< seconds for everything; 0: as long as it takes
  std::uint64_t seed = default_seed;
  std::vector<std::string> google_arguments;
};

struct Measured {
  std::vector<reports::Table> tables;
  std::string google_output;  ///< Google Benchmark's own output, where its options ask for it; no tables then
  std::string not_written;    ///< why Google Benchmark could not write its file; empty where it could
};

/// Measures kernels of the CPU and kernels of a device one after the other. Throws UsageError and timing::Error for
/// options that do not fit the kernels, Interrupted after a signal.
Measured measure(const MeasureOptions&, std::span<const Kernel* const>);

/// The list of parameters that all kernels run with; empty where all have their defaults. Throws UsageError for
/// kernels that do not share their parameters.
std::vector<double> common_parameters(std::span<const Kernel* const>, std::span<const Setting>);

}  // namespace actbench::bench
