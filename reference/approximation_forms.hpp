// SPDX-License-Identifier: Apache-2.0
//
// The definitions of approximations.hpp, over any real number type.
#pragma once

#include "reference/forms.hpp"

namespace actbench::reference::approximations {

struct tanh_form {
  static constexpr const char* name = "tanh_form";
  static constexpr std::size_t parameters = 2;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return times(x, logistic(R(2 * root_two_over_pi<R>() * p[0] * x * (1 + p[1] * x * x))));
  }
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    const R linear = 2 * root_two_over_pi<R>() * p[0] * x, cubic = p[1] * x * x;
    return gated_slope(R(linear * (1 + cubic)), R(linear * (1 + 3 * cubic)));
  }
};

struct sigmoid_form {
  static constexpr const char* name = "sigmoid_form";
  static constexpr std::size_t parameters = 1;

  template <class R>
  static Anchored<R> forward(const R& x, const R* p) {
    return times(x, logistic(R(p[0] * x)));
  }
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    const R y = p[0] * x;
    return gated_slope(y, y);
  }
};

}  // namespace actbench::reference::approximations
