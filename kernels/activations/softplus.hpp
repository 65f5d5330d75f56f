// SPDX-License-Identifier: Apache-2.0
//
// ln(1 + e^(βx))/β, without a cut-off.
#pragma once

#include "kernels/math/log1p_exp.hpp"
#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"softplus", "ln(1 + e^(βx))/β", "soft_relu", {{"beta", 1.0, Domain::nonzero}}, 1};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double* p) { return reach / __builtin_fabs(p[0]); }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return log1p_exp(p[0] * x) / p[0];
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return logistic(p[0] * x);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return platform::log(1 + platform::exp(p[0] * x)) / p[0];
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return 1 / (1 + platform::exp(-p[0] * x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
