// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// A kernel that others lead one to expect, and that is not there.
struct Hole {
  Kernel kernel;  ///< that cannot run: its function is null
  std::string reason;
};

/// Every direction, type, tier and backend that some activation of the table has and another lacks. The gradient for a
/// learned parameter is expected of those alone that have one.
std::vector<Hole> holes(std::span<const Kernel> table);

}  // namespace actbench::bench
