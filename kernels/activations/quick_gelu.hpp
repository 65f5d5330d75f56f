// SPDX-License-Identifier: Apache-2.0
//
// The GELU approximation x·σ(1.702x), 1.702 as a pair of doubles.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"quick_gelu", "x·σ(1.702x)", "", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    using Constant = decltype(x * x);
    return x * logistic(Constant::constant(0x1.b3b645a1cac08p+0, 0x1.89374bc6a7efap-55) * x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / (1 + platform::exp(T(-1.702) * x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
