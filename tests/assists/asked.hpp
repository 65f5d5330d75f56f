// SPDX-License-Identifier: Apache-2.0
//
// An activation's fast kernels, forward, which count how often they ask for the function with the precision of a
// DoubleDouble.
#pragma once

#include <type_traits>

#include "kernels/elementwise.hpp"
#include "kernels/elementwise/subnormal.hpp"

extern "C" unsigned long actbench_asked;

namespace actbench::ACTBENCH_ISA {
namespace {

struct Asked : Definition {
  template <class N, class P>
  static auto forward(N x, const P& p) {
    if constexpr (std::is_same_v<N, Exact<F64>>) ++actbench_asked;
    return Definition::forward(x, p);
  }
};

template <class T>
constexpr Kernel asked(Type type) {
  return {&Asked::facts, Direction::forward, type, Tier::fast, backend, 4, fast<Asked, Direction::forward, T>};
}
constexpr Kernel all_asked[] = {asked<float>(Type::f32), asked<double>(Type::f64), asked<BF16>(Type::bf16)};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(all_asked, sizeof all_asked / sizeof all_asked[0])
