// SPDX-License-Identifier: Apache-2.0
//
// A score as tables, in the order in which people ask: is it right, where is it worst, how often is it how wrong, what
// is wrong in kind, and how do two programs compare.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/faults/findings_text.hpp"
#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/score/score.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "reports/text.hpp"

namespace actbench::bench::score {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Display;
using reports::Emphasis;
using reports::Fact;
using reports::Table;

std::string percent(std::uint64_t part, std::uint64_t whole) {
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  return part > 0 && share < 0.001        ? "<0.001"
         : part < whole && share > 99.999 ? ">99.999"
                                          : fmt::format("{:.3g}", share);
}

std::vector<Fact> facts_of(const Score& s, const std::string& output) {
  const Kernel& k = *s.kernel;
  const std::string used = used_parameters(k, s.row.subject.parameters);
  std::vector<Fact> facts{
      {.name = "ulp_definition", .cell = name(s.row.ulp), .audience = Audience::machines},
      {.name = "output", .cell = output, .audience = Audience::machines},
      {.name = "activation", .cell = k.activation->name, .audience = Audience::machines},
      {.name = "direction", .cell = name(k.direction), .audience = Audience::machines},
      {.name = "type", .cell = name(k.type), .audience = Audience::machines},
      {.name = "formula", .heading = "f(x)", .cell = k.activation->formula, .audience = Audience::people}};
  // Machines have them in a column.
  if (!used.empty()) facts.push_back({.name = "parameters", .cell = used, .audience = Audience::people});
  return facts;
}

Table accuracy(const Score& s, const std::string& output) {
  const Kernel& k = *s.kernel;
  Table table{.name = "score"};
  table.title =
      fmt::format("{} against the exact {}, {} {}", output, k.activation->name, name(k.direction), name(k.type));
  table.facts = facts_of(s, output);
  std::vector<Cell> cells;
  for (const Field<SweepRow>& field : accuracy_fields()) {
    if (field.column.name.starts_with("searched")) continue;  // nothing can be searched that cannot be run
    table.columns.push_back(field.column);
    cells.push_back(field.cell(s.row));
  }
  table.rows.push_back(std::move(cells));
  table.notes = accuracy_notes({&s.row, 1}, output);
  return table;
}

Table worst_inputs(const Score& s) {
  const Kernel& k = *s.kernel;
  const Type type = k.type;
  const Multipliers takes = multipliers_of(k);
  Table table{.name = "worst_inputs", .title = "Worst inputs, at most one of each sign and exponent"};
  table.columns = {{.name = "index", .right = true, .key = true},
                   {.name = "ulp", .heading = "ULP error", .right = true},
                   {.name = "x", .right = true},
                   {.name = "x_bits", .heading = "x, bits"}};
  for (const auto& [taken, what] : {std::pair(takes.dy, "dy"), {takes.a, "a"}}) {
    const Audience audience = taken ? Audience::all : Audience::machines;
    table.columns.push_back({.name = what, .right = true, .audience = audience});
    table.columns.push_back({.name = std::string(what) + "_bits", .audience = Audience::machines});
  }
  for (const char* column : {"got", "expected"}) {
    table.columns.push_back({.name = column, .right = true});
    table.columns.push_back(
        {.name = fmt::format("{}_bits", column), .heading = fmt::format("{}, bits", column), .right = true});
  }
  for (const WorstCase& w : s.row.tally.worst) {
    if (w.ulp == 0 || (w.ulp <= 0.5 && s.row.tally.not_correctly_rounded == 0)) break;
    std::vector<Cell> cells{w.index, Cell(w.ulp).as(ulp_text(w.ulp)), decimal(type, value_of(type, w.input.x)),
                            bits(type, w.input.x)};
    for (const auto& [taken, pattern] : {std::pair(takes.dy, w.input.dy), {takes.a, w.input.a}}) {
      cells.push_back(taken ? Cell(decimal(type, value_of(type, pattern))) : Cell());
      cells.push_back(taken ? Cell(bits(type, pattern)) : Cell());
    }
    cells.push_back(decimal(type, value_of(type, w.output)));
    cells.push_back(bits(type, w.output));
    if (k.activation->shape == Shape::rows) {
      cells.insert(cells.end(), {Cell(), Cell()});
    } else {
      const double right = exact_at(k, w.input, s.row.subject.parameters).rounded();
      cells.push_back(decimal(type, right));
      cells.push_back(bits(type, pattern_of(type, right)));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string part_text(std::size_t part) {
  if (part == 0) return "0";
  if (part + 1 == histogram_size) return "not finite";
  if (part + 2 == histogram_size) return fmt::format("above {:g}", histogram_bound(part - 1));
  return fmt::format("to {:g}", histogram_bound(part));
}

Table histogram(const Score& s) {
  Table table{.name = "histogram", .title = "Errors by size"};
  table.columns = {{.name = "ulp", .heading = "ULP error", .right = true, .key = true},
                   {.name = "up_to", .audience = Audience::machines},
                   {.name = "count", .display = Display::count, .right = true},
                   {.name = "percent", .heading = "%", .right = true},
                   {.name = "bar", .heading = "", .audience = Audience::people}};
  const std::uint64_t all = s.row.tally.inputs, most = *std::max_element(s.histogram.begin(), s.histogram.end());
  std::size_t last = histogram_size - 2;
  while (last > 0 && s.histogram[last - 1] == 0) --last;
  for (std::size_t part = 0; part < histogram_size; ++part) {
    const std::uint64_t n = s.histogram[part];
    if (part >= last && n == 0) continue;
    const double share = static_cast<double>(n) / static_cast<double>(all);
    std::string bar = " ";
    const auto length = static_cast<std::size_t>(std::ceil(30 * static_cast<double>(n) / static_cast<double>(most)));
    for (std::size_t i = 0; i < length; ++i) bar += "▪";
    table.rows.push_back({part_text(part), histogram_bound(part), n, Cell(100 * share).as(percent(n, all)), bar});
  }
  return table;
}

const char* fault_text(Fault fault) {
  return fault == Fault::position ? "another output where the input occurs again" : description(fault);
}

Table faults(const Score& s) {
  const Type type = s.kernel->type;
  Table table{.name = "faults", .title = "Faults in kind"};
  table.columns = {{.name = "fault", .heading = "short name", .audience = Audience::machines},
                   {.name = "what", .heading = "fault", .key = true},
                   {.name = "count", .display = Display::count, .right = true},
                   {.name = "broken",
                    .heading = "beyond the promise",
                    .display = Display::count,
                    .right = true,
                    .audience = s.promised ? Audience::all : Audience::machines},
                   {.name = "first_x", .heading = "from x", .right = true},
                   {.name = "first_x_bits", .audience = Audience::machines},
                   {.name = "last_x", .heading = "to x", .right = true},
                   {.name = "last_x_bits", .audience = Audience::machines},
                   {.name = "got", .heading = "got at the first", .right = true},
                   {.name = "expected", .heading = "compared with", .right = true}};
  const auto add = [&](const char* name, const char* what, const Faults& f) {
    if (f.count == 0) return;
    const auto text = [&](std::uint64_t pattern) { return bench::faults::number_text(type, pattern); };
    table.rows.push_back({name, Cell(what).with(f.broken > 0 ? Emphasis::bad : Emphasis::plain), f.count, f.broken,
                          text(f.first), bits(type, f.first), text(f.last), bits(type, f.last), text(f.got),
                          text(f.expected)});
  };
  for (std::size_t f = 0; f < fault_count; ++f)
    add(name(static_cast<Fault>(f)), fault_text(static_cast<Fault>(f)), s.faults.kinds[f]);
  add("flushed_inputs", "right for subnormal inputs taken for 0", s.faults.flushed_inputs);
  if (table.rows.empty()) table.notes.emplace_back("There is none.");
  if (s.faults.saturated > 0) {
    const double largest = value_of(type, pattern_of(type, HUGE_VAL) - 1);
    table.notes.push_back(fmt::format("The program saturates: {} that overflow are {:g} or -{:g}, where {} is right.",
                                      reports::counted(s.faults.saturated, "result", "results"), largest, largest,
                                      has_infinity(type) ? "an infinity" : "NaN"));
  }
  if (is_foreign(type)) {
    table.notes.emplace_back("Range, slope and repeated inputs are not looked at in types of 8 bits.");
  } else if (!s.faults.slope) {
    const bool possible = s.kernel->activation->shape != Shape::rows && multipliers_of(*s.kernel).count() == 0;
    table.notes.emplace_back(possible ? "The range and the slope were not asked for."
                                      : "The range and the slope are those of a function of x alone: over rows and "
                                        "with dy or a they are not looked at.");
  } else {
    if (!s.faults.nature.empty()) table.notes.push_back(fmt::format("The function: {}.", s.faults.nature));
    table.notes.emplace_back(s.faults.in_order
                                 ? "There are too many inputs to sort them: steps against the slope, and inputs that "
                                   "occur again, show between neighbours in the file only."
                                 : "Steps against the slope are looked for between inputs that are next to each other "
                                   "in size, whatever their order in the file.");
  }
  return table;
}

Table comparison(const Score& s, const std::string& output, const std::string& other) {
  const Comparison& c = *s.against;
  const Tally& t = s.row.tally;
  Table table{.name = "against", .title = fmt::format("{} and {}", output, other)};
  table.columns = {{.name = "what", .heading = "", .key = true}, {.name = "value", .heading = "", .right = true}};
  const auto add = [&](const std::string& what, Cell cell) { table.rows.push_back({what, std::move(cell)}); };
  add("outputs", t.inputs);
  add("with equal bits", c.equal);
  add("different", Cell(c.different).with(c.different > 0 ? Emphasis::plain : Emphasis::good));
  if (c.different > 0) {
    add("first difference at index", c.first);
    add("most steps apart", c.most_steps);
    add("at index", c.widest);
    add(fmt::format("{} nearer to the exact value", output), c.first_nearer);
    add(fmt::format("{} nearer", other), c.other_nearer);
    add("equally near", c.equally_near);
  }
  add(fmt::format("{}: misrounded", output), t.not_correctly_rounded);
  add(fmt::format("{}: misrounded", other), c.other_misrounded);
  add(fmt::format("{}: max ULP", output), Cell(s.row.max_ulp).as(ulp_text(s.row.max_ulp)));
  add(fmt::format("{}: max ULP", other), Cell(c.other_max_ulp).as(ulp_text(c.other_max_ulp)));
  if (c.different == 0) {
    table.notes.emplace_back("The outputs are equal, bit by bit.");
  } else if (c.first_nearer != c.other_nearer) {
    const bool first = c.first_nearer > c.other_nearer;
    table.notes.push_back(fmt::format("Where they differ, {} is nearer to the exact value in {} % of the cases.",
                                      first ? output : other,
                                      percent(std::max(c.first_nearer, c.other_nearer), c.different)));
  }
  return table;
}

}  // namespace

std::vector<Table> tables(const Score& s, const std::string& output, const std::string& other) {
  std::vector<Table> all{accuracy(s, output)};
  Table worst = worst_inputs(s);
  if (!worst.rows.empty()) all.push_back(std::move(worst));
  all.push_back(histogram(s));
  all.push_back(faults(s));
  if (s.against) all.push_back(comparison(s, output, other));
  return all;
}

}  // namespace actbench::bench::score
