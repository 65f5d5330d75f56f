// SPDX-License-Identifier: Apache-2.0
//
// The GELU approximation x/2·(1 + tanh(√(2/π)(x + 0.044715x³))), as x·σ(x(c1 + c3 x²)) with twice the argument: c1 =
// 2√(2/π), c3 = 0.044715·c1, each as a pair of doubles.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "gelu_tanh", "x/2·(1 + tanh(√(2/π)·(x + 0.044715x³)))", "gelu_new, NewGELU in model code", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    using Constant = decltype(x * x);
    const auto c1 = Constant::constant(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
    const auto c3 = Constant::constant(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61);
    return x * logistic(x * (c1 + c3 * (x * x)));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
