// SPDX-License-Identifier: Apache-2.0
//
// x − tanh x.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/math/tanh.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"tanhshrink", "x − tanh x", "", {}, 0};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach / 2; }
  /// The derivative, as fast kernels have it, leaves too little room for the product with dy, in f64 for anything.
  static constexpr bool fast_misses_bound(Direction d, bool wide) {
    return d == Direction::backward || (wide && d == Direction::derivative);
  }

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x_minus_tanh(x);
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    return tanh_square(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x - platform::tanh(x);
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    const T t = platform::tanh(x);
    return t * t;
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
