// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct leaky_relu {
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return leaky(x, p[0]);
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return exactly(x > 0 ? R(1) : p[0]);
  }

  static Quick quick_forward(double x, const double* p) { return exact_quick(x > 0 ? x : x * p[0]); }

  static Quick quick_derivative(double x, const double* p) { return exact_quick(x > 0 ? 1.0 : p[0]); }
};

}  // namespace actbench::reference::activations
