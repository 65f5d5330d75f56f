// SPDX-License-Identifier: Apache-2.0
#include "bench/eval/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "bench/numbers/forms.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"

namespace actbench::bench::eval {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Emphasis;
using reports::Fact;

/// The elements of a row whose exact values people see.
constexpr std::size_t most_exact = 16;

// ---- What all tables have

std::vector<Fact> facts_of(const Kernel& any, reference::Ulp ulp) {
  const char* formula = any.activation->formula;
  return {{.name = "ulp_definition", .cell = name(ulp), .audience = Audience::machines},
          {.name = "activation", .cell = any.activation->name, .audience = Audience::machines},
          {.name = "direction", .cell = name(any.direction), .audience = Audience::machines},
          {.name = "type", .cell = name(any.type), .audience = Audience::machines},
          {.name = "formula", .heading = "f(x)", .cell = formula, .audience = Audience::people}};
}

std::vector<Column> result_columns() {
  return {{.name = "kernel", .audience = Audience::machines},
          {.name = "tier", .key = true},
          {.name = "backend", .key = true},
          {.name = "result", .right = true},
          {.name = "result_hex", .heading = "hexadecimal", .right = true},
          {.name = "result_bits", .heading = "bits"},
          {.name = "ulp_error", .heading = "ULP error", .right = true}};
}

std::vector<Cell> result_cells(Type type, const Result& r) {
  constexpr const char* right = "correctly rounded";
  const NumberForms number = forms_of(type, r.pattern);
  const Emphasis emphasis = r.correct ? Emphasis::good : r.error > 1 ? Emphasis::bad : Emphasis::plain;
  return {r.kernel == nullptr ? right : identity(*r.kernel),
          r.kernel == nullptr ? right : name(r.kernel->tier),
          r.kernel == nullptr ? "" : name(r.kernel->backend),
          number.decimal,
          number.hexadecimal,
          number.bits,
          Cell(r.error).as(ulp_text(r.error)).with(emphasis)};
}

/// The note on infinite errors, where there are any.
void explain_infinite(const CaseResults& results, std::vector<std::string>& notes) {
  for (const Element& element : results.elements) {
    if (std::none_of(element.results.begin(), element.results.end(),
                     [](const Result& r) { return std::isinf(r.error); }))
      continue;
    notes.emplace_back(infinite_error);
    return;
  }
}

// ---- Element by element

/// The three facts of one input; empty where the kernels do not take it.
void add_input(std::vector<Fact>& facts, const std::string& what, Type type, std::uint64_t pattern, bool taken) {
  const auto [value, text, hex, pattern_text] = taken ? forms_of(type, pattern) : NumberForms{};
  const auto cell = [taken](const std::string& of) { return taken ? Cell(of) : Cell(); };
  facts.push_back({.name = what,
                   .cell = cell(text).as(fmt::format("{} = {} = {}", text, hex, pattern_text)),
                   .audience = taken ? Audience::all : Audience::machines});
  facts.push_back({.name = what + "_hex", .cell = cell(hex), .audience = Audience::machines});
  facts.push_back({.name = what + "_bits", .cell = cell(pattern_text), .audience = Audience::machines});
}

reports::Table point_table(const CaseResults& results, reference::Ulp ulp) {
  const Kernel& any = *results.any;
  const Element& element = results.elements[0];
  const Point& point = element.input;
  reports::Table table{.name = "eval"};
  table.title =
      fmt::format("{} at {}, {} {}", any.activation->name, text_of(any, point), name(any.direction), name(any.type));
  table.facts = facts_of(any, ulp);
  const std::string used = used_parameters(any, results.parameters);
  table.facts.push_back(
      {.name = "parameters", .cell = used, .audience = used.empty() ? Audience::machines : Audience::all});
  const Multipliers multipliers = multipliers_of(any);
  add_input(table.facts, "x", any.type, point.x, true);
  add_input(table.facts, "dy", any.type, point.dy, multipliers.dy);
  add_input(table.facts, "a", any.type, point.a, multipliers.a);
  table.facts.push_back({.name = "exact", .cell = element.exact});
  table.columns = result_columns();
  for (const Result& r : element.results) table.rows.push_back(result_cells(any.type, r));
  explain_infinite(results, table.notes);
  return table;
}

// ---- Over rows

/// The first elements of a row: "1 2 3", "1 2 3 4 5 6 … (10 elements)".
std::string row_text(Type type, const std::vector<Element>& row, std::uint64_t Point::*number) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, row.size()); ++i)
    text += fmt::format("{}{}", i > 0 ? " " : "", forms_of(type, row[i].input.*number).decimal);
  return row.size() > most ? fmt::format("{} … ({} elements)", text, row.size()) : text;
}

std::vector<Column> row_columns(bool gradient) {
  std::vector<Column> columns{{.name = "element", .right = true, .key = true},
                              {.name = "x", .heading = gradient ? "y" : "x", .right = true},
                              {.name = "dy", .right = true, .audience = gradient ? Audience::all : Audience::machines}};
  for (Column& column : result_columns()) columns.push_back(std::move(column));
  columns.push_back({.name = "exact", .audience = Audience::machines});
  return columns;
}

reports::Table row_table(const CaseResults& results, reference::Ulp ulp) {
  const Kernel& any = *results.any;
  const std::vector<Element>& row = results.elements;
  const bool gradient = takes_dy(any.direction);
  reports::Table table{.name = "eval"};
  table.title = fmt::format("{} of {} {}{}, {} {}", any.activation->name, gradient ? "the result" : "the row",
                            row_text(any.type, row, &Point::x),
                            gradient ? fmt::format(" with dy {}", row_text(any.type, row, &Point::dy)) : "",
                            name(any.direction), name(any.type));
  table.facts = facts_of(any, ulp);
  table.columns = row_columns(gradient);
  for (std::size_t i = 0; i < row.size(); ++i) {
    table.facts.push_back({.name = fmt::format("exact_{}", i),
                           .heading = fmt::format("exact, element {}", i),
                           .cell = row[i].exact,
                           .audience = i < most_exact ? Audience::people : Audience::machines});
    const std::string x = forms_of(any.type, row[i].input.x).decimal;
    const Cell dy = gradient ? Cell(forms_of(any.type, row[i].input.dy).decimal) : Cell();
    for (const Result& r : row[i].results) {
      std::vector<Cell> cells{std::uint64_t{i}, x, dy};
      for (Cell& cell : result_cells(any.type, r)) cells.push_back(std::move(cell));
      cells.emplace_back(row[i].exact);
      table.rows.push_back(std::move(cells));
    }
  }
  explain_infinite(results, table.notes);
  if (row.size() > most_exact) {
    table.notes.push_back(
        fmt::format("Exact values are shown of the first {} elements; --format csv has all.", most_exact));
  }
  if (gradient) table.notes.emplace_back("backward takes y, the result of forward, not x.");
  return table;
}

}  // namespace

std::vector<reports::Table> tables_of(const Results& results) {
  std::vector<reports::Table> tables;
  for (const CaseResults& one : results.all) {
    const bool over_rows = one.any->activation->shape == Shape::rows;
    tables.push_back(over_rows ? row_table(one, results.ulp) : point_table(one, results.ulp));
  }
  auto& notes = tables.back().notes;
  notes.emplace_back(ulp_definition(results.ulp));
  notes.insert(notes.end(), results.notes.begin(), results.notes.end());
  return tables;
}

}  // namespace actbench::bench::eval
