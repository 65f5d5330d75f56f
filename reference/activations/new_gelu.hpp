// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct new_gelu {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Sum<R> forward(const R& x, const R*) {
    return gelu_by_tanh(x, R(R(356774) / 10000000));
  }

  template <class R>
  static Sum<R> derivative(const R& x, const R*) {
    return gelu_by_tanh_slope(x, R(R(356774) / 10000000));
  }

  static Quick quick_forward(double x, const double*) {
    return quick_gelu_by_tanh(x, 0x1.d264eep-5, 0x1.4eb274c105032p-31);
  }
};

}  // namespace actbench::reference::activations
