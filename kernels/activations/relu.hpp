// SPDX-License-Identifier: Apache-2.0
//
// max(0, x). A NaN fails the comparison and is kept.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"relu", "max(0, x)", "", {}, 0};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x <= N(0), N(0), x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return select(x > N(0), N(1), select(x <= N(0), N(0), x));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x > 0 ? x : T(0);
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x > 0 ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
