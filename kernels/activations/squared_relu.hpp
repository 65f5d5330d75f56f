// SPDX-License-Identifier: Apache-2.0
//
// max(0, x)².
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"squared_relu", "max(0, x)²", "primer", {}, 0};
  static constexpr bool rounds_once = true;

  template <class N, class P>
  static auto forward(N x, const P&) {
    // Below the square root of the smallest number, whose square is a tie, there is nothing to multiply.
    using Element = typename N::Element;
    constexpr Element nothing = static_cast<Element>(sizeof(Element) == sizeof(double) ? 0x1p-538 : 0x1p-75);
    const N r = select(x <= N(nothing), N(0), x);
    return r * r;
  }
  template <class N, class P>
  static auto derivative(N x, const P&) {
    const N r = select(x <= N(0), N(0), x);
    return r + r;
  }
  /// dy·2x, doubled last where 2x might overflow.
  template <class N, class P>
  static auto backward(N dy, N x, const P&) {
    const N r = select(x <= N(0), N(0), x);
    const auto far = r > N(0x1p100f);
    const N product = dy * select(far, r, r + r);
    return select(far, product + product, product);
  }
  template <class T>
  static T naive(T x, const T*) {
    return x > 0 ? x * x : T(0);
  }
  template <class T>
  static T naive_derivative(T x, const T*) {
    return x > 0 ? 2 * x : T(0);
  }
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
