// SPDX-License-Identifier: Apache-2.0
//
// λx from zero on, λα(e^x − 1) below, λ and α the exact decimals of the definition.
// λ and λα are carried as pairs of doubles.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"selu", "λ·(x for x>0, else α·(e^x − 1))", "", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return select(x >= 0.0, lambda(x) * x, lambda_alpha(x) * expm1(x));
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return select(x > 0.0, lambda(x), lambda_alpha(x) * exp(x));
  }
  template <class N>
  static auto lambda(N x) {
    return decltype(x * x)::constant(0x1.0cfabd6a91132p+0, 0x1.6fc7d272f2695p-55);
  }
  template <class N>
  static auto lambda_alpha(N x) {
    return decltype(x * x)::constant(0x1.c212cc640f031p+0, 0x1.05161b045a1fep-56);
  }
  template <class T>
  static T naive(T x, const T*) {
    const T alpha = T(1.6732632423543772848170429916717);
    const T lambda = T(1.0507009873554804934193349852946);
    return lambda * (x > 0 ? x : alpha * (platform::exp(x) - 1));
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T alpha = T(1.6732632423543772848170429916717);
    const T lambda = T(1.0507009873554804934193349852946);
    return lambda * (x > 0 ? T(1) : alpha * platform::exp(x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
