// SPDX-License-Identifier: Apache-2.0
//
// Independent pieces of work on several threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace actbench::bench {

/// The CPUs that this process may use, at least 1.
unsigned usable_cpus();

/// How many threads so many items are worth; wanted 0: as many as this process may use.
unsigned thread_count(unsigned wanted, std::uint64_t items);

/// Calls work(thread, item) once for every item below `items`, in any order, thread below `threads`. The calling thread
/// reports progress, where asked, now and then. An exception, of either, ends the work and is thrown again here; so
/// does `stop`, once set, as Interrupted.
void parallel(std::uint64_t items, unsigned threads, const std::atomic<bool>* stop,
              const std::function<void(double fraction)>& progress,
              const std::function<void(unsigned thread, std::uint64_t item)>& work);

}  // namespace actbench::bench
