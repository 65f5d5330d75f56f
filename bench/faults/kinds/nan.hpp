// SPDX-License-Identifier: Apache-2.0
//
// NaN where a number is right, and the reverse.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct nan {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.got_size() > d.layout.infinity; }
};

struct number_for_nan {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.right_size() > d.layout.infinity && d.got_size() <= d.layout.infinity;
  }
};

}  // namespace actbench::bench::faults::kinds
