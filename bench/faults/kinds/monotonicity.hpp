// SPDX-License-Identifier: Apache-2.0
//
// A step against the function's slope, to the next number that was looked at.
#pragma once

#include <cstddef>

#include "bench/faults/block.hpp"

namespace actbench::bench::faults::kinds {

struct monotonicity {
  /// Whether the step from one result to the next has another direction than the slope says.
  static bool against(const Layout& layout, Slope slope, std::uint64_t here, std::uint64_t next) {
    if (slope == Slope::any || layout.is_nan(here) || layout.is_nan(next)) return false;
    const std::int64_t step = layout.order(next) - layout.order(here);
    switch (slope) {
      case Slope::up:
        return step < 0;
      case Slope::down:
        return step > 0;
      default:
        return step != 0;
    }
  }

  template <class U>
  static void in_block(const Block<U>& b, Faults& faults) {
    for (const Side<U>& side : b.side) {
      if (side.equal) continue;
      for (std::size_t i = 0; i + 1 < b.count; ++i) {
        if (against(b.layout, side.slopes[i], side.got[i], side.got[i + 1]))
          faults.add(side.x[i + 1], b.layout.sign, side.got[i + 1], side.got[i], b.rounds_correctly());
      }
    }
  }
};

}  // namespace actbench::bench::faults::kinds
