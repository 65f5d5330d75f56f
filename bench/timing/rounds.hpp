// SPDX-License-Identifier: Apache-2.0
//
// How a run is laid out, of the CPU's kernels (run.cpp) and of a device's (device_run.cpp) alike. Speeds on a shared
// machine drift by more than what is to be told apart, so that times measured a minute apart say little about each
// other. Therefore:
//
// - A round runs every benchmark once, in an order drawn anew for each round. Benchmarks that work on the same data
//   (size, type, distribution) follow each other as a block, with the copy ceilings among them: a kernel and its
//   ceiling are measured within moments, and the ratio of the two, taken round by round, is free of slow drift.
// - How often a benchmark repeats its call within a timed run is settled once, by a calibration before the first
//   round, so that all rounds of a benchmark do the same work and the whole takes a foreseeable time.
//
// Google Benchmark's own random interleaving shuffles all repetitions of all benchmarks together: two that should be
// compared may then be minutes apart, and nothing pairs them. So each repetition is registered as one run with fixed
// iterations, in our order; Google Benchmark times each, and its writers get the runs regrouped as repetitions.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/numbers/random.hpp"
#include "bench/timing/copy.hpp"
#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"
#include "reports/files.hpp"

namespace actbench::timing {

inline constexpr std::size_t pattern_elements = std::size_t{1} << 18;  // random data, repeated to fill longer arrays

/// softmax of the same type, tier and backend.
const Kernel& softmax_like(const Kernel&);

/// Benchmarks that work on the same data.
struct Block {
  std::size_t size;  ///< index into the options' sizes
  std::size_t bytes_per_element;
  Type type;
  Distribution distribution;
  std::size_t row = 0;              ///< the length of a row, of kernels over rows; 0: element by element
  const Kernel* forward = nullptr;  ///< whose results x is, of backward over rows; null elsewhere
  bool cold = false;                ///< of a device: its L2 holds something else when a call begins
  std::vector<std::size_t> jobs{};
  double data_s = 0;  ///< what filling the arrays costs a round, estimate
};

/// One benchmark: something to call, on the data of a block.
struct Job {
  const Kernel* kernel = nullptr;  ///< null: a copy
  Copy copy = nullptr;             ///< of the CPU, where kernel is null
  std::string name;                ///< the row's
  std::string title;               ///< Google Benchmark's: name, size, distribution
  std::size_t block = 0;
  std::size_t elements = 0, call = 0;  ///< of an array, of a call
  bool streams = false;                ///< a call for the whole array would store past the caches, so that pieces do
  std::array<double, max_parameters> parameters{};
  double call_s = 0, prepare_s = 0;  ///< estimates, by the clock that times
  double between_s = 0;              ///< of the wall clock between two calls, estimate
  std::size_t iterations = 1;        ///< calls in a timed run
  std::vector<double> samples;       ///< ns per element by round; NaN where there is none
};

/// The parameters that a kernel runs with, rounded to its type; an empty span means the defaults. Throws Error, naming
/// the kernel, for those that do not fit.
std::array<double, max_parameters> rounded_parameters(const Kernel&, std::span<const double>);

/// Of backward over rows, the kernel that gives what it starts from; null of any other.
const Kernel* forward_of(const Kernel&);

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
  std::optional<reports::Target> file_;
};

/// What times: the thread's CPU time, in which what other programs do on this CPU in between does not count; the wall
/// clock where that is too coarse; a device's own events.
enum class Timer : unsigned char { cpu, wall, device };

/// Benchmarks and their rounds. Who derives from it plans the benchmarks and knows how to run each.
class Rounds {
 public:
  virtual ~Rounds() = default;
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;

  /// Measures; or lists the benchmarks, where that was asked for. Throws Error, also for kernels that do not run here.
  BenchResult measure();

 protected:
  /// Throws Error for options that ask for nothing.
  Rounds(const BenchOptions&, const GoogleArguments&, Timer);

  /// Brings what the benchmarks need.
  virtual void prepare(BenchResult&) = 0;
  /// Estimates what each benchmark costs.
  virtual void calibrate() = 0;
  /// One timed run of a benchmark, prepared and timed. Called by Google Benchmark.
  virtual void time_one(benchmark::State&, const Job&) = 0;
  virtual void finish(BenchResult&) {}

  /// What is measured at a size: kernels, those over rows once for each length that it holds.
  std::vector<std::pair<const Kernel*, std::size_t>> subjects(const Size&) const;
  Job kernel_job(const Kernel&, std::size_t row, const Size&, Distribution) const;
  /// Throws Error where nothing is to be measured.
  void check_any() const;
  /// Adds a benchmark to a block that is there.
  Job& add_job(Job job, std::size_t block);
  /// What the arrays take: of all jobs the largest.
  struct Arrays {
    std::size_t x = 0, dy = 0, a = 0, y = 0;  ///< bytes
    std::string purpose;                      ///< "arrays of the size memory"
  };
  Arrays arrays() const;
  /// Random data to fill arrays with, made when first asked for.
  const std::vector<char>& pattern(Type, Distribution);
  void report_progress(std::size_t done, const std::string& label);
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  bool stopped() const { return options_.stop && options_.stop->load(std::memory_order_relaxed); }

  const BenchOptions& options_;
  const GoogleArguments& google_;
  const Timer timer_;
  std::vector<Block> blocks_;
  std::vector<Job> jobs_;
  double pace_ = 1;  ///< seconds of the wall clock per second of the clock that times

 private:
  using Run = benchmark::BenchmarkReporter::Run;
  struct Collector;
  struct Planned {  // one timed run
    std::size_t job;
    int round;
    bool first_of_round, ran;
  };

  std::vector<std::string> titles() const;
  void settle();
  std::size_t calls_in(double seconds, const Job&) const;
  double round_seconds(double run_s) const;
  std::vector<std::size_t> order_of_round(Random&) const;
  void run(BenchResult&);
  void run_one(benchmark::State&, Planned&);
  void record(const Run&);
  BenchRow make_row(const Job&, std::vector<double> samples) const;
  std::vector<BenchRow> rows() const;

  const bool shuffled_;
  const double budget_s_;  ///< 0: none
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::map<std::pair<Type, Distribution>, std::vector<char>> patterns_;
  int rounds_ = 0;
  double run_s_ = 0;  ///< aimed at for one timed run
  std::vector<Planned> planned_;
  std::size_t recorded_ = 0;                                ///< of planned_
  bool late_ = false;                                       ///< the budget is spent
  double rounds_start_s_ = 0, planned_s_ = 0, done_s_ = 0;  ///< the latter two by the estimates of the calibration
  std::map<std::string, std::vector<Run>> runs_;            ///< by title
};

}  // namespace actbench::timing
