// SPDX-License-Identifier: Apache-2.0
//
// What claims are computed from, where the reference knows it.
#pragma once

#include <utility>
#include <vector>

#include "reference/curve.hpp"

namespace actbench::bench::claim_parts {

/// The exact value rounded to f64. p: the activation's parameters.
double exact(const char* activation, const char* direction, double x, const std::vector<double>& p = {});

/// A value that is off by about 2^-98 of itself; error bounds it.
struct Precise {
  long double value, error;
};
Precise precise(const char* activation, const char* direction, double x, const std::vector<double>& p = {});

/// Zero, and numbers of both signs whose base-2 logarithms are evenly apart between these: inputs of every size that
/// matters to values near 1.
std::vector<double> spread_inputs(double from_exponent = -20, double to_exponent = 9);

/// The extremes of f' in [from, to]: it takes them on at the ends, or where f'' is zero.
std::pair<double, double> slope_range(const char* activation, double from, double to);

/// f - g, of two activations without parameters.
reference::Curve difference(const char* f, const char* g, const char* direction);

/// How many operations the activation's definition takes at x, with the default parameters.
double operations(const char* activation, double x = 1.25);

}  // namespace actbench::bench::claim_parts
