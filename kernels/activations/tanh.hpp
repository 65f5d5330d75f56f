// SPDX-License-Identifier: Apache-2.0
//
// tanh x.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/math/tanh.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"tanh", "tanh x", "", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach / 2; }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return tanh(x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return tanh_slope(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    const T up = platform::exp(x), down = platform::exp(-x);
    return (up - down) / (up + down);
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    const T t = naive(x, p);
    return 1 - t * t;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
