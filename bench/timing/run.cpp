// SPDX-License-Identifier: Apache-2.0
//
// The CPU's kernels: their arrays, in the caches that can hold them or beyond, and their calls. rounds.hpp has the
// rest.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <tuple>

#include "actbench/large.hpp"
#include "actbench/rows.hpp"
#include "bench/timing/buffer.hpp"
#include "bench/timing/clock.hpp"
#include "bench/timing/copy.hpp"
#include "bench/timing/device_run.hpp"
#include "bench/timing/google.hpp"
#include "bench/timing/rounds.hpp"
#include "bench/timing/timing.hpp"
#include "kernels/registry/sharing.hpp"
#include "kernels/registry/streaming.hpp"

namespace actbench::timing {
namespace {

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

class Session final : public Rounds {
 public:
  /// Plans the benchmarks. Throws Error for options that make no sense.
  Session(const BenchOptions& options, const GoogleArguments& google)
      : Rounds(options, google, options.threads == 1 && cpu_clock_is_fine() ? Timer::cpu : Timer::wall) {
    plan();
  }

 private:
  void plan();
  void add(Job job, std::size_t block);
  void prepare(BenchResult&) override;
  void calibrate() override;
  void time_one(benchmark::State&, const Job&) override;
  void bring_data(const Job& job);
  void warm(const Job& job);
  Arguments arguments(const Job& job, std::size_t position, std::size_t n) const;
  void call(const Job& job);
  double now() const { return timer_ == Timer::cpu ? thread_cpu_seconds() : seconds(); }

  std::unique_ptr<Buffer> x_, dy_, a_, y_;
  std::tuple<Type, Distribution, const Kernel*, std::size_t> filled_with_{};
  std::size_t filled_ = 0;             ///< bytes of x that hold it
  std::vector<std::size_t> position_;  ///< by block: how far its arrays have been passed through, in elements
  std::size_t cached_bytes_ = 0;       ///< arrays up to this size are brought into the caches before they are timed
};

void Session::add(Job job, std::size_t block) {
  Job& added = add_job(std::move(job), block);
  added.call = options_.threads > 1 ? added.elements : call_elements(added.elements, blocks_[block].row);
}

/// Which benchmarks there are: per block the copy ceilings, then the kernels.
void Session::plan() {
  const GoogleFilter picked(google_.filter);

  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    std::map<std::tuple<std::size_t, Type, Distribution, std::size_t, const Kernel*>, std::size_t> known;
    for (const auto& [kernel, row] : subjects(options_.sizes[s])) {
      for (const Distribution distribution : options_.distributions) {
        Job job = kernel_job(*kernel, row, options_.sizes[s], distribution);
        if (!picked(job.title)) continue;
        const std::size_t bytes = bytes_per_element(*kernel);
        const auto [place, fresh] =
            known.try_emplace({bytes, kernel->type, distribution, row, forward_of(*kernel)}, blocks_.size());
        if (fresh) {
          blocks_.push_back({s, bytes, kernel->type, distribution, row, forward_of(*kernel)});
          for (const auto& [copy, label] : {std::pair(&copy_memcpy, "memcpy"), {&copy_non_temporal, "non_temporal"}}) {
            Job ceiling;
            ceiling.copy = copy;
            ceiling.name = std::string("copy/") + label + "/" + std::to_string(bytes) + "B";
            ceiling.title = ceiling.name + "/" + options_.sizes[s].name;
            add(std::move(ceiling), place->second);
          }
        }
        add(std::move(job), place->second);
      }
    }
  }
  check_any();
}

void Session::prepare(BenchResult&) {
  const Arrays needed = arrays();
  const Machine machine = read_machine();
  const std::size_t all = needed.x + needed.dy + needed.a + needed.y;
  if (machine.available_bytes > 0 && all > machine.available_bytes) {
    throw Error(needed.purpose + " take " + std::to_string(all >> 20) + " MiB of memory, but only " +
                std::to_string(machine.available_bytes >> 20) + " MiB are available; choose smaller sizes");
  }
  // The result lies half a page off the inputs, so that no load waits for an earlier store whose address looks the same
  // in its lower 12 bits.
  x_ = std::make_unique<Buffer>(needed.x, 0, needed.purpose);
  if (needed.dy > 0) dy_ = std::make_unique<Buffer>(needed.dy, 0, needed.purpose);
  if (needed.a > 0) a_ = std::make_unique<Buffer>(needed.a, 0, needed.purpose);
  y_ = std::make_unique<Buffer>(needed.y, 2048, needed.purpose);
  position_.assign(blocks_.size(), 0);
  for (Job& job : jobs_) job.streams = job.kernel && streams(*job.kernel, arguments(job, 0, job.elements));
  for (const Cache& cache : machine.caches) cached_bytes_ = std::max(cached_bytes_, cache.bytes);
}

void tile(const std::vector<char>& pattern, char* to, std::size_t bytes) {
  for (std::size_t done = 0; done < bytes; done += pattern.size()) {
    std::memcpy(to + done, pattern.data(), std::min(pattern.size(), bytes - done));
  }
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
  if (dy_ && block.forward != nullptr && block.distribution == Distribution::target) {
    tile(pattern(block.type, Distribution::normal), dy_->data(), bytes);
    apply_rows(softmax_like(*block.forward), dy_->data(), nullptr, dy_->data(), job.elements / block.row, block.row);
  }
  if (a_) bring(*a_, 4);
  filled_with_ = key;
  filled_ = bytes;
}

/// Everything that a timed run should not meet for the first time: the arrays in the caches that can hold them, its
/// code and the branch predictor's memory of it.
void Session::warm(const Job& job) {
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

/// Of a call for n elements from one place of the arrays on.
Arguments Session::arguments(const Job& job, std::size_t position, std::size_t n) const {
  const std::size_t offset = position * size_of(job.kernel->type);
  const Multipliers multipliers = multipliers_of(*job.kernel);
  return {x_->data() + offset,   multipliers.dy ? dy_->data() + offset : nullptr, y_->data() + offset,   n,
          job.parameters.data(), multipliers.a ? a_->data() + offset : nullptr,   blocks_[job.block].row};
}

void Session::call(const Job& job) {
  const Block& block = blocks_[job.block];
  std::size_t& position = position_[job.block];
  if (position + job.call > job.elements) position = 0;
  if (job.kernel) {
    const Arguments piece = arguments(job, position, job.call);
    if (options_.threads > 1) return actbench::call(*job.kernel, piece);
    job.streams ? run_streaming(*job.kernel, piece) : job.kernel->run(piece);
  } else {
    const std::size_t half = block.bytes_per_element / 2;
    const std::size_t from = position * half, bytes = job.call * half;
    const unsigned count = sharing(bytes + bytes);
    const auto copy = [&](std::size_t begin, std::size_t end) {
      job.copy(y_->data() + from + begin, x_->data() + from + begin, end - begin);
    };
    count == 1 ? copy(0, bytes) : share(bytes, 4096, count, copy);
  }
  position += job.call;
}

void Session::calibrate() {
  const double wall_start = seconds(), clock_start = now();
  for (std::size_t i = 0; i < jobs_.size() && !stopped(); ++i) {
    Job& job = jobs_[i];
    report_progress(i, "calibrating " + job.title);
    Block& block = blocks_[job.block];
    pattern(block.type, block.distribution);  // made once, so no part of what a round costs
    const double start = now();
    bring_data(job);
    const double filled = now();
    warm(job);
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
  pace_ = std::max(1.0, (seconds() - wall_start) / std::max(1e-9, now() - clock_start));
}

void Session::time_one(benchmark::State& state, const Job& job) {
  bring_data(job);
  warm(job);
  for ([[maybe_unused]] auto _ : state) {
    call(job);
    benchmark::ClobberMemory();
  }
}

/// set_threads as long as it lives.
class SharedBy {
 public:
  explicit SharedBy(unsigned count) { set_threads(count); }
  ~SharedBy() { set_threads(before_); }
  SharedBy(const SharedBy&) = delete;
  SharedBy& operator=(const SharedBy&) = delete;

 private:
  const unsigned before_ = threads();
};

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
    if (options.threads > 1)
      throw Error("threads share calls of the CPU's kernels; those of a device are many as it is");
    return run_device_benchmarks(options, google);
  }
  const SharedBy threads(options.threads);
  BenchResult result = Session(options, google).measure();
  result.threads = options.threads;
  return result;
}

}  // namespace actbench::timing
