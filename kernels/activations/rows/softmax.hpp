// SPDX-License-Identifier: Apache-2.0
//
// e^(x − m) over its sum, m the row's largest x. kernels/rows/ has the loops.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"softmax", "e^(xᵢ − m)/Σe^(xⱼ − m), m = max x", "", {}, 0, Shape::rows};
  static constexpr bool negated = false, logarithm = false;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
