// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct log_sigmoid {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    const R log = log1p_decay(magnitude(x));
    return x < 0 ? Anchored<R>{x, R(-log)} : nearly(R(-log));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return logistic(R(-x));
  }

  static Quick quick_forward(double x, const double*) {
    const Logarithm log = quick_log1p_decay(x);
    return finish({x < 0 ? x : -0.0, -log.value, log.relative});
  }

  static Quick quick_derivative(double x, const double*) { return finish(quick_logistic(-x)); }
};

}  // namespace actbench::reference::activations
