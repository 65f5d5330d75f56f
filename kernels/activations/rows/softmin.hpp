// SPDX-License-Identifier: Apache-2.0
//
// softmax of −x. kernels/rows/ has the loops.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"softmin", "softmax(−x)", "", {}, 0, Shape::rows};
  static constexpr bool negated = true, logarithm = false;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
