// SPDX-License-Identifier: Apache-2.0
//
// The logarithm of softmax: (x − m) − ln Σe^(x − m). kernels/rows/ has the loops.
#pragma once

#include "kernels/table.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

struct Definition {
  static constexpr Activation facts{"log_softmax", "(xᵢ − m) − ln Σe^(xⱼ − m), m = max x", "", {}, 0, Shape::rows};
  static constexpr bool negated = false, logarithm = true;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
