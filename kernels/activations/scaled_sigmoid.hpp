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

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return p[0] + (p[1] - p[0]) * logistic(x);
  }
  /// The term of forward() that another may cancel.
  template <class P>
  static auto cancelling(const P& p) {
    return p[0];
  }
  template <class T>
  static T naive(T x, const T* p) {
    return p[0] + (p[1] - p[0]) / (1 + platform::exp(-x));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
