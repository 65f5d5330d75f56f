// SPDX-License-Identifier: Apache-2.0
//
// actbench eval: the exact value at one input, and every kernel's result. It goes one way, through each step once:
//
//   command line   ACTIVATION, X, --dy, --a and the options, as text       bench/cli
//   choose()       the kernels that run here, and the parameters set       bench/selection
//   read_…()       texts become numbers of each type: one case a table     bench/numbers
//   tables         the exact result, the kernels' results, their errors    bench/sweep/result_table, bench/rows
//   print()        tables and notes, in the format that was asked for      bench/cli
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/result_table.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

struct EvalOptions : Options {
  std::string activation;
  std::vector<std::string> inputs;
  std::string dy, a;
  reference::Ulp ulp = reference::Ulp::goldberg;
};

// ---- choose

struct Choice {
  const Activation* activation;
  Runnable found;  ///< at least one kernel
  std::vector<Setting> set;
};

/// Throws UsageError where --dy or --a is given and no chosen direction takes it.
void check_multipliers(const EvalOptions& options, const Choice& choice, const std::vector<std::string>& directions) {
  Multipliers any{};
  for (const Kernel* kernel : choice.found.kernels) {
    const Multipliers multipliers = multipliers_of(*kernel);
    any.dy = any.dy || multipliers.dy;
    any.a = any.a || multipliers.a;
  }
  const bool gated = choice.activation->shape == Shape::gated;
  const std::string chosen = fmt::format("{}", fmt::join(directions, ", "));
  if (!options.dy.empty() && !any.dy) {
    throw UsageError(fmt::format("--dy is for directions that take it ({}), not for {}",
                                 gated ? "gradient_a, gradient_b" : "backward, alpha_gradient", chosen));
  }
  if (options.a.empty()) return;
  if (!gated) throw UsageError(fmt::format("--a is for gated units, a·f(b), which {} is not", choice.activation->name));
  if (!any.a)
    throw UsageError(fmt::format("--a is for directions that take it (forward, gradient_b), not for {}", chosen));
}

/// Without --direction the inputs say which: forward, or with --dy the gradients.
std::vector<std::string> directions_of(const EvalOptions& options, const Activation& activation) {
  if (!options.directions.empty()) return options.directions;
  if (options.dy.empty()) return {name(Direction::forward)};
  if (activation.shape != Shape::gated) return {name(Direction::backward)};
  return {name(Direction::gradient_a), name(Direction::gradient_b)};
}

Choice choose(const EvalOptions& options) {
  const Activation& activation = activation_named(options.activation);
  Selection selection = options;
  selection.filters = {fmt::format("{}/*/*/*/*", options.activation)};
  selection.directions = directions_of(options, activation);
  Choice choice{&activation, runnable(selection), {}};
  choice.set = settings(options.parameters, choice.found.kernels);
  check_multipliers(options, choice, selection.directions);
  return choice;
}

/// The chosen kernels by direction and type.
std::vector<std::span<const Kernel* const>> groups_of(const Runnable& found) {
  std::vector<std::span<const Kernel* const>> groups;
  for (std::size_t first = 0, end; first < found.kernels.size(); first = end) {
    end = group_end(found.kernels, first);
    groups.push_back(std::span(found.kernels).subspan(first, end - first));
  }
  return groups;
}

// ---- read

/// The input of one table.
struct PointCase {
  std::span<const Kernel* const> kernels;
  std::vector<double> parameters;
  Point point;
};
struct RowCase {
  std::span<const Kernel* const> kernels;
  RowInputs row;
};

std::string left_out(Type type, const RangeError& why) {
  return fmt::format("Left out: {}: {}.", name(type), why.what());
}

/// The number as a pattern of each of the types that it fits: a bit pattern fits types of its width, a number those in
/// whose range it is. Types that it does not fit are left out, with a note; they are an error where --type names them.
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
      notes.insert(left_out(type, e));
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

/// One case for each X, direction and type that all the numbers fit.
std::vector<PointCase> read_points(const EvalOptions& options, const Choice& choice, std::set<std::string>& notes) {
  std::set<Type> types;
  for (const Kernel* kernel : choice.found.kernels) types.insert(kernel->type);
  const auto parse = [&](const std::string& text) { return parse_for(text, types, !options.types.empty(), notes); };
  const std::map<Type, std::uint64_t> dy = parse(options.dy.empty() ? "1" : options.dy);
  const std::map<Type, std::uint64_t> a = parse(options.a.empty() ? "1" : options.a);
  std::vector<PointCase> cases;
  for (const std::string& text : options.inputs) {
    const std::map<Type, std::uint64_t> x = parse(text);
    for (const auto& kernels : groups_of(choice.found)) {
      const Type type = kernels[0]->type;
      if (!x.contains(type) || !dy.contains(type) || !a.contains(type)) continue;
      cases.push_back({kernels, parameters_of(*kernels[0], choice.set), {x.at(type), dy.at(type), a.at(type)}});
    }
  }
  if (cases.empty()) {
    throw UsageError(fmt::format("no type fits all of {}{}{}", fmt::join(options.inputs, ", "),
                                 options.dy.empty() ? "" : ", --dy " + options.dy,
                                 options.a.empty() ? "" : ", --a " + options.a));
  }
  return cases;
}

/// "1,0,0" as three words; none of an empty text.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; !text.empty() && begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

/// A bit pattern must be of the type's width.
double number_of(Type type, const std::string& text) {
  const int width = pattern_width(text);
  if (width != 0 && width != bits_of(type)) throw RangeError(fmt::format("'{}' is a pattern of {} bits", text, width));
  return value_of(type, parse_number(type, text));
}

/// One case for each direction and type that all the numbers fit. Each X is an element of the row, --dy has one number
/// for each.
std::vector<RowCase> read_rows(const EvalOptions& options, const Choice& choice, std::set<std::string>& notes) {
  const std::vector<std::string> dy = split(options.dy);
  if (!dy.empty() && dy.size() != options.inputs.size()) {
    throw UsageError(fmt::format("--dy has {}, the row {}: it takes one for each, comma separated",
                                 reports::counted(dy.size(), "number"), options.inputs.size()));
  }
  std::vector<RowCase> cases;
  for (const auto& kernels : groups_of(choice.found)) {
    const Kernel& kernel = *kernels[0];
    RowInputs row;
    try {
      for (const std::string& text : options.inputs) row.x.push_back(number_of(kernel.type, text));
      if (takes_dy(kernel.direction)) {
        for (const std::string& text : dy) row.dy.push_back(number_of(kernel.type, text));
        if (dy.empty()) row.dy.assign(row.x.size(), 1);
      }
    } catch (const RangeError& e) {
      if (!options.types.empty()) throw;
      notes.insert(left_out(kernel.type, e));
      continue;
    }
    cases.push_back({kernels, std::move(row)});
  }
  if (cases.empty()) throw UsageError("no type fits all of these numbers");
  return cases;
}

// ---- tables, print

int run_eval(const EvalOptions& options) {
  const Choice choice = choose(options);
  std::set<std::string> notes;
  std::vector<reports::Table> tables;
  if (choice.activation->shape == Shape::rows) {
    for (const RowCase& c : read_rows(options, choice, notes))
      tables.push_back(row_result_table(c.kernels, c.row, options.ulp, options.output.for_people()));
  } else {
    for (const PointCase& c : read_points(options, choice, notes))
      tables.push_back(options.output.condensed(result_table(c.kernels, c.parameters, c.point, options.ulp)));
  }
  auto& last = tables.back().notes;
  last.emplace_back(ulp_definition(options.ulp));
  last.insert(last.end(), notes.begin(), notes.end());
  last.insert(last.end(), choice.found.notes.begin(), choice.found.notes.end());
  options.output.print(tables);
  return exit_fine;
}

}  // namespace

Command add_eval(CLI::App& program) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* app = program.add_subcommand("eval", "Show the exact value at one input, and every kernel's result");
  app->add_option("ACTIVATION", options->activation, "Its name, or one of its other names")->required()->type_name("");
  app->add_option(
         "X", options->inputs,
         "Inputs: decimal (-5.5), hexadecimal (-0x1.6p+2), bit pattern (0xc0b00000, for types of that width), inf, "
         "nan; for softmax and its like, the elements of one row; for backward of those, the elements of its result")
      ->required()
      ->type_name("");
  app->add_option("--dy", options->dy,
                  "The gradient that comes with X, for directions that take one; default 1; for a row, 1,0,0")
      ->type_name("Y");
  app->add_option("--a", options->a, "The other input of a gated unit, a·f(b), where X is b; default 1")
      ->type_name("A");
  add_ulp(*app, options->ulp);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Without --direction: forward, and with --dy backward (for a gated unit both gradients). Without --type: every "
      "type that X fits.\n"
      "Examples: actbench eval gelu -5.5 --type f32,f64\n"
      "          actbench eval gelu -0.75 --dy 0x1p-20 --tier accurate\n"
      "          actbench eval swiglu -1.5 --a 0.3\n"
      "          actbench eval softmax 1 2 3");
  return {app, [options] { return run_eval(*options); }};
}

}  // namespace actbench::bench
