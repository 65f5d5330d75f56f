// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace actbench::reference {

/// The arithmetic operations and elementary functions that an activation's definition takes at x, each counted once.
/// Throws std::invalid_argument where no activation has that name.
std::size_t operation_count(std::string_view activation, std::span<const double> parameters, double x);

}  // namespace actbench::reference
