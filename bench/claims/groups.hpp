// SPDX-License-Identifier: Apache-2.0
//
// The groups of claims: for every line of groups.def a function that gives the group's claims.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "bench/claims/claims.hpp"

namespace actbench::bench::claim_parts {

#define ACTBENCH_CLAIM_GROUP(name) std::span<const Claim> name();
#include "bench/claims/groups.def"
#undef ACTBENCH_CLAIM_GROUP

using Parts = std::vector<Part>;
inline constexpr auto essential = Role::essential;
inline constexpr auto condition = Role::condition;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double none = infinity;  ///< for "from which x on": from no x

}  // namespace actbench::bench::claim_parts
