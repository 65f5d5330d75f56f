// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// f32 numbers of a register of an instruction set; 1 for scalar kernels and a device, which take one at a time.
constexpr int lanes_of(Backend backend) {
#define ACTBENCH_BACKEND(name, title, features, lanes, ...) \
  if (backend == Backend::name) return lanes;
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
  return 1;
}

}  // namespace actbench::bench
