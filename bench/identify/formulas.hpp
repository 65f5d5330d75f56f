// SPDX-License-Identifier: Apache-2.0
//
// The formulas that outputs may have been made by: every function of the table at any parameters, and what libraries
// and models make of them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench::identify {

/// Inputs as numbers; dy and a are null where there are none.
struct Data {
  Type type;
  const double* x;
  const double* dy;
  const double* a;
  std::size_t n;
};

/// A parameter that is not known: values that are usual, the first of which is the default, and a range to search.
struct Free {
  std::string name;
  std::vector<double> usual;
  double low, high;
};

struct Formula {
  std::string name;  ///< "swish"; a table's activation with its other names: "gelu_tanh (gelu_new)"
  std::string text;  ///< "x·σ(βx)"
  std::vector<Free> parameters;
  /// out[i] for every input; values are not rounded to the type. False: these parameters are outside the domain.
  std::function<bool(const Data&, const double* parameters, double* out)> evaluate;
};

/// Those that take what is at hand: dy or a.
std::vector<Formula> formulas(Direction, Type, bool has_a);

}  // namespace actbench::bench::identify
