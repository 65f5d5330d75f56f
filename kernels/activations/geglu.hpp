// SPDX-License-Identifier: Apache-2.0
//
// A gated unit, a·b·Φ(b), Φ the standard normal distribution function.
#pragma once

#include "kernels/math/normal_cdf.hpp"
#include "kernels/math/normal_end.hpp"
#include "kernels/math/platform.hpp"
#include "kernels/math/tail.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"geglu", "a·b·Φ(b)", "", {}, 0, Shape::gated};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return normal_end(reach); }
  /// The derivative, as fast kernels of f64 have it, leaves too little room for two products.
  static constexpr bool fast_misses_bound(Direction d, bool wide) { return wide && d == Direction::gradient_b; }

  template <class N, class P>
  static auto forward(N b, const P&) {
    return x_normal_cdf(b);
  }
  template <class N, class P>
  static auto derivative(N b, const P&) {
    return gelu_slope(b);
  }
  template <class T>
  static T naive(T b, const T*) {
    return b / 2 * (1 + platform::erf(b / T(1.4142135623730950488)));
  }
  template <class T>
  static T naive_derivative(T b, const T*) {
    return (1 + platform::erf(b / T(1.4142135623730950488))) / 2 +
           b * platform::exp(-b * b / 2) * T(0.39894228040143267794);
  }

  static constexpr bool linear = true;
  template <Direction direction>
  static constexpr double limit = 1;
  template <Direction direction>
  static Mask<F64> on_tail(F64 b) {
    return b < F64(-normal_tail_begin);
  }
  template <Direction direction>
  static WithExponent tail(F64 b) {
    return gelu_tail(b, direction == Direction::gradient_b);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

#include "kernels/gates.hpp"
