// SPDX-License-Identifier: Apache-2.0
//
// gelu_tanh with the coefficient that tutorials print, 0.0356774: it already holds the factor √(2/π), which so counts
// twice. c1 = 2√(2/π), c3 = 0.0356774·c1, each as a pair of doubles.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"new_gelu", "x/2·(1 + tanh(√(2/π)·(x + 0.0356774x³)))", "", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    using Constant = decltype(x * x);
    const auto c1 = Constant::constant(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
    const auto c3 = Constant::constant(0x1.d264ee53ac9d3p-5, 0x1.050318c63dffbp-63);
    return x * logistic(x * (c1 + c3 * (x * x)));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::tanh(T(0.79788456080286535588) * (x + T(0.0356774) * x * x * x)));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
