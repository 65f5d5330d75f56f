// SPDX-License-Identifier: Apache-2.0
//
// The right results of a function.
#pragma once

#include <cstddef>
#include <vector>

#include "bench/sweep/sweep.hpp"
#include "reference/reference.hpp"

namespace actbench::bench::faults {

/// How many inputs are looked at together; all have one sign.
inline constexpr std::size_t block_size = 4096;

/// Knows the right results of a function, whose multipliers are 1 unless arrays of them are given. Each thread needs
/// one of its own.
class Oracle {
 public:
  /// The subject must outlive the oracle. Throws MissingError where the reference has no such function.
  explicit Oracle(const Subject& subject);

  /// Whether most results need no evaluation at high precision.
  bool is_quick() const { return quick_; }

  /// Correctly rounded results as patterns. A zero has the sign that the conventions give it; NaNs are quiet and
  /// positive. U holds a pattern: 8, 16, 32 or 64 bits.
  template <class U>
  void right(const InputArrays& inputs, U* y, std::size_t n);
  template <class U>
  void right(const U* x, U* y, std::size_t n) {
    right(InputArrays{x}, y, n);
  }

  reference::Exact exact(const Point& input) const;

 private:
  reference::InputArrays with_multipliers(const double* x) const;

  const Kernel& kernel_;
  const std::vector<double>& parameters_;
  const reference::Function* function_;
  const reference::Format* format_;
  bool quick_;
  std::vector<double> dy_ = std::vector<double>(block_size, 1.0), a_ = dy_, x_ = dy_, guess_ = dy_;
  std::vector<reference::Quick> quicks_ = std::vector<reference::Quick>(block_size);
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
};

}  // namespace actbench::bench::faults
