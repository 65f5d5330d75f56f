// SPDX-License-Identifier: Apache-2.0
//
// What inputs are like: the kinds of numbers that --like names, for arrays of any length.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// normal: N(0, σ²), σ = 3 unless given. mixed: N(0, 3²), but one number in 64 subnormal. subnormal: uniform over the
/// subnormal numbers, both signs. wide: log-uniform over every binade of the type, subnormals too, both signs. tail:
/// where results are tiny or saturated. constant: 1 unless given. target: N(0, 3²), and where a row's gradient takes
/// dy, that is softmax of the row: a soft target that has been met, for which gradients cancel; elsewhere as normal.
/// uniform: from a bound to another. bits: every bit pattern as likely, infinities and NaNs too. special: the numbers
/// at which implementations break (special_inputs), in turns, infinities and NaNs too. file: those of a file in its
/// order, from a place on that the seed draws, and again from its beginning; rounded to the type, so that what is
/// beyond its largest number becomes an infinity.
struct Distribution {
  enum class Kind : unsigned char {
    normal,
    mixed,
    subnormal,
    wide,
    tail,
    constant,
    target,
    uniform,
    bits,
    special,
    file
  };
  Kind kind;
  double first = 0, second = 0;  ///< σ; the bounds; the constant; 0 where the kind takes none
  std::size_t file = 0;          ///< of Kind::file: the number of its values (file_values.hpp)
  auto operator<=>(const Distribution&) const = default;

  static const Distribution normal, mixed, subnormal, wide, tail, constant, target, bits, special;
};
inline constexpr Distribution Distribution::normal{Kind::normal, 3}, Distribution::mixed{Kind::mixed},
    Distribution::subnormal{Kind::subnormal}, Distribution::wide{Kind::wide}, Distribution::tail{Kind::tail},
    Distribution::constant{Kind::constant, 1}, Distribution::target{Kind::target}, Distribution::bits{Kind::bits},
    Distribution::special{Kind::special};

/// What "all" stands for.
inline constexpr Distribution all_distributions[] = {Distribution::normal, Distribution::mixed, Distribution::subnormal,
                                                     Distribution::wide,   Distribution::tail,  Distribution::constant,
                                                     Distribution::target};

/// "normal", "normal:1", "uniform:-10:10", "x.npy": as --like takes it.
std::string text_of(const Distribution&);

/// One of these, or a file: a name that ends in .npy. Throws UsageError.
Distribution parse_distribution(std::string_view text);
/// "normal,wide", "normal,x.npy" or "all". Throws UsageError.
std::vector<Distribution> parse_distributions(std::string_view text);

/// Fills n elements of a type; finite but for bits, special and file; the same values for the same seed everywhere.
/// Throws UsageError where a bound or a constant is beyond the type's largest number.
void fill(Type, const Distribution&, std::uint64_t seed, void* data, std::size_t n);

}  // namespace actbench::bench
