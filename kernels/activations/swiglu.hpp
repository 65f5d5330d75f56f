// SPDX-License-Identifier: Apache-2.0
//
// A gated unit, a·b·σ(b).
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"
#include "kernels/math/tail.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"swiglu", "a·b·σ(b)", "", {}, 0, Shape::gated};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }
  /// b·σ(b), as fast kernels of f64 have it, leaves too little room for one product more.
  static constexpr bool fast_misses_bound(Direction d, bool wide) { return wide && d != Direction::gradient_b; }

  template <class N, class P>
  static auto forward(N b, const P&) {
    return b * logistic(b);
  }
  template <class N, class P>
  static auto derivative(N b, const P&) {
    return silu_slope(b);
  }
  template <class T>
  static T naive(T b, const T*) {
    return b / (1 + platform::exp(-b));
  }
  template <class T>
  static T naive_derivative(T b, const T*) {
    const T s = 1 / (1 + platform::exp(-b));
    return s * (1 + b * (1 - s));
  }

  static constexpr bool linear = true;
  template <Direction direction>
  static constexpr double limit = 1;
  template <Direction direction>
  static Mask<F64> on_tail(F64 b) {
    return b < F64(-logistic_tail_begin);
  }
  template <Direction direction>
  static WithExponent tail(F64 b) {
    const F64 near = max(F64(-4096.0), b);
    return logistic_tail(
        direction == Direction::gradient_b ? two_sum(near, F64(1.0)) : DoubleDouble<F64>(near, F64(0.0)), b);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

#include "kernels/gates.hpp"
