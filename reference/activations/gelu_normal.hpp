// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct gelu_normal {
  static constexpr std::size_t parameters = 2;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return times(x, normal_cdf(R((x - p[0]) / p[1])));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return normal_slope(R((x - p[0]) / p[1]), R(x / p[1]), R((2 * x - p[0]) / p[1]));
  }

  static Quick quick_forward(double x, const double* p) {
    const TwoSum distance = two_sum(x, -p[0]);
    TwoSum z = divide(distance.head, p[1]);
    z.tail += distance.tail / p[1];
    const double high = high_half(z.head);
    return finish(
        times(x, quick_normal_cdf(z.head, high * high, (z.head - high) * (z.head + high) + 2 * z.head * z.tail)));
  }

  static Quick quick_derivative(double x, const double* p) {
    const TwoSum distance = two_sum(x, -p[0]);
    TwoSum z = divide(distance.head, p[1]);
    z.tail += distance.tail / p[1];
    const double high = high_half(z.head);
    const double tail = (z.head - high) * (z.head + high) + 2 * z.head * z.tail;
    return quick_normal_slope(z.head, high * high, tail, x / p[1], two_sum(2 * x, -p[0]).head / p[1]);
  }
};

}  // namespace actbench::reference::activations
