// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/gap/gap_text.hpp"
#include "bench/numbers/types.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reference::Analysis;
using reference::Bracket;
using reports::Audience;
using reports::Cell;
using reports::Column;

Bracket root_of(const Bracket& b) { return {std::sqrt(std::max(0.0, b.low)), std::sqrt(b.high)}; }

/// What was proven, for the columns from "largest" on.
std::vector<Cell> proven_cells(const LineGap& line, const Analysis& a) {
  return {
      largest_text(a),
      a.largest.low,
      a.largest.high,
      places_text(a),
      a.at_end
          ? Cell()
          : Cell(std::round(line.ulp)).as(reports::compact_count(static_cast<std::uint64_t>(std::min(line.ulp, 1e18)))),
      line.moments ? Cell(line.moments->mean.middle()).as(certain_digits(line.moments->mean, 10)) : Cell(),
      line.moments ? Cell(root_of(line.moments->square).middle()).as(certain_digits(root_of(line.moments->square), 10))
                   : Cell(),
      std::uint64_t{a.sign_changes.size()},
      std::uint64_t{a.extrema.size()},
      std::uint64_t{a.pieces},
      a.looked_from,
      a.looked_to,
      a.beyond};
}

/// Within which bounds extrema and sign changes are complete; empty where the gap beyond them is not tiny.
std::string bounds_note(const GapFindings& findings) {
  double beyond = 0, from = 0, to = 0;
  for (const ContenderGap& gap : findings.contenders) {
    if (!gap.line[0].analysis) continue;
    beyond = std::max(beyond, gap.line[0].analysis->beyond);
    from = std::min(from, gap.line[0].analysis->looked_from);
    to = std::max(to, gap.line[0].analysis->looked_to);
  }
  if (!(beyond > 0 && beyond < 1e-20)) return {};
  return fmt::format(
      "The extrema and sign changes are complete between {:.4g} and {:.4g} at most; further out, to infinity, the gap "
      "is below {:.1g} everywhere.",
      from, to, beyond);
}

reports::Table line_table(const GapFindings& findings) {
  reports::Table table{.name = "gap", .title = fmt::format("Distance from {}", findings.exact.name)};
  table.facts = {{.name = "exact", .heading = "against", .cell = findings.exact.name, .audience = Audience::machines}};
  table.columns = {{.name = "function", .key = true},
                   {.name = "formula", .audience = Audience::machines},
                   {.name = "coefficients"},
                   {.name = "direction", .key = true},
                   {.name = "largest", .heading = "largest gap", .right = true, .audience = Audience::people},
                   {.name = "largest_low", .audience = Audience::machines},
                   {.name = "largest_high", .audience = Audience::machines},
                   {.name = "at", .heading = "at x", .right = true},
                   {.name = "ulp", .heading = "f32 ULP there", .display = reports::Display::count, .right = true},
                   {.name = "mean", .heading = "mean, N(0,1)", .right = true},
                   {.name = "rms", .heading = "RMS, N(0,1)", .right = true},
                   {.name = "sign_changes", .heading = "sign changes", .right = true},
                   {.name = "extrema", .right = true},
                   {.name = "pieces", .audience = Audience::machines},
                   {.name = "looked_from", .audience = Audience::machines},
                   {.name = "looked_to", .audience = Audience::machines},
                   {.name = "beyond", .audience = Audience::machines}};
  std::string undecided;
  for (const ContenderGap& gap : findings.contenders) {
    for (std::size_t d = 0; d < gap_directions.size(); ++d) {
      const LineGap& line = gap.line[d];
      std::vector<Cell> cells{gap.contender.name, gap.contender.formula, coefficients_text(gap.contender),
                              name(gap_directions[d])};
      if (line.analysis) {
        for (Cell& cell : proven_cells(line, *line.analysis)) cells.push_back(std::move(cell));
      }
      cells.resize(table.columns.size());
      if (!line.undecided.empty()) {
        undecided += fmt::format(" {} {}: {}.", gap.contender.name, name(gap_directions[d]), line.undecided);
      }
      table.rows.push_back(std::move(cells));
    }
  }
  if (!undecided.empty()) table.notes.push_back("Not proven:" + undecided);
  table.notes.emplace_back(
      "Interval arithmetic proves these numbers over the real line: the truth is within one unit of the last digit "
      "shown.");
  if (std::string note = bounds_note(findings); !note.empty()) table.notes.push_back(std::move(note));
  return table;
}

reports::Table shape_table(const GapFindings& findings, bool for_people) {
  reports::Table table{.name = "gap_shape", .title = "Extrema and sign changes of the gap"};
  table.columns = {{.name = "function", .key = true},
                   {.name = "direction", .key = true},
                   {.name = "what"},
                   {.name = "at", .heading = "at x", .right = true},
                   {.name = "at_low", .audience = Audience::machines},
                   {.name = "at_high", .audience = Audience::machines},
                   {.name = "gap", .right = true}};
  for (const ContenderGap& gap : findings.contenders) {
    for (std::size_t d = 0; d < gap_directions.size(); ++d) {
      if (!gap.line[d].analysis) continue;
      const Analysis& a = *gap.line[d].analysis;
      struct Event {
        Bracket at;
        std::vector<Cell> cells;
      };
      std::vector<Event> events;
      const auto add = [&](const char* what, const Bracket& at, bool mirrored, Cell value) {
        if (mirrored && at.high < 0) return;
        events.push_back({at,
                          {gap.contender.name, name(gap_directions[d]), what,
                           Cell(at.middle()).as(place_text(at, mirrored)), at.low, at.high, std::move(value)}});
      };
      const bool extrema_mirrored = for_people && symmetric(a.extrema),
                 signs_mirrored = for_people && symmetric(a.sign_changes);
      for (const reference::Extremum& e : a.extrema) {
        // Of an odd gap, the mirror image of a maximum is a minimum.
        add(e.maximum ? "maximum" : "minimum", e.at, extrema_mirrored,
            Cell(e.value.middle()).as(certain_digits(e.value, most_digits)));
      }
      for (const reference::SignChange& s : a.sign_changes)
        add(s.after > 0 ? "becomes positive" : "becomes negative", s.at, signs_mirrored, Cell());
      std::stable_sort(events.begin(), events.end(),
                       [](const Event& x, const Event& y) { return x.at.low < y.at.low; });
      for (Event& event : events) table.rows.push_back(std::move(event.cells));
    }
  }
  if (for_people) {
    table.notes.emplace_back(
        "± stands for a place and its mirror image: there the gap of values is the same, and the gap of derivatives "
        "has the other sign.");
  }
  return table;
}

reports::Table range_table(const GapFindings& findings) {
  reports::Table table{.name = "gap_relative", .title = "Relative gap of the values, by range"};
  table.columns = {
      {.name = "function", .key = true},
      {.name = "from", .right = true},
      {.name = "to", .right = true},
      {.name = "relative", .heading = "largest relative gap", .right = true, .audience = Audience::people},
      {.name = "relative_low", .audience = Audience::machines},
      {.name = "relative_high", .audience = Audience::machines},
      {.name = "relative_at", .heading = "its x", .display = reports::Display::significant, .digits = 6, .right = true},
      {.name = "ulp",
       .heading = "largest f32 ULP",
       .display = reports::Display::significant,
       .digits = 6,
       .right = true},
      {.name = "ulp_at",
       .heading = "x of that ULP",
       .display = reports::Display::significant,
       .digits = 6,
       .right = true}};
  for (const ContenderGap& gap : findings.contenders) {
    for (const RangeGap& r : gap.ranges) {
      if (!r.relative) continue;
      const bool bounded = std::isfinite(r.relative->high);
      table.rows.push_back({gap.contender.name, Cell(r.from), Cell(r.to), certain_digits(*r.relative, most_digits),
                            r.relative->low, r.relative->high, bounded ? Cell(r.relative_at) : Cell(), r.ulp,
                            r.ulp_at});
    }
  }
  table.notes.push_back(fmt::format(
      "The relative gap is over the size of {}, ULP over the spacing of f32 numbers there. Where a range ends "
      "at 0, ULP are those up to 2^-10 from it.",
      findings.exact.name));
  return table;
}

reports::Table tail_table(const GapFindings& findings) {
  reports::Table table{.name = "gap_tail", .title = fmt::format("The tail: f(x) over {}(x)", findings.exact.name)};
  table.columns = {{.name = "function", .key = true}};
  if (findings.contenders.empty()) return table;
  for (const TailRatio& t : findings.contenders[0].tail) {
    table.columns.push_back(
        {.name = fmt::format("ratio_at_{}", t.x), .heading = fmt::format("x = {}", t.x), .right = true});
  }
  for (const ContenderGap& gap : findings.contenders) {
    std::vector<Cell> cells{gap.contender.name};
    for (const TailRatio& t : gap.tail) cells.push_back(t.ratio.empty() || t.ratio == "nan" ? Cell() : Cell(t.ratio));
    cells.resize(table.columns.size());
    table.rows.push_back(std::move(cells));
  }
  return table;
}

reports::Table half_table(const GapFindings& findings) {
  reports::Table table{.name = "gap_half", .title = "Half types: both rounded correctly, at every input"};
  table.columns = {{.name = "function", .key = true},
                   {.name = "direction", .key = true},
                   {.name = "type", .key = true},
                   {.name = "inputs", .right = true, .audience = Audience::machines},
                   {.name = "different", .right = true},
                   {.name = "share", .heading = "%", .display = reports::Display::decimals, .digits = 1, .right = true},
                   {.name = "most_steps", .heading = "most steps", .right = true},
                   {.name = "most_steps_at", .heading = "at x", .right = true},
                   {.name = "zeros", .heading = "0, exact is not", .right = true},
                   {.name = "zero_from", .heading = "0 from x", .right = true},
                   {.name = "zero_to", .heading = "0 to x", .right = true},
                   {.name = "not_zero", .heading = "not 0, exact is", .right = true},
                   {.name = "not_zero_from", .heading = "not 0 from x", .right = true},
                   {.name = "not_zero_to", .heading = "not 0 to x", .right = true}};
  for (const ContenderGap& gap : findings.contenders) {
    for (const HalfGap& h : gap.halves) {
      const auto at = [&](bool any, double x) { return any ? Cell(decimal(h.type, x)) : Cell(); };
      table.rows.push_back({gap.contender.name, name(h.direction), name(h.type), h.inputs, h.different,
                            100.0 * static_cast<double>(h.different) / static_cast<double>(h.inputs), h.most_steps,
                            at(h.most_steps > 0, h.most_steps_at), h.zero.count, at(h.zero.count > 0, h.zero.nearest),
                            at(h.zero.count > 0, h.zero.furthest), h.not_zero.count,
                            at(h.not_zero.count > 0, h.not_zero.nearest),
                            at(h.not_zero.count > 0, h.not_zero.furthest)});
    }
  }
  table.notes.emplace_back(
      "Steps count the numbers of the type from one result to the other. \"From x\" is the x nearest to 0, \"to x\" the "
      "x furthest from it.");
  return table;
}

reports::Table best_table(const GapFindings& findings) {
  reports::Table table{.name = "gap_best", .title = "The best coefficients"};
  table.columns = {{.name = "form"},
                   {.name = "direction", .heading = "for the"},
                   {.name = "a", .right = true},
                   {.name = "c", .right = true},
                   {.name = "b", .right = true},
                   {.name = "largest", .heading = "largest gap", .right = true},
                   {.name = "reached", .heading = "reached at |x|"},
                   {.name = "least", .heading = "proven: not below", .right = true}};
  for (const reference::Minimax& best : findings.best) {
    const std::vector<double>& p = best.term.parameters;
    const auto digits = [](double v) { return Cell(v).as(fmt::format("{:.14g}", v)); };
    std::string places;
    for (const double x : best.places) places += fmt::format("{}{:.9g}", places.empty() ? "" : ", ", x);
    const bool by_tanh = p.size() == 2;
    table.rows.push_back({by_tanh ? "x/2·(1 + tanh(a√(2/π)(x + c·x³)))" : "x·σ(b·x)",
                          std::string(reference::direction_of(*best.term.function)), by_tanh ? digits(p[0]) : Cell(),
                          by_tanh ? digits(p[1]) : Cell(), by_tanh ? Cell() : digits(p[0]), digits(best.level), places,
                          best.proven_least > 0 ? digits(best.proven_least) : Cell()});
  }
  table.notes.emplace_back(
      "Balancing the extrema of the gap finds the coefficients; a is 1 where it is not free. A form with one free "
      "coefficient rises with it at every x, so that two places of opposite gaps prove that no other value does "
      "better.");
  return table;
}

std::string product_text(const DoubleFactor& f) {
  return fmt::format("√(2/π)·{:.12g} = {}, rounded to {} decimals {:.{}f}", f.once_c.middle(),
                     certain_digits(f.product, 13), f.decimals, f.product.middle(), f.decimals);
}

reports::Table factor_table(const GapFindings& findings) {
  const DoubleFactor& f = *findings.factor;
  reports::Table table{.name = "gap_factor", .title = fmt::format("The coefficient of {}", f.twice)};
  table.columns = {{.name = "what"}, {.name = "value", .right = true}};
  const auto digits = [](const Bracket& b) { return Cell(b.middle()).as(certain_digits(b, 14)); };
  table.rows = {
      {"√(2/π)", digits(f.root)},
      {fmt::format("cubic coefficient of {}, from its Taylor series", f.once), digits(f.once_c)},
      {fmt::format("cubic coefficient of {}, from its Taylor series", f.twice), digits(f.twice_c)},
      {fmt::format("√(2/π) times that of {}", f.once), digits(f.product)},
      {fmt::format("the same to {} decimals", f.decimals), fmt::format("{:.{}f}", f.product.middle(), f.decimals)},
      {fmt::format("largest gap of {}", f.once), f.gap_once},
      {fmt::format("largest gap of {}", f.twice), f.gap_twice},
      {"their ratio", Cell(f.gap_twice / f.gap_once).as(fmt::format("{:.4f}", f.gap_twice / f.gap_once))},
      {fmt::format("largest gap of x/2·(1 + tanh(√(2/π)·x + {:.{}f}·x³))", f.twice_c.middle(), f.decimals),
       f.gap_as_meant}};
  const double off = std::abs(f.gap_as_meant / f.gap_once - 1);
  table.notes.push_back(
      f.confirmed
          ? fmt::format(
                "{}: the coefficient of {} is that of {} with the factor √(2/π) already in it, and √(2/π)(x + c·x³) "
                "multiplies by it again. With the factor once, the gap is that of {} to {:.1g} of it; with the factor "
                "twice, it is {:.3g} times that, for the same operations.",
                product_text(f), f.twice, f.once, f.once, off, f.gap_twice / f.gap_once)
          : fmt::format("{}, which is not the coefficient of {}: the two are not related by that factor.",
                        product_text(f), f.twice));
  return table;
}

reports::Table time_table(const GapFindings& findings) {
  reports::Table table{.name = "gap_time",
                       .title = fmt::format("Time over {}'s, same tier and backend, arrays in {}", findings.exact.name,
                                            size_text(findings.time_size))};
  table.columns = kernel_columns();
  const std::vector<Column> others{{.name = "ns_per_element",
                                    .heading = "ns/element",
                                    .display = reports::Display::significant,
                                    .digits = 3,
                                    .right = true},
                                   {.name = "ratio", .display = reports::Display::decimals, .digits = 3, .right = true},
                                   {.name = "interval", .right = true, .audience = Audience::people},
                                   {.name = "ratio_low", .audience = Audience::machines},
                                   {.name = "ratio_high", .audience = Audience::machines},
                                   {.name = "confidence", .audience = Audience::machines}};
  table.columns.insert(table.columns.end(), others.begin(), others.end());
  for (const TimeRatio& t : findings.times) {
    std::vector<Cell> cells = kernel_cells(*t.kernel);
    for (Cell& cell : std::vector<Cell>{t.ns, t.ratio.median, fmt::format("{:.3f} – {:.3f}", t.ratio.low, t.ratio.high),
                                        t.ratio.low, t.ratio.high, t.ratio.confidence}) {
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  table.notes.emplace_back(
      "Kernels are timed in turn, in random order within each round. A ratio is the median of the rounds' ratios; its "
      "interval holds that with 95 % probability.");
  return table;
}

}  // namespace

std::vector<reports::Table> gap_tables(const GapFindings& findings, bool for_people) {
  std::vector<reports::Table> tables{line_table(findings), shape_table(findings, for_people), range_table(findings),
                                     tail_table(findings), half_table(findings)};
  if (!findings.best.empty()) tables.push_back(best_table(findings));
  if (findings.factor) tables.push_back(factor_table(findings));
  if (!findings.times.empty()) tables.push_back(time_table(findings));
  return tables;
}

}  // namespace actbench::bench
