// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct scaled_tanh {
  static constexpr std::size_t parameters = 2;

  /// (a + b)/2 + (b - a)/2·tanh x
  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    const Anchored<R> t = hyperbolic_tangent(x);
    const R middle = (p[0] + p[1]) / 2, half = (p[1] - p[0]) / 2;
    if (magnitude(t.anchor) == 1) return {t.anchor > 0 ? p[1] : p[0], R(half * t.rest)};
    if (middle == 0) return times(half, t);
    return {middle, R(half * (t.anchor + t.rest))};
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return times(R((p[1] - p[0]) / 2), tanh_slope(x));
  }

  static Quick quick_forward(double x, const double* p) {
    const Parts t = quick_hyperbolic_tangent(x);
    const TwoSum middle = two_sum(0.5 * p[0], 0.5 * p[1]);
    const double half = 0.5 * p[1] - 0.5 * p[0];
    const bool symmetric = middle.head == 0, central = std::abs(t.anchor) < 1;
    const double shift = symmetric ? half * t.anchor : middle.head;
    const double inner = half * (symmetric ? t.rest : t.anchor + t.rest);
    return anchored({central ? shift : (t.anchor > 0 ? p[1] : p[0]), central ? middle.tail : 0.0},
                    central ? inner : half * t.rest, t.relative);
  }

  static Quick quick_derivative(double x, const double* p) {
    const Parts slope = quick_tanh_slope(x);
    const TwoSum half = two_sum(0.5 * p[1], -0.5 * p[0]);
    return anchored({half.head * slope.anchor, half.tail * slope.anchor}, half.head * slope.rest, slope.relative);
  }
};

}  // namespace actbench::reference::activations
