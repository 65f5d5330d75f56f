// SPDX-License-Identifier: Apache-2.0
//
// The truth for activations over rows: softmax, its logarithm, and softmin, which is softmax(-x). forward is of a row
// x; backward, of y (the result of forward) and dy, is y·(dy - Σ dy·y) for softmax, its negative for softmin, and
// dy - e^y·Σ dy for the logarithm.
//
// A row with a NaN or +inf (softmin: -inf), or of -inf alone, is NaN. Else an element -inf gives 0, its logarithm -inf.
// Backward with infinite numbers is what IEEE arithmetic makes of the exact terms: infinity·0 and infinity - infinity
// are NaN.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "reference/reference.hpp"

namespace actbench::reference {

/// Whether an activation is over rows, and has that direction.
bool is_row_function(std::string_view activation, std::string_view direction) noexcept;

/// One row, its every element evaluated exactly. For one thread: answers refine what it holds.
class ExactRow {
 public:
  /// x: numbers of the format, at least one; of backward, y. dy: as many for backward, none for forward. Throws
  /// std::invalid_argument.
  ExactRow(std::string_view activation, std::string_view direction, const Format&, std::span<const double> x,
           std::span<const double> dy = {});
  ~ExactRow();
  ExactRow(ExactRow&&) noexcept;
  ExactRow& operator=(ExactRow&&) noexcept;

  std::size_t size() const;
  /// The answers for element i, as Exact has them for a function.
  double rounded(std::size_t i) const;
  double ulp_error(std::size_t i, double computed, Ulp = Ulp::goldberg) const;
  std::string decimal(std::size_t i, int digits) const;

  /// computed[i] is the result for element i: as judge() for functions. A quick evaluation with a bound on its error
  /// decides most, in about a microsecond each.
  void judge(const double* computed, Judgement* out, Ulp measure = Ulp::goldberg) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace actbench::reference
