// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/cli/streams.hpp"
#include "bench/commands/commands.hpp"
#include "bench/performance/measure.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/errors.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::bench {
namespace {

struct BenchCommandOptions : Options {
  MeasureOptions measure;
  unsigned repetitions = 9;
  std::string rows;
};

int run_bench(const BenchCommandOptions& options) {
  const Runnable found = runnable(options);
  MeasureOptions asked = options.measure;
  asked.parameters = options.parameters;
  asked.repetitions = static_cast<int>(options.repetitions);
  if (!options.rows.empty()) asked.rows = parse_lengths(options.rows);
  Measured measured = measure(asked, found.kernels);
  if (!measured.google_output.empty()) write_stdout(measured.google_output);
  if (!measured.tables.empty()) {
    auto& notes = measured.tables.back().notes;
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    options.output.print(measured.tables);
  }
  if (!measured.not_written.empty()) throw timing::Error(measured.not_written);
  return exit_fine;
}

}  // namespace

Command add_bench(CLI::App& program) {
  const auto options = std::make_shared<BenchCommandOptions>();
  MeasureOptions& measure = options->measure;
  CLI::App* app = program.add_subcommand("bench", "Time every kernel, in ns an element, beside copying the same bytes");
  add_filter(*app, *options);
  app->add_option(
         "--sizes", measure.sizes,
         "Sizes of the data: l1, l2, llc, memory, or counts of elements (4096, 64k), comma separated; default: "
         "those four, on a device 2^12 to 2^28 elements")
      ->type_name("SIZES");
  app->add_option("--rows", options->rows,
                  "Lengths of rows, for kernels over rows, comma separated; default 128,1024,4096,32768,128256, each "
                  "at the sizes that hold it")
      ->type_name("N,…");
  app->add_option(
         "--like", measure.like,
         "Kinds of values: normal[:SIGMA] (default; SIGMA 3), uniform:LOW:HIGH, constant[:VALUE], mixed (one in "
         "64 subnormal), subnormal, wide, tail, target (for rows: dy is their softmax), bits (every pattern), "
         "special, FILE.npy (its numbers), or all for those that a report has; comma separated")
      ->type_name("VALUES");
  // The name that it once had; everywhere else --inputs is a count.
  app->add_option_function<std::string>(
         "--inputs",
         [](const std::string& text) {
           throw UsageError(fmt::format(
               "bench has no --inputs: kinds of values are --like {}, and how many there are --sizes says", text));
         })
      ->group("");
  add_whole(*app, "--repetitions", options->repetitions, {1, 100000}, "N",
            "Timed runs of each kernel; default 9; an interval of 95 % needs at least 6");
  add_whole(
      *app, "--threads", measure.threads, {1, 1024}, "N",
      "Threads that share a call, one for each MiB of its arrays at most; default 1. Above that each call takes the "
      "whole arrays");
  add_number(*app, "--min-time", measure.min_time, {0.0001, 3600}, "S", "Seconds of one timed run; default 0.01");
  add_number(*app, "--budget", measure.budget, any_seconds, "S", "Seconds for everything, about; replaces --min-time");
  add_whole(*app, "--seed", measure.seed, any_seed, "S", "Seed of the values and of the order; default 1");
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Google Benchmark's own options follow after --, such as --benchmark_out=run.json or --benchmark_format=json.\n"
      "Example: actbench bench '{gelu,tanh}/*/f32/accurate' --sizes l1,memory");
  return {app, [options] { return run_bench(*options); }, &measure.google_arguments};
}

}  // namespace actbench::bench
