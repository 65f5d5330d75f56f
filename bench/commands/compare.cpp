// SPDX-License-Identifier: Apache-2.0
//
// actbench compare: one table a function.
#include "bench/compare/compare.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iterator>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/pictures/pictures.hpp"
#include "bench/selection/functions.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "reports/files.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

struct CompareCommandOptions : Options {
  CompareOptions compare;
  std::string inputs, svg, csv, peers;
  std::vector<std::string> against;
};

int run_compare(const CompareCommandOptions& options) {
  Selection selection = options;
  default_to_f32_forward(selection);
  const Runnable found = runnable(selection);
  const std::vector<const Kernel*> kernels = compared_kernels(on_device(found.kernels, false), options.against);
  if (kernels.empty()) throw UsageError("compare is for kernels of the CPU");
  CompareOptions how = options.compare;
  if (!options.inputs.empty()) how.inputs = parse_count(options.inputs, "--inputs");
  const std::vector<Setting> set = settings(options.parameters, kernels);
  if (!options.svg.empty() && options.svg == options.csv)
    throw UsageError(fmt::format("{} is named for two of the files", options.svg));
  // A file that cannot be written is an error before the work.
  reports::Target picture(options.svg), values(options.csv);
  std::vector<reports::Table> tables;
  std::vector<Comparison> comparisons;
  // The table's own come first, and those of plug-ins after them: of one function they lie apart.
  for (const std::vector<const Kernel*>& function : by_function(kernels)) {
    comparisons.push_back(compare(function, set, how));
    tables.push_back(comparison_table(comparisons.back(), how));
  }
  tables.back().notes.insert(tables.back().notes.end(), found.notes.begin(), found.notes.end());
  const auto write = [&] {
    if (values) values.write(reports::write(tables, reports::Format::csv));
    if (picture) picture.write(reports::svg(pictures::front_figure(comparisons)));
  };
  write_and_show(write, [&] { options.output.print(tables); });
  return exit_fine;
}

}  // namespace

Command add_compare(CLI::App& program) {
  const auto options = std::make_shared<CompareCommandOptions>();
  CompareOptions& compare = options->compare;
  CLI::App* app =
      program.add_subcommand("compare", "Show kernels and plug-ins of one function side by side: error, faults, time");
  add_filter(*app, *options);
  app->add_option("--against", options->against,
                  "Only these plug-ins, by their names, comma separated; default: all that --plugin and --peers load")
      ->delimiter(',')
      ->type_name("NAME,…");
  app->add_option(peers_option, options->peers,
                  "Load all plug-ins of this folder, such as the one into which scripts/peers builds them")
      ->type_name("DIR");
  app->add_option(
         "--sizes", compare.sizes,
         "Sizes of the data: l1, l2, llc, memory, or counts of elements (4096, 64k), comma separated; default: "
         "those four")
      ->type_name("SIZES");
  app->add_option("--like", compare.like,
                  "Kind of timed values, one of those of actbench bench: normal[:SIGMA] (default; SIGMA 3), "
                  "uniform:LOW:HIGH, constant[:VALUE], mixed, subnormal, wide, tail, target, bits, special, FILE.npy")
      ->type_name("VALUES");
  add_whole(*app, "--row", compare.row, {1, 1 << 20}, "N", "Length of rows, for kernels over rows; default 1024");
  app->add_option("--inputs", options->inputs,
                  "How many inputs each kernel's error is measured at (1000000, 1e6, 2^28); default 2^20")
      ->type_name("N");
  add_whole(*app, "--repetitions", compare.repetitions, {1, 100000}, "N",
            "Timed runs of each kernel; default 9; an interval of 95 % needs at least 6");
  add_number(*app, "--min-time", compare.min_time, {0.0001, 3600}, "S", "Seconds of one timed run; default 0.01");
  add_number(*app, "--budget", compare.budget, any_seconds, "S",
             "Seconds of the timed runs of each function, about; replaces --min-time");
  app->add_option("--svg", options->svg, "Write a picture to this file: error against time, a dot a kernel")
      ->type_name("FILE");
  app->add_option("--csv", options->csv, "Write every row and column to this file, too")->type_name("FILE");
  add_whole(*app, "--seed", compare.seed, any_seed, "S", "Seed of the inputs, the values and the order; default 1");
  add_threads(*app, compare.threads);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Without --direction it is forward, without --type f32. Of the program's own kernels it takes those of the best "
      "backend.\n"
      "Example: actbench compare gelu tanh --peers build/peers");
  return {app, [options] { return run_compare(*options); }};
}

}  // namespace actbench::bench
