// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/performance/performance.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Mood;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr int digits = 50;

Cell eps_cell(double deviation) { return Cell(deviation).as(fmt::format("{:.3g}", deviation)); }

std::string row_text(Type type, std::span<const double> row) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, row.size()); ++i)
    text += fmt::format("{}{}", i > 0 ? " " : "", decimal(type, row[i]));
  return row.size() > most ? fmt::format("{} … ({} elements)", text, row.size()) : text;
}

}  // namespace

SweepRow as_sweep_row(const RowResult& result, reference::Ulp ulp) {
  const Type type = result.kernel->type;
  const BadElement& worst = result.total.worst;
  SweepRow row{.subject = {result.kernel, {}},
               .ulp = ulp,
               .tally = result.total.elements,
               .searched = {},
               .exhaustive = false,
               .digest = {},
               .worst = {},
               .max_ulp = worst.ulp,
               .input = worst.x,
               .dy = worst.dy,
               .got = worst.got,
               .expected = worst.expected};
  row.worst = {worst.ulp, 0, {pattern_of(type, worst.x), pattern_of(type, worst.dy)}, pattern_of(type, worst.got), 0};
  row.tally.worst = {row.worst};
  return row;
}

reports::Table rows_table(std::span<const RowResult> results, const RowOptions& options) {
  reports::Table table{.name = "rows", .title = "Rows by length and scale"};
  table.facts = {{.name = "seed", .cell = std::uint64_t{options.seed}, .audience = Audience::machines}};
  table.columns = kernel_columns();
  table.columns.push_back({.name = "length", .right = true, .key = true});
  table.columns.push_back({.name = "rows", .display = Display::count, .right = true});
  for (const double scale : options.scales) {
    table.columns.push_back({.name = fmt::format("max_ulp_scale_{:g}", scale),
                             .heading = fmt::format("max ULP, scale {:g}", scale),
                             .right = true});
  }
  const std::vector<Column> others{{.name = "sum_off_eps", .heading = "Σy off by, in eps", .right = true},
                                   {.name = "out_of_order", .heading = "out of order", .right = true},
                                   {.name = "worst_generator", .heading = "worst row"},
                                   {.name = "worst_scale", .audience = Audience::machines},
                                   {.name = "worst_seed", .heading = "seed", .right = true},
                                   {.name = "worst_position", .heading = "element", .right = true}};
  table.columns.insert(table.columns.end(), others.begin(), others.end());
  for (const RowResult& result : results) {
    const Kernel& kernel = *result.kernel;
    for (const std::size_t length : options.lengths) {
      RowTally all;
      std::vector<double> worst(options.scales.size(), 0);
      for (const auto& [key, cell] : result.cells) {
        if (std::get<0>(key) != length) continue;
        all.merge(cell);
        for (std::size_t s = 0; s < worst.size(); ++s) {
          if (std::get<1>(key) == options.scales[s]) worst[s] = std::max(worst[s], cell.worst.ulp);
        }
      }
      std::vector<Cell> cells = kernel_cells(kernel);
      cells.emplace_back(std::uint64_t{length});
      cells.emplace_back(all.rows);
      for (const double ulp : worst) {
        const bool broken = std::isfinite(kernel.promised_ulp) && ulp > kernel.promised_ulp;
        cells.push_back(Cell(ulp).as(ulp_text(ulp)).with(broken ? Mood::bad : Mood::plain));
      }
      cells.push_back(sums_to_one(kernel) ? eps_cell(all.sum_deviation) : Cell());
      cells.push_back(kernel.direction == Direction::forward ? Cell(all.out_of_order) : Cell());
      const BadElement& bad = all.worst;
      cells.push_back(Cell(bad.row.generator).as(fmt::format("{}, scale {:g}", bad.row.generator, bad.row.scale)));
      cells.emplace_back(bad.row.scale);
      cells.emplace_back(bad.row.seed);
      cells.emplace_back(std::uint64_t{bad.position});
      table.rows.push_back(std::move(cells));
    }
  }
  table.notes.push_back(fmt::format(
      "Rows: normal, N(0, scale²); wide, every binade; masked, a third −inf; dominated, one element above the others; "
      "equal, two values. Backward: from the results of these, with the dy named after the colon (seed {}).",
      options.seed));
  table.notes.push_back(
      "Σy off by: the largest |Σy − 1| over 2^(1 − precision), infinite where a result is NaN. Out of order: "
      "neighbours "
      "in the order of x whose results are in the other order.");
  return table;
}

reports::Table worst_rows(std::span<const RowResult> results) {
  reports::Table table{.name = "worst_rows"};
  for (const char* column : {"activation", "direction", "type", "generator", "seed", "length", "scale", "position", "x",
                             "dy", "expected", "ulp", "tier"}) {
    table.columns.push_back({.name = column});
  }
  constexpr std::size_t kept = 3;  // of each kernel, of different lengths, scales and generators
  std::set<std::string> known;
  for (const RowResult& result : results) {
    const Kernel& k = *result.kernel;
    std::vector<const BadElement*> worst;
    for (const auto& [key, cell] : result.cells) worst.push_back(&cell.worst);
    std::stable_sort(worst.begin(), worst.end(), [](const auto* a, const auto* b) { return a->ulp > b->ulp; });
    worst.resize(std::min(kept, worst.size()));
    for (const BadElement* bad : worst) {
      if (bad->ulp <= 0) continue;
      const auto pattern = [&](double value) { return bits(k.type, pattern_of(k.type, value)); };
      const std::string name_of_row =
          fmt::format("{}/{}/{} {} {} {} {} {}", k.activation->name, name(k.direction), name(k.type),
                      bad->row.generator, bad->row.seed, bad->row.length, bad->row.scale, bad->position);
      if (!known.insert(name_of_row).second) continue;
      table.rows.push_back({k.activation->name, name(k.direction), name(k.type), bad->row.generator,
                            std::uint64_t{bad->row.seed}, std::uint64_t{bad->row.length}, bad->row.scale,
                            std::uint64_t{bad->position}, pattern(bad->x),
                            takes_dy(k.direction) ? Cell(pattern(bad->dy)) : Cell(), pattern(bad->expected),
                            fmt::format("{:.6g}", bad->ulp), name(k.tier)});
    }
  }
  return table;
}

reports::Table row_lens(std::span<const Kernel* const> kernels, const RowInputs& row, reference::Ulp ulp,
                        bool for_people) {
  const Kernel& any = *kernels[0];
  const Type type = any.type;
  const bool gradient = takes_dy(any.direction);
  const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(type), row.x, row.dy);
  reports::Table table{.name = "eval"};
  table.title = fmt::format("{} of {} {}{}, {} {}", any.activation->name, gradient ? "the result" : "the row",
                            row_text(type, row.x), gradient ? fmt::format(" with dy {}", row_text(type, row.dy)) : "",
                            name(any.direction), name(type));
  table.facts = {{.name = "ulp_definition", .cell = name(ulp), .audience = Audience::machines},
                 {.name = "activation", .cell = any.activation->name, .audience = Audience::machines},
                 {.name = "direction", .cell = name(any.direction), .audience = Audience::machines},
                 {.name = "type", .cell = name(type), .audience = Audience::machines},
                 {.name = "formula", .heading = "f(x)", .cell = any.activation->formula, .audience = Audience::people}};
  table.columns = {{.name = "element", .right = true, .key = true},
                   {.name = "x", .heading = gradient ? "y" : "x", .right = true},
                   {.name = "dy", .right = true, .audience = gradient ? Audience::all : Audience::machines},
                   {.name = "kernel", .audience = Audience::machines},
                   {.name = "tier", .key = true},
                   {.name = "backend", .key = true},
                   {.name = "result", .right = true},
                   {.name = "result_hex", .heading = "hexadecimal", .right = true},
                   {.name = "result_bits", .heading = "bits"},
                   {.name = "ulp_error", .heading = "ULP error", .right = true},
                   {.name = "exact", .audience = Audience::machines}};
  std::vector<std::vector<double>> got;
  for (const Kernel* kernel : kernels) got.push_back(run_row(*kernel, row));
  std::string exact_row;
  for (std::size_t i = 0; i < row.x.size(); ++i) {
    const double right = exact.rounded(i);
    const std::string decimals = exact.decimal(i, digits);
    const auto add = [&](const char* kernel, const char* tier, const std::string& backends, double value) {
      const double error = exact.ulp_error(i, value, ulp);
      const bool correct = value == right || (std::isnan(value) && std::isnan(right));
      table.rows.push_back({std::uint64_t{i}, decimal(type, row.x[i]),
                            gradient ? Cell(decimal(type, row.dy[i])) : Cell(), kernel, tier, backends,
                            decimal(type, value), hexadecimal(value), bits(type, pattern_of(type, value)),
                            Cell(error)
                                .as(ulp_text(error))
                                .with(correct     ? Mood::good
                                      : error > 1 ? Mood::bad
                                                  : Mood::plain),
                            decimals});
    };
    table.facts.push_back({.name = fmt::format("exact_{}", i),
                           .heading = fmt::format("exact, element {}", i),
                           .cell = decimals,
                           .audience = i < 16 ? Audience::people : Audience::machines});
    add("correctly rounded", "correctly rounded", "", right);
    for (std::size_t k = 0; k < kernels.size(); ++k) {
      const auto same = [&](std::size_t other) {
        return kernels[other]->tier == kernels[k]->tier &&
               pattern_of(type, got[other][i]) == pattern_of(type, got[k][i]);
      };
      std::string backends = name(kernels[k]->backend);
      if (for_people) {  // backends of a tier that agree share a row
        bool shown = false;
        for (std::size_t other = 0; other < k; ++other) shown = shown || same(other);
        if (shown) continue;
        for (std::size_t other = k + 1; other < kernels.size(); ++other) {
          if (same(other)) backends += fmt::format(" {}", name(kernels[other]->backend));
        }
      }
      add(identity(*kernels[k]).c_str(), name(kernels[k]->tier), backends, got[k][i]);
    }
  }
  if (row.x.size() > 16) table.notes.emplace_back("Exact values of the first 16 elements; --format csv has all.");
  if (gradient) table.notes.emplace_back("backward takes y, what forward gave, not x.");
  return table;
}

namespace {

struct NamedRow {
  const char* name;
  RowInputs row;
};

/// Rows that break implementations.
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

const char* fault(double got, double expected) {
  if (std::isnan(got) != std::isnan(expected)) return std::isnan(got) ? "NaN for a number" : "a number for NaN";
  if (std::isnan(got)) return nullptr;
  if (got != expected && (std::isinf(got) || std::isinf(expected)))
    return std::isinf(got) ? "infinite" : "finite for infinity";
  if ((got == 0) != (expected == 0)) return got == 0 ? "0 for another number" : "another number for 0";
  return nullptr;
}

/// The smallest size L, by bisection over the type's positive numbers, for which the kernel makes an infinity or NaN of
/// a row of numbers ±L; NaN where there is none.
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

std::vector<reports::Table> special_tables(const SpecialRows& special) {
  reports::Table faults{.name = "row_faults", .title = "Faults at special rows"};
  faults.columns = kernel_columns();
  for (Column& column : std::vector<Column>{{.name = "row"},
                                            {.name = "element", .right = true},
                                            {.name = "fault"},
                                            {.name = "got", .right = true},
                                            {.name = "expected", .right = true}}) {
    faults.columns.push_back(std::move(column));
  }
  for (const RowFault& f : special.faults) {
    const Type type = f.kernel->type;
    std::vector<Cell> cells = kernel_cells(*f.kernel);
    for (Cell& cell : std::vector<Cell>{f.row, std::uint64_t{f.element}, Cell(f.what).with(Mood::bad),
                                        decimal(type, f.got), decimal(type, f.expected)}) {
      cells.push_back(std::move(cell));
    }
    faults.rows.push_back(std::move(cells));
  }
  faults.notes.push_back(
      fmt::format("{} special rows tried, all kernels together, with {} wrong in kind: NaN, infinity, 0.",
                  special.tried, reports::counted(faults.rows.size(), "element")));

  reports::Table thresholds{.name = "row_overflow", .title = "Where rows begin to overflow"};
  thresholds.columns = kernel_columns();
  for (Column& column :
       std::vector<Column>{{.name = "beside_0", .heading = "a row (L, 0): inf or NaN from L", .right = true},
                           {.name = "all_large", .heading = "(L, L)", .right = true},
                           {.name = "all_low", .heading = "(−L, −L)", .right = true}}) {
    thresholds.columns.push_back(std::move(column));
  }
  for (const RowOverflow& overflow : special.overflow) {
    std::vector<Cell> cells = kernel_cells(*overflow.kernel);
    for (const double from : overflow.from) {
      cells.push_back(std::isinf(from) ? Cell(from).as("never").with(Mood::good)
                                       : Cell(from).as(decimal(overflow.kernel->type, from)).with(Mood::bad));
    }
    thresholds.rows.push_back(std::move(cells));
  }
  thresholds.notes.emplace_back(
      "The textbook's formula takes no maximum off: its exponentials overflow, or its sum is 0.");
  std::vector<reports::Table> tables{std::move(faults)};
  if (!thresholds.rows.empty()) tables.push_back(std::move(thresholds));
  return tables;
}

std::vector<const Kernel*> broken_kernels(const RowFindings& findings) {
  std::vector<const Kernel*> broken = findings.special.broken;
  for (const RowResult& result : findings.results) {
    const bool known = std::find(broken.begin(), broken.end(), result.kernel) != broken.end();
    if (!known && !keeps_promise(as_sweep_row(result, findings.options.ulp))) broken.push_back(result.kernel);
  }
  return broken;
}

namespace {

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
  std::string text = fmt::format("**{} of {} broken**, by an error or at a special row (rows.md):", broken.size(),
                                 reports::counted(static_cast<std::uint64_t>(promised), "promise"));
  for (std::size_t i = 0; i < std::min(broken.size(), most); ++i)
    text += fmt::format("{} `{}`", i > 0 ? "," : "", identity(*broken[i]));
  return text + (broken.size() > most ? " and more.\n" : ".\n");
}

/// The worst of all backends.
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
    cells.push_back(sums_to_one(*worst.any) ? eps_cell(worst.sum) : Cell());
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
  return "\nThe least L for which a row (L, 0), (L, L) or (−L, −L) comes out infinite or NaN:\n\n" +
         reports::write(table, reports::Format::markdown);
}

/// What was timed of kernels at the largest size.
std::vector<const timing::BenchRow*> largest(const timing::BenchResult& times) {
  std::vector<const timing::BenchRow*> rows;
  for (const timing::BenchRow& row : times.rows) {
    if (row.kernel == nullptr) continue;
    if (!rows.empty() && rows[0]->size.name != row.size.name) rows.clear();
    rows.push_back(&row);
  }
  return rows;
}

/// Of one type, the fastest backend of every tier.
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
             "\n{}: the fastest backend of each, ns an element on one core, arrays of the size {}, and % of copying "
             "as many bytes:\n\n",
             name(type), size_text(rows[0]->size.name)) +
         reports::write(table, reports::Format::markdown);
}

/// Of the types but the one: the fastest kernel of the best tier, at a length in the middle.
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
  return fmt::format("\nOther types: ns an element in rows of {}, {} kernels (rows.md has the rest):\n\n", length,
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
