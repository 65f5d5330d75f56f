// SPDX-License-Identifier: Apache-2.0
//
// x above θ, a fixed value up to it.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "threshold", "x for x>θ, else v", "", {{"theta", 0.1, Domain::any}, {"value", 20.0, Domain::any}}, 2};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return select(x <= p[0], p[1], x);
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(x > p[0], N(1), select(x <= p[0], N(0), x));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x > p[0] ? x : p[1];
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > p[0] ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
