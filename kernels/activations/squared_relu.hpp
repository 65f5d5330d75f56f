// SPDX-License-Identifier: Apache-2.0
//
// max(0, x)².
#pragma once

#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"squared_relu", "max(0, x)²", "primer", {}, 0};
  static constexpr bool rounds_once = true;

  template <class N, class P>
  static auto forward(N x, const P&) {
    const N r = select(x <= N(0), N(0), x);
    return r * r;
  }
  template <class T>
  static T naive(T x, const T*) {
    return x > 0 ? x * x : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
