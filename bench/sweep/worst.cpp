// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/worst.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "bench/numbers/types.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

constexpr std::size_t kept = 4;  // cases of each kernel from the sample, and as many from the search

using Function = std::tuple<std::string, Direction, Type>;
struct Found {
  double ulp;
  const SweepRow* row;
};

}  // namespace

reports::Table worst_inputs(std::span<const SweepRow> rows) {
  std::map<Function, std::map<Point, Found>> all;
  for (const SweepRow& row : rows) {
    const Kernel& k = *row.subject.kernel;
    auto& found = all[{k.activation->name, k.direction, k.type}];
    for (const Tally* tally : {&row.tally, &row.searched}) {
      for (const WorstCase& w : std::span(tally->worst).first(std::min(kept, tally->worst.size()))) {
        if (w.ulp == 0 && !found.empty()) continue;  // one is enough where all results are right
        const auto [place, fresh] = found.try_emplace(w.input, Found{w.ulp, &row});
        if (!fresh && w.ulp > place->second.ulp) place->second = {w.ulp, &row};
      }
    }
  }
  reports::Table table{.name = "worst_inputs"};
  for (const char* column :
       {"activation", "direction", "type", "parameters", "x", "dy", "a", "expected", "ulp", "tier"}) {
    table.columns.push_back({.name = column});
  }
  for (const auto& [function, found] : all) {
    for (const auto& [input, worst] : found) {
      const Subject& subject = worst.row->subject;
      const Kernel& k = *subject.kernel;
      const Multipliers multipliers = multipliers_of(k);
      const reference::Exact exact = exact_at(k, input, subject.parameters);
      std::string parameters;
      for (std::size_t i = 0; i < subject.parameters.size(); ++i) {
        parameters += fmt::format("{}{}={}", i > 0 ? ";" : "", k.activation->parameters[i].name,
                                  decimal(k.type, subject.parameters[i]));
      }
      table.rows.push_back({k.activation->name, name(k.direction), name(k.type), parameters, bits(k.type, input.x),
                            multipliers.dy ? reports::Cell(bits(k.type, input.dy)) : reports::Cell(),
                            multipliers.a ? reports::Cell(bits(k.type, input.a)) : reports::Cell(),
                            bits(k.type, pattern_of(k.type, exact.rounded())), fmt::format("{:.6g}", worst.ulp),
                            name(k.tier)});
    }
  }
  return table;
}

}  // namespace actbench::bench
