// SPDX-License-Identifier: Apache-2.0
//
// x·Φ(x), Φ the standard normal distribution function.
#pragma once

#include "kernels/math/normal_cdf.hpp"
#include "kernels/math/normal_end.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"gelu", "x·Φ(x)", "gelu_erf", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return normal_end(reach); }
  /// The derivative, as fast kernels of f64 have it, leaves too little room for the product with dy.
  static constexpr bool fast_misses_bound(Direction d, bool wide) { return wide && d == Direction::backward; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x_normal_cdf(x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return gelu_slope(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::erf(x / T(1.4142135623730950488)));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return (1 + platform::erf(x / T(1.4142135623730950488))) / 2 +
           x * platform::exp(-x * x / 2) * T(0.39894228040143267794);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
