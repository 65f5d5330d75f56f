// SPDX-License-Identifier: Apache-2.0
//
// What one kernel made of a block of inputs, beside what is right. U holds a pattern; NaNs among results are canonical.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "bench/faults/findings.hpp"
#include "bench/faults/shape.hpp"

namespace actbench::bench::faults {

/// The block's magnitudes with one sign.
template <class U>
struct Side {
  const U *x, *right, *got;
  const U* twin;        ///< results of the tier's first backend; null for that backend itself
  const Slope* slopes;  ///< from each input to the next
  bool equal;           ///< every result is right
};

template <class U>
struct Block {
  const Subject& subject;
  const Layout& layout;
  const FunctionTruth& truth;
  std::uint64_t first;          ///< index of the first magnitude
  std::size_t n;                ///< how many are judged
  std::size_t count;            ///< with the one that follows: a step leads from the last to it
  const U* magnitudes;          ///< ascending
  std::array<Side<U>, 2> side;  ///< of positive and of negative inputs

  /// Whether the kernel promises that results are rounded correctly.
  bool rounds_correctly() const { return subject.promised_ulp() <= 0.5; }
};

}  // namespace actbench::bench::faults
