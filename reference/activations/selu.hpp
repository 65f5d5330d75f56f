// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/forms.hpp"
#include "reference/quick_forms.hpp"

namespace actbench::reference::activations {

struct selu {
  static constexpr std::size_t parameters = 0;

  /// 1.0507009873554804934193349852946
  template <class R>
  static R lambda() {
    return (R(10507009873554804) + R(934193349852946) / R(1000000000000000)) / R(10000000000000000);
  }

  /// 1.6732632423543772848170429916717
  template <class R>
  static R alpha() {
    return (R(16732632423543772) + R(848170429916717) / R(1000000000000000)) / R(10000000000000000);
  }

  template <class R>
  static Anchored<R> forward(const R& x, const R*) {
    using std::expm1;
    if (x > 0) return nearly(R(lambda<R>() * x));
    return nearly(R(lambda<R>() * alpha<R>() * expm1(x)));
  }

  template <class R>
  static Anchored<R> derivative(const R& x, const R*) {
    if (x > 0) return nearly(lambda<R>());
    return nearly(R(lambda<R>() * alpha<R>() * decay(R(-x))));
  }

  static Quick quick_forward(double x, const double*) {
    constexpr double lambda_head = 0x1.0cfabd6p0, lambda_tail = 0x1.5222645bf1f4ap-29;  // lambda_head·x is exact
    constexpr double lambda_alpha = 1.7580993408473768;
    const Exponential e = quick_exponential(x);
    const double below = lambda_alpha * (e.central ? x + e.bend : e.value - 1);
    const double rest = x > 0 ? x * lambda_tail : below;
    return {x > 0 ? x * lambda_head : std::copysign(0.0, x), rest, std::abs(rest) * 0x1p-49};
  }

  static Quick quick_derivative(double x, const double*) {
    constexpr double head = 0x1.0cfabd6a91132p0, tail = 0x1.6fc7d272f2695p-55;
    constexpr double lambda_alpha = 1.7580993408473768;
    const Exponential e = quick_exponential(x);
    const double rest = x > 0 ? tail : lambda_alpha * e.value;
    return {x > 0 ? head : 0.0, rest, rest * (x > 0 ? 0x1p-49 : unless_clamped(e, 0x1p-49))};
  }
};

}  // namespace actbench::reference::activations
