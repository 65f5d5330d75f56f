// SPDX-License-Identifier: Apache-2.0
//
// A result that is not the right one: what the kinds of faults that concern single results look at.
#pragma once

#include <cstdint>

#include "bench/faults/findings.hpp"
#include "bench/faults/layout.hpp"

namespace actbench::bench::faults {

struct Difference {
  const Layout& layout;
  const FunctionTruth& truth;
  std::uint64_t got, right;  ///< patterns; every NaN is canonical

  std::uint64_t got_size() const { return layout.magnitude(got); }
  std::uint64_t right_size() const { return layout.magnitude(right); }
  /// Whether neither is NaN.
  bool numbers() const { return !layout.is_nan(got) && !layout.is_nan(right); }
};

/// Which promises exclude a fault of a single result: none; only that of correct rounding; or also a larger one, where
/// the result is off by more than it allows.
enum class Excluded : unsigned char { never, by_correct_rounding, beyond_promise };

}  // namespace actbench::bench::faults
