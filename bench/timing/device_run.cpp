// SPDX-License-Identifier: Apache-2.0
//
// A device's kernels. Other than with the CPU's (run.cpp):
// - Its own events time it, so that what the host does in between does not count.
// - Warm: a timed run is a row of calls between two events. Cold: the L2 is filled with something else before each
//   call, which is timed alone.
// - Arrays are passed through whole: their size decides how much of the device a call can use.
// - The ceiling is the device's own copy, of as many bytes as the kernel reads and writes, in the same state of the L2
//   and in the same round.
#include "bench/timing/device_run.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <tuple>

#include "actbench/cuda.hpp"
#include "bench/timing/rounds.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::timing {
namespace {

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

class DeviceSession final : public Rounds {
 public:
  DeviceSession(const BenchOptions& options, const GoogleArguments& google) : Rounds(options, google, Timer::device) {
    plan();
  }

 private:
  void plan();
  void prepare(BenchResult&) override;
  void calibrate() override;
  void time_one(benchmark::State&, const Job&) override;
  void finish(BenchResult&) override;
  void fill_array(DeviceArray&, Type, Distribution, std::size_t bytes, std::size_t skip);
  void bring_data(const Job&);
  void call(const Job&);
  void cool();
  double timed(const Job&, std::size_t calls);
  void launches(DeviceRecord&);

  cuda::Device device_;
  std::unique_ptr<DeviceArray> x_, dy_, a_, y_, other_;
  std::tuple<Type, Distribution, const Kernel*, std::size_t> filled_with_{};
  std::size_t filled_ = 0;  ///< bytes of x that hold it
  cuda::Stopwatch stopwatch_;
};

void DeviceSession::plan() {
  const GoogleFilter picked(google_.filter);
  for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
    std::map<std::tuple<std::size_t, Type, Distribution, std::size_t, const Kernel*, bool>, std::size_t> known;
    for (const auto& [kernel, row] : subjects(options_.sizes[s])) {
      for (const Distribution distribution : options_.distributions) {
        for (const bool cold : {false, true}) {
          Job job = kernel_job(*kernel, row, options_.sizes[s], distribution);
          job.title += cold ? "/cold" : "/warm";
          if (!picked(job.title)) continue;
          const std::size_t bytes = bytes_per_element(*kernel);
          const auto [place, fresh] =
              known.try_emplace({bytes, kernel->type, distribution, row, forward_of(*kernel), cold}, blocks_.size());
          if (fresh) {
            blocks_.push_back({s, bytes, kernel->type, distribution, row, forward_of(*kernel), cold});
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
  check_any();
}

void DeviceSession::prepare(BenchResult& result) {
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
  const Arrays needed = arrays();
  x_ = std::make_unique<DeviceArray>(needed.x, needed.purpose);
  dy_ = std::make_unique<DeviceArray>(needed.dy, needed.purpose);
  a_ = std::make_unique<DeviceArray>(needed.a, needed.purpose);
  y_ = std::make_unique<DeviceArray>(needed.y, needed.purpose);
  other_ = std::make_unique<DeviceArray>(std::max<std::size_t>(device_.l2_bytes, 1) * 2, "clearing the L2");
  launches(record);
}

void DeviceSession::finish(BenchResult& result) { result.device->after = read_gpu(device_.bus); }

/// Fills an array with a pattern that is repeated, from a place in it on: what is there already is copied behind it.
void DeviceSession::fill_array(DeviceArray& array, Type type, Distribution distribution, std::size_t bytes,
                               std::size_t skip) {
  const std::vector<char>& data = pattern(type, distribution);
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
  const std::tuple key{block.type, block.distribution, block.forward, block.forward != nullptr ? block.row : 0};
  const std::size_t bytes = job.elements * size_of(block.type);
  if (filled_with_ == key && filled_ >= bytes) return;
  fill_array(*x_, block.type, block.distribution, bytes, 0);
  if (block.forward != nullptr) {
    block.forward->run({x_->data(), nullptr, x_->data(), job.elements, nullptr, nullptr, block.row});
    check(cuda::last_error(), identity(*block.forward));
    check(cuda::wait(), identity(*block.forward));
  }
  // The values of x would do, but not beside the same ones.
  const std::size_t half = pattern_elements / 2 * size_of(block.type), quarter = half / 2;
  if (dy_->size() > 0) fill_array(*dy_, block.type, Distribution::normal, bytes, half);
  if (dy_->size() > 0 && block.forward != nullptr && block.distribution == Distribution::target) {
    const Kernel& softmax = softmax_like(*block.forward);
    fill_array(*dy_, block.type, Distribution::normal, bytes, 0);
    softmax.run({dy_->data(), nullptr, dy_->data(), job.elements, nullptr, nullptr, block.row});
    check(cuda::last_error(), identity(softmax));
    check(cuda::wait(), identity(softmax));
  }
  if (a_->size() > 0) fill_array(*a_, block.type, Distribution::normal, bytes, quarter);
  filled_with_ = key;
  filled_ = bytes;
}

void DeviceSession::call(const Job& job) {
  if (job.kernel) {
    const Multipliers multipliers = multipliers_of(*job.kernel);
    job.kernel->run({x_->data(), multipliers.dy ? dy_->data() : nullptr, y_->data(), job.elements,
                     job.parameters.data(), multipliers.a ? a_->data() : nullptr, blocks_[job.block].row});
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
  one.elements = std::max<std::size_t>(1, blocks_[one.block].row);
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
  const double begin = seconds();
  bring_data(jobs_[0]);
  while (seconds() - begin < warm_up_s && !stopped()) {
    call(jobs_[0]);
    check(cuda::wait(), jobs_[0].name);
  }
  for (std::size_t i = 0; i < jobs_.size() && !stopped(); ++i) {
    Job& job = jobs_[i];
    report_progress(i, "calibrating " + job.title);
    bring_data(job);
    timed(job, 1);  // its code is loaded
    job.call_s = std::max(1e-7, timed(job, warm_up_calls) / static_cast<double>(warm_up_calls));
    // Of the wall clock, about: a cold call also fills the L2, and waits for its event.
    constexpr double filling_s = 1e-4, overhead_s = 1e-4;
    job.between_s = blocks_[job.block].cold ? filling_s : 0;
    job.prepare_s = overhead_s + job.call_s + job.between_s;
  }
}

/// For Google Benchmark one iteration of the device's seconds for a call.
void DeviceSession::time_one(benchmark::State& state, const Job& job) {
  bring_data(job);
  timed(job, 1);
  for ([[maybe_unused]] auto _ : state)
    state.SetIterationTime(timed(job, job.iterations) / static_cast<double>(job.iterations));
}

}  // namespace

std::vector<Size> default_device_sizes() {
  constexpr std::size_t most_bytes = 6 * sizeof(double);  // an element's: four arrays of a gated unit, two of the copy
  cuda::Device device;
  const bool known = cuda::describe(device) == nullptr;
  std::vector<Size> sizes;
  for (const int exponent : {12, 16, 20, 24, 28}) {
    const std::size_t elements = std::size_t{1} << exponent;
    if (sizes.empty() || !known || elements * most_bytes + 2 * device.l2_bytes <= device.free_bytes)
      sizes.push_back({std::to_string(elements), 0, elements});
  }
  return sizes;
}

BenchResult run_device_benchmarks(const BenchOptions& options, const GoogleArguments& google) {
  return DeviceSession(options, google).measure();
}

}  // namespace actbench::timing
