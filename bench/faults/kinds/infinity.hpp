// SPDX-License-Identifier: Apache-2.0
//
// Spurious overflow: infinity where a finite number is right, and the reverse.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct infinity {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.got_size() == d.layout.infinity && d.right_size() < d.layout.infinity;
  }
};

struct finite_for_infinity {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.right_size() == d.layout.infinity && d.got_size() < d.layout.infinity;
  }
};

}  // namespace actbench::bench::faults::kinds
