// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "bench/accuracy.hpp"
#include "bench/errors.hpp"
#include "bench/filter.hpp"
#include "bench/options.hpp"
#include "bench/types.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Mood;

constexpr int digits = 50;

struct EvalOptions : Options {
  std::string activation;
  std::vector<std::string> inputs;
};

/// The activation of that name, or of that other name. Throws UsageError with what comes near.
std::string activation_named(const std::string& wanted) {
  std::vector<std::string> candidates;
  for (const Kernel& kernel : kernels()) {
    if (wanted == kernel.activation->name) return wanted;
    if (candidates.empty() || candidates.back() != kernel.activation->name)
      candidates.emplace_back(kernel.activation->name);
  }
  for (const Kernel& kernel : kernels()) {
    for (std::string& alias : aliases(*kernel.activation)) {
      if (alias == wanted) return kernel.activation->name;
      candidates.push_back(std::move(alias));
    }
  }
  const auto near = near_misses(wanted, candidates);
  throw UsageError(fmt::format("there is no activation '{}'{}", wanted,
                               near.empty() ? "; actbench list shows them all" : did_you_mean(near)));
}

/// All kernels of one activation, direction and type at one input.
reports::Table lens(std::span<const Kernel* const> kernels, std::span<const double> parameters, std::uint64_t pattern) {
  const Kernel& any = *kernels[0];
  const Type type = any.type;
  const double x = value_of(type, pattern);
  const reference::Function* function = reference::find(any.activation->name, name(any.direction));
  if (function == nullptr) {
    throw MissingError(fmt::format("the reference has no {} of {}", name(any.direction), any.activation->name));
  }
  const reference::Exact exact(*function, format_of(type), {&x, 1}, parameters);
  const double right = exact.rounded();

  reports::Table table{.name = "eval"};
  const std::string parameter_text = describe_parameters(any, parameters);
  table.title = fmt::format("{} at {}, {} {}", any.activation->name, decimal(type, x), name(any.direction), name(type));
  table.facts = {{.name = "activation", .cell = any.activation->name, .audience = Audience::machines},
                 {.name = "direction", .cell = name(any.direction), .audience = Audience::machines},
                 {.name = "type", .cell = name(type), .audience = Audience::machines},
                 {.name = "formula", .heading = "f(x)", .cell = any.activation->formula, .audience = Audience::people},
                 {.name = "parameters",
                  .cell = parameter_text,
                  .audience = parameter_text.empty() ? Audience::machines : Audience::all},
                 {.name = "x",
                  .cell = Cell(decimal(type, x))
                              .as(fmt::format("{} = {} = {}", decimal(type, x), hexadecimal(x), bits(type, pattern)))},
                 {.name = "x_hex", .cell = hexadecimal(x), .audience = Audience::machines},
                 {.name = "x_bits", .cell = bits(type, pattern), .audience = Audience::machines},
                 {.name = "exact", .cell = exact.decimal(digits)}};
  table.columns = {{.name = "kernel", .audience = Audience::machines},
                   {.name = "tier", .key = true},
                   {.name = "backend", .key = true},
                   {.name = "result", .right = true},
                   {.name = "result_hex", .heading = "hexadecimal", .right = true},
                   {.name = "result_bits", .heading = "bits"},
                   {.name = "ulp_error", .heading = "ULP error", .right = true}};
  const auto result = [&](double value, std::uint64_t value_pattern) -> std::vector<Cell> {
    const double error = exact.ulp_error(value);
    const bool correct = value == right || (std::isnan(value) && std::isnan(right));
    return {decimal(type, value), hexadecimal(value), bits(type, value_pattern),
            Cell(error)
                .as(ulp_text(error))
                .with(correct     ? Mood::good
                      : error > 1 ? Mood::bad
                                  : Mood::plain)};
  };
  const auto add = [&](std::vector<Cell> key, std::vector<Cell> cells) {
    key.insert(key.end(), cells.begin(), cells.end());
    table.rows.push_back(std::move(key));
  };
  add({"correctly rounded", "correctly rounded", ""}, result(right, pattern_of(type, right)));
  for (const Kernel* kernel : kernels) {
    std::uint64_t in = 0, out = 0;
    set_pattern(type, &in, 0, pattern);
    apply(*kernel, &in, &out, 1, parameters);
    const std::uint64_t got = pattern_at(type, &out, 0);
    add({identity(*kernel), name(kernel->tier), name(kernel->backend)}, result(value_of(type, got), got));
  }
  return table;
}

int run_eval(EvalOptions options) {
  const std::string activation = activation_named(options.activation);
  options.filters = {activation};
  Runnable found = runnable(options);
  // The activation's name as a filter could name another component as well.
  std::erase_if(found.kernels, [&](const Kernel* k) { return activation != k->activation->name; });
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  std::vector<reports::Table> tables;
  for (const std::string& text : options.inputs) {
    for (std::size_t first = 0, end; first < found.kernels.size(); first = end) {
      const Kernel& kernel = *found.kernels[first];
      end = first;
      while (end < found.kernels.size() && found.kernels[end]->direction == kernel.direction &&
             found.kernels[end]->type == kernel.type) {
        ++end;
      }
      tables.push_back(lens(std::span(found.kernels).subspan(first, end - first), parameters_of(kernel, set),
                            parse_number(kernel.type, text)));
    }
  }
  auto& notes = tables.back().notes;
  notes.push_back(ulp_definition);
  notes.insert(notes.end(), found.notes.begin(), found.notes.end());
  options.output.print(tables);
  return exit_fine;
}

}  // namespace

Command add_eval(CLI::App& program) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* app = program.add_subcommand("eval", "One input under the lens: the exact value and every kernel's result");
  app->add_option("ACTIVATION", options->activation, "Its name, or one of its other names")->required()->type_name("");
  app->add_option("X", options->inputs,
                  "Inputs: decimal (-5.5), hexadecimal (-0x1.6p+2), bit pattern (0xc0b00000), inf, nan")
      ->required()
      ->type_name("");
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer("Example: actbench eval gelu -5.5 0xc0b00000 --tier accurate");
  return {app, [options] { return run_eval(*options); }};
}

}  // namespace actbench::bench
