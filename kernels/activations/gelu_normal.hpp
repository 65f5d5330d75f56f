// SPDX-License-Identifier: Apache-2.0
//
// The GELU of a normal variable of mean μ and standard deviation σ: x·Φ((x − μ)/σ).
#pragma once

#include "kernels/math/normal_cdf.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{
      "gelu_normal", "x·Φ((x−μ)/σ)", "", {{"mu", 0.0, Domain::any}, {"sigma", 1.0, Domain::positive}}, 2};
  static constexpr bool rounds_once = false;
  /// The derivative, as fast kernels of f64 have it, leaves too little room for the product with dy.
  static constexpr bool fast_misses_bound(Direction d, bool wide) { return wide && d == Direction::backward; }

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return x * normal_cdf((x - p[0]) / p[1]);
  }
  /// With z = (x − μ)/σ, Φ(z) + x/σ·φ(z) is (Φ(z) + z φ(z)) + μ/σ·φ(z), without its last term for μ = 0. Where these
  /// cancel for another μ, the error is relative to the larger of φ(z) and the last.
  template <class N, class P>
  static auto derivative(N x, const P& p) {
    const auto z = normalized((x - p[0]) / p[1]);
    const auto peak = normal_pdf(z), bump = normalized(normalized(p[0] / p[1]) * peak);
    return cancelling(largest_term(peak, bump), gelu_slope(z) + bump);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x / 2 * (1 + platform::erf((x - p[0]) / p[1] / T(1.4142135623730950488)));
  }
  template <class T>
  static T naive_derivative(T x, const T* p) {
    const T z = (x - p[0]) / p[1];
    return (1 + platform::erf(z / T(1.4142135623730950488))) / 2 +
           x / p[1] * platform::exp(-z * z / 2) * T(0.39894228040143267794);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
