// SPDX-License-Identifier: Apache-2.0
//
// Measures kernels over rows (Shape::rows). Rows are drawn by seed so that they find errors. Every element is compared
// with the exact row; sums that are not 1 and results out of order are counted besides.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/timing/timing.hpp"
#include "reference/rows.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// All that is needed to draw a row again. Generators of forward: normal, N(0, scale²); wide, every binade of the type
/// up to scale, both signs; masked, normal with a third -inf; dominated, one element far above the others, some of
/// which are 2^-60·scale apart; equal, two values alone. For backward, y is softmax of such a row, or its logarithm,
/// rounded to the type, and dy is: normal, N(0, 1); wide, of every binade down to 2^-60; constant, all the same, whose
/// gradient cancels; one_hot, a single 1; matching, within a few units of what makes the gradient 0.
struct RowSpec {
  std::string generator = "normal";  ///< for backward "y:dy", such as "normal:one_hot"
  std::uint64_t seed = 1;
  std::size_t length = 1;
  double scale = 1;
};
std::span<const char* const> row_generators(Direction);

/// The row's numbers, rounded to the type. For backward x holds y; for forward dy is empty. Throws UsageError.
struct RowInputs {
  std::vector<double> x, dy;
};
RowInputs draw_row(const RowSpec&, const Kernel&);

/// The results of a kernel for one row, as doubles.
std::vector<double> run_row(const Kernel&, const RowInputs&);

/// An element of a row, what a kernel gave there, and the error of that.
struct BadElement {
  double ulp = -1;
  RowSpec row;
  std::size_t position = 0;
  double x = 0, dy = 0, got = 0, expected = 0;
};

struct RowTally {
  std::uint64_t rows = 0;
  Tally elements;             ///< without its list of the worst
  BadElement worst;           ///< the first of the worst
  double worst_goldberg = 0;  ///< the largest error by the measure that promises use
  /// The largest |Σ y - 1| over 2^(1 - precision) for forward of softmax and softmin, infinite where a sum is NaN.
  double sum_deviation = 0;
  std::uint64_t out_of_order = 0;  ///< neighbours in the order of x whose results fall (softmin: rise); forward only
  void merge(const RowTally&);
};

/// Compares the results of a kernel for one row with the exact ones.
RowTally judge_row(const Kernel&, const RowSpec&, const RowInputs&, const reference::ExactRow&, reference::Ulp);

/// "128,1024,2^17": lengths of rows, 1 to 2^20. Throws UsageError.
std::vector<std::size_t> parse_lengths(const std::string&);

struct RowResult {
  const Kernel* kernel;
  RowTally total;
  std::map<std::tuple<std::size_t, double, std::string>, RowTally> cells;  ///< by length, scale and generator
};

struct RowOptions {
  std::vector<std::size_t> lengths{1, 2, 3, 10, 128, 1000, 1024, 4096};
  std::vector<double> scales{1, 10, 100};
  std::uint64_t elements = std::uint64_t{1} << 18;  ///< for each kernel, about
  reference::Ulp ulp = reference::Ulp::goldberg;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  std::function<void(double fraction)> progress;
  const std::atomic<bool>* stop = nullptr;
};

/// One result for each kernel, in their order. All must be runnable and over rows.
std::vector<RowResult> measure_rows(std::span<const Kernel* const>, const RowOptions&);

/// Whether the results of such kernels for a row should sum to 1.
bool sums_to_one(const Kernel&);

/// A result as a row of the accuracy table, and the table of results by length and scale.
SweepRow as_sweep_row(const RowResult&, reference::Ulp);
reports::Table rows_table(std::span<const RowResult>, const RowOptions&);
/// The worst rows, to be kept as test vectors: generator, seed, length, scale, position and the right result there.
reports::Table worst_rows(std::span<const RowResult>);

/// An element of a special row whose result is wrong in kind.
struct RowFault {
  const Kernel* kernel;
  const char* row;  ///< what kind of row: "NaN among numbers"
  std::size_t element;
  const char* what;  ///< "NaN for a number"
  double got, expected;
};

/// The smallest L for which results of forward are infinite or NaN, for the rows (L, 0), (L, L) and (-L, -L); infinite
/// where there is none.
struct RowOverflow {
  const Kernel* kernel;
  std::array<double, 3> from;
};

/// Rows of special values, and where results begin to be infinite or NaN.
struct SpecialRows {
  std::size_t tried = 0;  ///< rows, all kernels together
  std::vector<RowFault> faults;
  std::vector<RowOverflow> overflow;
  std::vector<const Kernel*> broken;  ///< kernels that break their promise, each once
};
SpecialRows special_rows(std::span<const Kernel* const>);
std::vector<reports::Table> special_tables(const SpecialRows&);

/// The results of a report on kernels over rows.
struct RowFindings {
  std::vector<const Kernel*> kernels;
  RowOptions options;
  std::vector<RowResult> results;
  SpecialRows special;
  timing::BenchResult times;                        ///< of the CPU's kernels
  timing::BenchResult by_inputs;                    ///< of these, over inputs of every kind
  std::optional<timing::BenchResult> device_times;  ///< of a device's kernels, where one is here
};
/// The kernels that break their promise, by an error or at a special row, each once.
std::vector<const Kernel*> broken_kernels(const RowFindings&);
/// The section of the summary, as Markdown.
std::string rows_in_short(const RowFindings&);

}  // namespace actbench::bench
