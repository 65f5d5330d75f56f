// SPDX-License-Identifier: Apache-2.0
//
// The coefficients of a form for which its largest gap to gelu is smallest.
#pragma once

#include <string>
#include <vector>

#include "reference/curve.hpp"

namespace actbench::reference {

struct Minimax {
  Term term;                   ///< the form with its best coefficients
  double level = 0;            ///< the largest gap, as the search has it
  std::vector<double> places;  ///< x > 0 where it is reached
  int steps = 0;
  /// No coefficient lets any function of the form come closer than this. Proven for the value where one coefficient is
  /// free: the form rises with it at every x, so that a change in either direction makes the gap at one of the two
  /// places larger, where it lies above or below. 0 where nothing is proven: then no small change is better.
  double proven_least = 0;
};

/// form: as find_approximation has them; free: "c", "ac" for the tanh form, "b" for the other. derivative: the gap of
/// the derivatives instead. Throws Undecided where the search does not settle.
Minimax best_coefficients(const std::string& form, const std::string& free, bool derivative);

/// The largest gap for given coefficients, in doubles, over a grid and its refinement: what the search goes by.
double rough_largest_gap(const std::string& form, const std::vector<double>& parameters, bool derivative);

}  // namespace actbench::reference
