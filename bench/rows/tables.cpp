// SPDX-License-Identifier: Apache-2.0
//
// Results over rows as tables: by length and scale, and the worst rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Emphasis;

namespace {

Cell eps_cell(double deviation) { return Cell(deviation).as(fmt::format("{:.3g}", deviation)); }

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
        cells.push_back(Cell(ulp).as(ulp_text(ulp)).with(broken ? Emphasis::bad : Emphasis::plain));
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
      "Kinds of rows: normal, N(0, scale²); wide, every binade; masked, a third −inf; dominated, one element above the "
      "others; equal, two values. Backward takes the results of these, with the dy named after the colon (seed {}).",
      options.seed));
  table.notes.push_back(
      "Σy off by is the largest |Σy − 1| over 2^(1 − precision), infinite where a result is NaN. Out of order counts "
      "neighbours in the order of x whose results are in the other order.");
  return table;
}

reports::Table worst_rows(std::span<const RowResult> results) {
  reports::Table table{.name = "worst_rows"};
  for (const char* column : {"activation", "direction", "type", "generator", "seed", "length", "scale", "position", "x",
                             "dy", "expected", "ulp", "tier"}) {
    table.columns.push_back({.name = column});
  }
  constexpr std::size_t kept = 3;  // for each kernel, from different lengths, scales and generators
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

}  // namespace actbench::bench
