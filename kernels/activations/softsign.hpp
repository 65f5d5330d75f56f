// SPDX-License-Identifier: Apache-2.0
//
// x/(1 + |x|).
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"softsign", "x/(1 + |x|)", "", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x / (abs(x) + 1.0);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / (1 + platform::abs(x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
