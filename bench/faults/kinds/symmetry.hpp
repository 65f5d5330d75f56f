// SPDX-License-Identifier: Apache-2.0
//
// f(-x) other than -f(x) of an odd function, or than f(x) of an even one.
#pragma once

#include <cstddef>

#include "bench/faults/block.hpp"

namespace actbench::bench::faults::kinds {

struct symmetry {
  template <class U>
  static void in_block(const Block<U>& b, Faults& faults) {
    const auto& [positive, negative] = b.side;
    if (!(b.truth.odd || b.truth.even) || (positive.equal && negative.equal)) return;
    for (std::size_t i = 0; i < b.n; ++i) {
      std::uint64_t mirrored = negative.got[i];
      if (b.truth.odd && !b.layout.is_nan(mirrored)) mirrored ^= b.layout.sign;
      const bool zeros = b.layout.magnitude(mirrored) == 0 && b.layout.magnitude(positive.got[i]) == 0;
      if (mirrored != positive.got[i] && !zeros)
        faults.add(positive.x[i], b.layout.sign, positive.got[i], mirrored, b.rounds_correctly());
    }
  }
};

}  // namespace actbench::bench::faults::kinds
