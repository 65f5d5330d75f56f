// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/search.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "bench/numbers/random.hpp"
#include "bench/numbers/types.hpp"

namespace actbench::bench {
namespace {

/// A finite pattern of the same sign, at most 2^reach steps away.
std::uint64_t nudged(Type type, std::uint64_t pattern, int reach, Random& random) {
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
  const std::uint64_t largest = pattern_of(type, HUGE_VAL) - 1;
  const std::uint64_t magnitude = std::min(pattern & ~sign, largest), bits = random.next();
  const std::uint64_t step = 1 + (bits >> 1 & ((std::uint64_t{1} << reach) - 1));
  const std::uint64_t moved = bits & 1 ? std::min(largest, magnitude + step) : magnitude - std::min(magnitude, step);
  return (pattern & sign) | moved;
}

/// The input to try next. Every power of two up to 2^reach bounds the step equally often. Of a pair, x or the
/// multiplier moves, or both; of a triple, one multiplier stays while the other moves, in turns.
Point near(const Group& group, Point centre, int reach, std::uint64_t number, Random& random) {
  const auto some = [&] { return static_cast<int>(random.next() % static_cast<std::uint64_t>(reach + 1)); };
  const Multipliers m = group.multipliers;
  const std::uint64_t which = m.count() > 0 ? number % 4 : 0;
  std::uint64_t& moved = m.dy && !(m.a && (number >> 2) % 2 == 1) ? centre.dy : centre.a;
  if (which != 1) centre.x = nudged(group.type, centre.x, some(), random);
  if (which == 1 || which == 2) moved = nudged(group.type, moved, some(), random);
  if (which == 3) moved = nudged(group.type, moved, fraction_bits(group.type), random);
  return centre;
}

}  // namespace

Tally search_around(const WorstCase& start, const Group& group, const Subject& subject, std::uint64_t inputs,
                    std::uint64_t seed, const std::atomic<bool>* stop, Block& block) {
  constexpr std::uint64_t rounds = 16;  // each with a smaller reach than the one before
  const auto fraction = static_cast<std::uint64_t>(fraction_bits(group.type));
  Tally found;
  WorstCase centre = start;
  Random random(seed ^ start.index);
  std::vector<Point> points;
  std::uint64_t done = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const int reach = static_cast<int>(fraction * (rounds - round) / rounds);
    for (const std::uint64_t end = inputs * (round + 1) / rounds; done < end;) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) return found;
      points.resize(std::min<std::uint64_t>(block_size, end - done));
      for (std::size_t i = 0; i < points.size(); ++i) points[i] = near(group, centre.input, reach, done + i, random);
      block.load(group, done, points);
      found.merge(block.judge(subject, -1).tally);
      done += points.size();
      if (found.max_ulp() > centre.ulp) centre = found.worst[0];
    }
  }
  return found;
}

}  // namespace actbench::bench
