// SPDX-License-Identifier: Apache-2.0
//
// A tanh from a to b: for outputs with known bounds.
// The middle is negated twice so that a = −b gives −0, which leaves the sign of a zero result to tanh.
// Where a + b is not 0 and the sum cancels, the error is relative to b − a, not to the result.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/math/tanh.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "scaled_tanh", "(a+b)/2 + (b−a)/2·tanh x", "", {{"a", -5.0, Domain::any}, {"b", 5.0, Domain::any}}, 2};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach / 2; }
  /// The derivative, as fast kernels have it, leaves too little room for the product with dy.
  static constexpr bool fast_misses_bound(Direction d, bool) { return d == Direction::backward; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    const auto middle = -scale(-p[0] + -p[1], 0.5);
    return cancelling(middle, middle + scale(p[1] - p[0], 0.5) * tanh(x));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return normalized(scale(p[1] - p[0], 0.5)) * tanh_slope(x);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return (p[0] + p[1]) / 2 + (p[1] - p[0]) / 2 * platform::tanh(x);
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    const T t = platform::tanh(x);
    return (p[1] - p[0]) / 2 * (1 - t * t);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
