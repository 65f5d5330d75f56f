// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/device/call.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/accuracy.hpp"
#include "reference/reference.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Mood;

constexpr int digits = 50;

struct EvalOptions : Options {
  std::string activation;
  std::vector<std::string> inputs;
  std::string dy, a;
  reference::Ulp ulp = reference::Ulp::goldberg;
};

/// All kernels of one activation, direction and type at one input.
reports::Table lens(std::span<const Kernel* const> kernels, std::span<const double> parameters, Point point,
                    reference::Ulp ulp, bool for_people) {
  const Kernel& any = *kernels[0];
  const Type type = any.type;
  const Multipliers multipliers = multipliers_of(any);
  const reference::Exact exact = exact_at(any, point, parameters);
  const double right = exact.rounded();

  reports::Table table{.name = "eval"};
  const std::string parameter_text = used_parameters(any, parameters);
  table.title =
      fmt::format("{} at {}, {} {}", any.activation->name, text_of(any, point), name(any.direction), name(type));
  table.facts = {{.name = "ulp_definition", .cell = name(ulp), .audience = Audience::machines},
                 {.name = "activation", .cell = any.activation->name, .audience = Audience::machines},
                 {.name = "direction", .cell = name(any.direction), .audience = Audience::machines},
                 {.name = "type", .cell = name(type), .audience = Audience::machines},
                 {.name = "formula", .heading = "f(x)", .cell = any.activation->formula, .audience = Audience::people},
                 {.name = "parameters",
                  .cell = parameter_text,
                  .audience = parameter_text.empty() ? Audience::machines : Audience::all}};
  const auto add_input = [&](const std::string& what, std::uint64_t pattern, bool given) {
    const double value = value_of(type, pattern);
    const auto cell = [&](const std::string& text) { return given ? Cell(text) : Cell(); };
    const std::string text = decimal(type, value);
    table.facts.push_back(
        {.name = what,
         .cell = cell(text).as(fmt::format("{} = {} = {}", text, hexadecimal(value), bits(type, pattern))),
         .audience = given ? Audience::all : Audience::machines});
    table.facts.push_back({.name = what + "_hex", .cell = cell(hexadecimal(value)), .audience = Audience::machines});
    table.facts.push_back({.name = what + "_bits", .cell = cell(bits(type, pattern)), .audience = Audience::machines});
  };
  add_input("x", point.x, true);
  add_input("dy", point.dy, multipliers.dy);
  add_input("a", point.a, multipliers.a);
  table.facts.push_back({.name = "exact", .cell = exact.decimal(digits)});
  table.columns = {{.name = "kernel", .audience = Audience::machines},
                   {.name = "tier", .key = true},
                   {.name = "backend", .key = true},
                   {.name = "result", .right = true},
                   {.name = "result_hex", .heading = "hexadecimal", .right = true},
                   {.name = "result_bits", .heading = "bits"},
                   {.name = "ulp_error", .heading = "ULP error", .right = true}};
  const auto add = [&](std::vector<Cell> cells, std::uint64_t pattern) {
    const double value = value_of(type, pattern), error = exact.ulp_error(value, ulp);
    const bool correct = value == right || (std::isnan(value) && std::isnan(right));
    const std::vector<Cell> result{decimal(type, value), hexadecimal(value), bits(type, pattern),
                                   Cell(error)
                                       .as(ulp_text(error))
                                       .with(correct     ? Mood::good
                                             : error > 1 ? Mood::bad
                                                         : Mood::plain)};
    cells.insert(cells.end(), result.begin(), result.end());
    table.rows.push_back(std::move(cells));
  };
  add({"correctly rounded", "correctly rounded", ""}, pattern_of(type, right));
  // People see the backends of a tier that agree in one row.
  std::vector<std::pair<const Kernel*, std::uint64_t>> shown;
  for (const Kernel* kernel : kernels) {
    std::uint64_t x = 0, dy = 0, a = 0, out = 0;
    set_pattern(type, &x, 0, point.x);
    set_pattern(type, &dy, 0, point.dy);
    set_pattern(type, &a, 0, point.a);
    device::run(*kernel, taken(multipliers, {&x, &dy, &a}), &out, 1, parameters);
    const std::uint64_t got = pattern_at(type, &out, 0);
    const auto same = std::find_if(shown.begin(), shown.end(), [&](const auto& other) {
      return other.first->tier == kernel->tier && other.second == got;
    });
    if (for_people && same != shown.end()) {
      Cell& backends = table.rows[1 + static_cast<std::size_t>(same - shown.begin())][2];
      backends = std::get<std::string>(backends.value) + " " + name(kernel->backend);
      continue;
    }
    shown.emplace_back(kernel, got);
    add({identity(*kernel), name(kernel->tier), name(kernel->backend)}, got);
  }
  return table;
}

/// The number as one of each of the types. Types that it does not fit are left out, with a note, unless they were asked
/// for by name: a bit pattern fits those of its width, a number those in whose range it is.
std::map<Type, std::uint64_t> parse_for(const std::string& text, const std::set<Type>& types, bool by_name,
                                        std::set<std::string>& notes) {
  std::map<Type, std::uint64_t> patterns;
  const int width = pattern_width(text);
  for (const Type type : types) {
    if (!by_name && width != 0 && width != bits_of(type)) continue;
    try {
      patterns.emplace(type, parse_number(type, text));
    } catch (const RangeError& e) {
      if (by_name || types.size() == 1) throw;
      notes.insert(fmt::format("Left out: {}: {}.", name(type), e.what()));
    }
  }
  if (patterns.empty()) {
    std::string known;
    for (const Type type : types)
      known += fmt::format("{}{} ({} bits)", known.empty() ? "" : ", ", name(type), bits_of(type));
    throw UsageError(fmt::format("'{}' fits none of the types: {}", text, known));
  }
  return patterns;
}

int show(const EvalOptions& options, std::vector<reports::Table> tables, const std::set<std::string>& notes,
         const std::vector<std::string>& left_out) {
  auto& last = tables.back().notes;
  last.push_back(ulp_definition(options.ulp));
  last.insert(last.end(), notes.begin(), notes.end());
  last.insert(last.end(), left_out.begin(), left_out.end());
  options.output.print(tables);
  return exit_fine;
}

/// Numbers as one row of each of the types; --dy has as many, comma separated.
int eval_row(const EvalOptions& options, const Runnable& found, std::set<std::string> notes) {
  std::vector<std::string> dy;
  for (std::size_t begin = 0; !options.dy.empty() && begin <= options.dy.size();) {
    const std::size_t end = std::min(options.dy.find(',', begin), options.dy.size());
    dy.push_back(options.dy.substr(begin, end - begin));
    begin = end + 1;
  }
  if (!dy.empty() && dy.size() != options.inputs.size()) {
    throw UsageError(fmt::format("--dy has {}, the row {}: it takes one for each, comma separated",
                                 reports::counted(dy.size(), "number"), options.inputs.size()));
  }
  std::vector<reports::Table> tables;
  for (std::size_t first = 0, end; first < found.kernels.size(); first = end) {
    const Kernel& kernel = *found.kernels[first];
    end = group_end(found.kernels, first);
    RowInputs row;
    try {
      const auto number = [&](const std::string& text) {
        const int width = pattern_width(text);
        if (width != 0 && width != bits_of(kernel.type))
          throw RangeError(fmt::format("'{}' is a pattern of {} bits", text, width));
        return value_of(kernel.type, parse_number(kernel.type, text));
      };
      for (const std::string& text : options.inputs) row.x.push_back(number(text));
      if (takes_dy(kernel.direction)) {
        for (const std::string& text : dy) row.dy.push_back(number(text));
        if (dy.empty()) row.dy.assign(row.x.size(), 1);
      }
    } catch (const RangeError& e) {
      if (!options.types.empty()) throw;
      notes.insert(fmt::format("Left out: {}: {}.", name(kernel.type), e.what()));
      continue;
    }
    tables.push_back(
        row_lens(std::span(found.kernels).subspan(first, end - first), row, options.ulp, options.output.for_people()));
  }
  if (tables.empty()) throw UsageError("no type fits all of these numbers");
  return show(options, std::move(tables), notes, found.notes);
}

int run_eval(EvalOptions options) {
  const Activation& facts = activation_named(options.activation);
  const std::string activation = facts.name;
  options.filters = {activation + "/*/*/*/*"};
  const bool dy_given = !options.dy.empty(), a_given = !options.a.empty(), types_given = !options.types.empty();
  const bool gated = facts.shape == Shape::gated;
  if (options.directions.empty()) {
    if (!dy_given) {
      options.directions = {name(Direction::forward)};
    } else if (!gated) {
      options.directions = {name(Direction::backward)};
    } else {
      options.directions = {name(Direction::gradient_a), name(Direction::gradient_b)};
    }
  }
  Runnable found = runnable(options);
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  std::set<Type> types;
  Multipliers any{};
  for (const Kernel* kernel : found.kernels) {
    types.insert(kernel->type);
    any.dy = any.dy || multipliers_of(*kernel).dy;
    any.a = any.a || multipliers_of(*kernel).a;
  }
  const std::string chosen = fmt::format("{}", fmt::join(options.directions, ", "));
  if (dy_given && !any.dy) {
    throw UsageError(fmt::format("--dy is for directions that take it ({}), not for {}",
                                 gated ? "gradient_a, gradient_b" : "backward, alpha_gradient", chosen));
  }
  if (a_given && !gated) throw UsageError(fmt::format("--a is for gated units, a·f(b), which {} is not", activation));
  if (a_given && !any.a)
    throw UsageError(fmt::format("--a is for directions that take it (forward, gradient_b), not for {}", chosen));
  std::set<std::string> notes;
  if (found.kernels[0]->activation->shape == Shape::rows) return eval_row(options, found, notes);
  const std::map<Type, std::uint64_t> dy = parse_for(dy_given ? options.dy : "1", types, types_given, notes);
  const std::map<Type, std::uint64_t> a = parse_for(a_given ? options.a : "1", types, types_given, notes);
  std::vector<reports::Table> tables;
  for (const std::string& text : options.inputs) {
    const std::map<Type, std::uint64_t> x = parse_for(text, types, types_given, notes);
    for (std::size_t first = 0, end; first < found.kernels.size(); first = end) {
      const Kernel& kernel = *found.kernels[first];
      end = group_end(found.kernels, first);
      if (x.count(kernel.type) == 0 || dy.count(kernel.type) == 0 || a.count(kernel.type) == 0) continue;
      tables.push_back(lens(std::span(found.kernels).subspan(first, end - first), parameters_of(kernel, set),
                            {x.at(kernel.type), dy.at(kernel.type), a.at(kernel.type)}, options.ulp,
                            options.output.for_people()));
    }
  }
  if (tables.empty())
    throw UsageError(fmt::format("no type fits all of {}{}{}", fmt::join(options.inputs, ", "),
                                 dy_given ? ", --dy " + options.dy : "", a_given ? ", --a " + options.a : ""));
  return show(options, std::move(tables), notes, found.notes);
}

}  // namespace

Command add_eval(CLI::App& program) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* app = program.add_subcommand("eval", "One input under the lens: the exact value and every kernel's result");
  app->add_option("ACTIVATION", options->activation, "Its name, or one of its other names")->required()->type_name("");
  app->add_option(
         "X", options->inputs,
         "Inputs: decimal (-5.5), hexadecimal (-0x1.6p+2), bit pattern (0xc0b00000: of types of that width), inf, nan; "
         "for softmax and its like the elements of one row, for backward of its result")
      ->required()
      ->type_name("");
  app->add_option("--dy", options->dy,
                  "The gradient that comes with X, for directions that take one; default 1; of a row 1,0,0")
      ->type_name("Y");
  app->add_option("--a", options->a, "The other input of a gated unit, a·f(b), X being b; default 1")->type_name("A");
  add_ulp(*app, options->ulp);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Without --direction: forward, and with --dy backward (of a gated unit both gradients); without --type: every "
      "type "
      "that X fits.\n"
      "Examples: actbench eval gelu -5.5 --type f32,f64\n"
      "          actbench eval gelu -0.75 --dy 0x1p-20 --tier accurate\n"
      "          actbench eval swiglu -1.5 --a 0.3\n"
      "          actbench eval softmax 1 2 3");
  return {app, [options] { return run_eval(*options); }};
}

}  // namespace actbench::bench
