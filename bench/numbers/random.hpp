// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "bench/numbers/mix.hpp"

namespace actbench {

/// splitmix64 (Steele, Lea, Flood 2014): the same numbers on every platform, which the standard's distributions and
/// std::shuffle do not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15u); }

  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  ///< in [0, 1)

  template <class Container>
  void shuffle(Container& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[next() % i]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace actbench
