// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "actbench/kernels.hpp"
#include "kernels/cuda/call.hpp"

namespace actbench::cuda_emulated {

inline cuda::Call call_of(const Kernel& kernel, const Arguments& a) {
  cuda::Call call{a.x, a.dy, a.a, a.y, a.n, a.row, {}};
  std::copy_n(a.parameters, kernel.activation->parameter_count, call.parameters);
  return call;
}

}  // namespace actbench::cuda_emulated
