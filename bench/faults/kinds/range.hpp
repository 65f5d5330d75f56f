// SPDX-License-Identifier: Apache-2.0
//
// Beyond the least or the greatest right result of the function.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

struct range {
  static constexpr Excluded excluded = Excluded::by_correct_rounding;
  static bool in_result(const Difference& d) {
    const auto order = [&](std::uint64_t pattern) { return d.layout.order(pattern); };
    return d.numbers() && (order(d.got) < order(d.truth.least) || order(d.got) > order(d.truth.greatest));
  }
};

}  // namespace actbench::bench::faults::kinds
