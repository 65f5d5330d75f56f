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
  static double body_end(double reach, const double*) { return reach / 1.8; }
  static constexpr double high = 0x1.b3b645a1cac08p+0, low = 0x1.89374bc6a7efap-55;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x * logistic(decltype(x * x)::constant(high, low) * x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return silu_slope_at(x, high, low);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / (1 + platform::exp(T(-1.702) * x));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T s = 1 / (1 + platform::exp(T(-1.702) * x));
    return s * (1 + T(1.702) * x * (1 - s));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
