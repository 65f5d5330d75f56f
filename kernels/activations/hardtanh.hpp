// SPDX-License-Identifier: Apache-2.0
//
// x, between l and u. The vocabulary's min and max give their second operand where either is NaN.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"hardtanh",
                                    "min(max(x, lower), upper)",
                                    "clip, clamp",
                                    {{"lower", -1.0, Domain::any}, {"upper", 1.0, Domain::not_below_previous}},
                                    2};
  static constexpr bool rounds_once = true;
  static constexpr bool selects(Direction) { return true; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return min(p[1], max(p[0], x));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(x <= p[0], N(0), select(x < p[1], N(1), select(x >= p[1], N(0), x)));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return platform::min(platform::max(x, p[0]), p[1]);
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > p[0] && x < p[1] ? T(1) : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
