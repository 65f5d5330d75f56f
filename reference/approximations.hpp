// SPDX-License-Identifier: Apache-2.0
//
// The forms by which GELU is approximated, with their coefficients free: gelu_tanh, new_gelu and quick_gelu are members
// of these families, and so are the best ones.
#pragma once

#include "reference/reference.hpp"

namespace actbench::reference {

/// "tanh_form": x/2·(1 + tanh(a√(2/π)(x + c·x³))), parameters a, c. "sigmoid_form": x·σ(b·x), parameter b. Directions
/// "forward" and "derivative". Null for any other form or direction.
const Function* find_approximation(std::string_view form, std::string_view direction = "forward") noexcept;

}  // namespace actbench::reference
