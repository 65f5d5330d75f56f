// SPDX-License-Identifier: Apache-2.0
//
// The wrong sign, of a number and of a zero.
#pragma once

#include "bench/faults/kinds/difference.hpp"

namespace actbench::bench::faults::kinds {

/// Neither result is zero.
struct sign {
  static constexpr Excluded excluded = Excluded::beyond_promise;
  static bool in_result(const Difference& d) {
    return d.numbers() && d.got_size() != 0 && d.right_size() != 0 && ((d.got ^ d.right) & d.layout.sign) != 0;
  }
};

/// A right zero with the other sign is listed, and is no error.
struct zero_sign {
  static constexpr Excluded excluded = Excluded::never;
  static bool in_result(const Difference& d) { return d.got_size() == 0 && d.right_size() == 0; }
};

}  // namespace actbench::bench::faults::kinds
