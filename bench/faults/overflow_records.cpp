// SPDX-License-Identifier: Apache-2.0
//
// Findings for machines: one row each.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "bench/faults/findings_text.hpp"
#include "bench/faults/overflow.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/parameters.hpp"

namespace actbench::bench {

using namespace faults;

namespace {

using reports::Cell;
using Cells = std::vector<Cell>;

/// The rows of one kernel.
class KernelRecords {
 public:
  KernelRecords(reports::Table& table, const FunctionFindings& function, const KernelFindings& findings,
                bool with_what_is_right)
      : table_(table),
        function_(function),
        findings_(findings),
        kernel_(*findings.subject.kernel),
        with_what_is_right_(with_what_is_right),
        start_(kernel_cells(kernel_)) {
    start_.emplace_back(used_parameters(kernel_, findings.subject.parameters));
    start_.emplace_back(function.inputs);
    start_.emplace_back(function.exhaustive);
  }

  void add() {
    add({"verdict", "promise", verdict_cell(function_, findings_)});
    for (std::size_t i = 0; i < findings_.specials.size(); ++i)
      add_special(function_.truth.specials[i], findings_.specials[i]);
    for (std::size_t t = 0; t < findings_.thresholds.size(); ++t)
      add_threshold(function_.truth.thresholds[t], findings_.thresholds[t]);
    for (std::size_t f = 0; f < fault_count; ++f) add_faults(static_cast<Fault>(f), findings_.faults[f]);
  }

 private:
  void add(Cells cells) {
    Cells row = start_;
    row.insert(row.end(), cells.begin(), cells.end());
    row.resize(table_.columns.size());
    table_.rows.push_back(std::move(row));
  }

  /// A number, and its bits.
  std::pair<std::string, std::string> show(std::uint64_t pattern) const {
    return {number_text(kernel_.type, pattern), bits(kernel_.type, pattern)};
  }

  void add_special(const SpecialInput& special, const SpecialResult& result) {
    if (!with_what_is_right_ && result.verdict == SpecialVerdict::right) return;
    constexpr const char* verdicts[] = {"right", "sign of zero", "wrong"};
    const Multipliers multipliers = multipliers_of(kernel_);
    const auto [x, x_bits] = show(special.input.x);
    const auto [got, got_bits] = show(result.got);
    const auto [expected, expected_bits] = show(special.expected);
    add({"special", special.name, verdicts[static_cast<int>(result.verdict)], Cell(), x, x_bits,
         multipliers.dy ? Cell(number_text(kernel_.type, special.input.dy)) : Cell(),
         multipliers.a ? Cell(number_text(kernel_.type, special.input.a)) : Cell(), got, got_bits, expected,
         expected_bits});
  }

  void add_threshold(const Threshold& threshold, const std::optional<std::uint64_t>& crossed) {
    const bool right = crossed == threshold.first;
    if (!with_what_is_right_ && right) return;
    const std::string what =
        fmt::format("to {}: {}", threshold.negative ? "-inf" : "inf", event_text(kernel_.type, threshold));
    const auto [expected, expected_bits] = show(input_of(kernel_.type, threshold, threshold.first));
    std::pair<std::string, std::string> got;
    if (crossed) got = show(input_of(kernel_.type, threshold, *crossed));
    add({"threshold", what, right ? "right" : "wrong", Cell(), Cell(), Cell(), Cell(), Cell(),
         crossed ? Cell(got.first) : Cell("never"), got.second, expected, expected_bits});
  }

  void add_faults(Fault fault, const Faults& faults) {
    if (faults.count == 0) {
      if (with_what_is_right_) add({"fault", name(fault), "none", faults.count});
      return;
    }
    const auto [x, x_bits] = show(faults.first);
    const auto [last, last_bits] = show(faults.last);
    const auto [got, got_bits] = show(faults.got);
    const auto [expected, expected_bits] = show(faults.expected);
    add({"fault", name(fault), faults.broken > 0 ? "excluded by the promise" : "found", faults.count, x, x_bits, Cell(),
         Cell(), got, got_bits, expected, expected_bits, last, last_bits, faults.where});
  }

  reports::Table& table_;
  const FunctionFindings& function_;
  const KernelFindings& findings_;
  const Kernel& kernel_;
  bool with_what_is_right_;
  Cells start_;  ///< what every row begins with
};

}  // namespace

reports::Table overflow_records(std::span<const FunctionFindings> functions, bool with_what_is_right) {
  reports::Table table{.name = "overflow"};
  table.columns = kernel_columns();
  for (const char* column :
       {"parameters", "inputs", "exhaustive", "finding", "what", "verdict", "count", "x", "x_bits", "dy", "a", "got",
        "got_bits", "expected", "expected_bits", "last_x", "last_x_bits", "where"}) {
    table.columns.push_back({.name = column});
  }
  for (const FunctionFindings& function : functions) {
    for (const KernelFindings& kernel : function.kernels)
      KernelRecords(table, function, kernel, with_what_is_right).add();
  }
  return table;
}

}  // namespace actbench::bench
