// SPDX-License-Identifier: Apache-2.0
//
// x/6 + 1/2, between 0 and 1.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"hard_sigmoid", "min(max(x/6 + 1/2, 0), 1)", "hardsigmoid", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x <= -3.0, 0.0, select(x >= 3.0, 1.0, (x + 3.0) / 6.0));
  }
  template <class T>
  static T naive(T x, const T*) {
    return platform::min(platform::max(x / 6 + T(0.5), T(0)), T(1));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
