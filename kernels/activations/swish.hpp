// SPDX-License-Identifier: Apache-2.0
//
// x·σ(βx).
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"swish", "x·σ(βx)", "", {{"beta", 1.0, Domain::any}}, 1};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double* p) { return reach / __builtin_fabs(p[0]); }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return x * logistic(p[0] * x);
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return silu_slope(p[0], x);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x / (1 + platform::exp(-p[0] * x));
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    const T s = 1 / (1 + platform::exp(-p[0] * x));
    return s * (1 + p[0] * x * (1 - s));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
