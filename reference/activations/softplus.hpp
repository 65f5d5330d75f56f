// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct softplus {
  static constexpr std::size_t parameters = 1;

  /// max(x, 0) + ln(1 + e^-|βx|)/β for β > 0, min(x, 0) in place of the maximum for β < 0.
  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    const R rest = log1p_decay(magnitude(R(x * p[0]))) / p[0];
    return (x > 0) == (p[0] > 0) && x != 0 ? Anchored<R>{x, rest} : nearly(rest);
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return logistic(R(x * p[0]));
  }

  static Quick quick_forward(double x, const double* p) {
    const double y = x * p[0];
    const Logarithm log = quick_log1p_decay(y);
    return finish({y > 0 ? x : std::copysign(0.0, p[0]), log.value / p[0], log.relative});
  }

  static Quick quick_derivative(double x, const double* p) { return finish(quick_logistic(x * p[0])); }
};

}  // namespace actbench::reference::activations
