// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct hardtanh {
  static constexpr std::size_t parameters = 2;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return exactly(clamp(x, p[0], p[1]));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return indicator<R>(x > p[0] && x < p[1]);
  }

  static Quick quick_forward(double x, const double* p) { return exact_quick(clamp(x, p[0], p[1])); }

  static Quick quick_derivative(double x, const double* p) { return quick_indicator(x > p[0] && x < p[1]); }
};

}  // namespace actbench::reference::activations
