// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct hard_sigmoid {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    if (x <= -3) return exactly(R(0));
    if (x >= 3) return exactly(R(1));
    return {R(0.5), R(x / 6)};
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return x > -3 && x < 3 ? nearly(R(R(1) / 6)) : exactly(R(0));
  }

  static Quick quick_forward(double x, const double*) {
    const TwoSum shifted = two_sum(x, 3);
    const TwoSum inner = sixth(shifted.head);
    const double rest = inner.tail + shifted.tail / 6;
    const bool inside = x > -3 && x < 3;
    const double error = (std::abs(inner.tail) + std::abs(shifted.tail)) * 0x1p-50;
    return {inside ? inner.head : (x < 0 ? 0.0 : 1.0), inside ? rest : 0.0, inside ? error : 0.0};
  }

  static Quick quick_derivative(double x, const double*) {
    const TwoSum inner = sixth(1.0);
    const bool inside = x > -3 && x < 3;
    return {inside ? inner.head : 0.0, inside ? inner.tail : 0.0, inside ? std::abs(inner.tail) * 0x1p-50 : 0.0};
  }
};

}  // namespace actbench::reference::activations
