// SPDX-License-Identifier: Apache-2.0
//
// x/(1 + |x|).
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"softsign", "x/(1 + |x|)", "", {}, 0};
  static constexpr bool rounds_once = false;
  static constexpr bool light = true;
  static constexpr double saturation_bound = 0x1.fffffffffffffp1023;  // f'(x) is about 1/x², nowhere a limit

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x / (abs(x) + 1.0);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return backward(N(1.0), x, 0);
  }
  /// One division rather than a product with a quotient: it may be a tie.
  template <class N, class P>
  static auto backward(N dy, N x, const P&) {
    const auto size = normalized(abs(x) + 1.0);
    return dy / normalized(size * size);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / (1 + platform::abs(x));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T size = 1 + platform::abs(x);
    return 1 / (size * size);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
