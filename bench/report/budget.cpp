// SPDX-License-Identifier: Apache-2.0
#include "bench/report/budget.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "bench/support/errors.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// How much of the time that is left a measurement should take by what the one before says: it may take longer.
constexpr double cautious = 0.8;

}  // namespace

Budget::Budget(double seconds, Clock clock) : seconds_(seconds), clock_(std::move(clock)) {
  end_ = part_end_ = now() + seconds;
}

double Budget::now() const { return clock_ ? clock_() : steady_seconds(); }

void Budget::begin(double weight, double sum) {
  const double start = now();
  part_end_ = start + std::max(0.0, end_ - start) * (sum > 0 ? weight / sum : 1);
}

double Budget::left() const { return limited() ? part_end_ - now() : std::numeric_limits<double>::infinity(); }

Budget Budget::share(double fraction) const {
  Budget part = *this;
  if (limited()) part.end_ = part.part_end_ = now() + std::max(0.0, left()) * fraction;
  return part;
}

void Watch::look() {
  // A part that is late by a twentieth of all takes from those that come.
  if (stop_flag() || (may_end_ && budget_.left() < -0.05 * budget_.seconds())) stop_ = true;
}

std::uint64_t measure_within(const Budget& budget, std::uint64_t least, std::uint64_t most,
                             const std::function<void(std::uint64_t, Watch&)>& measure) {
  std::uint64_t inputs = budget.limited() ? std::min(least, most) : most;
  for (std::uint64_t before = 0;;) {
    const double start = budget.now();
    try {
      Watch watch(budget, before > 0);
      measure(inputs, watch);
    } catch (const Interrupted&) {
      if (before == 0 || stop_flag()) throw;
      return before;
    }
    const double taken = budget.now() - start, room = cautious * budget.left();
    before = inputs;
    for (double cost = 2 * taken; inputs < most && cost <= room; cost *= 2) inputs = std::min(2 * inputs, most);
    if (inputs == before) return inputs;
  }
}

}  // namespace actbench::bench
