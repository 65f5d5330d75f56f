// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct squared_relu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return exactly(x > 0 ? R(x * x) : R(0));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return exactly(x > 0 ? R(2 * x) : R(0));
  }

  static Quick quick_forward(double x, const double*) { return exact_quick(x > 0 ? x * x : 0.0); }

  static Quick quick_derivative(double x, const double*) { return exact_quick(x > 0 ? 2 * x : 0.0); }
};

}  // namespace actbench::reference::activations
