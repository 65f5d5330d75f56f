// SPDX-License-Identifier: Apache-2.0
//
// x·tanh(ln(1 + e^x)) = x·n/(n + 2), n = e^x(e^x + 2).
//
// With u = e^−|x| that is u(u + 2)/(u(u + 2) + 2) below zero, and (1 + 2u)/(1 + 2u + 2u²) above: all terms positive,
// none beyond 5.
#pragma once

#include "kernels/math/exp.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"mish", "x·tanh(ln(1 + e^x))", "", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    const auto u = exp(-abs(x));
    const auto twice = scale(u, 2.0), square = normalized(u * u);
    const auto below = x < 0.0;
    const auto numerator = select(below, twice + square, twice + 1.0);
    const auto rest = select(below, 2.0, scale(square, 2.0));
    return x * (numerator / normalized(numerator + rest));
  }
  template <class T>
  static T naive(T x, const T*) {
    return x * platform::tanh(platform::log(1 + platform::exp(x)));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
