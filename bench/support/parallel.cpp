// SPDX-License-Identifier: Apache-2.0
#include "bench/support/parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "bench/support/locale.hpp"

namespace actbench::bench {

unsigned usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

unsigned thread_count(unsigned wanted, std::uint64_t items) {
  const std::uint64_t limit = std::max<std::uint64_t>(1, items);
  return static_cast<unsigned>(std::min<std::uint64_t>(wanted > 0 ? wanted : usable_cpus(), limit));
}

void parallel(std::uint64_t items, unsigned threads, const std::atomic<bool>* stop,
              const std::function<void(double fraction)>& progress,
              const std::function<void(unsigned thread, std::uint64_t item)>& work) {
  std::atomic<std::uint64_t> next{0}, done{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = threads;

  const auto run = [&](unsigned id) {
    take_default_float_state();
    const PlainLocale locale;
    try {
      for (std::uint64_t i; !failed && (i = next++) < items; ++done) {
        if (stop != nullptr && stop->load()) break;
        work(id, i);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  };
  {
    std::vector<std::jthread> pool;
    for (unsigned id = 0; id < threads; ++id) pool.emplace_back(run, id);
    std::unique_lock lock(mutex);
    while (running > 0) {
      changed.wait_for(lock, std::chrono::milliseconds(100));
      if (!progress || failed) continue;
      try {
        progress(items == 0 ? 1 : static_cast<double>(done) / static_cast<double>(items));
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  if (stop != nullptr && stop->load()) throw Interrupted();
}

}  // namespace actbench::bench
