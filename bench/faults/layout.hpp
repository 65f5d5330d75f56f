// SPDX-License-Identifier: Apache-2.0
//
// The numbers of a type as bit patterns: their order, and their kinds.
#pragma once

#include <cmath>
#include <cstdint>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/types.hpp"

namespace actbench::bench {

/// Kinds of results, in the order of numbers; NaN comes last.
enum class Kind : signed char {
  minus_infinity = -3,
  minus_normal,
  minus_subnormal,
  zero,
  subnormal,
  normal,
  infinity,
  nan
};

/// Where a type's sign, infinity and normal numbers lie among its patterns.
struct Layout {
  std::uint64_t sign;
  std::uint64_t infinity;  ///< the pattern after the largest number's; in a type without infinities it is NaN
  std::uint64_t smallest_normal;
  bool infinity_is_nan;

  explicit Layout(Type type)
      : sign(std::uint64_t{1} << (bits_of(type) - 1)),
        infinity(pattern_of(type, HUGE_VAL)),
        smallest_normal(std::uint64_t{1} << fraction_bits(type)),
        infinity_is_nan(!has_infinity(type)) {}

  std::uint64_t magnitude(std::uint64_t p) const { return p & ~sign; }
  bool is_nan(std::uint64_t p) const { return magnitude(p) > infinity - infinity_is_nan; }
  bool is_infinite(std::uint64_t p) const { return magnitude(p) == infinity && !infinity_is_nan; }
  bool is_finite(std::uint64_t p) const { return magnitude(p) < infinity; }
  std::uint64_t quiet_nan() const { return infinity | smallest_normal >> 1; }
  /// Every NaN becomes the quiet positive one.
  std::uint64_t canonical(std::uint64_t p) const { return is_nan(p) ? quiet_nan() : p; }
  /// Grows with the number; both zeros have 0.
  std::int64_t order(std::uint64_t p) const {
    const auto size = static_cast<std::int64_t>(magnitude(p));
    return (p & sign) != 0 ? -size : size;
  }
  Kind kind(std::uint64_t p) const {
    const std::uint64_t m = magnitude(p);
    if (is_nan(p)) return Kind::nan;
    const int size = m == 0 ? 0 : m < smallest_normal ? 1 : m < infinity ? 2 : 3;
    return static_cast<Kind>((p & sign) != 0 ? -size : size);
  }
};

/// Grows with the input; -0 comes before 0, and NaNs lie beyond the infinities of their sign.
inline std::int64_t place(std::uint64_t input, std::uint64_t sign) {
  const auto size = static_cast<std::int64_t>(input & ~sign);
  return (input & sign) != 0 ? -size - 1 : size;
}

}  // namespace actbench::bench
