// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct sigmoid {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return logistic(x);
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return logistic_slope(x);
  }

  static Quick quick_forward(double x, const double*) { return finish(quick_logistic(x)); }

  static Quick quick_derivative(double x, const double*) { return finish(quick_logistic_slope(x)); }
};

}  // namespace actbench::reference::activations
