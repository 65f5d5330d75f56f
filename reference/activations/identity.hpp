// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct identity {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return exactly(x);
  }

  template <class R>
  static Anchored<R> derivative(const R&, const R*) {
    return exactly(R(1));
  }

  static Quick quick_forward(double x, const double*) { return exact_quick(x); }

  static Quick quick_derivative(double, const double*) { return exact_quick(1.0); }
};

}  // namespace actbench::reference::activations
