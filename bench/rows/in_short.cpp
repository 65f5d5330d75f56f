// SPDX-License-Identifier: Apache-2.0
//
// The section of a report's summary about kernels over rows: promises, worst errors, overflow, times.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/performance/performance.hpp"
#include "bench/rows/rows.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {

using reports::Cell;
using reports::Display;

std::vector<const Kernel*> broken_kernels(const RowFindings& findings) {
  std::vector<const Kernel*> broken = findings.special.broken;
  for (const RowResult& result : findings.results) {
    const bool known = std::find(broken.begin(), broken.end(), result.kernel) != broken.end();
    if (!known && !keeps_promise(as_sweep_row(result, findings.options.ulp))) broken.push_back(result.kernel);
  }
  return broken;
}

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// An activation and its direction.
using Function = std::pair<std::string, Direction>;
Function function_of(const Kernel& kernel) { return {kernel.activation->name, kernel.direction}; }
std::string text_of(const Function& function) { return function.first + " " + name(function.second); }

std::string promises_sentence(const RowFindings& findings) {
  const auto promised = std::count_if(findings.kernels.begin(), findings.kernels.end(),
                                      [](const Kernel* k) { return std::isfinite(k->promised_ulp); });
  if (promised == 0) return {};
  const std::vector<const Kernel*> broken = broken_kernels(findings);
  if (broken.empty()) {
    std::uint64_t elements = findings.results[0].total.elements.inputs;
    for (const RowResult& result : findings.results) elements = std::min(elements, result.total.elements.inputs);
    const auto [least, greatest] =
        std::minmax_element(findings.options.lengths.begin(), findings.options.lengths.end());
    return fmt::format(
        "**Every promise was kept**: {}, over {} elements each in rows of {} to {}, and at special rows.\n",
        reports::counted(static_cast<std::uint64_t>(promised), "kernel"), reports::compact_count(elements), *least,
        *greatest);
  }
  constexpr std::size_t most = 5;
  std::string text =
      fmt::format("**{} of {} {} broken**, by an error or at a special row (rows.md):", broken.size(),
                  reports::counted(static_cast<std::uint64_t>(promised), "promise"), broken.size() == 1 ? "is" : "are");
  for (std::size_t i = 0; i < std::min(broken.size(), most); ++i)
    text += fmt::format("{} `{}`", i > 0 ? "," : "", identity(*broken[i]));
  return text + (broken.size() > most ? " and more.\n" : ".\n");
}

/// The worst backend of every function and tier.
std::string errors_table(const RowFindings& findings) {
  struct Worst {
    std::map<Type, double> ulp;
    double sum = 0;
    std::uint64_t out_of_order = 0;
    const Kernel* any = nullptr;
  };
  std::map<std::pair<Function, Tier>, Worst> all;
  std::set<Type> types;
  for (const RowResult& result : findings.results) {
    const Kernel& k = *result.kernel;
    Worst& worst = all[{function_of(k), k.tier}];
    types.insert(k.type);
    worst.any = &k;
    double& ulp = worst.ulp[k.type];
    ulp = std::max(ulp, result.total.worst.ulp);
    worst.sum = std::max(worst.sum, result.total.sum_deviation);
    worst.out_of_order = std::max(worst.out_of_order, result.total.out_of_order);
  }
  reports::Table table;
  table.columns = {{.name = "function"}, {.name = "tier"}};
  for (const Type type : types)
    table.columns.push_back({.name = fmt::format("{}: worst ULP found", name(type)), .right = true});
  table.columns.push_back({.name = "Σy off by, in eps", .right = true});
  table.columns.push_back({.name = "out of order", .display = Display::count, .right = true});
  for (const auto& [key, worst] : all) {
    std::vector<Cell> cells{text_of(key.first), name(key.second)};
    for (const Type type : types) {
      const auto found = worst.ulp.find(type);
      cells.push_back(found != worst.ulp.end() ? Cell(ulp_text(found->second)) : Cell());
    }
    cells.push_back(sums_to_one(*worst.any) ? Cell(fmt::format("{:.3g}", worst.sum)) : Cell());
    cells.push_back(key.first.second == Direction::forward ? Cell(worst.out_of_order) : Cell());
    table.rows.push_back(std::move(cells));
  }
  return "\n" + reports::write(table, reports::Format::markdown);
}

std::string overflow_table(const SpecialRows& special) {
  std::map<std::pair<Function, Tier>, std::map<Type, double>> from;
  std::set<Type> types;
  for (const RowOverflow& overflow : special.overflow) {
    const Kernel& k = *overflow.kernel;
    const double first = *std::min_element(overflow.from.begin(), overflow.from.end());
    if (std::isinf(first)) continue;
    types.insert(k.type);
    double& least = from[{function_of(k), k.tier}].try_emplace(k.type, infinity).first->second;
    least = std::min(least, first);
  }
  if (from.empty()) return {};
  reports::Table table;
  table.columns = {{.name = "function"}, {.name = "tier"}};
  for (const Type type : types) table.columns.push_back({.name = name(type), .right = true});
  for (const auto& [key, of_type] : from) {
    std::vector<Cell> cells{text_of(key.first), name(key.second)};
    for (const Type type : types) {
      const auto found = of_type.find(type);
      cells.push_back(found != of_type.end() ? Cell(decimal(type, found->second)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return "\nThe smallest L for which results of a row (L, 0), (L, L) or (−L, −L) are infinite or NaN:\n\n" +
         reports::write(table, reports::Format::markdown);
}

/// The times of kernels at the largest size.
std::vector<const timing::BenchRow*> largest(const timing::BenchResult& times) {
  std::vector<const timing::BenchRow*> rows;
  for (const timing::BenchRow& row : times.rows) {
    if (row.kernel == nullptr) continue;
    if (!rows.empty() && rows[0]->size.name != row.size.name) rows.clear();
    rows.push_back(&row);
  }
  return rows;
}

/// The fastest backend of every tier, for one type.
std::string times_table(std::span<const timing::BenchRow* const> rows, Type type) {
  std::set<std::size_t> lengths;
  std::map<std::pair<Function, Tier>, std::map<Backend, std::map<std::size_t, const timing::BenchRow*>>> all;
  for (const timing::BenchRow* row : rows) {
    if (row->kernel->type != type) continue;
    lengths.insert(row->row);
    all[{function_of(*row->kernel), row->kernel->tier}][row->kernel->backend][row->row] = row;
  }
  reports::Table table;
  table.columns = {{.name = "function"}, {.name = "tier"}, {.name = "backend"}};
  for (const std::size_t length : lengths) {
    table.columns.push_back({.name = fmt::format("rows of {}", length), .right = true});
    table.columns.push_back({.name = "% of copy", .right = true});
  }
  for (const auto& [key, backends] : all) {
    const auto time = [](const auto& backend) {
      double sum = 0;
      for (const auto& [length, row] : backend.second) sum += row->ns_per_element.median;
      return sum;
    };
    const auto fastest = std::min_element(backends.begin(), backends.end(),
                                          [&](const auto& a, const auto& b) { return time(a) < time(b); });
    std::vector<Cell> cells{text_of(key.first), name(key.second), name(fastest->first)};
    for (const std::size_t length : lengths) {
      const auto found = fastest->second.find(length);
      const bool there = found != fastest->second.end();
      cells.push_back(there ? Cell(ns_text(found->second->ns_per_element.median)) : Cell());
      cells.push_back(there ? Cell(fmt::format("{:.0f}", 100 * found->second->ratio_to_copy.median)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return fmt::format(
             "\n{}: the fastest backend of each tier, in ns an element on one core with arrays of the size {}, and the "
             "share of the speed of copying:\n\n",
             name(type), size_text(rows[0]->size.name)) +
         reports::write(table, reports::Format::markdown);
}

/// All types but one: the fastest kernel of the best tier, at a middle length.
std::string other_times_table(std::span<const timing::BenchRow* const> rows, Type but) {
  std::set<std::size_t> lengths;
  for (const timing::BenchRow* row : rows) lengths.insert(row->row);
  const std::size_t length = *std::next(lengths.begin(), static_cast<std::ptrdiff_t>(lengths.size() / 2));
  std::map<Function, std::map<Type, const timing::BenchRow*>> best;
  std::set<Type> types;
  for (const timing::BenchRow* row : rows) {
    const Kernel& k = *row->kernel;
    if (k.type == but || row->row != length) continue;
    types.insert(k.type);
    const timing::BenchRow*& place = best[function_of(k)][k.type];
    if (place == nullptr || k.tier > place->kernel->tier ||
        (k.tier == place->kernel->tier && row->ns_per_element.median < place->ns_per_element.median)) {
      place = row;
    }
  }
  if (best.empty()) return {};
  reports::Table table;
  table.columns = {{.name = "function"}};
  for (const Type type : types) table.columns.push_back({.name = name(type), .right = true});
  Tier tier{};
  for (auto& [function, of_type] : best) {
    std::vector<Cell> cells{text_of(function)};
    for (const Type type : types) {
      const timing::BenchRow* row = of_type[type];
      if (row != nullptr) tier = std::max(tier, row->kernel->tier);
      cells.push_back(row != nullptr ? Cell(ns_text(row->ns_per_element.median)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return fmt::format("\nThe other types: ns an element in rows of {}, {} kernels (rows.md has the rest):\n\n", length,
                     name(tier)) +
         reports::write(table, reports::Format::markdown);
}

}  // namespace

std::string rows_in_short(const RowFindings& findings) {
  std::string text = promises_sentence(findings) + errors_table(findings) + overflow_table(findings.special);
  const std::vector<const timing::BenchRow*> timed = largest(findings.times);
  if (timed.empty()) return text;
  Type first = timed[0]->kernel->type;
  for (const timing::BenchRow* row : timed) first = std::min(first, row->kernel->type);
  return text + times_table(timed, first) + other_times_table(timed, first);
}

}  // namespace actbench::bench
