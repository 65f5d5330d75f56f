// SPDX-License-Identifier: Apache-2.0
//
// x: no activation at all, the cost of moving the numbers.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"identity", "x", "linear", {}, 0};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x;
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return select(x == x, N(1), x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x;
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x == x ? T(1) : x;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
