// SPDX-License-Identifier: Apache-2.0
//
// x·Φ(x), Φ the standard normal distribution function.
#pragma once

#include "kernels/math/normal_cdf.hpp"
#include "kernels/math/platform.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"gelu", "x·Φ(x)", "gelu_erf", {}, 0};
  static constexpr bool rounds_once = false;

  template <class N, class P>
  static auto forward(N x, const P&) {
    return x * normal_cdf(x);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x / 2 * (1 + platform::erf(x / T(1.4142135623730950488)));
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
