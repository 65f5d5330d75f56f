// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations/relu.hpp"

namespace actbench::reference::activations {

struct reglu : relu {
  static constexpr bool gated = true;
};

}  // namespace actbench::reference::activations
