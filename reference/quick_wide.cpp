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

/// Where there is no NaN. An infinite input is left to Exact: a sweep meets few.
template <class Direction, class Activation>
Quick value(double x, double dy, const Wide* p) {
  constexpr Quick ask_exact{0, 0, infinity};
  if (std::isinf(x) || std::isinf(dy)) return ask_exact;
  const Sum<Wide> factor = Direction::template factor<Activation>(Wide(x), p);
  if constexpr (Direction::inputs == 1) {
    return quick_of(factor);
  } else {
    if (dy == 0 && !sign_known(factor)) return ask_exact;
    return quick_of(directions::gradient(Wide(x), Wide(dy), factor));
  }
}

template <class Direction, class Activation>
void loop(const double* x, const double* dy, Quick* out, std::size_t n, const double* parameters) {
  Wide p[Activation::parameters + 1];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  for (std::size_t i = 0; i < n; ++i) {
    const double from_above = Direction::inputs == 2 ? dy[i] : 1.0;
    out[i] = std::isnan(x[i]) || std::isnan(from_above) ? Quick{nan, 0, 0}
                                                        : value<Direction, Activation>(x[i], from_above, p);
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
