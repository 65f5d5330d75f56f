// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct gelu_tanh {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    return gelu_by_tanh(x, R(R(44715) / 1000000));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    return gelu_by_tanh_slope(x, R(R(44715) / 1000000));
  }

  /// Of 2√(2/π)·0.044715; the head has at most 24 bits.
  static constexpr double cubic_head = 0x1.2444f2p-4, cubic_tail = 0x1.49b1695e937bcp-29;

  static Quick quick_forward(double x, const double*) { return quick_gelu_by_tanh(x, cubic_head, cubic_tail); }

  static Quick quick_derivative(double x, const double*) { return quick_gelu_by_tanh_slope(x, cubic_head, cubic_tail); }
};

}  // namespace actbench::reference::activations
