// SPDX-License-Identifier: Apache-2.0
//
// actbench score: what any program computed, held against the exact values. Files become arrays, the command line a
// claim; the engine judges.
#include "bench/score/score.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>

#include "bench/arrays/files.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/arrays.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

struct ScoreOptions : Options {
  std::string activation, inputs, outputs, dy, a, against, direction = "forward", type, raw;
  double promise = std::numeric_limits<double>::infinity();
  reference::Ulp ulp = reference::Ulp::goldberg;
  unsigned threads = 0;
};

/// Of an activation over rows the last axis is the row.
std::uint64_t row_of(const Activation& activation, const arrays::Array& x, const arrays::Array& y, bool raw) {
  if (activation.shape != Shape::rows) return 0;
  if (raw)
    throw UsageError("raw files do not say how long a row is: give files of numpy.save, with the row as the last axis");
  if (x.shape() != y.shape())
    throw UsageError(fmt::format("{} and {} differ in shape: the last axis of both is the row", x.file(), y.file()));
  const std::uint64_t row = x.shape().empty() ? 1 : x.shape().back();
  if (row > std::uint64_t{1} << 20)
    throw UsageError(
        fmt::format("{}: its last axis, the row, has {} elements, more than 2^20; reshape it", x.file(), row));
  return row;
}

int run_score(const ScoreOptions& options) {
  const Activation& activation = activation_named(options.activation);
  const Direction direction = direction_named(options.direction);
  score::claim(options.activation, options.direction, name(Type::f32), options.parameters);  // wrong before files are
  const ArrayFiles files{options.inputs,          options.outputs,         options.dy, options.a, options.against,
                         type_named(options.raw), type_named(options.type)};
  const Multipliers takes{takes_dy(direction), takes_a(activation.shape, direction)};
  const GivenArrays arrays = read_arrays(files, takes, fmt::format("{} of {}", options.direction, options.activation));
  score::Claim claim = score::claim(options.activation, options.direction, name(arrays.x.type()), options.parameters);
  claim.promise = options.promise;
  score::Arrays given = engine_arrays(arrays);
  given.row = row_of(activation, arrays.x, arrays.y, !options.raw.empty());
  score::Options how{.ulp = options.ulp, .threads = options.threads, .stop = &stop_flag()};
  score::Score result;
  {
    Progress progress("score");
    how.progress = [&](double fraction) { progress.update(fraction); };
    result = score::score(claim, given, how);
  }
  options.output.print(score::tables(result, options.outputs, options.against));
  return result.kept ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_score(CLI::App& program) {
  const auto options = std::make_shared<ScoreOptions>();
  CLI::App* app =
      program.add_subcommand("score", "Judge the outputs of any program, from files, against the exact values");
  app->add_option("ACTIVATION", options->activation, "Which activation they are to be: its name or another name of it")
      ->required()
      ->type_name("");
  app->add_option("INPUTS", options->inputs, "The inputs x, a file of numpy.save; of a gated unit b in a·f(b)")
      ->required()
      ->type_name("");
  app->add_option("OUTPUTS", options->outputs, "What the program made of them, in the same order")
      ->required()
      ->type_name("");
  app->add_option(
         "--dy", options->dy,
         "The gradients from above, where the direction takes them; default: INPUTS with .dy before its ending")
      ->type_name("FILE");
  app->add_option("--a", options->a, "What a gate multiplies, a; default: INPUTS with .a before its ending")
      ->type_name("FILE");
  app->add_option("--against", options->against,
                  "Another program's outputs: are they the same, how far apart are they, and which is nearer?")
      ->type_name("FILE");
  add_direction(*app, options->direction);
  add_array_type(*app, options->type,
                 "The type of files that do not say it (integers with bit patterns, 8 bits of ml_dtypes)");
  add_raw(*app, options->raw);
  add_number(*app, "--promise", options->promise, {0.5, 1e18}, "ULP",
             "The largest error allowed, in ULP; 0.5 is correct rounding; exit code 1 where it is exceeded");
  add_ulp(*app, options->ulp);
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_output_options(*app, *options);
  app->footer(
      "Exit code 1: an error exceeds --promise.\n"
      "Example: actbench inputs --out x.npy --inputs 1e6; then, in Python, numpy.save('y.npy', f(numpy.load('x.npy')));\n"
      "then actbench score gelu x.npy y.npy --promise 4");
  return {app, [options] { return run_score(*options); }};
}

}  // namespace actbench::bench
