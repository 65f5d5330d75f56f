// SPDX-License-Identifier: Apache-2.0
//
// Every definition over intervals.
#pragma once

#include "reference/jet.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

/// anchor + rest hold the function and its derivatives over an open interval, or at a point. forked: comparisons were
/// not decided; then rest.c[0] is all that holds, and the anchor is 0.
struct Enclosed {
  Sum<Jet> sum;
  bool forked = false;
};

/// One of the activations' forward or derivative, or one of approximations.hpp. Throws std::invalid_argument for any
/// other function.
Enclosed enclose(const Function&, std::span<const double> parameters, const Interval& x);

}  // namespace actbench::reference
