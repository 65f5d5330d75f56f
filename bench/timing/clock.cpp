// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/clock.hpp"

#include <time.h>

#include <chrono>

namespace actbench::timing {

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

bool cpu_clock_is_fine() {
  using Clock = std::chrono::steady_clock;
  const double first = thread_cpu_seconds();
  const auto start = Clock::now();
  while (Clock::now() - start < std::chrono::milliseconds(2)) {
    const double later = thread_cpu_seconds();
    if (later > first && later - first < 2e-5) return true;
  }
  return false;
}

}  // namespace actbench::timing
