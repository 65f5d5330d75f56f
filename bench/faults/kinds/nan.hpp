// SPDX-License-Identifier: Apache-2.0
//
// NaN where a number is right, and the reverse.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct nan {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.layout.is_nan(d.got); }
};

struct number_for_nan {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.layout.is_nan(d.right) && !d.layout.is_nan(d.got); }
};

}  // namespace actbench::bench::faults::kinds
