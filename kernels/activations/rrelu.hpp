// SPDX-License-Identifier: Apache-2.0
//
// leaky_relu with the slope that evaluation uses for a random one: the middle of its range.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"rrelu",
                                    "x for x>0, else x·(lower+upper)/2",
                                    "",
                                    {{"lower", 1.0 / 8, Domain::any}, {"upper", 1.0 / 3, Domain::not_below_previous}},
                                    2};
  static constexpr bool rounds_once = false;
  static constexpr bool light = true;

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return select(x > 0.0, x, x * scale(p[0] + p[1], 0.5));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(x > 0.0, 1.0, select(x <= 0.0, scale(p[0] + p[1], 0.5), decltype(x * x)(x)));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x > 0 ? x : x * (p[0] + p[1]) / 2;
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > 0 ? T(1) : (p[0] + p[1]) / 2;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
