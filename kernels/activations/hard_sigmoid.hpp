// SPDX-License-Identifier: Apache-2.0
//
// x/6 + 1/2, between 0 and 1.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"hard_sigmoid", "min(max(x/6 + 1/2, 0), 1)", "hardsigmoid", {}, 0};
  static constexpr bool rounds_once = false;
  static constexpr bool light = true;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x <= -3.0, 0.0, select(x >= 3.0, 1.0, (x + 3.0) / 6.0));
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return within(x, N(1.0));
  }
  /// dy/6 rather than dy times 1/6: it may be a tie.
  template <class N, class P>
  static auto backward(N dy, N x, const P&) {
    return within(x, dy);
  }
  /// a/6 for −3 < x < 3, else 0·a.
  template <class N>
  static auto within(N x, N a) {
    using Number = decltype(x * x);
    const Number outside = a * N(0.0);
    return select(x > -3.0, select(x < 3.0, a / N(6.0), outside), select(x <= -3.0, outside, Number(x)));
  }
  template <class T>
  static T naive(T x, const T*) {
    return platform::min(platform::max(x / 6 + T(0.5), T(0)), T(1));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x > -3 && x < 3 ? T(1) / 6 : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
