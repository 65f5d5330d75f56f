// SPDX-License-Identifier: Apache-2.0
//
// One picture as a user asks for it: of results that are there, or measured for it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/numbers/seed.hpp"
#include "bench/selection/kernels.hpp"
#include "reports/plot.hpp"

namespace actbench::bench::pictures {

enum class Kind : unsigned char { error, front, sizes, rows, history };
inline constexpr std::array kinds{Kind::error, Kind::front, Kind::sizes, Kind::rows, Kind::history};
const char* name(Kind) noexcept;
/// Throws UsageError that says which there are.
Kind kind_of(const std::string&);

/// Without directions and types: forward and f32, but for history, which takes all.
struct PlotOptions : Selection {
  Kind kind{};
  std::filesystem::path from{};                   ///< a report's folder or a file; empty: measure now
  std::vector<std::string> parameters{};          ///< "alpha=0.2"
  std::uint64_t inputs = std::uint64_t{1} << 20;  ///< for each kernel's error
  bool all = false;                               ///< of error: every input of the type instead
  std::string size{};                             ///< of front; empty: l2
  double budget_s = 10;                           ///< of the timing; of front for each function
  std::uint64_t last = 100;                       ///< runs of the history
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
};

struct Plot {
  reports::Figure figure;
  std::vector<std::string> notes;  ///< what was left out, and why
};

/// Throws UsageError where the results are not there, or not of the kind that is asked for, MissingError where no
/// kernel runs here, Interrupted after a signal.
Plot plot(const PlotOptions&);

}  // namespace actbench::bench::pictures
