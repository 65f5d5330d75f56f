// SPDX-License-Identifier: Apache-2.0
//
// 0 below zero, 1 from zero on.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"step", "0 for x<0, 1 for x≥0", "heaviside", {}, 0};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x < N(0), N(0), select(x >= N(0), N(1), x));
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return select(x == x, N(0), x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x < 0 ? T(0) : T(1);
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x == x ? T(0) : x;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
