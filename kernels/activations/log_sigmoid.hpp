// SPDX-License-Identifier: Apache-2.0
//
// ln σ(x) = −ln(1 + e^−x).
#pragma once

#include "kernels/math/log1p_exp.hpp"
#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"log_sigmoid", "−ln(1 + e^−x)", "logsigmoid", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return -log1p_exp(-x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return logistic(-x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return -platform::log(1 + platform::exp(-x));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return 1 - 1 / (1 + platform::exp(-x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
