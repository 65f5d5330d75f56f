// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct hardshrink {
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return exactly(x > p[0] || x < -p[0] ? x : signed_zero<R>(is_negative(x)));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return indicator<R>(x > p[0] || x < -p[0]);
  }

  static Quick quick_forward(double x, const double* p) {
    return exact_quick(x > p[0] || x < -p[0] ? x : std::copysign(0.0, x));
  }

  static Quick quick_derivative(double x, const double* p) { return quick_indicator(x > p[0] || x < -p[0]); }
};

}  // namespace actbench::reference::activations
