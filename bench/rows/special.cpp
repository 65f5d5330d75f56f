// SPDX-License-Identifier: Apache-2.0
//
// Rows of special values: what kernels get wrong in kind, and from which size on results are infinite or NaN.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>

#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "reports/text.hpp"

namespace actbench::bench {

using reports::Cell;
using reports::Column;
using reports::Emphasis;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct NamedRow {
  const char* name;
  RowInputs row;
};

/// Rows that are known to break implementations.
std::vector<NamedRow> named_rows(const Kernel& kernel) {
  const Type type = kernel.type;
  const double largest = type == Type::f16    ? 65504
                         : type == Type::bf16 ? 0x1.fep127
                         : type == Type::f32  ? 0x1.fffffep127
                                              : 0x1.fffffffffffffp1023;
  const double least = type == Type::f16    ? 0x1p-24
                       : type == Type::bf16 ? 0x1p-133
                       : type == Type::f32  ? 0x1p-149
                                            : 0x1p-1074;
  const double far = type == Type::f64 ? 800 : type == Type::f16 ? 30 : 120;
  if (takes_dy(kernel.direction)) {
    const bool logarithm = std::string_view(kernel.activation->name) == "log_softmax";
    const double nothing = logarithm ? -infinity : 0.0, all = logarithm ? 0.0 : 1.0;
    const double half = logarithm ? round_to(type, -0.6931471805599453) : 0.5;
    return {{"dy NaN", {{half, half}, {1, not_a_number}}},
            {"y NaN", {{not_a_number, half}, {1, 1}}},
            {"dy all 0", {{half, half}, {0, 0}}},
            {"dy all 1", {{half, half}, {1, 1}}},
            {"one element", {{all}, {3}}},
            {"y 0 beside 1", {{nothing, all}, {1, 2}}},
            {"dy inf beside numbers", {{half, half}, {infinity, 1}}},
            {"dy the largest number", {{half, half}, {largest, -largest}}},
            {"dy the least number", {{half, half}, {least, 0}}}};
  }
  return {{"all -inf", {{-infinity, -infinity, -infinity}, {}}},
          {"one element", {{1}, {}}},
          {"one element, -inf", {{-infinity}, {}}},
          {"-inf among numbers", {{1, -infinity, 2, -infinity}, {}}},
          {"inf among numbers", {{1, infinity, 2}, {}}},
          {"inf and -inf", {{-infinity, infinity}, {}}},
          {"NaN among numbers", {{1, not_a_number, 2}, {}}},
          {"NaN among -inf", {{-infinity, not_a_number}, {}}},
          {"zeros of both signs", {{0.0, -0.0}, {}}},
          {"the largest number", {{largest, largest, 0}, {}}},
          {"the largest, both signs", {{largest, -largest}, {}}},
          {"all far below 0", {{-far, -far, -far - 1}, {}}},
          {"all far above 0", {{far, far, far - 1}, {}}},
          {"far apart", {{0, -far, far}, {}}},
          {"subnormal numbers", {{least, -least, 0}, {}}}};
}

/// How a result is wrong in kind; null where it is not.
const char* fault(double got, double expected) {
  if (std::isnan(got) != std::isnan(expected)) return std::isnan(got) ? "NaN for a number" : "a number for NaN";
  if (std::isnan(got)) return nullptr;
  if (got != expected && (std::isinf(got) || std::isinf(expected)))
    return std::isinf(got) ? "infinite" : "finite for infinity";
  if ((got == 0) != (expected == 0)) return got == 0 ? "0 for another number" : "another number for 0";
  return nullptr;
}

/// The smallest L for which a row of numbers ±L gives an infinity or NaN, by bisection over the type's positive
/// numbers; infinite where there is none.
double breaks_from(const Kernel& kernel, std::span<const double> signs) {
  const auto broken = [&](std::uint64_t pattern) {
    RowInputs row;
    for (const double sign : signs) row.x.push_back(sign * value_of(kernel.type, pattern));
    for (const double y : run_row(kernel, row)) {
      if (!std::isfinite(y)) return true;
    }
    return false;
  };
  std::uint64_t low = pattern_of(kernel.type, 0), high = pattern_of(kernel.type, infinity) - 1;
  if (!broken(high)) return infinity;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (broken(middle) ? high : low) = middle;
  }
  return value_of(kernel.type, high);
}

}  // namespace

SpecialRows special_rows(std::span<const Kernel* const> kernels) {
  SpecialRows result;
  std::set<const Kernel*> broken;
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    end = group_end(kernels, first);
    const Kernel& any = *kernels[first];
    for (const NamedRow& special : named_rows(any)) {
      const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(any.type), special.row.x,
                                      special.row.dy);
      for (std::size_t k = first; k < end; ++k) {
        ++result.tried;
        const std::vector<double> got = run_row(*kernels[k], special.row);
        for (std::size_t i = 0; i < got.size(); ++i) {
          const double expected = exact.rounded(i);
          const char* const what = fault(got[i], expected);
          if (what == nullptr) continue;
          result.faults.push_back({kernels[k], special.name, i, what, got[i], expected});
          const double promised = kernels[k]->promised_ulp;
          const bool in_kind = !std::isfinite(got[i]) || !std::isfinite(expected);
          if (promised == 0.5 || (std::isfinite(promised) && in_kind)) broken.insert(kernels[k]);
        }
      }
    }
  }
  for (const Kernel* kernel : kernels) {
    if (broken.count(kernel) != 0) result.broken.push_back(kernel);
    if (kernel->direction != Direction::forward) continue;
    RowOverflow overflow{kernel, {}};
    const double pairs[][2] = {{1, 0}, {1, 1}, {-1, -1}};
    for (std::size_t i = 0; i < std::size(pairs); ++i) overflow.from[i] = breaks_from(*kernel, pairs[i]);
    result.overflow.push_back(overflow);
  }
  return result;
}

namespace {

reports::Table faults_table(const SpecialRows& special) {
  reports::Table table{.name = "row_faults", .title = "Faults at special rows", .columns = kernel_columns()};
  for (Column& column : std::vector<Column>{{.name = "row"},
                                            {.name = "element", .right = true},
                                            {.name = "fault"},
                                            {.name = "got", .right = true},
                                            {.name = "expected", .right = true}}) {
    table.columns.push_back(std::move(column));
  }
  for (const RowFault& f : special.faults) {
    const Type type = f.kernel->type;
    std::vector<Cell> cells = kernel_cells(*f.kernel);
    for (Cell& cell : std::vector<Cell>{f.row, std::uint64_t{f.element}, Cell(f.what).with(Emphasis::bad),
                                        decimal(type, f.got), decimal(type, f.expected)}) {
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  table.notes.push_back(fmt::format(
      "{} tried over all kernels. {} wrong in kind (NaN, infinity, 0).",
      reports::counted(special.tried, "special row was", "special rows were"),
      table.rows.empty() ? "No element is" : reports::counted(table.rows.size(), "element is", "elements are")));
  return table;
}

reports::Table thresholds_table(const SpecialRows& special) {
  reports::Table table{.name = "row_overflow", .title = "Where rows begin to overflow", .columns = kernel_columns()};
  for (Column& column : std::vector<Column>{{.name = "beside_0", .heading = "(L, 0)", .right = true},
                                            {.name = "all_large", .heading = "(L, L)", .right = true},
                                            {.name = "all_low", .heading = "(−L, −L)", .right = true}}) {
    table.columns.push_back(std::move(column));
  }
  for (const RowOverflow& overflow : special.overflow) {
    std::vector<Cell> cells = kernel_cells(*overflow.kernel);
    for (const double from : overflow.from) {
      cells.push_back(std::isinf(from) ? Cell(from).as("never").with(Emphasis::good)
                                       : Cell(from).as(decimal(overflow.kernel->type, from)).with(Emphasis::bad));
    }
    table.rows.push_back(std::move(cells));
  }
  table.notes.emplace_back(
      "The numbers are the least L from which a result of the row (L, 0), (L, L) or (−L, −L) is infinite or NaN.");
  table.notes.emplace_back(
      "The textbook formula does not subtract the maximum: its exponentials overflow, or its sum is 0.");
  return table;
}

}  // namespace

std::vector<reports::Table> special_tables(const SpecialRows& special) {
  std::vector<reports::Table> tables{faults_table(special)};
  if (!special.overflow.empty()) tables.push_back(thresholds_table(special));
  return tables;
}

}  // namespace actbench::bench
