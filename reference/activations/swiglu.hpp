// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations/silu.hpp"

namespace actbench::reference::activations {

struct swiglu : silu {
  static constexpr bool gated = true;
};

}  // namespace actbench::reference::activations
