// SPDX-License-Identifier: Apache-2.0
//
// x outside [−λ, λ], zero within.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"hardshrink", "x for |x|>λ, else 0", "", {{"lambda", 0.5, Domain::any}}, 1};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return select(abs(x) <= p[0], xor_sign(N(0), x), x);
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(abs(x) <= p[0], N(0), select(x == x, N(1), x));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x > p[0] || x < -p[0] ? x : T(0);
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > p[0] || x < -p[0] ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
