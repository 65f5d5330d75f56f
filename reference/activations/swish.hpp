// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct swish {
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return times(x, logistic(times(x, p[0])));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    const R y = times(x, p[0]);
    return gated_slope(y, y);
  }

  static Quick quick_forward(double x, const double* p) { return finish(times(x, quick_logistic(x * p[0]))); }

  static Quick quick_derivative(double x, const double* p) { return quick_gated_slope(x * p[0], 0.0, x * p[0]); }
};

}  // namespace actbench::reference::activations
