// SPDX-License-Identifier: Apache-2.0
//
// elu with a derivative that is continuous for every α: x from zero on, α(e^(x/α) − 1) below.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "celu", "x for x>0, else α·(e^(x/α) − 1)", "", {{"alpha", 1.0, Domain::nonzero}}, 1};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double* p) { return reach * __builtin_fabs(p[0]); }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return select(x >= 0.0, x, p[0] * expm1(x / p[0]));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return select(x > 0.0, 1.0, exp(x / p[0]));
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x > 0 ? x : p[0] * (platform::exp(x / p[0]) - 1);
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    return x > 0 ? T(1) : platform::exp(x / p[0]);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
