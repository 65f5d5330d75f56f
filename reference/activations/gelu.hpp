// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct gelu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return times(x, normal_cdf(x));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return normal_slope(x, x, R(2 * x));
  }

  static Quick quick_forward(double x, const double*) { return finish(times(x, quick_normal_cdf(x, x * x))); }

  static Quick quick_derivative(double x, const double*) { return quick_normal_slope(x, x * x, 0.0, x, 2 * x); }
};

}  // namespace actbench::reference::activations
