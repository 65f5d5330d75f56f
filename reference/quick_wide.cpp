// SPDX-License-Identifier: Apache-2.0
//
// The quick values of f64: the definitions themselves, over Wide.
#include <cmath>
#include <limits>

#include "reference/activations.hpp"
#include "reference/function.hpp"
#include "reference/wide.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The value where no input is NaN. Infinite inputs are left to Exact: a sweep meets few.
template <class Direction, class Activation>
Quick value(const double (&in)[3], const Wide* p) {
  constexpr Quick ask_exact{0, 0, infinity};
  for (const double v : in) {
    if (std::isinf(v)) return ask_exact;
  }
  const Anchored<Wide> factor = Direction::template factor<Activation>(Wide(in[0]), p);
  if constexpr (Direction::multipliers == 0) {
    return quick_of(factor);
  } else {
    if ((in[1] == 0 || in[2] == 0) && !sign_known(factor)) return ask_exact;
    const Wide multiplier = Direction::multipliers == 1 ? Wide(in[1]) : Wide(in[1]) * Wide(in[2]);
    return quick_of(directions::gradient(Wide(in[0]), multiplier, factor));
  }
}

template <class Direction, class Activation>
void loop(const InputArrays& arrays, Quick* out, std::size_t n, const double* parameters) {
  Wide p[Activation::parameters + 1];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  for (std::size_t i = 0; i < n; ++i) {
    double in[3] = {arrays.x[i], 1, 1};
    for (std::size_t m = 0; m < Direction::multipliers; ++m) in[1 + m] = arrays.multiplier[m][i];
    const bool any_nan = std::isnan(in[0]) || std::isnan(in[1]) || std::isnan(in[2]);
    out[i] = any_nan ? Quick{nan, 0, 0} : value<Direction, Activation>(in, p);
  }
}

struct Maker {
  template <class Direction, class Activation>
  static constexpr WideLoop make() {
    return &loop<Direction, Activation>;
  }
};

}  // namespace

#define ACTBENCH_ROW(name) each_direction<WideLoop, Maker, activations::name>(),
extern const EachDirection<WideLoop> wide_loops[];
const EachDirection<WideLoop> wide_loops[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

}  // namespace actbench::reference
