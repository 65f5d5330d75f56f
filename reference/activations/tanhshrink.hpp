// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct tanhshrink {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    const Anchored<R> t = hyperbolic_tangent(x);
    if (magnitude(t.anchor) < 1) return nearly(R(-t.rest));
    const R shifted = x - t.anchor;
    if (shifted + t.anchor == x) return {shifted, R(-t.rest)};
    return {x, R(-(t.anchor + t.rest))};  // x has more digits than R holds beside 1
  }

  /// tanh²x = x² - (x - tanh x)(x + tanh x) = 1 - 1/cosh²x.
  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    using std::tanh;
    if (magnitude(x) < R(0.5)) return {R(x * x), R(-tanh_deficit(x) * (x + tanh(x)))};
    return {R(1), R(-tanh_slope(x).rest)};
  }

  static Quick quick_forward(double x, const double*) {
    const Parts t = quick_hyperbolic_tangent(x);
    const bool central = std::abs(t.anchor) < 1;
    const TwoSum shifted = two_sum(x, -t.anchor);
    return anchored({central ? std::copysign(0.0, x) : shifted.head, central ? 0.0 : shifted.tail}, -t.rest,
                    t.relative);
  }

  static Quick quick_derivative(double x, const double*) {
    const double a = std::abs(x), square = a * a;
    const Parts slope = quick_tanh_slope(x);
    const double deficit = a * square * polynomial(tanh_deficit_cubic, square);  // |x| - tanh |x|
    const bool central = a < 1;
    return finish({central ? square : 1.0, central ? -deficit * (2 * a - deficit) : -(slope.anchor + slope.rest),
                   slope.relative});
  }
};

}  // namespace actbench::reference::activations
