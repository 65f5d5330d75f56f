// SPDX-License-Identifier: Apache-2.0
//
// Properties for people: a table for each kind, and a few sentences.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/properties/properties_text.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Extreme;
using reference::Stretch;
using reports::Cell;
using reports::Column;

Column key() { return {.name = "activation", .key = true}; }

Column text(const char* name) { return {.name = name}; }
Column right(std::string name) { return {.name = std::move(name), .right = true}; }

/// One column a type: "< ε f32", "< ε f64", …
void add_type_columns(reports::Table& table, const char* what) {
  for (Type type : every_type) table.columns.push_back(right(fmt::format("{} {}", what, name(type))));
}

Cell number_cell(double v, int digits = 10) { return Cell(v).as(number_text(v, digits)); }

/// "rising", "rising, with flat parts", or where it falls.
std::string course_text(const Properties& p) {
  if (p.course == Course::constant) return "constant but for jumps";
  if (p.course != Course::neither) return fmt::format("{}{}", text_of(p.course), p.strictly ? "" : ", with flat parts");
  std::string falls;
  for (const Stretch& s : p.slopes) {
    if (s.sign < 0)
      falls += fmt::format("{}{}", falls.empty() ? "" : " ", open_text(outermost(s.from), outermost(s.to)));
  }
  if (!falls.empty()) return "no: falls in " + falls;
  for (const auto& b : p.breaks) {
    if (b.order == 0) return fmt::format("no: jumps down at {}", number_text(b.at, 6));
  }
  return "no";
}

std::string turns_text(const Properties& p) {
  std::string all;
  for (const Turn& t : p.turns) {
    all += fmt::format("{}{} {} at {}", all.empty() ? "" : "; ", t.minimum ? "min" : "max", number_text(t.value),
                       number_text(t.at));
  }
  return all;
}

reports::Table shape_table(std::span<const Properties> all) {
  reports::Table table{.name = "shape", .title = "Range and course"};
  table.columns = {key(),          text("range"), text("turns"), text("monotone"), text("symmetry"),
                   right("f(−∞)"), right("f(+∞)")};
  for (const Properties& p : all) {
    table.rows.push_back({name_with_parameters(p), range_text(p.least, p.greatest), turns_text(p), course_text(p),
                          text_of(p.symmetry), number_cell(p.limit[0], 6), number_cell(p.limit[1], 6)});
  }
  table.notes = {
      "The range has [ and ] at an end that the function attains, ( and ) at an end that it only approaches. The place "
      "of a turn is within a few units in a double's last place; its value is correctly rounded. Where |f′| is below "
      "10⁻²⁹⁰, its sign is taken to be the one beside it."};
  return table;
}

reports::Table normal_table(std::span<const Properties> all) {
  reports::Table table{.name = "normal", .title = "Of a standard normal input Z"};
  table.columns = {key(),
                   right("E f(Z)"),
                   right("E f(Z)²"),
                   right("Var f(Z)"),
                   right("P(f(Z) = 0)"),
                   right("E f′(Z)²"),
                   text("zero-centred"),
                   {.name = "bound", .heading = "off by less than", .right = true}};
  const auto decimals = [](const Bracket& v) {
    return Cell(v.middle()).as(std::abs(v.middle()) <= v.radius() ? "0" : fmt::format("{:.12g}", v.middle()));
  };
  for (const Properties& p : all) {
    const double bound =
        std::max({p.mean.radius(), p.mean_square.radius(), p.variance.radius(), p.slope_square.radius()});
    table.rows.push_back({name_with_parameters(p), decimals(p.mean), decimals(p.mean_square), decimals(p.variance),
                          number_cell(p.zero_probability, 6), decimals(p.slope_square), p.zero_centred() ? "yes" : "no",
                          Cell(bound).as(fmt::format("{:.0e}", bound))});
  }
  table.notes = {
      "Z ~ N(0, 1). The integrals are those of Taylor polynomials with Lagrange's remainder in interval arithmetic, "
      "divided where pieces meet: the bound is proven. E f′(Z)² is the factor by which the variance of a gradient "
      "changes in a layer whose inputs are standard normal."};
  return table;
}

std::string extreme_text(const Extreme& e) {
  if (e.over_range()) return "in " + open_text(e.at, e.until);
  if (std::isinf(e.at)) return fmt::format("towards {}", side_names[e.at > 0]);
  return fmt::format("{} {}", e.attained ? "at" : "beside", number_text(e.at));
}

reports::Table slope_table(std::span<const Properties> all) {
  reports::Table table{.name = "slope", .title = "Slope"};
  table.columns = {key(),
                   right("inf f′"),
                   text("where it is"),
                   right("sup f′"),
                   text("where that is"),
                   right("sup |f′|"),
                   right("Lipschitz"),
                   right("f′(−∞)"),
                   right("f′(+∞)")};
  for (const Properties& p : all) {
    table.rows.push_back({name_with_parameters(p), number_cell(p.least_slope.value), extreme_text(p.least_slope),
                          number_cell(p.greatest_slope.value), extreme_text(p.greatest_slope),
                          number_cell(p.steepest.value),
                          p.jumps() ? Cell("none: it jumps") : number_cell(p.lipschitz()),
                          number_cell(p.slope_limit[0], 6), number_cell(p.slope_limit[1], 6)});
  }
  table.notes = {"\"Beside\" is the limit from one side of a kink. sup |f′| leaves jumps out."};
  return table;
}

std::string breaks_text(const Properties& p) {
  std::string all;
  for (const auto& b : p.breaks) {
    constexpr const char* marks[] = {"f", "f′", "f″"};
    const std::string what = b.order < 3 ? marks[b.order] : fmt::format("f^({})", b.order);
    const auto side = [&](const reference::Derivatives& d) { return number_text(d[b.order].middle(), 6); };
    all += fmt::format("{}at {}: {} from {} to {}", all.empty() ? "" : "; ", number_text(b.at, 6), what, side(b.left),
                       side(b.right));
  }
  return all;
}

std::string dead_text(const Properties& p) {
  std::string all;
  for (const Stretch& s : p.dead) all += fmt::format("{}{}", all.empty() ? "" : " ", open_text(s.from, s.to));
  return all;
}

reports::Table smoothness_table(std::span<const Properties> all) {
  reports::Table table{.name = "smoothness", .title = "Smoothness and dead zones"};
  table.columns = {key(), text("class"), text("where pieces meet"), text("dead zone: f′ = 0")};
  for (const Properties& p : all)
    table.rows.push_back({name_with_parameters(p), smoothness_text(p), breaks_text(p), dead_text(p)});
  table.notes = {
      "Where pieces meet, the table names the first derivative that jumps, with its values on the left and on the "
      "right."};
  return table;
}

Cell place_cell(const Place& place) {
  if (!place) return Cell("never");
  if (std::isinf(*place)) return Cell("everywhere");
  return number_cell(*place, 6);
}

reports::Table saturation_table(std::span<const Properties> all) {
  reports::Table table{.name = "saturation", .title = "Saturation: where |f′| becomes small for good"};
  table.columns = {key(), {.name = "towards", .key = true}, right("< 0.01")};
  add_type_columns(table, "< ε");
  add_type_columns(table, "rounds to 0,");
  for (const Properties& p : all) {
    for (const std::size_t side : {0u, 1u}) {
      const Saturation& s = p.saturation[side];
      std::vector<Cell> row{name_with_parameters(p), side_names[side], place_cell(s.hundredth)};
      for (const Place& place : s.epsilon) row.push_back(place_cell(place));
      for (const Place& place : s.zero) row.push_back(place_cell(place));
      table.rows.push_back(std::move(row));
    }
  }
  table.notes = {
      "A cell is the first number of the type, going outwards from 0, from which on |f′| stays below the bound; ε is "
      "the distance from 1 to the type's next number. \"Never\" is where |f′| does not stay below it, \"everywhere\" "
      "where it is below it all along."};
  return table;
}

reports::Table depth_table(std::span<const Properties> all) {
  reports::Table table{.name = "depth", .title = "Layers until a chain's gradient rounds to 0"};
  table.columns = {key(), right("sup |f′|")};
  add_type_columns(table, "by sup,");
  table.columns.push_back(right("√E f′(Z)²"));
  add_type_columns(table, "typical,");
  const auto depth_cell = [](const std::optional<double>& depth) {
    return depth ? Cell(*depth).as(fmt::format("{:.0f}", *depth)) : Cell("never");
  };
  for (const Properties& p : all) {
    const double typical = std::sqrt(p.slope_square.middle());
    std::vector<Cell> row{name_with_parameters(p), number_cell(p.steepest.value, 6)};
    for (Type type : every_type) row.push_back(depth_cell(vanishing_depth(p.steepest.value, type)));
    row.push_back(number_cell(typical, 6));
    for (Type type : every_type) row.push_back(depth_cell(vanishing_depth(typical, type)));
    table.rows.push_back(std::move(row));
  }
  table.notes = {
      "A chain of L layers with weights of size 1 leaves at most sup |f′|^L of a gradient; \"typical\" has √E f′(Z)² "
      "in its place. A cell is the first L for which that rounds to 0."};
  return table;
}

}  // namespace

std::vector<reports::Table> properties_tables(std::span<const Properties> all) {
  return {shape_table(all),      normal_table(all),     slope_table(all),
          smoothness_table(all), saturation_table(all), depth_table(all)};
}

std::string properties_in_short(std::span<const Properties> all) {
  std::vector<std::string> steep, centred, falls;
  const Properties *quickest = nullptr, *slowest = nullptr;
  for (const Properties& p : all) {
    if (p.zero_centred()) centred.emplace_back(p.activation->name);
    if (p.steepest.value > 1 && std::isfinite(p.steepest.value)) steep.emplace_back(p.activation->name);
    if (p.course == Course::neither) falls.emplace_back(p.activation->name);
    const double factor = p.slope_square.middle();
    if (factor <= 0) continue;
    if (quickest == nullptr || factor < quickest->slope_square.middle()) quickest = &p;
    if (slowest == nullptr || factor > slowest->slope_square.middle()) slowest = &p;
  }
  const auto item = [&](const std::vector<std::string>& names, const char* one, const char* many, const char* none) {
    if (names.empty()) return fmt::format("- None of {} {}.\n", reports::counted(all.size(), "activation"), none);
    return fmt::format("- {} of {} {}: {}.\n", names.size(), reports::counted(all.size(), "activation"),
                       names.size() == 1 ? one : many, fmt::join(names, ", "));
  };
  std::string all_said =
      item(centred, "keeps the mean 0 of a standard normal input", "keep the mean 0 of a standard normal input",
           "keeps the mean 0 of a standard normal input") +
      item(falls, "is not monotone", "are not monotone", "both rises and falls") +
      item(steep, "is steeper than 1 somewhere, so that a chain's gradient can grow",
           "are steeper than 1 somewhere, so that a chain's gradient can grow", "is steeper than 1 anywhere");
  if (quickest != nullptr) {
    const auto depth = vanishing_depth(std::sqrt(quickest->slope_square.middle()), Type::f16);
    all_said += fmt::format(
        "- A layer changes the variance of a gradient by a factor between {:.4g} ({}) and {:.4g} ({}). With the least "
        "factor, a gradient of 1 rounds to 0 in f16 after {} layers.\n",
        quickest->slope_square.middle(), quickest->activation->name, slowest->slope_square.middle(),
        slowest->activation->name, depth ? fmt::format("{:.0f}", *depth) : "no number of");
  }
  return all_said;
}

}  // namespace actbench::bench
