// SPDX-License-Identifier: Apache-2.0
//
// Spurious underflow: zero where a normal number is right, or a subnormal one that was flushed; and the reverse.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct zero_for_normal {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.numbers() && d.got_size() == 0 && d.right_size() >= d.layout.smallest_normal;
  }
};

struct zero_for_subnormal {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.got_size() == 0 && d.right_size() != 0 && d.right_size() < d.layout.smallest_normal;
  }
};

struct number_for_zero {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.numbers() && d.right_size() == 0 && d.got_size() != 0; }
};

}  // namespace actbench::bench::faults::kinds
