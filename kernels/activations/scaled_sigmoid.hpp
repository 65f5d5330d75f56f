// SPDX-License-Identifier: Apache-2.0
//
// A sigmoid from a to b: for outputs with known bounds.
// Where a and b have different signs and the sum cancels, the error is relative to b − a, not to the result.
#pragma once

#include "kernels/math/logistic.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "scaled_sigmoid", "a + (b−a)·σ(x)", "", {{"a", 0.0, Domain::any}, {"b", 100.0, Domain::any}}, 2};
  static constexpr bool rounds_once = false;
  static double body_end(double reach, const double*) { return reach; }
  /// The derivative, as fast kernels have it, leaves too little room for the product with dy.
  static constexpr bool fast_misses_bound(Direction d, bool) { return d == Direction::backward; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return cancelling(p[0], p[0] + (p[1] - p[0]) * logistic(x));
  }
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    return normalized(p[1] - p[0]) * logistic_slope(x);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return p[0] + (p[1] - p[0]) / (1 + platform::exp(-x));
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    const T s = 1 / (1 + platform::exp(-x));
    return (p[1] - p[0]) * s * (1 - s);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
