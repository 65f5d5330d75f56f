// SPDX-License-Identifier: Apache-2.0
//
// x·(x + 3)/6 between −3 and 3, 0 below, x above.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"hard_swish", "x·min(max(x+3, 0), 6)/6", "hardswish", {}, 0};
  static constexpr bool rounds_once = false;
  static constexpr bool light = true;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x <= -3.0, -0.0, select(x >= 3.0, x, x * (x + 3.0) / 6.0));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return backward(N(1.0), x, p);
  }
  /// One division rather than a product with a quotient: it may be a tie.
  template <class N, class P>
  static auto backward(N dy, N x, const P&) {
    using Number = decltype(x * x);
    const Number below = dy * N(0.0), inner = normalized(dy * (scale(x, 2.0) + 3.0)) / 6.0;
    return select(x <= -3.0, below, select(x < 3.0, inner, select(x >= 3.0, Number(dy), Number(x))));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x * platform::min(platform::max(x + 3, T(0)), T(6)) / 6;
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x <= -3 ? T(0) : x < 3 ? (2 * x + 3) / 6 : T(1);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
