// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "bench/accuracy.hpp"
#include "bench/options.hpp"
#include "bench/rows.hpp"
#include "bench/types.hpp"
#include "reports/text.hpp"

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
      const bool sums = kernel.direction == Direction::forward && kernel.activation->name[0] == 's';
      cells.push_back(sums ? Cell(all.sum_deviation).as(fmt::format("{:.3g}", all.sum_deviation)) : Cell());
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
      "Σy off by: the largest |Σy − 1| over 2^(1 − precision). Out of order: neighbours in the order of x whose "
      "results "
      "are in the other order.");
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
  if (!broken(high)) return not_a_number;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (broken(middle) ? high : low) = middle;
  }
  return value_of(kernel.type, high);
}

}  // namespace

SpecialRows special_rows(std::span<const Kernel* const> kernels, bool for_people) {
  SpecialRows result{{}, false};
  reports::Table faults{.name = "row_faults", .title = "Faults at special rows"};
  faults.columns = kernel_columns();
  for (Column& column : std::vector<Column>{{.name = "row"},
                                            {.name = "element", .right = true},
                                            {.name = "fault"},
                                            {.name = "got", .right = true},
                                            {.name = "expected", .right = true}}) {
    faults.columns.push_back(std::move(column));
  }
  std::size_t rows = 0;
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    end = group_end(kernels, first);
    const Kernel& any = *kernels[first];
    for (const NamedRow& special : named_rows(any)) {
      const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(any.type), special.row.x,
                                      special.row.dy);
      for (std::size_t k = first; k < end; ++k) {
        ++rows;
        const std::vector<double> got = run_row(*kernels[k], special.row);
        for (std::size_t i = 0; i < got.size(); ++i) {
          const double expected = exact.rounded(i);
          const char* const what = fault(got[i], expected);
          if (what == nullptr) continue;
          const double promised = kernels[k]->promised_ulp;
          const bool in_kind = !std::isfinite(got[i]) || !std::isfinite(expected);
          result.broken = result.broken || promised == 0.5 || (std::isfinite(promised) && in_kind);
          std::vector<Cell> cells = kernel_cells(*kernels[k]);
          for (Cell& cell : std::vector<Cell>{special.name, std::uint64_t{i}, Cell(what).with(Mood::bad),
                                              decimal(any.type, got[i]), decimal(any.type, expected)}) {
            cells.push_back(std::move(cell));
          }
          faults.rows.push_back(std::move(cells));
        }
      }
    }
  }
  faults.notes.push_back(
      fmt::format("{} special rows tried, all kernels together, with {} wrong in kind: NaN, infinity, 0.", rows,
                  reports::counted(faults.rows.size(), "element")));
  if (for_people) faults = with_backends_joined(std::move(faults));

  reports::Table thresholds{.name = "row_overflow", .title = "Where rows begin to overflow"};
  thresholds.columns = kernel_columns();
  for (Column& column :
       std::vector<Column>{{.name = "beside_0", .heading = "a row (L, 0): inf or NaN from L", .right = true},
                           {.name = "all_large", .heading = "(L, L)", .right = true},
                           {.name = "all_low", .heading = "(−L, −L)", .right = true}}) {
    thresholds.columns.push_back(std::move(column));
  }
  for (const Kernel* kernel : kernels) {
    if (kernel->direction != Direction::forward) continue;
    std::vector<Cell> cells = kernel_cells(*kernel);
    const double pairs[][2] = {{1, 0}, {1, 1}, {-1, -1}};
    for (const auto& signs : pairs) {
      const double from = breaks_from(*kernel, signs);
      cells.push_back(std::isnan(from) ? Cell(infinity).as("never").with(Mood::good)
                                       : Cell(from).as(decimal(kernel->type, from)).with(Mood::bad));
    }
    thresholds.rows.push_back(std::move(cells));
  }
  thresholds.notes.emplace_back(
      "The textbook's formula takes no maximum off: its exponentials overflow, or its sum is 0.");
  if (for_people) thresholds = with_backends_joined(std::move(thresholds));
  result.tables.push_back(std::move(faults));
  if (!thresholds.rows.empty()) result.tables.push_back(std::move(thresholds));
  return result;
}

}  // namespace actbench::bench
