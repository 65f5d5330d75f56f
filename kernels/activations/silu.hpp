// SPDX-License-Identifier: Apache-2.0
//
// x·σ(x).
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"silu", "x·σ(x)", "swish-1", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x * logistic(x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return silu_slope(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / (1 + platform::exp(-x));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T s = 1 / (1 + platform::exp(-x));
    return s * (1 + x * (1 - s));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
