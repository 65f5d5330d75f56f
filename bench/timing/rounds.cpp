// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/rounds.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>
#include <sstream>
#include <utility>

namespace actbench::timing {
namespace {

constexpr int fewest_rounds = 6;        // what a 95 % interval of the median takes
constexpr int most_rounds = 51;         // that a time budget is spent on
constexpr double longest_run_s = 0.05;  // that a time budget is spent on, before it buys more rounds

/// Those that are no NaN: a round that was left out has none.
std::vector<double> finite(std::span<const double> values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), [](double v) { return std::isfinite(v); });
  return kept;
}

/// The median of ceiling[i] / samples[i] over the rounds that have both.
Interval ratio(std::span<const double> ceiling, std::span<const double> samples) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < samples.size(); ++round) ratios.push_back(ceiling[round] / samples[round]);
  return median_interval(finite(ratios));
}

}  // namespace

std::array<double, max_parameters> rounded_parameters(const Kernel& kernel, std::span<const double> given) {
  const Activation& activation = *kernel.activation;
  if (!given.empty()) {
    const std::string wrong = parameter_error(kernel, given);
    if (!wrong.empty()) throw Error(identity(kernel) + ": " + wrong);
  }
  std::array<double, max_parameters> rounded{};
  for (std::size_t i = 0; i < activation.parameter_count; ++i)
    rounded[i] = round_to(kernel.type, given.empty() ? activation.parameters[i].default_value : given[i]);
  return rounded;
}

GoogleOutput::GoogleOutput(const GoogleArguments& google) : google_(google) {
  if (google.out.empty()) return;
  const std::filesystem::path path = google.out;
  try {
    if (path.has_parent_path() && !std::filesystem::is_directory(path.parent_path()))
      throw reports::FileError("there is no folder " + path.parent_path().string());
    file_.emplace(path);
  } catch (const reports::FileError& error) {
    throw Error(std::string("--benchmark_out: ") + error.what());
  }
}

void GoogleOutput::write(const std::vector<std::string>& titles,
                         const std::map<std::string, std::vector<benchmark::BenchmarkReporter::Run>>& runs,
                         BenchResult& result) {
  std::vector<std::vector<benchmark::BenchmarkReporter::Run>> groups;
  for (const std::string& title : titles) {
    const auto found = runs.find(title);
    if (found != runs.end()) groups.push_back(found->second);
  }
  if (file_) {
    std::ostringstream text;
    write_google_runs(google_.out_format, groups, google_.report_aggregates, text);
    try {
      file_->write(text.str());
    } catch (const reports::FileError& error) {
      result.not_written = error.what();
    }
  }
  if (!google_.format.empty()) {
    std::ostringstream text;
    write_google_runs(google_.format, groups, google_.report_aggregates || google_.display_aggregates, text);
    result.google_output = text.str();
  }
}

/// Hands what Google Benchmark measured to the rounds.
struct Rounds::Collector : benchmark::BenchmarkReporter {
  explicit Collector(Rounds& r) : rounds(r) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) rounds.record(run);
  }
  Rounds& rounds;
};

Rounds::Rounds(const BenchOptions& options, const GoogleArguments& google, Timer timer)
    : options_(options),
      google_(google),
      timer_(timer),
      shuffled_(google.interleave < 0 ? options.shuffle : google.interleave > 0),
      budget_s_(google.min_time_s > 0 || google.iterations > 0 ? 0 : options.time_budget_s) {
  if (options_.kernels.empty()) throw Error("no kernels to measure");
  if (options_.sizes.empty()) throw Error("no sizes to measure at");
  if (options_.distributions.empty()) throw Error("no distributions to measure with");
}

const Kernel* forward_of(const Kernel& kernel) {
  if (kernel.activation->shape != Shape::rows || !takes_dy(kernel.direction)) return nullptr;
  return find(std::string(kernel.activation->name) + "/forward/" + name(kernel.type) + "/fast/" +
              name(kernel.backend == Backend::cuda ? Backend::cuda : Backend::scalar));
}

std::vector<std::pair<const Kernel*, std::size_t>> Rounds::subjects(const Size& size) const {
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

const Kernel& softmax_like(const Kernel& kernel) {
  const Kernel* const softmax =
      find(std::string("softmax/forward/") + name(kernel.type) + "/" + name(kernel.tier) + "/" + name(kernel.backend));
  if (softmax == nullptr) throw Error("there is no softmax beside " + identity(kernel));
  return *softmax;
}

Job Rounds::kernel_job(const Kernel& kernel, std::size_t row, const Size& size, Distribution distribution) const {
  Job job;
  job.kernel = &kernel;
  job.name = identity(kernel);
  job.title = job.name + (row > 0 ? "/rows_of_" + std::to_string(row) : "") + "/" + size.name + "/" +
              bench::text_of(distribution);
  job.parameters = rounded_parameters(kernel, options_.parameters);
  return job;
}

void Rounds::check_any() const {
  if (!blocks_.empty()) return;
  if (google_.filter.empty())
    throw Error("none of the sizes holds a row of any of these lengths; choose larger sizes, or shorter rows");
  throw Error("--benchmark_filter=" + google_.filter + " picks none of the benchmarks");
}

Job& Rounds::add_job(Job job, std::size_t block) {
  Block& b = blocks_[block];
  job.block = block;
  job.elements = elements(options_.sizes[b.size], b.bytes_per_element);
  if (b.row > 0) job.elements -= job.elements % b.row;
  job.call = job.elements;
  b.jobs.push_back(jobs_.size());
  return jobs_.emplace_back(std::move(job));
}

/// The benchmarks' names, each once.
std::vector<std::string> Rounds::titles() const {
  std::vector<std::string> all;
  std::set<std::string> known;
  for (const Job& job : jobs_) {
    if (known.insert(job.title).second) all.push_back(job.title);
  }
  return all;
}

Rounds::Arrays Rounds::arrays() const {
  Arrays all;
  std::string largest;
  for (const Job& job : jobs_) {
    const Block& block = blocks_[job.block];
    if (job.elements > SIZE_MAX / 64)
      throw Error("the size " + options_.sizes[block.size].name + " is beyond any memory");
    const std::size_t bytes =
        job.kernel ? job.elements * size_of(block.type) : job.elements * block.bytes_per_element / 2;
    if (bytes > all.x) largest = options_.sizes[block.size].name;
    all.x = std::max(all.x, bytes);
    all.y = std::max(all.y, bytes);
    const Multipliers multipliers = job.kernel ? multipliers_of(*job.kernel) : Multipliers{};
    if (multipliers.dy) all.dy = std::max(all.dy, bytes);
    if (multipliers.a) all.a = std::max(all.a, bytes);
  }
  all.purpose = "arrays of the size " + largest;
  return all;
}

const std::vector<char>& Rounds::pattern(Type type, Distribution distribution) {
  std::vector<char>& data = patterns_[{type, distribution}];
  if (data.empty()) {
    data.resize(pattern_elements * size_of(type));
    bench::fill(type, distribution, options_.seed, data.data(), pattern_elements);
  }
  return data;
}

/// Rounds and iterations, from the times of the calibration.
void Rounds::settle() {
  rounds_ = google_.repetitions ? google_.repetitions : std::max(1, options_.repetitions);
  run_s_ = google_.min_time_s > 0 ? google_.min_time_s : std::max(0.0, options_.min_time_s);
  if (budget_s_ > 0) {
    const double left = std::max(0.0, budget_s_ - seconds()) / pace_;
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
    job.iterations = calls_in(run_s_, job);
    job.samples.assign(static_cast<std::size_t>(rounds_), std::numeric_limits<double>::quiet_NaN());
  }
  planned_s_ = rounds_ * round_seconds(run_s_);
}

std::size_t Rounds::calls_in(double seconds, const Job& job) const {
  if (google_.iterations) return google_.iterations;
  const double most = timer_ == Timer::device ? 1e5 : 1e9;  // a device keeps a row of calls in mind
  return static_cast<std::size_t>(std::clamp(std::ceil(seconds / job.call_s), 1.0, most));
}

double Rounds::round_seconds(double run_s) const {
  double sum = 0;
  for (const Job& job : jobs_)
    sum += job.prepare_s + static_cast<double>(calls_in(run_s, job)) * (job.call_s + job.between_s);
  if (patterns_.size() > 1) {  // otherwise the arrays are filled once
    for (const Block& block : blocks_) sum += block.data_s;
  }
  return sum;
}

/// Sizes in random order, in each its blocks in random order, in each its benchmarks in random order.
std::vector<std::size_t> Rounds::order_of_round(Random& random) const {
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

void Rounds::run_one(benchmark::State& state, Planned& planned) {
  // A machine that slowed down since the calibration would overrun the budget: whole rounds are then left out.
  if (planned.first_of_round && planned.round >= fewest_rounds && budget_s_ > 0 && seconds() > 1.1 * budget_s_)
    late_ = true;
  if (late_ || stopped()) {
    state.SkipWithError("not run");
    return;
  }
  const Job& job = jobs_[planned.job];
  report_progress(jobs_.size() + recorded_, job.title);
  time_one(state, job);
  const auto processed = static_cast<std::int64_t>(job.call) * state.iterations();
  state.SetItemsProcessed(processed);
  state.SetBytesProcessed(processed * static_cast<std::int64_t>(blocks_[job.block].bytes_per_element));
  planned.ran = true;
  done_s_ += job.prepare_s + static_cast<double>(job.iterations) * (job.call_s + job.between_s);
}

/// Google Benchmark reports runs one by one, in the order in which they were registered.
void Rounds::record(const Run& run) {
  const Planned& planned = planned_.at(recorded_++);
  if (!planned.ran) return;
  Job& job = jobs_[planned.job];
  const double taken = timer_ == Timer::cpu ? run.cpu_accumulated_time : run.real_accumulated_time;
  const double elements_done = static_cast<double>(run.iterations) * static_cast<double>(job.call);
  job.samples[static_cast<std::size_t>(planned.round)] = taken * 1e9 / elements_done;
  runs_[job.title].push_back(run);
}

void Rounds::report_progress(std::size_t done, const std::string& label) {
  if (!options_.progress) return;
  Progress progress;
  progress.done = done;
  progress.label = label;
  if (planned_.empty()) {  // still calibrating
    progress.total = jobs_.size() * static_cast<std::size_t>(1 + std::max(1, options_.repetitions));
    progress.seconds_left = std::max(0.0, estimated_seconds(options_) - seconds());
  } else {
    progress.total = jobs_.size() + planned_.size();
    const double pace = done_s_ > 0 ? (seconds() - rounds_start_s_) / done_s_ : pace_;
    progress.seconds_left = std::max(0.0, planned_s_ - done_s_) * pace;
  }
  options_.progress(progress);
}

BenchRow Rounds::make_row(const Job& job, std::vector<double> samples) const {
  const Block& block = blocks_[job.block];
  BenchRow row;
  row.kernel = job.kernel;
  row.name = job.name;
  row.size = options_.sizes[block.size];
  row.elements = job.elements;
  row.row = job.kernel ? block.row : 0;
  if (timer_ == Timer::device) row.cache = block.cold ? "cold" : "warm";
  if (job.kernel) row.distribution = bench::text_of(block.distribution);
  row.bytes_per_element = block.bytes_per_element;
  row.repetitions = samples.size();
  row.ns_per_element = median_interval(samples);
  if (row.ns_per_element.median > 0) {
    row.elements_per_second = 1e9 / row.ns_per_element.median;
    row.gb_per_second = static_cast<double>(row.bytes_per_element) / row.ns_per_element.median;
  }
  row.samples_ns = std::move(samples);
  return row;
}

std::vector<BenchRow> Rounds::rows() const {
  std::vector<BenchRow> all;
  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    // The ceilings of a size were run in each of its blocks; one row tells of all of them.
    using Key = std::pair<std::string, bool>;
    const auto key = [&](const Job& job) { return Key(job.name, blocks_[job.block].cold); };
    std::map<Key, double> ceiling_ns;
    std::vector<const Job*> kernels;
    for (const Job& job : jobs_) {
      if (blocks_[job.block].size != s) continue;
      if (job.kernel) {
        kernels.push_back(&job);
      } else if (!ceiling_ns.count(key(job))) {
        std::vector<double> samples;
        for (const Job& other : jobs_) {
          if (blocks_[other.block].size != s || key(other) != key(job)) continue;
          const std::vector<double> more = finite(other.samples);
          samples.insert(samples.end(), more.begin(), more.end());
        }
        all.push_back(make_row(job, std::move(samples)));
        ceiling_ns[key(job)] = all.back().ns_per_element.median;
      }
    }
    for (const Job* job : kernels) {
      BenchRow row = make_row(*job, finite(job->samples));
      const Job* best = nullptr;
      for (const std::size_t other : blocks_[job->block].jobs) {
        const Job& ceiling = jobs_[other];
        if (!ceiling.kernel && (!best || ceiling_ns[key(ceiling)] < ceiling_ns[key(*best)])) best = &ceiling;
      }
      row.ratio_to_copy = ratio(best->samples, job->samples);  // bytes per element are the same for both
      all.push_back(std::move(row));
    }
  }
  return all;
}

/// All rounds, by Google Benchmark.
void Rounds::run(BenchResult& result) {
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
        job.title.c_str(), [this, &planned](benchmark::State& state) { run_one(state, planned); });
    if (timer_ == Timer::device) {  // one iteration, of the device's seconds
      registered->Iterations(1)->UseManualTime();
    } else {
      registered->Iterations(static_cast<benchmark::IterationCount>(job.iterations));
      if (timer_ == Timer::wall) registered->UseRealTime();
    }
  }
  rounds_start_s_ = seconds();
  Collector collector(*this);
  benchmark::RunSpecifiedBenchmarks(&collector);
  benchmark::ClearRegisteredBenchmarks();
  if (recorded_ != planned_.size()) throw Error("Google Benchmark did not report every run");
}

BenchResult Rounds::measure() {
  BenchResult result;
  if (google_.list) {
    result.listed = titles();
    return result;
  }
  for (const Kernel* kernel : options_.kernels) {
    if (const char* reason = unrunnable_reason(*kernel))
      throw Error(identity(*kernel) + " does not run here: " + reason);
  }
  GoogleOutput output(google_);
  result.cpu_time = timer_ == Timer::cpu;
  prepare(result);
  calibrate();
  if (!stopped()) run(result);
  finish(result);
  result.rows = rows();
  result.stopped = stopped();
  if (!result.stopped) output.write(titles(), runs_, result);
  result.total_seconds = seconds();
  return result;
}

}  // namespace actbench::timing
