// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct softsign {
  static constexpr std::size_t parameters = 0;

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    const R a = magnitude(x);
    if (a < 1) return {x, R(-x * a / (1 + a))};
    const Anchored<R> positive{R(1), R(-1 / (1 + a))};
    return x > 0 ? positive : -positive;
  }

  /// 1/(1 + |x|)² = 1 - |x|(2 + |x|)/(1 + |x|)².
  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    const R a = magnitude(x), square = (1 + a) * (1 + a);
    if (a < 1) return {R(1), R(-a * (2 + a) / square)};
    return nearly(R(1 / square));
  }

  static Quick quick_forward(double x, const double*) {
    const double a = std::abs(x);
    const double rest = (a < 1 ? a * a : 1.0) / (1 + a);
    return finish({a < 1 ? x : std::copysign(1.0, x), std::copysign(rest, -x), 0x1p-50});
  }

  static Quick quick_derivative(double x, const double*) {
    const double a = std::abs(x), square = (1 + a) * (1 + a);
    const bool central = a < 1;
    return finish({central ? 1.0 : 0.0, (central ? -a * (2 + a) : 1.0) / square, 0x1p-49});
  }
};

}  // namespace actbench::reference::activations
