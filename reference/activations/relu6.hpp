// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct relu6 {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return exactly(clamp(x, R(0), R(6)));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return indicator<R>(x > 0 && x < 6);
  }

  static Quick quick_forward(double x, const double*) { return exact_quick(clamp(x, 0.0, 6.0)); }

  static Quick quick_derivative(double x, const double*) { return quick_indicator(x > 0 && x < 6); }
};

}  // namespace actbench::reference::activations
