// SPDX-License-Identifier: Apache-2.0
//
// Rounding to a format and the spacing of its numbers, where the format is given as data.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/reference.hpp"

namespace actbench::reference {

inline double largest(const Format& f) { return std::ldexp(2 - std::ldexp(1.0, 1 - f.precision), f.max_exponent); }

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

}  // namespace actbench::reference
