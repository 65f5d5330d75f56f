// SPDX-License-Identifier: Apache-2.0
//
// The outcome of a sweep as a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/selection/kernel_columns.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// The columns after those that say which kernel a row is about.
std::span<const Field<SweepRow>> accuracy_fields();

/// The sentences that say what these columns count, and in which measure. whose: what gave the results, where it is
/// none of the kernels.
std::vector<std::string> accuracy_notes(std::span<const SweepRow>, std::string_view whose = {});

/// "The promise is kept", "5 of 6 promises are kept", "None of 6 promises is kept"; of at least one promise.
std::string kept_text(std::size_t kept, std::size_t promises);

/// Takes at least one row; all rows must share one measure. `shard` is the part of all inputs that the rows are about;
/// a count of 0 stands for an unknown part.
reports::Table accuracy_table(std::span<const SweepRow>, std::uint64_t seed, Shard shard = {});

/// One sentence that says what an infinite error is, with the first few inputs that have one; empty where no row has.
std::string infinite_error_note(std::span<const SweepRow>, std::string_view whose = {});

}  // namespace actbench::bench
