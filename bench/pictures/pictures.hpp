// SPDX-License-Identifier: Apache-2.0
//
// Pictures of results: what kernels' errors and times are like, for people who look rather than read. Each takes
// results as they were measured or as a report's folder has them, and makes a figure.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/compare/compare.hpp"
#include "bench/gate/history.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/timing/timing.hpp"
#include "reports/plot.hpp"

namespace actbench::bench::pictures {

/// A kernel by its identity: a report may be about kernels that this program lacks. All empty: copying.
struct KernelName {
  std::string activation{}, direction{}, type{}, tier{}, backend{};
  bool operator==(const KernelName&) const = default;

  std::string identity() const;
  std::string function() const;  ///< "gelu, forward f32"
  bool is_own() const;           ///< not of a plug-in
};
KernelName name_of(const Kernel&);

/// A kernel's time, or that of copying, with arrays of some size.
struct Time {
  KernelName kernel{};
  std::string size{};                 ///< "l1", or a count of elements
  std::size_t elements = 0;           ///< of each array
  std::size_t bytes_per_element = 0;  ///< read and written
  std::size_t row = 0;                ///< the length of rows; 0: none
  double ns = 0, low = 0, high = 0;   ///< an element: the median and its interval

  bool is_copy() const { return kernel.activation.empty(); }
};

/// A kernel's largest error, in ULP.
struct Error {
  KernelName kernel{};
  double max_ulp = 0;
};

/// Those over normal inputs, of the CPU.
std::vector<Time> times_of(const timing::BenchResult&);
std::vector<Error> errors_of(std::span<const SweepRow>);

/// The same from a file of a report (performance.csv, accuracy.csv and their like over rows), of the kernels that are
/// wanted. Throws UsageError that names the file, and the column that it lacks.
using Wanted = std::function<bool(const KernelName&)>;
std::vector<Time> read_times(const std::filesystem::path&, const Wanted&);
std::vector<Error> read_errors(const std::filesystem::path&, const Wanted&);

/// Largest errors by binade and sign of x, a panel a function, a line a tier or plug-in. The rows must have by_region.
/// The caption says what is proven of the errors (certificates), and what was found in a sample.
reports::Figure error_figure(std::span<const SweepRow>);

/// Largest error against time, a panel a function, with the front of what no other is both faster and more accurate
/// than.
reports::Figure front_figure(std::span<const Comparison>);
/// The same from times at one size. Kernels without an error or a time are left out.
reports::Figure front_figure(std::span<const Time>, std::span<const Error>, const std::string& size);
/// All functions in one panel, told apart by tier and plug-in.
reports::Figure overview_figure(std::span<const Time>, std::span<const Error>, const std::string& size);
/// The size to show: l2 where there is one, or else the first.
std::string telling_size(std::span<const Time>);

/// Times by size of the arrays beside those of copying, a panel a function; of each tier the fastest backend.
reports::Figure sizes_figure(std::span<const Time>);
/// Times by the length of rows beside that of copying, a panel a function, at the size with the most lengths.
reports::Figure rows_figure(std::span<const Time>);

/// What the gate said, run after run, of the kernels that are wanted (by identity), in at most so many last runs.
reports::Figure history_figure(std::span<const gate::HistoryEntry>, std::size_t last,
                               const std::function<bool(const std::string&)>& wanted);

/// A word that is shown for each series: a tier, or the name of a plug-in.
std::string series_of(const KernelName&);
/// A tier looks the same in every picture; nothing: whatever is left.
std::optional<std::size_t> look_of(const KernelName&);
/// Of copying, and of the front.
inline constexpr std::size_t grey_look = 4;

}  // namespace actbench::bench::pictures
