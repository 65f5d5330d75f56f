// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct celu {
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    if (x > 0) return exactly(x);
    return scaled_expm1(p[0], R(x / p[0]), x);
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return x > 0 ? exactly(R(1)) : exponential(R(x / p[0]));
  }

  static Quick quick_forward(double x, const double* p) {
    const TwoSum y = divide(x, p[0]);
    const Quick below = quick_scaled_expm1(p[0], y.head, y.tail, x);
    return {x > 0 ? x : below.hi, x > 0 ? 0.0 : below.lo, x > 0 ? 0.0 : below.error};
  }

  static Quick quick_derivative(double x, const double* p) {
    const TwoSum y = divide(x, p[0]);
    const Quick below = finish(quick_exponential_parts(y.head, y.tail));
    return {x > 0 ? 1.0 : below.hi, x > 0 ? 0.0 : below.lo, x > 0 ? 0.0 : below.error};
  }
};

}  // namespace actbench::reference::activations
