// SPDX-License-Identifier: Apache-2.0
//
// σ(x) = 1/(1 + e^−x).
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"sigmoid", "1/(1 + e^−x)", "logistic", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return logistic(x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return logistic_slope(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return 1 / (1 + platform::exp(-x));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T s = 1 / (1 + platform::exp(-x));
    return s * (1 - s);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
