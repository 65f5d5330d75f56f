// SPDX-License-Identifier: Apache-2.0
//
// Properties for machines: a row for each number.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/numbers/types.hpp"
#include "bench/properties/properties_text.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Extreme;
using reference::Stretch;
using reports::Cell;

std::string parameter_text(const Properties& p) {
  std::string text;
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    text += fmt::format("{}{}={}", i > 0 ? ", " : "", p.activation->parameters[i].name,
                        decimal(Type::f64, p.parameters[i]));
  }
  return text;
}

/// The rows of one function.
class Records {
 public:
  Records(const Properties& p, reports::Table& table) : p_(p), parameters_(parameter_text(p)), table_(table) {}

  void add_all() {
    add_values();
    add_slopes();
    for (const std::size_t side : {0u, 1u}) add_side(side);
    add_smoothness();
    for (Type type : every_type) add_depths(type);
  }

 private:
  /// cells: value, low, high, at, text; those that are not given are empty.
  void add(const std::string& property, const std::string& detail, std::vector<Cell> cells) {
    std::vector<Cell> row{p_.activation->name, parameters_, property, detail};
    row.insert(row.end(), cells.begin(), cells.end());
    row.resize(table_.columns.size());
    table_.rows.push_back(std::move(row));
  }
  void add(const char* property, const Extreme& e) {
    add(property, "",
        {e.value, Cell(), Cell(), e.at,
         e.over_range() ? "up to " + decimal(Type::f64, e.until)
         : e.attained   ? "taken on"
                        : "approached"});
  }
  void add(const char* property, const Bracket& v) { add(property, "", {v.middle(), v.low, v.high}); }
  void add_text(const char* property, const std::string& text) {
    add(property, "", {Cell(), Cell(), Cell(), Cell(), text});
  }

  void add_values() {
    add("least", p_.least);
    add("greatest", p_.greatest);
    for (const Turn& t : p_.turns) add("turn", t.minimum ? "minimum" : "maximum", {t.value, Cell(), Cell(), t.at});
    for (const Stretch& s : p_.slopes) {
      add("course", s.sign > 0 ? "rises" : s.sign < 0 ? "falls" : "flat", {s.sign, outermost(s.from), outermost(s.to)});
    }
    add_text("monotone", text_of(p_.course));
    add_text("symmetry", text_of(p_.symmetry));
    add_text("zero_centred", p_.zero_centred() ? "yes" : "no");
    add("mean", p_.mean);
    add("mean_square", p_.mean_square);
    add("variance", p_.variance);
    add("zero_probability", "", {p_.zero_probability});
  }

  void add_slopes() {
    add("mean_square_slope", p_.slope_square);
    add("least_slope", p_.least_slope);
    add("greatest_slope", p_.greatest_slope);
    add("steepest", p_.steepest);
    add("lipschitz", "", {p_.lipschitz()});
  }

  void add_side(std::size_t side) {
    const std::string end = side == 0 ? "-inf" : "inf";
    add("limit", end, {p_.limit[side]});
    add("slope_limit", end, {p_.slope_limit[side]});
    const Saturation& s = p_.saturation[side];
    const auto add_place = [&](const char* property, const std::string& detail, const Place& place) {
      add(property, end + detail,
          {Cell(), Cell(), Cell(), place && std::isfinite(*place) ? Cell(*place) : Cell(),
           !place               ? "never"
           : std::isinf(*place) ? "everywhere"
                                : ""});
    };
    add_place("slope_below_0.01", "", s.hundredth);
    for (std::size_t t = 0; t < type_count; ++t) {
      add_place("slope_below_epsilon", std::string(" ") + name(every_type[t]), s.epsilon[t]);
      add_place("slope_rounds_to_0", std::string(" ") + name(every_type[t]), s.zero[t]);
    }
  }

  void add_smoothness() {
    add_text("smoothness", smoothness_text(p_));
    for (const auto& b : p_.breaks) {
      for (const bool on_right : {false, true}) {
        const reference::Derivatives& derivatives = on_right ? b.right : b.left;
        for (int order = 0; order <= std::max(1, b.order); ++order) {
          const Bracket& v = derivatives[order];
          add("break", fmt::format("derivative {} on the {}", order, on_right ? "right" : "left"),
              {v.middle(), v.low, v.high, b.at});
        }
      }
    }
    for (const Stretch& s : p_.dead) add("dead_zone", "", {Cell(), s.from, s.to});
  }

  void add_depths(Type type) {
    const auto add_depth = [&](const char* property, double factor) {
      const auto depth = vanishing_depth(factor, type);
      add(property, name(type), {depth ? Cell(*depth) : Cell(), Cell(), Cell(), Cell(), depth ? "" : "never"});
    };
    add_depth("depth_by_steepest", p_.steepest.value);
    add_depth("depth_typical", std::sqrt(p_.slope_square.middle()));
  }

  const Properties& p_;
  std::string parameters_;
  reports::Table& table_;
};

}  // namespace

reports::Table properties_records(std::span<const Properties> all) {
  reports::Table table{.name = "properties"};
  for (const char* column : {"activation", "parameters", "property", "detail", "value", "low", "high", "at", "text"})
    table.columns.push_back({.name = column});
  for (const Properties& p : all) Records(p, table).add_all();
  return table;
}

}  // namespace actbench::bench
