// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct silu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return times(x, logistic(x));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return gated_slope(x, x);
  }

  static Quick quick_forward(double x, const double*) { return finish(times(x, quick_logistic(x))); }

  static Quick quick_derivative(double x, const double*) { return quick_gated_slope(x, 0.0, x); }
};

}  // namespace actbench::reference::activations
