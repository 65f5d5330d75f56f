// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace actbench::bench {

/// The seed of everything random: any whole number below 2^64.
inline constexpr unsigned long long default_seed = 1;

}  // namespace actbench::bench
