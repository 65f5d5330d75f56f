// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct hard_swish {
  static constexpr std::size_t parameters = 0;

  /// x(x + 3)/6 = x/2 + x²/6 between -3 and 3.
  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    if (x <= -3) return exactly(signed_zero<R>(true));
    if (x >= 3) return exactly(x);
    return {R(x / 2), R(x * x / 6)};
  }

  /// (2x + 3)/6 = 1/2 + x/3 between -3 and 3.
  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    if (x <= -3) return exactly(R(0));
    if (x >= 3) return exactly(R(1));
    if (magnitude(x) < 1) return {R(0.5), R(x / 3)};
    return nearly(R((2 * x + 3) / 6));
  }

  static Quick quick_forward(double x, const double*) {
    const TwoSum square = sixth(x * x);
    const TwoSum inner = two_sum(0.5 * x, square.head);
    const double rest = inner.tail + square.tail;
    const bool inside = x > -3 && x < 3;
    return {inside ? (x == 0 ? x : inner.head) : (x < 0 ? -0.0 : x), inside ? rest : 0.0,
            inside && square.tail != 0 ? (std::abs(inner.tail) + std::abs(square.tail)) * 0x1p-50 : 0.0};
  }

  static Quick quick_derivative(double x, const double*) {
    const TwoSum shifted = two_sum(2 * x, 3);
    const TwoSum inner = sixth(shifted.head);
    const double rest = inner.tail + shifted.tail / 6;
    const bool inside = x > -3 && x < 3;
    const double error = (std::abs(inner.tail) + std::abs(shifted.tail)) * 0x1p-50;
    return {inside ? inner.head : (x < 0 ? 0.0 : 1.0), inside ? rest : 0.0, inside ? error : 0.0};
  }
};

}  // namespace actbench::reference::activations
