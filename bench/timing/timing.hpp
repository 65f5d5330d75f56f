// SPDX-License-Identifier: Apache-2.0
//
// How fast kernels are: what machine this is, what is measured on it, and the measurements as data. Nothing here parses
// a command line or prints a table.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/distribution.hpp"

namespace actbench::timing {

/// What went wrong and what would be right, as one sentence for the user.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A device that does not do, or have, what it is asked for.
struct DeviceError : Error {
  using Error::Error;
};

// ---- The machine

struct Cache {
  int level = 0;          ///< 1, 2, 3
  std::string type;       ///< "data", "instruction", "unified"
  std::size_t bytes = 0;  ///< of one instance
  std::size_t line = 0;   ///< bytes
  int shared_by = 0;      ///< logical CPUs of this machine that share one instance
};

/// Facts that explain a measurement. A field is empty, 0 or "unknown" where the system does not say.
struct Machine {
  std::string cpu;     ///< brand: "AMD EPYC 7763 64-Core Processor"
  std::string vendor;  ///< "AuthenticAMD"
  int family = 0, model = 0, stepping = 0;
  int logical_cpus = 0;    ///< online
  int usable_cpus = 0;     ///< that this process may run on
  int physical_cores = 0;  ///< online
  int sockets = 0;
  std::vector<Cache> caches;     ///< those of the first CPU, by level, data before instruction
  std::vector<std::string> isa;  ///< instruction sets that matter here: "avx2", "fma", "f16c", "avx512f" …
  std::uint64_t memory_bytes = 0;
  std::uint64_t available_bytes = 0;  ///< that programs may still take without swapping
  std::size_t page_bytes = 0;
  std::string huge_pages;    ///< transparent huge pages: "always", "madvise", "never"
  std::string os;            ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;        ///< "Linux 6.1.0-18-amd64"
  std::string hypervisor;    ///< CPUID's name of it: "KVMKVMKVM"; empty on bare metal
  std::string governor;      ///< "performance", "schedutil" …
  std::string turbo;         ///< "on", "off", "unknown"
  std::string smt;           ///< "on", "off", "unknown"
  double load_average = -1;  ///< over the last minute; negative where unknown
};

/// Reads /proc, /sys, /etc below root, and asks the CPU itself. Throws nothing for what is missing.
Machine read_machine(const std::filesystem::path& root = "/");

// ---- What is measured

/// How much data a benchmark works on: all its arrays together, or a count of elements that the user gave.
struct Size {
  std::string name;               ///< "l1", "l2", "llc", "memory", or the count: "4096"
  std::size_t working_bytes = 0;  ///< of all arrays together; 0 where elements is set
  std::size_t elements = 0;       ///< of each array; 0 where working_bytes is set
};

/// l1 and l2: half of the cache. llc: half of what the last level has for one CPU of this machine, and more than twice
/// the L2 (left out where the machine has no such level). memory: at least four times the last level and 256 MiB, at
/// most an eighth of the memory.
std::vector<Size> default_sizes(const Machine&);

/// "l1,memory,4096": names of default_sizes and counts of elements (suffixes k, M, G: powers of 1024). Throws Error.
std::vector<Size> parse_sizes(std::string_view text, const Machine&);

/// Elements of each array, at least 1. bytes_per_element: as bytes_per_element(kernel).
std::size_t elements(const Size&, std::size_t bytes_per_element);

/// Bytes that the kernel reads and writes per element: 8 for f32 forward, 12 for f32 backward.
std::size_t bytes_per_element(const Kernel&);

// What the arrays hold: bench/numbers/distribution.hpp.
using bench::all_distributions;
using bench::Distribution;

// ---- Statistics

/// A median with an interval that holds the true median with at least 95 % probability, whatever the distribution
/// (order statistics). With fewer than 6 values no such interval exists: low and high are then the extremes, and
/// confidence says what they are worth.
struct Interval {
  double median = 0, low = 0, high = 0;
  double confidence = 0;  ///< probability, 0 … 1
};

Interval median_interval(std::span<const double> values);  ///< all 0 without values

// ---- Benchmarks

struct Progress {
  std::size_t done = 0, total = 0;  ///< runs
  double seconds_left = 0;          ///< estimate
  std::string label;                ///< what runs now

  double fraction() const { return total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total); }
};

struct BenchOptions {
  std::vector<const Kernel*> kernels;  ///< all must be runnable here
  std::vector<double> parameters;      ///< for every kernel; empty: the defaults
  std::vector<Size> sizes;
  /// Of kernels over rows: the lengths to time at, as many whole rows as a size holds. A length that a size does not
  /// hold is left out there.
  std::vector<std::size_t> rows = {128, 1024, 4096, 32768, 128256};
  std::vector<Distribution> distributions = {Distribution::normal};
  int repetitions = 9;       ///< rounds; at least 6 for an interval of 95 %
  double min_time_s = 0.01;  ///< of one timed run
  /// Threads that share a call, of kernels and of copies, as set_threads (actbench/large.hpp) has it: above 1 each call
  /// takes the whole arrays, and times are those of the wall clock. Of CPUs only.
  unsigned threads = 1;
  /// Above 0: fit the whole into about so many seconds of wall-clock time. min_time_s is then ignored; repetitions are
  /// fewer where time is short, though not below 6, and more where it is ample.
  double time_budget_s = 0;
  std::uint64_t seed = 1;  ///< of the data and of the order
  bool shuffle = true;     ///< a new random order in every round
  /// "--benchmark_…". Passed through, but that --benchmark_filter leaves the ceilings of what it picks, and
  /// --benchmark_repetitions, --benchmark_min_time and --benchmark_enable_random_interleaving stand above repetitions,
  /// min_time_s, time_budget_s and shuffle. The file of --benchmark_out appears whole, or not at all.
  std::vector<std::string> google_arguments;
  std::function<void(const Progress&)> progress;  ///< called before every run, may be empty
  const std::atomic<bool>* stop = nullptr;        ///< set to true: end soon, rows as far as they go
};

/// What a GPU is doing, as nvidia-smi says; empty or 0 where it does not.
struct GpuState {
  std::string driver;               ///< "580.82.07"
  int sm_mhz = 0, most_sm_mhz = 0;  ///< clock of the processors, and the highest that it may have
  int memory_mhz = 0;
  int celsius = 0;
  double watts = 0;
  std::string slowed_by;  ///< reasons for clocks below the highest, as a bit mask in hexadecimal: "0x0000000000000001"
};

/// What the device of a measurement is.
struct DeviceRecord {
  std::string name;      ///< "NVIDIA H100 80GB HBM3"
  int index = 0;         ///< among those that are visible
  int architecture = 0;  ///< 90 for sm_90
  int processors = 0;    ///< streaming multiprocessors
  std::size_t memory_bytes = 0, l2_bytes = 0;
  int driver_cuda = 0, runtime_cuda = 0;  ///< 13000 for CUDA 13.0
  GpuState before, after;
  /// Of a kernel on one element: in a row of launches, and alone between two events.
  double launch_in_row_s = 0, launch_alone_s = 0;
};

/// Asks nvidia-smi, as it is found in PATH, for the GPU at this PCI address.
GpuState read_gpu(const std::string& bus);

struct BenchRow {
  const Kernel* kernel = nullptr;  ///< null: a copy ceiling
  std::string name;                ///< identity, or "copy/memcpy/8B", "copy/non_temporal/8B" (bytes moved per element)
  Size size;                       ///< as asked for
  std::size_t elements = 0;        ///< of each array
  std::size_t row = 0;             ///< the length of each row, of kernels over rows
  std::string distribution;        ///< empty for a copy ceiling
  std::string cache;               ///< of a device: "warm" or "cold", its L2 when a call begins; empty for a CPU
  std::size_t bytes_per_element = 0;  ///< read and written together
  std::size_t repetitions = 0;
  Interval ns_per_element;
  double elements_per_second = 0;  ///< at the median
  double gb_per_second = 0;        ///< 10^9 bytes, read and written together, at the median
  /// Bytes per second over those of the better copy ceiling of that size, run moments apart in the same round: 1 is as
  /// fast as copying. All 0 for the ceilings themselves.
  Interval ratio_to_copy;
  std::vector<double> samples_ns;  ///< ns per element of every repetition, in order
};

struct BenchResult {
  /// By size; of each the ceilings, then kernels and distributions in the order of the options.
  std::vector<BenchRow> rows;
  int repetitions = 0;       ///< rounds planned
  unsigned threads = 1;      ///< that share a call
  double run_seconds = 0;    ///< time aimed at for one timed run
  double total_seconds = 0;  ///< taken by all of it
  bool stopped = false;      ///< by the stop flag
  bool cpu_time = true;  ///< samples are the thread's CPU time; false: wall-clock time, where the former is too coarse
  std::vector<std::string> listed;  ///< the benchmarks' names where --benchmark_list_tests asks for them; no rows then
  std::string google_output;        ///< what Google Benchmark would print, where --benchmark_format asks for it
  std::string not_written;          ///< why the file of --benchmark_out is not there, or not whole
  std::optional<DeviceRecord> device;  ///< where kernels of a device were measured
};

/// The counts of elements that kernels of a device are measured at: 2^12, 2^16, 2^20, 2^24, 2^28, as far as its memory
/// goes.
std::vector<Size> default_device_sizes();

/// Seconds that run_benchmarks will take: the budget where one is set; otherwise a guess from sizes and repetitions.
double estimated_seconds(const BenchOptions&);

/// Measures every kernel × size × distribution, and the copy ceilings of every size. The kernels are all those of CPUs,
/// or all those of a device: then each size is measured with its arrays in the L2 from the call before, where they fit,
/// and with a L2 full of something else; times are the device's own. Throws Error: an unrunnable kernel, parameters
/// that do not fit, memory that cannot be had, an unknown Google Benchmark option, a failing device. Not thread-safe
/// (Google Benchmark's state is global).
BenchResult run_benchmarks(const BenchOptions&);

}  // namespace actbench::timing
