// SPDX-License-Identifier: Apache-2.0
//
// A gated unit, a·max(0, b). A NaN fails the comparison and is kept.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"reglu", "a·max(0, b)", "", {}, 0, Shape::gated};
  static constexpr bool rounds_once = true;

  template <class N, class P>
  static auto forward(N b, const P&) {
    return select(b <= N(0), N(0), b);
  }
  template <class N, class P>
  static auto derivative(N b, const P&) {
    return select(b > N(0), N(1), select(b <= N(0), N(0), b));
  }
  template <class T>
  static T naive(T b, const T*) {
    return b > 0 ? b : T(0);
  }
  template <class T>
  static T naive_derivative(T b, const T*) {
    return b > 0 ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
