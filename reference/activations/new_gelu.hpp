// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct new_gelu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return gelu_by_tanh(x, R(R(356774) / 10000000));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return gelu_by_tanh_slope(x, R(R(356774) / 10000000));
  }

  /// Of 2√(2/π)·0.0356774; the head has at most 24 bits.
  static constexpr double cubic_head = 0x1.d264eep-5, cubic_tail = 0x1.4eb274c105032p-31;

  static Quick quick_forward(double x, const double*) { return quick_gelu_by_tanh(x, cubic_head, cubic_tail); }

  static Quick quick_derivative(double x, const double*) { return quick_gelu_by_tanh_slope(x, cubic_head, cubic_tail); }
};

}  // namespace actbench::reference::activations
