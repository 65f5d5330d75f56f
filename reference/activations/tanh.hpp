// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct tanh {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return hyperbolic_tangent(x);
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return tanh_slope(x);
  }

  static Quick quick_forward(double x, const double*) { return finish(quick_hyperbolic_tangent(x)); }

  static Quick quick_derivative(double x, const double*) { return finish(quick_tanh_slope(x)); }
};

}  // namespace actbench::reference::activations
