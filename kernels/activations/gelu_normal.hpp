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

  template <class N, class P>
  static auto forward(N x, const P& p) {
    return x * normal_cdf((x - p[0]) / p[1]);
  }
  template <class T>
  static T naive(T x, const T* p) {
    return x / 2 * (1 + platform::erf((x - p[0]) / p[1] / T(1.4142135623730950488)));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
