// SPDX-License-Identifier: Apache-2.0
//
// The search for worse inputs around a bad one.
#pragma once

#include <atomic>
#include <cstdint>

#include "bench/sweep/block.hpp"
#include "bench/sweep/group.hpp"
#include "bench/sweep/tally.hpp"

namespace actbench::bench {

/// Tries so many inputs around `start` and moves on to what is worse. Ends early once `stop` is set.
Tally search_around(const WorstCase& start, const Group&, const Subject&, std::uint64_t inputs, std::uint64_t seed,
                    const std::atomic<bool>* stop, Block&);

}  // namespace actbench::bench
