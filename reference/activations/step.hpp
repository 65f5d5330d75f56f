// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct step {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return exactly(R(x < 0 ? 0 : 1));
  }

  template <class R>
  static Anchored<R> derivative(const R&, const R*) {
    return exactly(R(0));
  }

  static Quick quick_forward(double x, const double*) { return exact_quick(x < 0 ? 0.0 : 1.0); }

  static Quick quick_derivative(double, const double*) { return exact_quick(0.0); }
};

}  // namespace actbench::reference::activations
