// SPDX-License-Identifier: Apache-2.0
//
// max(0, x), at most 6. The vocabulary's min gives its second operand where either is NaN.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"relu6", "min(max(0, x), 6)", "", {}, 0};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return min(N(6), select(x <= N(0), N(0), x));
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return select(x <= N(0), N(0), select(x < N(6), N(1), select(x >= N(6), N(0), x)));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x > 0 ? (x < 6 ? x : T(6)) : T(0);
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x > 0 && x < 6 ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
