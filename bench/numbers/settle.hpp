// SPDX-License-Identifier: Apache-2.0
//
// The easy outputs of a sweep, settled many at a time: those that equal the exact value rounded, where the quick
// reference decides what that is. All others are left to reference::judge.
#pragma once

#include <cstddef>
#include <cstdint>

#include "actbench/kernels.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// Of Tally::error_sum: sums of errors are whole numbers of these, so that their order does not matter.
inline constexpr double error_unit = 0x1p-32;

struct Settled {
  std::size_t open = 0;          ///< how many are left
  std::uint64_t error_sum = 0;   ///< of those settled, in error units
  std::uint64_t zero_signs = 0;  ///< right zeros of the other sign
  double max = 0;                ///< the largest error of those settled
};

/// got: the outputs as doubles. error: where settled, the error by that measure, at most 0.5; -1 elsewhere. n: at most
/// 2^20. type: f32, f16 or bf16.
Settled settle(Type, reference::Ulp, const reference::QuickArrays&, const double* got, std::size_t n, double* error);

}  // namespace actbench::bench
