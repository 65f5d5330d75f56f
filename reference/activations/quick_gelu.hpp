// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct quick_gelu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return times(x, logistic(R(x * 1702 / 1000)));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    const R y = x * 1702 / 1000;
    return gated_slope(y, y);
  }

  static Quick quick_forward(double x, const double*) {
    constexpr double head = 0x1.b3b645ap0, tail = 0x1.cac083126e979p-32;  // of 1.702; head·x is exact
    return finish(times(x, quick_logistic(x * head, x * tail)));
  }

  static Quick quick_derivative(double x, const double*) {
    constexpr double head = 0x1.b3b645ap0, tail = 0x1.cac083126e979p-32;  // of 1.702; head·x is exact
    return quick_gated_slope(x * head, x * tail, x * head + x * tail);
  }
};

}  // namespace actbench::reference::activations
