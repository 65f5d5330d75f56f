// SPDX-License-Identifier: Apache-2.0
//
// The gaps in the table of kernels.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// A kernel that the other kernels lead one to expect, and that the table lacks.
struct Hole {
  Kernel kernel;  ///< cannot run: its function is null
  std::string reason;
};

/// Every direction, type, tier and backend that one activation of the table has and another of the same shape lacks.
/// The gradient for a learned parameter is expected only of activations that have one. Plug-ins have no gaps.
std::vector<Hole> holes(std::span<const Kernel> table);

}  // namespace actbench::bench
