// SPDX-License-Identifier: Apache-2.0
//
// What claims are computed from, where times are measured.
#pragma once

#include <string>
#include <vector>

#include "bench/claims/claims.hpp"

namespace actbench::bench::claim_parts {

/// The backends whose kernels are timed, the widest last.
inline constexpr Backend timed_backends[] = {
    Backend::scalar,
#define ACTBENCH_BACKEND(name, ...) Backend::name,
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
};
bool runs_here(Backend);

/// The row of a kernel and size; null: it was not timed.
const timing::BenchRow* row_of(const timing::BenchResult&, const std::string& id, const char* size);

/// Adds one part for each tier, backend and size: how many times as long `slow` takes as `fast`.
void add_time_ratios(std::vector<Part>&, const Evidence&, const char* slow, const char* fast, Role, Relation,
                     double bound, double tolerance = 0);

}  // namespace actbench::bench::claim_parts
