// SPDX-License-Identifier: Apache-2.0
//
// Other bits than those of the tier's first backend. Only accurate kernels promise that there are none.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>

#include "bench/faults/block.hpp"

namespace actbench::bench::faults::kinds {

struct backends {
  template <class U>
  static void in_block(const Block<U>& b, Faults& faults) {
    const bool promised = std::isfinite(b.subject.promised_ulp()) && b.subject.kernel->tier == Tier::accurate;
    for (const Side<U>& side : b.side) {
      if (side.twin == nullptr || std::memcmp(side.got, side.twin, b.n * sizeof(U)) == 0) continue;
      for (std::size_t i = 0; i < b.n; ++i) {
        if (side.got[i] != side.twin[i]) faults.add(side.x[i], b.layout.sign, side.got[i], side.twin[i], promised);
      }
    }
  }
};

}  // namespace actbench::bench::faults::kinds
