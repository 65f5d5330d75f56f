// SPDX-License-Identifier: Apache-2.0
//
// The fastest kernel of a function whose error stays within a bound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// How an error bound is known: certified, over every input of the type; promised; or sampled, the worst found.
enum class BoundKind : unsigned char { certified, promised, sampled };
const char* name(BoundKind) noexcept;

struct Bound {
  double ulp = 0;
  BoundKind kind{};
};

/// What is known of a kernel's errors with default parameters: the best of its certificate and its promise. Nothing
/// where there is neither.
std::optional<Bound> known_bound(const Kernel&);

/// A kernel with its bound and its time.
struct Candidate {
  const Kernel* kernel = nullptr;
  Bound bound{};
  timing::Interval ns{};  ///< an element; all 0: not timed
};

/// Kernels that keep the bound, the fastest first.
struct Pick {
  std::vector<Candidate> within;
  std::vector<Candidate> beyond;  ///< those that do not, the closest first; without times
  std::string where;              ///< how the times were measured: a sentence
};

struct PickOptions {
  double max_ulp = 4;
  std::string size = "l1";  ///< as timing::parse_sizes takes it
  std::size_t row = 1024;   ///< the length, of kernels over rows
  double budget_s = 5;      ///< of the timing
  std::uint64_t seed = 1;
  unsigned threads = 0;
};

/// Looks at kernels of one function that run here. Those without certificate and promise are swept over a sample, and
/// all that keep the bound are timed in turn. Throws as the sweep and timing do.
Pick pick(std::span<const Kernel* const>, const PickOptions&);

/// The same from what a report found, its folder's CSV. Throws UsageError where that has no times of such kernels at
/// that size.
Pick pick_from(const std::filesystem::path& folder, std::span<const Kernel* const>, const PickOptions&);

/// One row each, the one to use first. Takes at least one kernel within the bound.
reports::Table pick_table(const Pick&, double max_ulp);

}  // namespace actbench::bench
