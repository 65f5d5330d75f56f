// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations/gelu.hpp"

namespace actbench::reference::activations {

struct geglu : gelu {
  static constexpr bool gated = true;
};

}  // namespace actbench::reference::activations
