// SPDX-License-Identifier: Apache-2.0
//
// actbench plot: one picture.
#include "bench/pictures/plot.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>

#include "bench/cli/options.hpp"
#include "bench/cli/streams.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
namespace {

using pictures::Kind;

struct PlotCommandOptions : Options {
  pictures::PlotOptions plot;
  std::string kind, from, out, inputs;
};

/// Options that only some pictures take, and whether they are for measuring, which --from makes needless.
struct OnlyFor {
  const char* option;
  std::vector<Kind> kinds;
  bool measuring;
};
const std::vector<OnlyFor>& only_for() {
  static const std::vector<OnlyFor> all{{"--inputs", {Kind::error, Kind::front}, true},
                                        {"--budget", {Kind::front, Kind::sizes, Kind::rows}, true},
                                        {"--param", {Kind::error, Kind::front, Kind::sizes, Kind::rows}, true},
                                        {"--size", {Kind::front}, false},
                                        {"--last", {Kind::history}, false}};
  return all;
}

/// Throws UsageError for an option that would change nothing.
void check_options(const CLI::App& app, const PlotCommandOptions& options) {
  for (const auto& [option, kinds, measuring] : only_for()) {
    if (app.count(option) == 0) continue;
    if (std::find(kinds.begin(), kinds.end(), options.plot.kind) == kinds.end()) {
      std::vector<std::string> names;
      for (const Kind kind : kinds) names.emplace_back(name(kind));
      throw UsageError(
          fmt::format("{} is for plot {}, not for plot {}", option, fmt::join(names, ", "), name(options.plot.kind)));
    }
    if (measuring && !options.from.empty())
      throw UsageError(fmt::format("{} is for what is measured now; with --from nothing is", option));
  }
}

reports::Table table_of(const pictures::Plot& made, const PlotCommandOptions& options) {
  reports::Table table{.name = "plot"};
  table.columns = {{.name = "file", .key = true},
                   {.name = "kind"},
                   {.name = "title"},
                   {.name = "panels", .right = true},
                   {.name = "description", .audience = reports::Audience::machines}};
  const reports::Figure& figure = made.figure;
  table.rows.push_back({options.out, name(options.plot.kind), figure.title,
                        static_cast<std::uint64_t>(figure.panels.size()), figure.description});
  if (!figure.caption.empty()) table.notes.push_back(figure.caption);
  table.notes.insert(table.notes.end(), made.notes.begin(), made.notes.end());
  return table;
}

int run_plot(const CLI::App& app, const PlotCommandOptions& asked) {
  PlotCommandOptions options = asked;
  pictures::PlotOptions& plot = options.plot;
  plot.kind = pictures::kind_of(options.kind);
  check_options(app, options);
  static_cast<Selection&>(plot) = options;
  plot.from = options.from;
  plot.parameters = options.parameters;
  plot.all = plot.kind == Kind::error && options.inputs == "all";
  if (!options.inputs.empty() && !plot.all) plot.inputs = parse_count(options.inputs, "--inputs");
  reports::Target target(options.out);  // a file that cannot be written is an error before the work
  const pictures::Plot made = pictures::plot(plot);
  const std::string svg = reports::svg(made.figure);
  if (!target) {
    write_stdout(svg);
    return exit_fine;
  }
  write_and_show([&] { target.write(svg); }, [&] { options.output.print(table_of(made, options)); });
  return exit_fine;
}

}  // namespace

Command add_plot(CLI::App& program) {
  const auto options = std::make_shared<PlotCommandOptions>();
  pictures::PlotOptions& plot = options->plot;
  CLI::App* app = program.add_subcommand("plot", "Draw one picture as SVG: of a report's results, or measured now");
  app->add_option("KIND", options->kind,
                  "error (largest errors over the input, by binade), front (error against time), sizes (time by size "
                  "beside copying), rows (time by the length of rows) or history (of actbench check)")
      ->required()
      ->type_name("");
  add_filter(*app, *options);
  app->add_option("--out,--output", options->out, "The file to write; default: stdout")->type_name("FILE");
  app->add_option("--from", options->from,
                  "Draw what is there, and measure nothing: the folder of a report, a CSV file of one (sizes, rows), "
                  "or the file of check --history")
      ->type_name("PATH");
  app->add_option("--inputs", options->inputs,
                  "How many inputs each kernel's error is measured at (1000000, 1e6, 2^28; of error also all); default "
                  "2^20; of error and front")
      ->type_name("N");
  app->add_option("--size", plot.size,
                  "The size of the data of front: l1, l2, llc, memory, or a count of elements; default: l2")
      ->type_name("SIZE");
  add_number(*app, "--budget", plot.budget_s, any_seconds, "S",
             "Seconds of the timing, about; of front for each function; default 10");
  add_whole(*app, "--last", plot.last, {1, 1000}, "N", "Runs of the history, from the last one back; default 100");
  add_whole(*app, "--seed", plot.seed, any_seed, "S", "Seed of the inputs, the values and the order; default 1");
  add_threads(*app, plot.threads, "Threads of the sweep; default: every CPU that may be used; timing takes one");
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Without --direction it is forward, without --type f32; history takes all. Measured are the kernels of the best "
      "backend of each tier, and those of plug-ins.\n"
      "Examples: actbench plot error gelu --out gelu.svg\n"
      "          actbench plot sizes '{gelu,relu}' --from report --out sizes.svg\n"
      "          actbench plot history --from gate.jsonl --out gate.svg");
  return {app, [app, options] { return run_plot(*app, *options); }};
}

}  // namespace actbench::bench
