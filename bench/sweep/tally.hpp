// SPDX-License-Identifier: Apache-2.0
//
// What a kernel did over a set of inputs, as counts and a list of the worst. Tallies add up exactly: the sum does not
// depend on how the inputs were divided, nor on the order of the parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/numbers/inputs.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// One input with a large error, and what the kernel made of it. Numbers are bit patterns.
struct WorstCase {
  double ulp;           ///< the error, by the sweep's measure
  std::uint64_t index;  ///< number of the input
  Point input;
  std::uint64_t output;
  std::uint32_t region;  ///< sign and exponent of x
};

/// "Right" is the exact value rounded to nearest, ties to even.
struct Tally {
  std::uint64_t inputs = 0;
  /// The result is not right. The sign of a zero and the payload of a NaN do not count.
  std::uint64_t not_correctly_rounded = 0;
  std::uint64_t above_one_ulp = 0;  ///< by the sweep's measure
  /// The result is zero and right is another number, or the reverse. Exact values within 2^-8 ULP of halfway between
  /// zero and the least number do not count: a promise of 0.502 ULP allows either result there.
  std::uint64_t wrong_zeros = 0;
  /// The result is infinite and right is finite, or the reverse, or the sign of an infinity is wrong.
  std::uint64_t wrong_infinities = 0;
  std::uint64_t wrong_nans = 0;     ///< the result is NaN and right is a number, or the reverse
  std::uint64_t zero_signs = 0;     ///< the result is the right zero with the other sign
  std::uint64_t unmeasurable = 0;   ///< infinite errors, which the mean leaves out
  unsigned __int128 error_sum = 0;  ///< of finite errors, in units of 2^-32 ULP
  double max_goldberg = 0.5;        ///< the largest error in Goldberg's ulp, which promises are in; at least 0.5
  /// The worst first; of equal errors the first input comes first. A region of x has one place at most, so that the
  /// cases lie apart. Empty without inputs.
  std::vector<WorstCase> worst;
  static constexpr std::size_t worst_kept = 8;

  double max_ulp() const { return worst.empty() ? 0 : worst[0].ulp; }
  double mean_ulp() const;
  void take(const WorstCase&);
  /// Associative and commutative.
  void merge(const Tally&);
};

/// Counts the faults of one result; the caller adds up errors and the worst.
void count(Tally&, double got, const reference::Judgement&);
/// Adds the error of one result, as measured, to the sum that the mean is made of; infinite ones are counted apart.
void add_error(Tally&, double ulp);

}  // namespace actbench::bench
