// SPDX-License-Identifier: Apache-2.0
//
// actbench identify: which formula made these outputs?
#include "bench/identify/identify.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/arrays.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

struct IdentifyOptions : Options {
  std::string inputs, outputs, dy, a, direction = "forward", type, raw;
  std::size_t most = 8;
  unsigned threads = 0;
};

int run_identify(const IdentifyOptions& options) {
  const ArrayFiles files{options.inputs,          options.outputs,         options.dy, options.a, "",
                         type_named(options.raw), type_named(options.type)};
  const Direction direction = direction_named(options.direction);
  const GivenArrays given = read_arrays(files, {takes_dy(direction), !options.a.empty()}, options.direction);
  const score::Arrays arrays = engine_arrays(given);
  identify::Options how{.most = options.most, .threads = options.threads, .stop = &stop_flag()};
  identify::Identity found;
  {
    Progress progress("identify");
    how.progress = [&](double fraction) { progress.update(fraction); };
    found = identify::identify(given.x.type(), direction, arrays, how);
  }
  options.output.print(identify::table(found, arrays, options.outputs));
  return exit_fine;
}

}  // namespace

Command add_identify(CLI::App& program) {
  const auto options = std::make_shared<IdentifyOptions>();
  CLI::App* app =
      program.add_subcommand("identify", "Find which formula, with which parameters, made outputs in a file");
  app->add_option("INPUTS", options->inputs, "The inputs x, a file of numpy.save; of a gated unit b in a·f(b)")
      ->required()
      ->type_name("");
  app->add_option("OUTPUTS", options->outputs, "What a program made of them, in the same order")
      ->required()
      ->type_name("");
  app->add_option("--a", options->a, "Of a gated unit: what the gate multiplies, a")->type_name("FILE");
  app->add_option(
         "--dy", options->dy,
         "The gradients from above, where the direction takes them; default: INPUTS with .dy before its ending")
      ->type_name("FILE");
  add_direction(*app, options->direction);
  add_array_type(*app, options->type,
                 "The type of files that do not say it (integers with bit patterns, 8 bits of ml_dtypes)");
  add_raw(*app, options->raw);
  add_whole(*app, "--top", options->most, {1, 100}, "N", "How many formulas to show; default 8");
  add_threads(*app, options->threads);
  add_output_options(*app, *options);
  app->footer(
      "Inputs between -10 and 10 tell most: actbench inputs --like uniform:-10:10 --out x.npy.\n"
      "Example: actbench identify x.npy y.npy");
  return {app, [options] { return run_identify(*options); }};
}

}  // namespace actbench::bench
