// SPDX-License-Identifier: Apache-2.0
#include "bench/score/part.hpp"

#include <algorithm>
#include <cmath>

#include "bench/faults/layout.hpp"
#include "bench/support/parallel.hpp"
#include "bench/sweep/block.hpp"

namespace actbench::bench::score {
namespace {

/// Elements of a part: whole units, and not so few that there are many parts.
std::uint64_t part_size(std::uint64_t n, std::uint64_t unit) {
  constexpr std::uint64_t usual = 16 * block_size, most_parts = 4096;
  const std::uint64_t wanted = std::max(usual, (n + most_parts - 1) / most_parts);
  return (wanted + unit - 1) / unit * unit;
}

/// Numbers of the type from one to the other; infinity where one is NaN.
double steps_between(const Layout& layout, std::uint64_t a, std::uint64_t b) {
  if (layout.is_nan(a) || layout.is_nan(b)) return HUGE_VAL;
  const auto from = static_cast<std::uint64_t>(layout.order(a)), to = static_cast<std::uint64_t>(layout.order(b));
  return static_cast<double>(layout.order(a) <= layout.order(b) ? to - from : from - to);
}

}  // namespace

double histogram_bound(std::size_t part) {
  if (part == 0) return 0;
  return part + 2 >= histogram_size ? HUGE_VAL : std::ldexp(1.0, static_cast<int>(part) - 2);
}

std::size_t histogram_part(double ulp) {
  if (!(ulp < HUGE_VAL)) return histogram_size - 1;
  std::size_t part = 0;
  while (ulp > histogram_bound(part)) ++part;
  return part;
}

void Part::merge(const Part& other, Type type) {
  tally.merge(other.tally);
  for (std::size_t i = 0; i < histogram_size; ++i) histogram[i] += other.histogram[i];
  score::merge(faults, other.faults, type);
  counts_up = counts_up && other.counts_up;
  Comparison& sum = against;
  const Comparison& more = other.against;
  if (more.different > 0) {
    if (sum.different == 0) sum.first = more.first;
    if (sum.different == 0 || more.most_steps > sum.most_steps) {
      sum.most_steps = more.most_steps;
      sum.widest = more.widest;
    }
  }
  sum.equal += more.equal;
  sum.different += more.different;
  sum.first_nearer += more.first_nearer;
  sum.other_nearer += more.other_nearer;
  sum.equally_near += more.equally_near;
  sum.other_misrounded += more.other_misrounded;
  sum.other_max_ulp = std::max(sum.other_max_ulp, more.other_max_ulp);
}

void compare(Comparison& c, Type type, std::uint64_t index, std::uint64_t y, std::uint64_t other, double error,
             double other_error) {
  const Layout layout(type);
  c.other_max_ulp = std::max(c.other_max_ulp, other_error);
  if (layout.canonical(y) == layout.canonical(other)) {
    ++c.equal;
    return;
  }
  const double steps = steps_between(layout, y, other);
  if (c.different++ == 0) {
    c.first = c.widest = index;
    c.most_steps = steps;
  } else if (steps > c.most_steps) {
    c.widest = index;
    c.most_steps = steps;
  }
  ++(error < other_error ? c.first_nearer : error > other_error ? c.other_nearer : c.equally_near);
}

unsigned threads_for(const Work& work, std::uint64_t unit) {
  const std::uint64_t size = part_size(work.arrays.n, unit);
  return thread_count(work.options.threads, (work.arrays.n + size - 1) / size);
}

Part in_parts(const Work& work, std::uint64_t unit,
              const std::function<void(unsigned, std::uint64_t, std::uint64_t, Part&)>& judge) {
  const std::uint64_t n = work.arrays.n, size = part_size(n, unit), count = (n + size - 1) / size;
  std::vector<Part> parts(count);
  parallel(count, threads_for(work, unit), work.options.stop, work.progress,
           [&](unsigned thread, std::uint64_t i) { judge(thread, i * size, std::min(n, (i + 1) * size), parts[i]); });
  Part sum;
  for (const Part& part : parts) sum.merge(part, work.claim.type);
  return sum;
}

}  // namespace actbench::bench::score
