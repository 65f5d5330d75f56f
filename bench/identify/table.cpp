// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "bench/identify/identify.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "reports/text.hpp"

namespace actbench::bench::identify {
namespace {

using reports::Cell;
using reports::Emphasis;

std::string parameters_text(const Match& match) {
  std::string text;
  for (const auto& [name, value] : match.parameters)
    text += fmt::format("{}{}={:.9g}", text.empty() ? "" : ", ", name, value);
  return text;
}

std::string named(const Match& match) {
  const std::string parameters = parameters_text(match);
  return parameters.empty() ? match.name : fmt::format("{} ({})", match.name, parameters);
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

/// Never 100 where one is missing.
std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  const double share = percent(part, whole);
  return part == whole ? "100" : share > 99.99 ? ">99.99" : fmt::format("{:.2f}", share);
}

std::string what_it_is(const Identity& identity) {
  const Match& best = identity.matches[0];
  const Distance& d = best.distance;
  if (d.exact == identity.outputs)
    return fmt::format("Every output is what {} gives, rounded to {}.", named(best), name(identity.type));
  if (!identity.explained) {
    return fmt::format("None of these formulas made the outputs. The nearest is {}, to which {} % of them are near.",
                       named(best), percent_text(d.near, identity.outputs));
  }
  return fmt::format("These are outputs of {}, not all of them rounded correctly: {} % are exact, {} % near.",
                     named(best), percent_text(d.exact, identity.outputs), percent_text(d.near, identity.outputs));
}

std::string about(const Identity& identity, const Twin& twin) {
  const std::string other = named(identity.matches[twin.match]);
  if (!twin.told_apart) return fmt::format("{} is the same function at every input that was tried.", other);
  const Telling& t = *twin.told_apart;
  return fmt::format("{} gives the same for these inputs; x = {}{} tells them apart: {} and {}.", other,
                     decimal(identity.type, t.x), t.a != 1 ? fmt::format(", a = {}", t.a) : "",
                     decimal(identity.type, t.first), decimal(identity.type, t.second));
}

}  // namespace

reports::Table table(const Identity& identity, const score::Arrays& arrays, const std::string& output) {
  const Type type = identity.type;
  reports::Table table{.name = "identify"};
  table.title = fmt::format("What made {}, {} {}?", output, name(identity.direction), name(type));
  table.facts = {
      {.name = "outputs", .cell = identity.outputs},
      {.name = "type", .cell = name(type), .audience = reports::Audience::machines},
      {.name = "direction", .cell = name(identity.direction), .audience = reports::Audience::machines},
      {.name = "explained", .cell = identity.explained, .audience = reports::Audience::machines},
      {.name = "formulas", .heading = "formulas tried", .cell = static_cast<std::uint64_t>(identity.formulas)}};
  table.columns = {{.name = "formula", .key = true},
                   {.name = "definition"},
                   {.name = "parameters"},
                   {.name = "exact", .audience = reports::Audience::machines},
                   {.name = "exact_percent", .heading = "exact %", .right = true},
                   {.name = "near_percent", .heading = "near %", .right = true},
                   {.name = "max_ulp", .heading = "max ULP", .right = true},
                   {.name = "max_abs_error",
                    .heading = "max abs. error",
                    .display = reports::Display::significant,
                    .digits = 3,
                    .right = true},
                   {.name = "first_index", .heading = "first differs at index", .right = true},
                   {.name = "first_x", .heading = "x there", .right = true}};
  for (const Match& match : identity.matches) {
    const Distance& d = match.distance;
    const bool all = d.exact == identity.outputs;
    std::string parameters = parameters_text(match);
    if (match.fitted > 0) parameters += " (fitted)";
    table.rows.push_back(
        {match.name, match.text, parameters, d.exact,
         Cell(percent(d.exact, identity.outputs))
             .as(percent_text(d.exact, identity.outputs))
             .with(all ? Emphasis::good : Emphasis::plain),
         Cell(percent(d.near, identity.outputs)).as(percent_text(d.near, identity.outputs)),
         Cell(d.max_ulp).as(ulp_text(d.max_ulp)), d.max_abs, all ? Cell() : Cell(d.first),
         all ? Cell()
             : Cell(decimal(type, value_of(type, pattern_at(type, arrays.x, static_cast<std::size_t>(d.first)))))});
  }
  table.notes.push_back(what_it_is(identity));
  for (const Twin& twin : identity.twins) table.notes.push_back(about(identity, twin));
  table.notes.emplace_back(
      "Exact: the output is the formula's value, rounded to the type; the sign of a zero does not count. Errors in ULP are "
      "|output − value| over the spacing of the type's numbers at the larger of the two; near: within "
      "4 ULP, of outputs below 1 in ULP of 1. Formulas are ranked by the mean of log2(1 + error in ULP), where outputs below "
      "2^-10 count in ULP of that; a fitted parameter has to be worth a quarter of a bit.");
  return table;
}

}  // namespace actbench::bench::identify
