// SPDX-License-Identifier: Apache-2.0
//
// x above zero, αx below.
#pragma once

#include "kernels/math/rectify.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"leaky_relu", "x for x>0, else α·x", "", {{"alpha", 0.01, Domain::any}}, 1};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction d) { return d == Direction::derivative; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return select(x > N(0), x, slope(p[0], x));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(x > N(0), N(1), select(x <= N(0), p[0], x));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x > 0 ? x : p[0] * x;
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > 0 ? T(1) : p[0];
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
