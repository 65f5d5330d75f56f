// SPDX-License-Identifier: Apache-2.0
//
// A function as its right results show it: a sample of them, and between extrema the slope. U holds a pattern.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/faults/findings.hpp"

namespace actbench::bench::faults {

/// How results change from number to number, away from zero, within a stretch between extrema.
enum class Slope : signed char { down = -1, flat, up, any };  ///< any: around an extremum

struct Stretch {
  std::uint64_t from;  ///< magnitude
  Slope slope;
};

/// Magnitudes in ascending order, and the right results at them: [0] with positive, [1] with negative sign.
template <class U>
struct Sample {
  std::vector<U> magnitudes;
  std::array<std::vector<U>, 2> right;

  /// How many of the magnitudes are not NaN.
  std::size_t numbers(const Layout& layout) const {
    const auto end = std::upper_bound(magnitudes.begin(), magnitudes.end(), static_cast<U>(layout.infinity));
    return static_cast<std::size_t>(end - magnitudes.begin());
  }
};

template <class U>
struct FunctionShape {
  Sample<U> sample;
  std::array<std::vector<Stretch>, 2> stretches;  ///< of the positive and of the negative half-axis
  FunctionTruth truth;
};

/// The magnitudes that kernels are tried at, in ascending order: a sample's, or every one of the type.
template <class U>
class Magnitudes {
 public:
  Magnitudes(const Sample<U>& sample, bool all, const Layout& layout)
      : sample_(sample), all_(all), sign_(layout.sign) {}

  /// Whether these are all of the type. Their right results are computed anew then, block by block.
  bool all() const { return all_; }
  std::uint64_t size() const { return all_ ? sign_ : sample_.magnitudes.size(); }
  std::uint64_t operator[](std::uint64_t index) const {
    return all_ ? index : sample_.magnitudes[static_cast<std::size_t>(index)];
  }

 private:
  const Sample<U>& sample_;
  bool all_;
  std::uint64_t sign_;
};

/// The first magnitude above low at which the condition holds. It does not hold at low, and holds at high; in between
/// it changes once.
template <class Condition>
std::uint64_t first_where(std::uint64_t low, std::uint64_t high, Condition condition) {
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (condition(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace actbench::bench::faults
