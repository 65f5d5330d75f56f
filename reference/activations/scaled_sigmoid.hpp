// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct scaled_sigmoid {
  static constexpr std::size_t parameters = 2;

  /// a + (b - a)σ(x)
  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    const Anchored<R> sigma = logistic(x);
    const R rest = (p[1] - p[0]) * sigma.rest;
    if (sigma.anchor == 0) return {p[0], rest};
    if (sigma.anchor == 1) return {p[1], rest};
    return {R((p[0] + p[1]) / 2), rest};
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return times(R(p[1] - p[0]), logistic_slope(x));
  }

  static Quick quick_forward(double x, const double* p) {
    const Parts sigma = quick_logistic(x);
    const TwoSum middle = two_sum(0.5 * p[0], 0.5 * p[1]);
    const bool central = sigma.anchor == 0.5;
    return anchored({central ? middle.head : (sigma.anchor == 0 ? p[0] : p[1]), central ? middle.tail : 0.0},
                    (p[1] - p[0]) * sigma.rest, sigma.relative);
  }

  static Quick quick_derivative(double x, const double* p) {
    const Parts slope = quick_logistic_slope(x);
    const TwoSum range = two_sum(p[1], -p[0]);
    return anchored({range.head * slope.anchor, range.tail * slope.anchor}, range.head * slope.rest, slope.relative);
  }
};

}  // namespace actbench::reference::activations
