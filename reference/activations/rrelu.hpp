// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct rrelu {
  static constexpr std::size_t parameters = 2;

  /// For x <= 0 half of x·lower + x·upper, whose terms are exact, whatever the sum takes.
  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    if (x > 0) return exactly(x);
    if (x == 0 || is_infinite(x)) return exactly(times(x, R(p[0] + p[1])));
    return {times(x, R(p[0] / 2)), times(x, R(p[1] / 2))};
  }

  /// For x <= 0 half of lower + upper, which are exact, whatever the sum takes.
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    if (x > 0) return exactly(R(1));
    if (p[0] + p[1] == 0) return exactly(R(0));
    return {R(p[0] / 2), R(p[1] / 2)};
  }

  static Quick quick_forward(double x, const double* p) {
    const TwoSum below = two_sum(x * (0.5 * p[0]), x * (0.5 * p[1]));
    const double head = x == 0 ? x * (p[0] + p[1]) : below.head;
    return {x > 0 ? x : head, x > 0 ? 0.0 : below.tail, 0.0};
  }

  static Quick quick_derivative(double x, const double* p) {
    const TwoSum below = two_sum(0.5 * p[0], 0.5 * p[1]);
    return {x > 0 ? 1.0 : below.head, x > 0 ? 0.0 : below.tail, 0.0};
  }
};

}  // namespace actbench::reference::activations
