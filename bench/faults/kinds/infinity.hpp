// SPDX-License-Identifier: Apache-2.0
//
// Spurious overflow: infinity where a finite number is right, and the reverse.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct infinity {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.layout.is_infinite(d.got) && d.layout.is_finite(d.right); }
};

struct finite_for_infinity {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) { return d.layout.is_infinite(d.right) && d.layout.is_finite(d.got); }
};

}  // namespace actbench::bench::faults::kinds
