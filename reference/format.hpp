// SPDX-License-Identifier: Apache-2.0
//
// Rounding to a format and the spacing of its numbers, where the format is given as data.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "reference/reference.hpp"

namespace actbench::reference {

/// Formats of 8 bits. e4m3 is the one without infinities, which has its NaN where its largest number would be; what
/// rounds beyond the largest number counts as infinite here.
inline constexpr Format f8_e4m3fn{"f8_e4m3fn", 4, -6, 8};
inline constexpr Format f8_e5m2{"f8_e5m2", 3, -14, 15};

inline double largest(const Format& f) {
  if (f.precision == f8_e4m3fn.precision) return 448;
  return std::ldexp(2 - std::ldexp(1.0, 1 - f.precision), f.max_exponent);
}

/// log2 of the distance between the format's numbers where the binary exponent is `exponent`.
inline int spacing_exponent(const Format& f, long exponent) {
  return static_cast<int>(std::max<long>(exponent, f.min_exponent)) - f.precision + 1;
}

/// The nearest number of the format, ties to even; infinity from half a spacing above the largest on. The precision
/// of the format must be below 53, or v a number of its precision already.
inline double round_to(const Format& f, double v) {
  if (v == 0 || !std::isfinite(v)) return v;
  const int quantum = spacing_exponent(f, std::ilogb(v));
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(v, -quantum)), quantum);
  return std::abs(rounded) > largest(f) ? std::copysign(std::numeric_limits<double>::infinity(), v) : rounded;
}

/// Where a number of the format stands among them, zero at 0, infinity next to the largest.
inline std::int64_t ordinal(const Format& f, double v) {
  if (v == 0) return 0;
  const std::int64_t binade = std::int64_t{1} << (f.precision - 1);
  const double size = std::abs(v);
  std::int64_t place = 0;
  if (std::isinf(v)) {
    place = ordinal(f, largest(f)) + 1;
  } else if (const int exponent = std::ilogb(v); exponent < f.min_exponent) {
    place = static_cast<std::int64_t>(std::ldexp(size, f.precision - 1 - f.min_exponent));
  } else {
    place =
        (exponent - f.min_exponent) * binade + static_cast<std::int64_t>(std::ldexp(size, f.precision - 1 - exponent));
  }
  return v < 0 ? -place : place;
}

/// Numbers of the format from a to b.
inline double steps_between(const Format& f, double a, double b) {
  const auto from = static_cast<std::uint64_t>(ordinal(f, a)), to = static_cast<std::uint64_t>(ordinal(f, b));
  const bool forwards = ordinal(f, a) <= ordinal(f, b);
  return static_cast<double>(forwards ? to - from : from - to);
}

}  // namespace actbench::reference
