// SPDX-License-Identifier: Apache-2.0
#include "bench/inputs.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unordered_set>

#include "bench/types.hpp"

namespace actbench::bench {
namespace {

/// Steele, Lea, Flood: SplitMix64's finaliser.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

/// A permutation of the numbers of so many bits: every step (adding, multiplying by an odd number, a right shift added
/// in) can be undone.
inline std::uint64_t permute(std::uint64_t x, int width, std::uint64_t key) {
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  const int shift = width / 2 + 1;
  x = (x + key) * 0x9e3779b97f4a7c15 & mask;
  x ^= x >> shift;
  x = x * 0xd1342543de82ef95 & mask;
  x ^= x >> shift;
  return x;
}

}  // namespace

std::vector<std::uint64_t> special_inputs(Type type, std::span<const double> parameters) {
  const int fraction = fraction_bits(type);
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
  const std::uint64_t smallest_normal = std::uint64_t{1} << fraction;
  const std::uint64_t infinity = ((std::uint64_t{1} << exponent_bits(type)) - 1) << fraction;

  std::vector<std::uint64_t> patterns;
  std::unordered_set<std::uint64_t> seen;
  const auto add = [&](std::uint64_t pattern) {
    for (std::uint64_t p : {pattern, pattern ^ sign}) {
      if (seen.insert(p).second) patterns.push_back(p);
    }
  };
  const auto add_around = [&](std::uint64_t pattern, std::uint64_t reach) {
    pattern &= ~sign;
    add(pattern);
    for (std::uint64_t step = 1; step <= reach; ++step) {
      add(pattern + step);
      if (pattern >= step) add(pattern - step);
    }
  };

  add(0);
  add(infinity);
  for (std::uint64_t nan : {smallest_normal >> 1, std::uint64_t{1}, smallest_normal - 1, (smallest_normal >> 1) - 1}) {
    add(infinity | nan);  // quiet, signalling, and both with every bit of the payload
  }
  add_around(smallest_normal, 2);
  add_around(infinity - 1, 1);
  add_around(pattern_of(type, 1.0), 4);
  for (double p : parameters) {
    for (double related : {p, 1 / p, 1 + p, 1 - p}) {
      const double rounded = round_to(type, related);
      if (std::isfinite(rounded)) add_around(pattern_of(type, rounded), 8);
    }
  }
  for (int halves = 1; halves <= 256; ++halves) {
    const double value = round_to(type, halves * 0.5);
    if (value == halves * 0.5) add_around(pattern_of(type, value), 1);
  }
  for (std::uint64_t power = 1; power < smallest_normal; power <<= 1) {
    add_around(power, 1);
    for (std::uint64_t i = 1; i < 16; ++i) add(power | mix(power ^ i << 32) % power);
  }
  for (std::uint64_t power = smallest_normal; power < infinity; power += smallest_normal) add_around(power, 1);
  return patterns;
}

Inputs::Inputs(Type type, std::span<const double> parameters, std::uint64_t count, std::uint64_t seed) : type_(type) {
  if (bits_of(type) < 64 && count >= std::uint64_t{1} << bits_of(type)) {
    *this = all(type);
    return;
  }
  count_ = count;
  seed_ = mix(seed + 0x9e3779b97f4a7c15);
  special_ = special_inputs(type, parameters);
}

Inputs Inputs::all(Type type) {
  if (bits_of(type) > 32) throw std::logic_error("too many patterns for all of them");
  Inputs inputs;
  inputs.type_ = type;
  inputs.count_ = std::uint64_t{1} << bits_of(type);
  inputs.exhaustive_ = true;
  return inputs;
}

std::uint64_t Inputs::pattern(std::uint64_t index) const {
  if (exhaustive_) return index;
  if (index < special_.size()) return special_[index];
  index -= special_.size();
  const int fraction = fraction_bits(type_), strata_bits = bits_of(type_) - fraction;
  const std::uint64_t stratum = index & ((std::uint64_t{1} << strata_bits) - 1);
  return stratum << fraction | permute(index >> strata_bits, fraction, seed_ + stratum * 0x632be59bd9b4e019);
}

void Inputs::fill(std::uint64_t first, std::size_t n, void* array) const {
  if (type_ == Type::f32) {  // a loop that the compiler sees through
    auto* out = static_cast<std::uint32_t*>(array);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint32_t>(pattern(first + i));
    return;
  }
  for (std::size_t i = 0; i < n; ++i) set_pattern(type_, array, i, pattern(first + i));
}

}  // namespace actbench::bench
