// SPDX-License-Identifier: Apache-2.0
//
// How a run is laid out. Speeds on a shared machine drift by more than what is to be told apart, so that times measured
// a minute apart say little about each other. Therefore:
//
// - A round runs every benchmark once, in an order drawn anew for each round. Benchmarks that work on the same data
//   (size, type, distribution) follow each other as a block, with the copy ceilings among them: a kernel and its
//   ceiling are measured within moments, and the ratio of the two, taken round by round, is free of slow drift.
// - How often a benchmark repeats its call within a timed run is settled once, by a calibration before the first
//   round, so that all rounds of a benchmark do the same work and the whole takes a foreseeable time.
// - Times are the thread's CPU time: what other programs do on this CPU in between does not count.
//
// Google Benchmark's own random interleaving shuffles all repetitions of all benchmarks together: two that should be
// compared may then be minutes apart, and nothing pairs them. So each repetition is registered as one run with fixed
// iterations, in our order; Google Benchmark times each, and its writers get the runs regrouped as repetitions.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <tuple>

#include "actbench/rows.hpp"
#include "bench/timing/buffer.hpp"
#include "bench/timing/clock.hpp"
#include "bench/timing/copy.hpp"
#include "bench/timing/device_run.hpp"
#include "bench/timing/google.hpp"
#include "bench/timing/random.hpp"
#include "bench/timing/rounds.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

using Clock = std::chrono::steady_clock;
using Run = benchmark::BenchmarkReporter::Run;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The most elements that one call works on. Longer arrays are passed through piece by piece, each call taking up where
/// the last one ended, whichever kernel that was: so every piece comes from as far away as the whole array is large,
/// and yet the slowest kernel can be timed in a few milliseconds.
constexpr std::size_t max_call_elements = std::size_t{1} << 18;

std::size_t call_elements(std::size_t n, std::size_t row = 0) {
  if (n <= max_call_elements) return n;
  if (row > 0) return std::max(row, max_call_elements / row * row);
  const std::size_t calls = n / max_call_elements + (n % max_call_elements != 0);
  return n / calls / 64 * 64;  // pieces begin on whole cache lines
}

constexpr int most_rounds = 51;         // that a time budget is spent on
constexpr double longest_run_s = 0.05;  // that a time budget is spent on, before it buys more rounds

/// Benchmarks that work on the same data.
struct Block {
  std::size_t size;  ///< index into the options' sizes
  std::size_t bytes_per_element;
  Type type;
  Distribution distribution;
  std::size_t row;        ///< the length of a row, of kernels over rows; 0: element by element
  const Kernel* forward;  ///< whose results x is, of backward over rows; null elsewhere
  std::vector<std::size_t> jobs;
  double data_s = 0;  ///< what filling the arrays costs, estimate
};

/// One benchmark: something to call, on the data of a block.
struct Job {
  const Kernel* kernel = nullptr;
  Copy copy = nullptr;  ///< where kernel is null
  std::string name;     ///< the row's
  std::string title;    ///< Google Benchmark's: name, size, distribution
  std::size_t block = 0;
  std::size_t elements = 0, call = 0;  ///< of an array, of a call
  std::array<double, max_parameters> parameters{};
  double call_s = 0, prepare_s = 0;  ///< estimates
  std::size_t iterations = 1;
  std::vector<double> samples;  ///< ns per element by round; NaN where there is none
};

class Session {
 public:
  /// Plans the benchmarks. Throws Error for options that make no sense.
  Session(const BenchOptions& options, const GoogleArguments& google)
      : options_(options),
        google_(google),
        shuffled_(google.interleave < 0 ? options.shuffle : google.interleave > 0),
        budget_s_(google.min_time_s > 0 || google.iterations > 0 ? 0 : options.time_budget_s) {
    plan();
  }

  /// The benchmarks' names, each once.
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
  struct Collector;
  struct Planned {  // one timed run
    std::size_t job;
    int round;
    bool first_of_round, ran;
  };

  void plan();
  std::vector<std::pair<const Kernel*, std::size_t>> subjects(const Size&) const;
  void add_job(Job job, std::size_t block);
  void allocate();
  const std::vector<char>& pattern(Type, Distribution);
  void bring_data(const Job& job);
  void prepare(const Job& job);
  void call(const Job& job);
  void calibrate();
  void settle();
  static std::size_t calls_in(double seconds, const Job& job);
  double round_seconds(double run_s) const;
  std::vector<std::size_t> order_of_round(Random& random) const;
  void time_one(benchmark::State& state, Planned& planned);
  void record(const Run& run);
  BenchRow make_row(const Job& job, std::vector<double> samples) const;
  std::vector<BenchRow> rows() const;
  void report_progress(std::size_t done, const std::string& label);
  double now() const { return cpu_time_ ? thread_cpu_seconds() : seconds_since(start_); }
  bool stopped() const { return options_.stop && options_.stop->load(std::memory_order_relaxed); }

  const BenchOptions& options_;
  const GoogleArguments& google_;
  const bool shuffled_;
  const double budget_s_;  ///< 0: none
  const Clock::time_point start_ = Clock::now();
  const Machine machine_ = read_machine();
  std::vector<Block> blocks_;
  std::vector<Job> jobs_;
  int rounds_ = 0;
  double run_s_ = 0;  ///< aimed at for one timed run
  const bool cpu_time_ = cpu_clock_is_fine();
  double pace_ = 1;  ///< seconds of the wall clock per second of the clock that times

  std::unique_ptr<Buffer> x_, dy_, a_, y_;
  std::map<std::pair<Type, Distribution>, std::vector<char>> patterns_;
  std::tuple<Type, Distribution, const Kernel*, std::size_t> filled_with_{};
  std::size_t filled_ = 0;             ///< bytes of x that hold it
  std::vector<std::size_t> position_;  ///< by block: how far its arrays have been passed through, in elements
  std::size_t cached_bytes_ = 0;       ///< arrays up to this size are brought into the caches before they are timed

  std::vector<Planned> planned_;
  std::size_t recorded_ = 0;  ///< of planned_
  bool late_ = false;         ///< the budget is spent
  Clock::time_point rounds_start_;
  double planned_s_ = 0, done_s_ = 0;             ///< by the estimates of the calibration
  std::map<std::string, std::vector<Run>> runs_;  ///< by title
};

/// Hands what Google Benchmark measured to the session.
struct Session::Collector : benchmark::BenchmarkReporter {
  explicit Collector(Session& s) : session(s) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) session.record(run);
  }
  Session& session;
};

void Session::add_job(Job job, std::size_t block) {
  const Block& b = blocks_[block];
  job.block = block;
  job.elements = elements(options_.sizes[b.size], b.bytes_per_element);
  if (b.row > 0) job.elements -= job.elements % b.row;
  job.call = call_elements(job.elements, b.row);
  blocks_[block].jobs.push_back(jobs_.size());
  jobs_.push_back(std::move(job));
}

/// Of backward over rows, the kernel that gives what it starts from.
const Kernel* forward_of(const Kernel& kernel) {
  if (kernel.activation->shape != Shape::rows || !takes_dy(kernel.direction)) return nullptr;
  return find(std::string(kernel.activation->name) + "/forward/" + name(kernel.type) + "/fast/scalar");
}

/// What is measured at a size: kernels, those over rows once for each length that it holds.
std::vector<std::pair<const Kernel*, std::size_t>> Session::subjects(const Size& size) const {
  std::vector<std::pair<const Kernel*, std::size_t>> all;
  for (const Kernel* kernel : options_.kernels) {
    if (kernel->activation->shape != Shape::rows) {
      all.emplace_back(kernel, 0);
      continue;
    }
    for (const std::size_t row : options_.rows) {
      if (row > 0 && row <= elements(size, bytes_per_element(*kernel))) all.emplace_back(kernel, row);
    }
  }
  return all;
}

/// Which benchmarks there are: per block the copy ceilings, then the kernels.
void Session::plan() {
  if (options_.kernels.empty()) throw Error("no kernels to measure");
  if (options_.sizes.empty()) throw Error("no sizes to measure at");
  if (options_.distributions.empty()) throw Error("no distributions to measure with");
  const GoogleFilter picked(google_.filter);

  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    std::map<std::tuple<std::size_t, Type, Distribution, std::size_t, const Kernel*>, std::size_t> known;
    for (const auto& [kernel, row] : subjects(options_.sizes[s])) {
      for (const Distribution distribution : options_.distributions) {
        Job job;
        job.kernel = kernel;
        job.name = identity(*kernel);
        job.title = job.name + (row > 0 ? "/rows_of_" + std::to_string(row) : "") + "/" + options_.sizes[s].name + "/" +
                    timing::name(distribution);
        if (!picked(job.title)) continue;
        job.parameters = rounded_parameters(*kernel, options_.parameters);
        const std::size_t bytes = bytes_per_element(*kernel);
        const auto [place, fresh] =
            known.try_emplace({bytes, kernel->type, distribution, row, forward_of(*kernel)}, blocks_.size());
        if (fresh) {
          blocks_.push_back({s, bytes, kernel->type, distribution, row, forward_of(*kernel), {}, 0});
          for (const auto& [copy, label] : {std::pair(&copy_memcpy, "memcpy"), {&copy_non_temporal, "non_temporal"}}) {
            Job ceiling;
            ceiling.copy = copy;
            ceiling.name = std::string("copy/") + label + "/" + std::to_string(bytes) + "B";
            ceiling.title = ceiling.name + "/" + options_.sizes[s].name;
            add_job(std::move(ceiling), place->second);
          }
        }
        add_job(std::move(job), place->second);
      }
    }
  }
  if (blocks_.empty() && google_.filter.empty())
    throw Error("none of the sizes holds a row of any of these lengths; choose larger sizes, or shorter rows");
  if (blocks_.empty()) throw Error("--benchmark_filter=" + google_.filter + " picks none of the benchmarks");
}

void Session::allocate() {
  std::size_t x_bytes = 0, dy_bytes = 0, a_bytes = 0, y_bytes = 0;
  std::string largest;
  for (const Job& job : jobs_) {
    const Block& block = blocks_[job.block];
    if (job.elements > SIZE_MAX / 64)
      throw Error("the size " + options_.sizes[block.size].name + " is beyond any memory");
    const std::size_t bytes =
        job.kernel ? job.elements * size_of(block.type) : job.elements * block.bytes_per_element / 2;
    if (bytes > x_bytes) largest = options_.sizes[block.size].name;
    x_bytes = std::max(x_bytes, bytes);
    y_bytes = std::max(y_bytes, bytes);
    const Multipliers multipliers = job.kernel ? multipliers_of(*job.kernel) : Multipliers{};
    if (multipliers.dy) dy_bytes = std::max(dy_bytes, bytes);
    if (multipliers.a) a_bytes = std::max(a_bytes, bytes);
  }
  const std::size_t all = x_bytes + dy_bytes + a_bytes + y_bytes;
  const std::string purpose = "arrays of the size " + largest;
  if (machine_.available_bytes > 0 && all > machine_.available_bytes) {
    throw Error(purpose + " take " + std::to_string(all >> 20) + " MiB of memory, but only " +
                std::to_string(machine_.available_bytes >> 20) + " MiB are available; choose smaller sizes");
  }
  // The result lies half a page off the inputs, so that no load waits for an earlier store whose address looks the same
  // in its lower 12 bits.
  x_ = std::make_unique<Buffer>(x_bytes, 0, purpose);
  if (dy_bytes > 0) dy_ = std::make_unique<Buffer>(dy_bytes, 0, purpose);
  if (a_bytes > 0) a_ = std::make_unique<Buffer>(a_bytes, 0, purpose);
  y_ = std::make_unique<Buffer>(y_bytes, 2048, purpose);
  position_.assign(blocks_.size(), 0);
  for (const Cache& cache : machine_.caches) cached_bytes_ = std::max(cached_bytes_, cache.bytes);
}

void tile(const std::vector<char>& pattern, char* to, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes; done += pattern.size()) {
    std::memcpy(to + done, pattern.data(), std::min(pattern.size(), bytes - done));
  }
}

/// Random data to fill arrays with, made when first asked for.
const std::vector<char>& Session::pattern(Type type, Distribution distribution) {
  std::vector<char>& data = patterns_[{type, distribution}];
  if (data.empty()) {
    data.resize(pattern_elements * size_of(type));
    fill(type, distribution, options_.seed, data.data(), pattern_elements);
  }
  return data;
}

/// Fills the arrays for a benchmark, unless they hold its data already.
void Session::bring_data(const Job& job) {
  const Block& block = blocks_[job.block];
  const std::tuple key{block.type, block.distribution, block.forward, block.forward != nullptr ? block.row : 0};
  const std::size_t bytes = job.elements * size_of(block.type);
  if (filled_with_ == key && filled_ >= bytes) return;
  tile(pattern(block.type, block.distribution), x_->data(), bytes);
  if (block.forward != nullptr)
    apply_rows(*block.forward, x_->data(), nullptr, x_->data(), job.elements / block.row, block.row);
  // The values of x would do for its multipliers, but not beside the same ones.
  const auto bring = [&](Buffer& to, std::size_t parts) {
    const std::vector<char>& data = pattern(block.type, Distribution::normal);
    const std::size_t begin = data.size() / parts, first = std::min({data.size() - begin, bytes, to.size()});
    std::memcpy(to.data(), data.data() + begin, first);
    tile(data, to.data() + first, std::min(bytes, to.size()) - first);
  };
  if (dy_) bring(*dy_, 2);
  if (a_) bring(*a_, 4);
  filled_with_ = key;
  filled_ = bytes;
}

/// Everything that a timed run should not meet for the first time: the arrays in the caches that can hold them, its
/// code and the branch predictor's memory of it.
void Session::prepare(const Job& job) {
  const Block& block = blocks_[job.block];
  const std::size_t copied = job.elements * block.bytes_per_element;
  if (copied <= cached_bytes_) {
    char sum = 0;
    for (std::size_t i = 0; i < copied / 2; i += 64) sum = static_cast<char>(sum ^ x_->data()[i] ^ y_->data()[i]);
    const Multipliers multipliers = job.kernel ? multipliers_of(*job.kernel) : Multipliers{};
    const std::size_t bytes = job.elements * size_of(block.type);
    for (std::size_t i = 0; multipliers.dy && i < bytes; i += 64) sum = static_cast<char>(sum ^ dy_->data()[i]);
    for (std::size_t i = 0; multipliers.a && i < bytes; i += 64) sum = static_cast<char>(sum ^ a_->data()[i]);
    benchmark::DoNotOptimize(sum);
  }
  Job first = job;
  first.call = block.row > 0 ? block.row : std::min<std::size_t>(job.call, 4096);
  const std::size_t position = position_[job.block];
  call(first);
  position_[job.block] = position;
}

void Session::call(const Job& job) {
  const Block& block = blocks_[job.block];
  std::size_t& position = position_[job.block];
  if (position + job.call > job.elements) position = 0;
  if (job.kernel) {
    const std::size_t offset = position * size_of(block.type);
    const Multipliers multipliers = multipliers_of(*job.kernel);
    job.kernel->run({x_->data() + offset, multipliers.dy ? dy_->data() + offset : nullptr, y_->data() + offset,
                     job.call, job.parameters.data(), multipliers.a ? a_->data() + offset : nullptr, block.row});
  } else {
    const std::size_t half = block.bytes_per_element / 2;
    job.copy(y_->data() + position * half, x_->data() + position * half, job.call * half);
  }
  position += job.call;
}

void Session::calibrate() {
  const double wall_start = seconds_since(start_), clock_start = now();
  for (std::size_t i = 0; i < jobs_.size() && !stopped(); ++i) {
    Job& job = jobs_[i];
    report_progress(i, "calibrating " + job.title);
    Block& block = blocks_[job.block];
    pattern(block.type, block.distribution);  // made once, so no part of what a round costs
    const double start = now();
    bring_data(job);
    const double filled = now();
    prepare(job);
    const double prepared = now();
    std::size_t calls = 0;
    for (std::size_t more = 1; now() - prepared < 1e-4; more *= 2) {
      for (std::size_t c = 0; c < more; ++c) call(job);
      calls += more;
    }
    block.data_s = std::max(block.data_s, filled - start);
    job.prepare_s = prepared - filled;
    job.call_s = (now() - prepared) / static_cast<double>(calls);
  }
  pace_ = std::max(1.0, (seconds_since(start_) - wall_start) / std::max(1e-9, now() - clock_start));
}

/// Rounds and iterations, from the times of the calibration.
void Session::settle() {
  rounds_ = google_.repetitions ? google_.repetitions : std::max(1, options_.repetitions);
  run_s_ = google_.min_time_s > 0 ? google_.min_time_s : std::max(0.0, options_.min_time_s);
  if (budget_s_ > 0) {
    const double left = std::max(0.0, budget_s_ - seconds_since(start_)) / pace_;
    const bool free_rounds = google_.repetitions == 0;
    if (free_rounds && rounds_ * round_seconds(0) > left) {
      rounds_ = std::max(std::min(rounds_, fewest_rounds), static_cast<int>(left / round_seconds(0)));
    }
    double low = 0, high = longest_run_s;
    for (int i = 0; i < 40; ++i) {
      const double middle = (low + high) / 2;
      (rounds_ * round_seconds(middle) <= left ? low : high) = middle;
    }
    run_s_ = low;
    if (free_rounds) {
      rounds_ = std::max(rounds_, static_cast<int>(std::min<double>(most_rounds, left / round_seconds(run_s_))));
    }
  }
  for (Job& job : jobs_) {
    job.iterations = google_.iterations ? google_.iterations : calls_in(run_s_, job);
    job.samples.assign(static_cast<std::size_t>(rounds_), std::numeric_limits<double>::quiet_NaN());
  }
  planned_s_ = rounds_ * round_seconds(run_s_);
}

std::size_t Session::calls_in(double seconds, const Job& job) {
  return static_cast<std::size_t>(std::clamp(std::ceil(seconds / job.call_s), 1.0, 1e9));
}

double Session::round_seconds(double run_s) const {
  double sum = 0;
  for (const Job& job : jobs_) sum += job.prepare_s + static_cast<double>(calls_in(run_s, job)) * job.call_s;
  if (patterns_.size() > 1) {
    for (const Block& block : blocks_) sum += block.data_s;
  }
  return sum;
}

/// Sizes in random order, in each its blocks in random order, in each its benchmarks in random order.
std::vector<std::size_t> Session::order_of_round(Random& random) const {
  std::vector<std::size_t> sizes(options_.sizes.size()), order;
  std::iota(sizes.begin(), sizes.end(), std::size_t{0});
  if (shuffled_) random.shuffle(sizes);
  for (const std::size_t size : sizes) {
    std::vector<std::size_t> blocks;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      if (blocks_[b].size == size) blocks.push_back(b);
    }
    if (shuffled_) random.shuffle(blocks);
    for (const std::size_t b : blocks) {
      std::vector<std::size_t> jobs = blocks_[b].jobs;
      if (shuffled_) random.shuffle(jobs);
      order.insert(order.end(), jobs.begin(), jobs.end());
    }
  }
  return order;
}

/// One timed run, called by Google Benchmark.
void Session::time_one(benchmark::State& state, Planned& planned) {
  // A machine that slowed down since the calibration would overrun the budget: whole rounds are then left out.
  if (planned.first_of_round && planned.round >= fewest_rounds && budget_s_ > 0 &&
      seconds_since(start_) > 1.1 * budget_s_) {
    late_ = true;
  }
  if (late_ || stopped()) {
    state.SkipWithError("not run");
    return;
  }
  const Job& job = jobs_[planned.job];
  report_progress(jobs_.size() + recorded_, job.title);
  bring_data(job);
  prepare(job);
  for ([[maybe_unused]] auto _ : state) {
    call(job);
    benchmark::ClobberMemory();
  }
  const auto processed = static_cast<std::int64_t>(job.call) * state.iterations();
  state.SetItemsProcessed(processed);
  state.SetBytesProcessed(processed * static_cast<std::int64_t>(blocks_[job.block].bytes_per_element));
  planned.ran = true;
  done_s_ += job.prepare_s + static_cast<double>(job.iterations) * job.call_s;
}

/// Google Benchmark reports runs one by one, in the order in which they were registered.
void Session::record(const Run& run) {
  const Planned& planned = planned_.at(recorded_++);
  if (!planned.ran) return;
  Job& job = jobs_[planned.job];
  const double seconds = cpu_time_ ? run.cpu_accumulated_time : run.real_accumulated_time;
  const double elements_done = static_cast<double>(run.iterations) * static_cast<double>(job.call);
  job.samples[static_cast<std::size_t>(planned.round)] = seconds * 1e9 / elements_done;
  runs_[job.title].push_back(run);
}

void Session::report_progress(std::size_t done, const std::string& label) {
  if (!options_.progress) return;
  Progress progress;
  progress.done = done;
  progress.label = label;
  if (planned_.empty()) {  // still calibrating
    progress.total = jobs_.size() * static_cast<std::size_t>(1 + std::max(1, options_.repetitions));
    progress.seconds_left = std::max(0.0, estimated_seconds(options_) - seconds_since(start_));
  } else {
    progress.total = jobs_.size() + planned_.size();
    const double pace = done_s_ > 0 ? seconds_since(rounds_start_) / done_s_ : pace_;
    progress.seconds_left = std::max(0.0, planned_s_ - done_s_) * pace;
  }
  options_.progress(progress);
}

BenchRow Session::make_row(const Job& job, std::vector<double> samples) const {
  const Block& block = blocks_[job.block];
  BenchRow row;
  row.kernel = job.kernel;
  row.name = job.name;
  row.size = options_.sizes[block.size];
  row.elements = job.elements;
  row.row = job.kernel ? block.row : 0;
  if (job.kernel) row.distribution = timing::name(block.distribution);
  row.bytes_per_element = block.bytes_per_element;
  set_times(row, std::move(samples));
  return row;
}

std::vector<BenchRow> Session::rows() const {
  std::vector<BenchRow> all;
  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    // The ceilings of a size were run in each of its blocks; one row tells of all of them.
    std::map<std::string, double> ceiling_ns;
    std::vector<const Job*> kernels;
    for (const Job& job : jobs_) {
      if (blocks_[job.block].size != s) continue;
      if (job.kernel) {
        kernels.push_back(&job);
      } else if (!ceiling_ns.count(job.name)) {
        std::vector<double> samples;
        for (const Job& other : jobs_) {
          if (blocks_[other.block].size != s || other.name != job.name) continue;
          const std::vector<double> more = finite(other.samples);
          samples.insert(samples.end(), more.begin(), more.end());
        }
        all.push_back(make_row(job, samples));
        ceiling_ns[job.name] = all.back().ns_per_element.median;
      }
    }
    for (const Job* job : kernels) {
      BenchRow row = make_row(*job, finite(job->samples));
      const Job* best = nullptr;
      for (const std::size_t other : blocks_[job->block].jobs) {
        const Job& ceiling = jobs_[other];
        if (!ceiling.kernel && (!best || ceiling_ns[ceiling.name] < ceiling_ns[best->name])) best = &ceiling;
      }
      row.ratio_to_copy = ratio(best->samples, job->samples);  // bytes per element are the same for both
      all.push_back(std::move(row));
    }
  }
  return all;
}

BenchResult Session::run() {
  BenchResult result;
  GoogleOutput output(google_);
  allocate();
  result.cpu_time = cpu_time_;
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
      const Job& job = jobs_[planned.job];
      auto* const registered = benchmark::RegisterBenchmark(
          job.title.c_str(), [this, &planned](benchmark::State& state) { time_one(state, planned); });
      registered->Iterations(static_cast<benchmark::IterationCount>(job.iterations));
      if (!cpu_time_) registered->UseRealTime();
    }
    rounds_start_ = Clock::now();
    Collector collector(*this);
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
    if (recorded_ != planned_.size()) throw Error("Google Benchmark did not report every run");
  }
  result.rows = rows();
  result.stopped = stopped();
  if (!result.stopped) output.write(titles(), runs_, result);
  result.total_seconds = seconds_since(start_);
  return result;
}

}  // namespace

double estimated_seconds(const BenchOptions& options) {
  const GoogleArguments google = parse_google_arguments(options.google_arguments);
  if (options.time_budget_s > 0 && google.min_time_s == 0 && google.iterations == 0) return options.time_budget_s;
  const double run_s = google.min_time_s > 0 ? google.min_time_s : options.min_time_s;
  const double rounds = google.repetitions ? google.repetitions : std::max(1, options.repetitions);
  constexpr double ns = 2, overhead_s = 5e-4;  // per element of a middling kernel; per run
  double sum = 0;
  for (const Size& size : options.sizes) {
    for (const Kernel* kernel : options.kernels) {
      const double call_s = ns * 1e-9 * static_cast<double>(call_elements(elements(size, bytes_per_element(*kernel))));
      sum += overhead_s + call_s + rounds * (overhead_s + std::max(run_s, call_s));
    }
    sum += 2 * rounds * (overhead_s + run_s);  // the ceilings
  }
  return sum * static_cast<double>(options.distributions.size());
}

BenchResult run_benchmarks(const BenchOptions& options) {
  const GoogleArguments google = parse_google_arguments(options.google_arguments);
  initialize_google(google);
  const auto on_device = [](const Kernel* kernel) { return kernel->backend == Backend::cuda; };
  if (std::any_of(options.kernels.begin(), options.kernels.end(), on_device)) {
    if (!std::all_of(options.kernels.begin(), options.kernels.end(), on_device))
      throw Error("kernels of a device and of the CPU are measured apart; choose one kind by --backend");
    return run_device_benchmarks(options, google);
  }
  Session session(options, google);
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
