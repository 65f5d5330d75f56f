// SPDX-License-Identifier: Apache-2.0
//
// The negative side of the leaky rectifiers.
#pragma once

#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// α·x for x <= 0, and its limit 0 where α is 0 and x is -inf.
template <class V>
inline V slope(V alpha, V x) {
  return alpha * max(select(alpha == V(0), V(-1), V(-__builtin_inff())), x);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
