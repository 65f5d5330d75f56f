// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct elu {
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    if (x > 0) return exactly(x);
    return scaled_expm1(p[0], x, times(x, p[0]));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return x > 0 ? exactly(R(1)) : times(p[0], exponential(x));
  }

  static Quick quick_forward(double x, const double* p) {
    const Quick below = quick_scaled_expm1(p[0], x, 0, x * p[0]);
    return {x > 0 ? x : below.hi, x > 0 ? 0.0 : below.lo, x > 0 ? 0.0 : below.error};
  }

  static Quick quick_derivative(double x, const double* p) {
    const Quick below = finish(times(p[0], quick_exponential_parts(x)));
    return {x > 0 ? 1.0 : below.hi, x > 0 ? 0.0 : below.lo, x > 0 ? 0.0 : below.error};
  }
};

}  // namespace actbench::reference::activations
