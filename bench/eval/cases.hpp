// SPDX-License-Identifier: Apache-2.0
//
// The first step of eval: the texts of its inputs become numbers of each type.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"

namespace actbench::bench::eval {

/// The inputs as the command line has them. Element by element each x is an input of its own, dy and a go with all of
/// them, and are 1 where they are empty. Of a kernel over rows the x are the elements of one row; dy has one number
/// for each, with commas between them, and is 1 for all where it is empty.
struct Texts {
  std::vector<std::string> x;
  std::string dy, a;
};

/// What one table is about.
struct Case {
  std::vector<const Kernel*> kernels;  ///< of one activation, direction and type; at least one
  std::vector<double> parameters;
  std::vector<Point> elements;  ///< of a row, or the one input
};
struct Cases {
  std::vector<Case> all;           ///< at least one
  std::vector<std::string> notes;  ///< types that are left out, and why; then the notes of the choice
};

/// One case for each input (or for the row), direction and type that all the numbers fit. A bit pattern fits types of
/// its width, a number those in whose range it is. The kernels are of one activation. Throws UsageError where nothing
/// fits, and RangeError for a type that does not where types were asked for by name.
Cases read_cases(const Texts&, const Runnable&, std::span<const Setting>, bool types_by_name);

}  // namespace actbench::bench::eval
