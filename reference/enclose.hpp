// SPDX-License-Identifier: Apache-2.0
//
// Every definition over intervals.
#pragma once

#include "reference/jet.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

/// anchor + rest hold the function and its derivatives over an open interval, or at a point. forked: some comparisons
/// were not decided; then only rest.c[0] holds, and the anchor is 0.
struct Enclosed {
  Anchored<Jet> sum;
  bool forked = false;
};

/// Takes an activation's forward or derivative, or one of approximations.hpp. Throws std::invalid_argument for any
/// other function.
Encloser encloser_of(const Function&);
Enclosed enclose(const Function&, std::span<const double> parameters, const Interval& x);

/// At a point where pieces meet, the derivatives are those of the piece on its right (side 1) or on its left (-1).
/// Comparisons that an interval leaves undecided go to `switches`. Coefficients are computed up to `order` >= 1.
Enclosed enclose(Encloser, std::span<const double> parameters, const Interval& x, int side = 0,
                 int order = highest_order, std::vector<Switch>* switches = nullptr);

}  // namespace actbench::reference
