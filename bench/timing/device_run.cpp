// SPDX-License-Identifier: Apache-2.0
//
// As run.cpp, in what a device needs otherwise:
// - Its own events time it, so that what the host does in between does not count.
// - Warm: a timed run is a row of calls between two events. Cold: the L2 is filled with something else before each
// call,
//   which is timed alone.
// - Arrays are passed through whole: their size decides how much of the device a call can use.
// - The ceiling is the device's own copy, of as many bytes as the kernel reads and writes, in the same state of the L2
//   and in the same round.
#include "bench/timing/device_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <tuple>

#include "actbench/cuda.hpp"
#include "bench/timing/random.hpp"
#include "bench/timing/rounds.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::timing {
namespace {

using Clock = std::chrono::steady_clock;
using Run = benchmark::BenchmarkReporter::Run;

constexpr std::size_t warm_up_calls = 3;
constexpr double warm_up_s = 0.2;  // of work before anything is timed: clocks rise with it

void check(cuda::Failure failure, const std::string& what) {
  if (failure) throw DeviceError(what + " failed on the CUDA device: " + failure);
}

/// Memory of the device.
class DeviceArray {
 public:
  DeviceArray(std::size_t bytes, const std::string& purpose) : bytes_(bytes) {
    if (bytes == 0) return;
    if (const cuda::Failure failure = cuda::allocate(&data_, bytes)) {
      throw DeviceError("cannot get " + std::to_string(bytes >> 20) + " MiB of the device's memory for " + purpose +
                        ": " + failure + "; choose smaller sizes");
    }
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { cuda::release(data_); }

  char* data() const { return static_cast<char*>(data_); }
  std::size_t size() const { return bytes_; }

 private:
  std::size_t bytes_;
  void* data_ = nullptr;
};

/// Benchmarks that work on the same data.
struct Block {
  std::size_t size;  ///< index into the options' sizes
  std::size_t bytes_per_element;
  Type type;
  Distribution distribution;
  bool cold;
  std::vector<std::size_t> jobs;
};

struct Job {
  const Kernel* kernel = nullptr;  ///< null: a copy
  std::string name, title;
  std::size_t block = 0, elements = 0;
  std::array<double, max_parameters> parameters{};
  double call_s = 0;
  std::size_t iterations = 1;
  std::vector<double> samples;  ///< ns per element by round; NaN where there is none
};

class DeviceSession {
 public:
  DeviceSession(const BenchOptions& options, const GoogleArguments& google) : options_(options), google_(google) {
    plan();
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> all;
    std::set<std::string> known;
    for (const Job& job : jobs_) {
      if (known.insert(job.title).second) all.push_back(job.title);
    }
    return all;
  }
  BenchResult run();

 private:
  struct Planned {  // one timed run
    std::size_t job;
    int round;
    bool first_of_round, ran;
  };
  struct Collector : benchmark::BenchmarkReporter {
    explicit Collector(DeviceSession& s) : session(s) {}
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
      for (const Run& run : runs) session.record(run);
    }
    DeviceSession& session;
  };

  void plan();
  void add_job(Job job, std::size_t block);
  void allocate();
  void fill_array(DeviceArray&, Type, Distribution, std::size_t bytes, std::size_t skip);
  void bring_data(const Job&);
  void call(const Job&);
  void cool();
  double timed(const Job&, std::size_t calls);
  void launches(DeviceRecord&);
  void calibrate();
  void settle();
  std::size_t calls_in(double seconds, const Job& job) const;
  double round_seconds(double run_s) const;
  std::vector<std::size_t> order_of_round(Random&) const;
  void time_one(benchmark::State&, Planned&);
  void record(const Run&);
  std::vector<BenchRow> rows() const;
  BenchRow make_row(const Job&, std::vector<double> samples) const;
  void report_progress(std::size_t done, const std::string& label);
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  bool stopped() const { return options_.stop && options_.stop->load(std::memory_order_relaxed); }
  bool budgeted() const { return options_.time_budget_s > 0 && google_.min_time_s == 0 && google_.iterations == 0; }

  const BenchOptions& options_;
  const GoogleArguments& google_;
  const Clock::time_point start_ = Clock::now();
  cuda::Device device_;
  std::vector<Block> blocks_;
  std::vector<Job> jobs_;
  std::unique_ptr<DeviceArray> x_, dy_, a_, y_, other_;
  std::map<std::pair<Type, Distribution>, std::vector<char>> patterns_;
  std::pair<Type, Distribution> filled_with_{};
  std::size_t filled_ = 0;  ///< bytes of x that hold it
  cuda::Stopwatch stopwatch_;
  int rounds_ = 0;
  double run_s_ = 0, planned_s_ = 0, done_s_ = 0, rounds_start_s_ = 0;
  bool late_ = false;
  std::vector<Planned> planned_;
  std::size_t recorded_ = 0;
  std::map<std::string, std::vector<Run>> runs_;
};

void DeviceSession::add_job(Job job, std::size_t block) {
  job.block = block;
  job.elements = elements(options_.sizes[blocks_[block].size], blocks_[block].bytes_per_element);
  blocks_[block].jobs.push_back(jobs_.size());
  jobs_.push_back(std::move(job));
}

void DeviceSession::plan() {
  if (options_.kernels.empty()) throw Error("no kernels to measure");
  if (options_.sizes.empty()) throw Error("no sizes to measure at");
  if (options_.distributions.empty()) throw Error("no distributions to measure with");
  const GoogleFilter picked(google_.filter);
  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    std::map<std::tuple<std::size_t, Type, Distribution, bool>, std::size_t> known;
    for (const Kernel* kernel : options_.kernels) {
      for (const Distribution distribution : options_.distributions) {
        for (const bool cold : {false, true}) {
          Job job;
          job.kernel = kernel;
          job.name = identity(*kernel);
          job.title =
              job.name + "/" + options_.sizes[s].name + "/" + timing::name(distribution) + (cold ? "/cold" : "/warm");
          if (!picked(job.title)) continue;
          job.parameters = rounded_parameters(*kernel, options_.parameters);
          const std::size_t bytes = bytes_per_element(*kernel);
          const auto [place, fresh] = known.try_emplace({bytes, kernel->type, distribution, cold}, blocks_.size());
          if (fresh) {
            blocks_.push_back({s, bytes, kernel->type, distribution, cold, {}});
            Job ceiling;
            ceiling.name = "copy/device/" + std::to_string(bytes) + "B";
            ceiling.title = ceiling.name + "/" + options_.sizes[s].name + (cold ? "/cold" : "/warm");
            add_job(std::move(ceiling), place->second);
          }
          add_job(std::move(job), place->second);
        }
      }
    }
  }
  if (blocks_.empty()) throw Error("--benchmark_filter=" + google_.filter + " picks none of the benchmarks");
}

void DeviceSession::allocate() {
  std::size_t bytes = 0, dy_bytes = 0, a_bytes = 0;
  std::string largest;
  for (const Job& job : jobs_) {
    const Block& block = blocks_[job.block];
    if (job.elements > SIZE_MAX / 64)
      throw Error("the size " + options_.sizes[block.size].name + " is beyond any memory");
    const std::size_t here =
        job.kernel ? job.elements * size_of(block.type) : job.elements * block.bytes_per_element / 2;
    if (here > bytes) largest = options_.sizes[block.size].name;
    bytes = std::max(bytes, here);
    if (!job.kernel) continue;
    if (multipliers_of(*job.kernel).dy) dy_bytes = std::max(dy_bytes, here);
    if (multipliers_of(*job.kernel).a) a_bytes = std::max(a_bytes, here);
  }
  const std::string purpose = "arrays of the size " + largest;
  x_ = std::make_unique<DeviceArray>(bytes, purpose);
  dy_ = std::make_unique<DeviceArray>(dy_bytes, purpose);
  a_ = std::make_unique<DeviceArray>(a_bytes, purpose);
  y_ = std::make_unique<DeviceArray>(bytes, purpose);
  other_ = std::make_unique<DeviceArray>(std::max<std::size_t>(device_.l2_bytes, 1) * 2, "clearing the L2");
}

/// Fills an array with a pattern that is repeated, from a place in it on: what is there already is copied behind it.
void DeviceSession::fill_array(DeviceArray& array, Type type, Distribution distribution, std::size_t bytes,
                               std::size_t skip) {
  std::vector<char>& data = patterns_[{type, distribution}];
  if (data.empty()) {
    data.resize(pattern_elements * size_of(type));
    fill(type, distribution, options_.seed, data.data(), pattern_elements);
  }
  bytes = std::min(bytes, array.size());
  std::size_t done = std::min(bytes, data.size() - skip);
  check(cuda::copy(array.data(), data.data() + skip, done), "filling an array");
  if (done < bytes) {
    const std::size_t more = std::min(bytes - done, data.size());
    check(cuda::copy(array.data() + done, data.data(), more), "filling an array");
    done += more;
  }
  for (; done < bytes; done = std::min(bytes, 2 * done))
    check(cuda::copy(array.data() + done, array.data(), std::min(done, bytes - done)), "filling an array");
  check(cuda::wait(), "filling an array");
}

void DeviceSession::bring_data(const Job& job) {
  const Block& block = blocks_[job.block];
  const std::pair key{block.type, block.distribution};
  const std::size_t bytes = job.elements * size_of(block.type);
  if (filled_with_ == key && filled_ >= bytes) return;
  fill_array(*x_, block.type, block.distribution, bytes, 0);
  // The values of x would do, but not beside the same ones.
  const std::size_t half = pattern_elements / 2 * size_of(block.type), quarter = half / 2;
  if (dy_->size() > 0) fill_array(*dy_, block.type, Distribution::normal, bytes, half);
  if (a_->size() > 0) fill_array(*a_, block.type, Distribution::normal, bytes, quarter);
  filled_with_ = key;
  filled_ = bytes;
}

void DeviceSession::call(const Job& job) {
  if (job.kernel) {
    const Multipliers multipliers = multipliers_of(*job.kernel);
    job.kernel->run({x_->data(), multipliers.dy ? dy_->data() : nullptr, y_->data(), job.elements,
                     job.parameters.data(), multipliers.a ? a_->data() : nullptr});
    check(cuda::last_error(), job.name);
  } else {
    check(cuda::copy(y_->data(), x_->data(), job.elements * blocks_[job.block].bytes_per_element / 2), job.name);
  }
}

void DeviceSession::cool() { check(cuda::set_bytes(other_->data(), 0, other_->size()), "clearing the L2"); }

/// Seconds that so many calls take on the device.
double DeviceSession::timed(const Job& job, std::size_t calls) {
  double taken = 0, sum = 0;
  if (!blocks_[job.block].cold) {
    check(stopwatch_.start(), job.name);
    for (std::size_t i = 0; i < calls; ++i) call(job);
    check(stopwatch_.stop(), job.name);
    check(stopwatch_.seconds(taken), job.name);
    return taken;
  }
  for (std::size_t i = 0; i < calls; ++i) {
    cool();
    check(stopwatch_.start(), job.name);
    call(job);
    check(stopwatch_.stop(), job.name);
    check(stopwatch_.seconds(taken), job.name);
    sum += taken;
  }
  return sum;
}

/// What a launch takes that has nothing to do.
void DeviceSession::launches(DeviceRecord& record) {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& j) { return j.kernel != nullptr; });
  Job one = *job;
  one.elements = 1;
  bring_data(one);
  const auto median_of = [&](std::size_t calls) {
    std::vector<double> samples;
    for (int i = 0; i < 21; ++i) {
      double taken = 0;
      check(stopwatch_.start(), one.name);
      for (std::size_t k = 0; k < calls; ++k) call(one);
      check(stopwatch_.stop(), one.name);
      check(stopwatch_.seconds(taken), one.name);
      samples.push_back(taken / static_cast<double>(calls));
    }
    return median_interval(samples).median;
  };
  median_of(1);
  record.launch_in_row_s = median_of(100);
  record.launch_alone_s = median_of(1);
}

void DeviceSession::calibrate() {
  const Clock::time_point begin = Clock::now();
  bring_data(jobs_[0]);
  while (std::chrono::duration<double>(Clock::now() - begin).count() < warm_up_s && !stopped()) {
    call(jobs_[0]);
    check(cuda::wait(), jobs_[0].name);
  }
  for (std::size_t i = 0; i < jobs_.size() && !stopped(); ++i) {
    Job& job = jobs_[i];
    report_progress(i, "calibrating " + job.title);
    bring_data(job);
    timed(job, 1);  // its code is loaded
    job.call_s = std::max(1e-7, timed(job, warm_up_calls) / static_cast<double>(warm_up_calls));
  }
}

std::size_t DeviceSession::calls_in(double seconds, const Job& job) const {
  if (google_.iterations) return google_.iterations;
  return static_cast<std::size_t>(std::clamp(std::ceil(seconds / job.call_s), 1.0, 1e5));
}

/// Of the wall clock, about: a cold call also fills the L2, and waits for its event.
double DeviceSession::round_seconds(double run_s) const {
  constexpr double filling_s = 1e-4, overhead_s = 1e-4;
  double sum = 0;
  for (const Job& job : jobs_) {
    const double calls = static_cast<double>(calls_in(run_s, job));
    sum += overhead_s + (calls + 1) * (job.call_s + (blocks_[job.block].cold ? filling_s : 0));
  }
  return sum;
}

void DeviceSession::settle() {
  rounds_ = google_.repetitions ? google_.repetitions : std::max(1, options_.repetitions);
  run_s_ = google_.min_time_s > 0 ? google_.min_time_s : std::max(0.0, options_.min_time_s);
  if (budgeted()) {
    const double left = std::max(0.0, options_.time_budget_s - seconds());
    if (google_.repetitions == 0 && rounds_ * round_seconds(0) > left)
      rounds_ = std::max(std::min(rounds_, fewest_rounds), static_cast<int>(left / round_seconds(0)));
    double low = 0, high = 0.05;
    for (int i = 0; i < 40; ++i) {
      const double middle = (low + high) / 2;
      (rounds_ * round_seconds(middle) <= left ? low : high) = middle;
    }
    run_s_ = low;
  }
  for (Job& job : jobs_) {
    job.iterations = calls_in(run_s_, job);
    job.samples.assign(static_cast<std::size_t>(rounds_), std::numeric_limits<double>::quiet_NaN());
  }
  planned_s_ = rounds_ * round_seconds(run_s_);
}

std::vector<std::size_t> DeviceSession::order_of_round(Random& random) const {
  std::vector<std::size_t> blocks(blocks_.size()), order;
  std::iota(blocks.begin(), blocks.end(), std::size_t{0});
  const bool shuffled = google_.interleave < 0 ? options_.shuffle : google_.interleave > 0;
  if (shuffled) random.shuffle(blocks);
  for (const std::size_t b : blocks) {
    std::vector<std::size_t> jobs = blocks_[b].jobs;
    if (shuffled) random.shuffle(jobs);
    order.insert(order.end(), jobs.begin(), jobs.end());
  }
  return order;
}

/// One timed run, called by Google Benchmark, for which it is one iteration of the device's seconds.
void DeviceSession::time_one(benchmark::State& state, Planned& planned) {
  if (planned.first_of_round && planned.round >= fewest_rounds && budgeted() &&
      seconds() > 1.1 * options_.time_budget_s)
    late_ = true;
  if (late_ || stopped()) {
    state.SkipWithError("not run");
    return;
  }
  const Job& job = jobs_[planned.job];
  report_progress(jobs_.size() + recorded_, job.title);
  bring_data(job);
  timed(job, 1);
  for ([[maybe_unused]] auto _ : state)
    state.SetIterationTime(timed(job, job.iterations) / static_cast<double>(job.iterations));
  state.SetItemsProcessed(static_cast<std::int64_t>(job.elements));
  state.SetBytesProcessed(static_cast<std::int64_t>(job.elements * blocks_[job.block].bytes_per_element));
  planned.ran = true;
  done_s_ += 2 * job.call_s + static_cast<double>(job.iterations) * job.call_s;
}

void DeviceSession::record(const Run& run) {
  const Planned& planned = planned_.at(recorded_++);
  if (!planned.ran) return;
  Job& job = jobs_[planned.job];
  job.samples[static_cast<std::size_t>(planned.round)] =
      run.real_accumulated_time * 1e9 / static_cast<double>(job.elements);
  runs_[job.title].push_back(run);
}

void DeviceSession::report_progress(std::size_t done, const std::string& label) {
  if (!options_.progress) return;
  Progress progress;
  progress.done = done;
  progress.label = label;
  progress.total = jobs_.size() + planned_.size();
  if (planned_.empty()) {
    progress.total = jobs_.size() * static_cast<std::size_t>(1 + std::max(1, options_.repetitions));
    progress.seconds_left = std::max(0.0, estimated_seconds(options_) - seconds());
  } else {
    const double pace = done_s_ > 0 ? (seconds() - rounds_start_s_) / done_s_ : 1;
    progress.seconds_left = std::max(0.0, planned_s_ - done_s_) * pace;
  }
  options_.progress(progress);
}

BenchRow DeviceSession::make_row(const Job& job, std::vector<double> samples) const {
  const Block& block = blocks_[job.block];
  BenchRow row;
  row.kernel = job.kernel;
  row.name = job.name;
  row.size = options_.sizes[block.size];
  row.elements = job.elements;
  row.cache = block.cold ? "cold" : "warm";
  if (job.kernel) row.distribution = timing::name(block.distribution);
  row.bytes_per_element = block.bytes_per_element;
  set_times(row, std::move(samples));
  return row;
}

std::vector<BenchRow> DeviceSession::rows() const {
  std::vector<BenchRow> all;
  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    std::map<std::pair<std::string, bool>, std::vector<double>> ceilings;
    for (const Job& job : jobs_) {
      const Block& block = blocks_[job.block];
      if (block.size != s || job.kernel) continue;
      const std::vector<double> more = finite(job.samples);
      auto& samples = ceilings[{job.name, block.cold}];
      samples.insert(samples.end(), more.begin(), more.end());
    }
    std::set<std::pair<std::string, bool>> shown;
    for (const Job& job : jobs_) {
      const Block& block = blocks_[job.block];
      if (block.size == s && !job.kernel && shown.insert({job.name, block.cold}).second)
        all.push_back(make_row(job, ceilings[{job.name, block.cold}]));
    }
    for (const Job& job : jobs_) {
      const Block& block = blocks_[job.block];
      if (block.size != s || !job.kernel) continue;
      BenchRow row = make_row(job, finite(job.samples));
      row.ratio_to_copy = ratio(jobs_[block.jobs[0]].samples, job.samples);
      all.push_back(std::move(row));
    }
  }
  return all;
}

BenchResult DeviceSession::run() {
  BenchResult result;
  GoogleOutput output(google_);
  check(cuda::describe(device_), "asking what it is");
  DeviceRecord& record = result.device.emplace();
  record.name = device_.name;
  record.index = device_.index;
  record.architecture = device_.architecture;
  record.processors = device_.processors;
  record.memory_bytes = device_.memory_bytes;
  record.l2_bytes = device_.l2_bytes;
  record.driver_cuda = device_.driver_cuda;
  record.runtime_cuda = device_.runtime_cuda;
  record.before = read_gpu(device_.bus);
  result.cpu_time = false;
  allocate();
  launches(record);
  calibrate();
  if (!stopped()) {
    settle();
    result.repetitions = rounds_;
    result.run_seconds = run_s_;
    Random random(options_.seed);
    for (int round = 0; round < rounds_; ++round) {
      const std::vector<std::size_t> order = order_of_round(random);
      for (std::size_t i = 0; i < order.size(); ++i) planned_.push_back({order[i], round, i == 0, false});
    }
    benchmark::ClearRegisteredBenchmarks();
    for (Planned& planned : planned_) {
      benchmark::RegisterBenchmark(jobs_[planned.job].title.c_str(),
                                   [this, &planned](benchmark::State& state) { time_one(state, planned); })
          ->Iterations(1)
          ->UseManualTime();
    }
    rounds_start_s_ = seconds();
    Collector collector(*this);
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
    if (recorded_ != planned_.size()) throw Error("Google Benchmark did not report every run");
  }
  record.after = read_gpu(device_.bus);
  result.rows = rows();
  result.stopped = stopped();
  if (!result.stopped) output.write(titles(), runs_, result);
  result.total_seconds = seconds();
  return result;
}

}  // namespace

std::vector<Size> default_device_sizes() {
  std::vector<Size> sizes;
  for (const int exponent : {12, 16, 20, 24, 28}) {
    const std::size_t elements = std::size_t{1} << exponent;
    sizes.push_back({std::to_string(elements), 0, elements});
  }
  return sizes;
}

BenchResult run_device_benchmarks(const BenchOptions& options, const GoogleArguments& google) {
  DeviceSession session(options, google);
  if (google.list) {
    BenchResult result;
    result.listed = session.titles();
    return result;
  }
  for (const Kernel* kernel : options.kernels) {
    if (const char* reason = unrunnable_reason(*kernel))
      throw Error(identity(*kernel) + " does not run here: " + reason);
  }
  return session.run();
}

}  // namespace actbench::timing
