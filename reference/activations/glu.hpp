// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations/sigmoid.hpp"

namespace actbench::reference::activations {

struct glu : sigmoid {
  static constexpr bool gated = true;
};

}  // namespace actbench::reference::activations
