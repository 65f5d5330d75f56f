// SPDX-License-Identifier: Apache-2.0
//
// The input goes one way: kernels and the reference make results of it, results become rows.
#include "bench/sweep/result_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "bench/device/call.hpp"
#include "bench/numbers/forms.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/parameters.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Emphasis;
using reports::Fact;

constexpr int exact_digits = 50;

/// One result, and who computed it.
struct Result {
  std::string kernel, tier, backend;
  NumberForms number;
  double error;
  bool correct;  ///< correctly rounded
};

std::uint64_t output_of(const Kernel& kernel, std::span<const double> parameters, const Point& point) {
  // Little-endian, as pattern_at() has it: a pattern begins with the bytes of its number.
  std::uint64_t out = 0;
  device::run(kernel, taken(multipliers_of(kernel), {&point.x, &point.dy, &point.a}), &out, 1, parameters);
  return out;
}

std::vector<Result> results_of(std::span<const Kernel* const> kernels, std::span<const double> parameters,
                               const Point& point, const reference::Exact& exact, reference::Ulp ulp) {
  const Type type = kernels[0]->type;
  const double right = exact.rounded();
  std::vector<Result> results;
  const auto add = [&](std::string kernel, std::string tier, std::string backend, std::uint64_t pattern) {
    NumberForms number = forms_of(type, pattern);
    const double value = number.value, error = exact.ulp_error(value, ulp);
    const bool correct = value == right || (std::isnan(value) && std::isnan(right));
    results.push_back({std::move(kernel), std::move(tier), std::move(backend), std::move(number), error, correct});
  };
  add("correctly rounded", "correctly rounded", "", pattern_of(type, right));
  for (const Kernel* kernel : kernels)
    add(identity(*kernel), name(kernel->tier), name(kernel->backend), output_of(*kernel, parameters, point));
  return results;
}

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

std::vector<Fact> facts_of(const Kernel& kernel, std::span<const double> parameters, const Point& point,
                           const reference::Exact& exact, reference::Ulp ulp) {
  const std::string used = used_parameters(kernel, parameters);
  const Audience people_if_any = used.empty() ? Audience::machines : Audience::all;
  const char* formula = kernel.activation->formula;
  std::vector<Fact> facts{{.name = "ulp_definition", .cell = name(ulp), .audience = Audience::machines},
                          {.name = "activation", .cell = kernel.activation->name, .audience = Audience::machines},
                          {.name = "direction", .cell = name(kernel.direction), .audience = Audience::machines},
                          {.name = "type", .cell = name(kernel.type), .audience = Audience::machines},
                          {.name = "formula", .heading = "f(x)", .cell = formula, .audience = Audience::people},
                          {.name = "parameters", .cell = used, .audience = people_if_any}};
  const Multipliers multipliers = multipliers_of(kernel);
  add_input(facts, "x", kernel.type, point.x, true);
  add_input(facts, "dy", kernel.type, point.dy, multipliers.dy);
  add_input(facts, "a", kernel.type, point.a, multipliers.a);
  facts.push_back({.name = "exact", .cell = exact.decimal(exact_digits)});
  return facts;
}

}  // namespace

reports::Table result_table(std::span<const Kernel* const> kernels, std::span<const double> parameters,
                            const Point& point, reference::Ulp ulp) {
  const Kernel& any = *kernels[0];
  const reference::Exact exact = exact_at(any, point, parameters);
  const std::vector<Result> results = results_of(kernels, parameters, point, exact, ulp);

  reports::Table table{.name = "eval"};
  table.title =
      fmt::format("{} at {}, {} {}", any.activation->name, text_of(any, point), name(any.direction), name(any.type));
  table.facts = facts_of(any, parameters, point, exact, ulp);
  table.columns = {{.name = "kernel", .audience = Audience::machines},
                   {.name = "tier", .key = true},
                   {.name = "backend", .key = true},
                   {.name = "result", .right = true},
                   {.name = "result_hex", .heading = "hexadecimal", .right = true},
                   {.name = "result_bits", .heading = "bits"},
                   {.name = "ulp_error", .heading = "ULP error", .right = true}};
  for (const Result& r : results) {
    const Emphasis emphasis = r.correct ? Emphasis::good : r.error > 1 ? Emphasis::bad : Emphasis::plain;
    table.rows.push_back({r.kernel, r.tier, r.backend, r.number.decimal, r.number.hexadecimal, r.number.bits,
                          Cell(r.error).as(ulp_text(r.error)).with(emphasis)});
  }
  if (std::any_of(results.begin(), results.end(), [](const Result& r) { return std::isinf(r.error); }))
    table.notes.emplace_back(infinite_error);
  return table;
}

}  // namespace actbench::bench
