// SPDX-License-Identifier: Apache-2.0
//
// actbench eval: the exact value at one input, and every kernel's result. An input goes one way, through each step
// once:
//
//   add_eval()     the command line: ACTIVATION, X, --dy, --a, as text
//   read_cases()   texts become numbers of each type: one case a table     bench/eval/cases.cpp
//   results_of()   the exact value, the kernels' results, their errors     bench/eval/results.cpp
//   tables_of()    results become rows of text                             bench/eval/tables.cpp
//   print()        tables in the format that was asked for                 bench/cli/output.cpp
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/eval/cases.hpp"
#include "bench/eval/results.hpp"
#include "bench/eval/tables.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

struct EvalOptions : Options {
  std::string activation;
  eval::Texts inputs;
  reference::Ulp ulp = reference::Ulp::goldberg;
};

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
  if (!options.inputs.dy.empty() && !any.dy) {
    throw UsageError(fmt::format("--dy is for directions that take it ({}), not for {}",
                                 gated ? "gradient_a, gradient_b" : "backward, alpha_gradient", chosen));
  }
  if (options.inputs.a.empty()) return;
  if (!gated) throw UsageError(fmt::format("--a is for gated units, a·f(b), which {} is not", choice.activation->name));
  if (!any.a)
    throw UsageError(fmt::format("--a is for directions that take it (forward, gradient_b), not for {}", chosen));
}

/// Without --direction the inputs say which: forward, or with --dy the gradients.
std::vector<std::string> directions_of(const EvalOptions& options, const Activation& activation) {
  if (!options.directions.empty()) return options.directions;
  if (options.inputs.dy.empty()) return {name(Direction::forward)};
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

int run_eval(const EvalOptions& options) {
  const Choice choice = choose(options);
  const Output& output = options.output;
  output.print(output.condensed(eval::tables_of(eval::results_of(
      eval::read_cases(options.inputs, choice.found, choice.set, !options.types.empty()), options.ulp))));
  return exit_fine;
}

}  // namespace

Command add_eval(CLI::App& program) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* app = program.add_subcommand("eval", "Show the exact value at one input, and every kernel's result");
  app->add_option("ACTIVATION", options->activation, "Its name, or one of its other names")->required()->type_name("");
  app->add_option(
         "X", options->inputs.x,
         "Inputs: decimal (-5.5), hexadecimal (-0x1.6p+2), bit pattern (0xc0b00000, for types of that width), inf, "
         "nan; for softmax and its like, the elements of one row; for backward of those, the elements of its result")
      ->required()
      ->type_name("");
  app->add_option("--dy", options->inputs.dy,
                  "The gradient that comes with X, for directions that take one; default 1; for a row, 1,0,0")
      ->type_name("Y");
  app->add_option("--a", options->inputs.a, "The other input of a gated unit, a·f(b), where X is b; default 1")
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
