// SPDX-License-Identifier: Apache-2.0
//
// A gated unit, a·σ(b).
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"
#include "kernels/math/tail.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"glu", "a·σ(b)", "", {}, 0, Shape::gated};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }

  template <class N, class P>
  static auto forward(N b, const P&) {
    return logistic(b);
  }
  template <class N, class P>
  static auto derivative(N b, const P&) {
    return logistic_slope(b);
  }
  template <class T>
  static T naive(T b, const T*) {
    return 1 / (1 + platform::exp(-b));
  }
  template <class T>
  static T naive_derivative(T b, const T*) {
    const T s = 1 / (1 + platform::exp(-b));
    return s * (1 - s);
  }

  static constexpr bool linear = false;
  template <Direction direction>
  static constexpr double limit = direction == Direction::gradient_b ? 0 : 1;
  template <Direction direction>
  static Mask<F64> on_tail(F64 b) {
    return (direction == Direction::gradient_b ? -abs(b) : b) < F64(-logistic_tail_begin);
  }
  template <Direction direction>
  static WithExponent tail(F64 b) {
    return logistic_tail(Exact<F64>(1.0), b);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

#include "kernels/gates.hpp"
