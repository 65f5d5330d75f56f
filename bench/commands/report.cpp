// SPDX-License-Identifier: Apache-2.0
#include "bench/report/report.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/cli/streams.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/peers/peers.hpp"
#include "bench/support/duration.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

struct ReportCommandOptions : Options {
  ReportOptions report;
  bool quick = false;
  std::string inputs, within, peers;
};

/// What a quick report takes unless told otherwise.
constexpr char default_within[] = "3m";

reports::Table files_table(const ReportOutcome& outcome) {
  reports::Table table{.name = "report", .title = "Report", .columns = {{.name = "file"}, {.name = "what"}}};
  for (const ReportFile& file : outcome.files) {
    for (const std::string& name : file.names) {
      const bool repeats = &name != &file.names[0] && name.ends_with(".csv");
      table.rows.push_back({(outcome.folder / name).string(), repeats ? "the same for machines" : file.what});
    }
  }
  table.notes = outcome.left_out;
  return table;
}

/// The peers of the folder that was named, or of the one that scripts/peers builds them in.
void find_peers(ReportOptions& report, const std::string& named) {
  if (named == peers::no_folder) return;
  if (!named.empty()) {
    report.peer_plugins = peers::named_plugins(named);
    return;
  }
  report.peer_plugins = peers::plugins_in(peers::default_folder());
  if (report.peer_plugins.empty())
    report.no_peers =
        "There is no comparison with other libraries: scripts/peers builds plug-ins of them into build/peers, and "
        "`--peers` names another folder.";
}

/// A line for people who wait. Where it cannot be written, the report's files are worth more, and what is printed after
/// them says so.
void tell(const std::string& part, const std::string& finding) {
  try {
    const std::size_t width = std::min(terminal_width(), reports::widest_on_terminal);
    write_stdout(reports::wrap(fmt::format("{}: {}", part, finding), width, "  ") + "\n");
  } catch (const std::exception&) {
  }
}

int run_report(const ReportCommandOptions& options) {
  ReportOptions asked = options.report;
  static_cast<Selection&>(asked) = options;
  if (options.quick && asked.full) throw UsageError("--quick and --full exclude each other; give one of them");
  if (asked.folder.empty()) throw UsageError("--out needs the name of a folder");
  if (!options.inputs.empty()) asked.inputs = parse_count(options.inputs, "--inputs");
  // A thorough report takes the time that it takes.
  if (!options.within.empty() || !asked.full)
    asked.within = parse_duration(options.within.empty() ? default_within : options.within, "--within");
  find_peers(asked, options.peers);
  if (options.output.format == reports::Format::terminal) asked.tell = tell;  // not into what other programs read
  const ReportOutcome outcome = make_report(asked);
  if (asked.tell) write_stdout("\n");
  options.output.print(files_table(outcome));
  return outcome.promises_kept ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_report(CLI::App& program) {
  const auto options = std::make_shared<ReportCommandOptions>();
  ReportOptions& report = options->report;
  CLI::App* app = program.add_subcommand(
      "report", "Measure all of it into one folder: accuracy, overflow, speed, gap, properties, claims");
  add_filter(*app, *options);
  app->add_option("--out", report.folder, "The folder to write; default actbench-report")->type_name("DIR");
  app->add_option("--since", report.since,
                  "The folder of an earlier report: the summary says what changed since, in errors, verdicts and times")
      ->type_name("DIR");
  app->add_option("--within", options->within,
                  "The time for all of it, such as 90s, 3m or 1h; default 3m. What takes longer is cut: first "
                  "inputs, then repetitions, then kernels; the summary says what")
      ->type_name("TIME");
  app->add_flag("--quick", options->quick, "Measure what the time allows (default): 3m, or what --within says");
  app->add_flag("--full", report.full,
                "Measure thoroughly: 2^28 inputs a kernel, longer timings, every kernel alike; takes about seven hours "
                "on two cores, unless --within says less");
  app->add_option("--inputs", options->inputs, "Inputs for each kernel; default 2^22, with --full 2^28")
      ->type_name("N");
  app->add_option(peers_option, options->peers,
                  "Compare with other libraries: the folder of their plug-ins, or none; default: the folder into which "
                  "scripts/peers builds them, beside that of this build, where it is there")
      ->type_name("DIR");
  add_whole(*app, "--seed", report.seed, any_seed, "S", "Seed of samples, values and order; default 1");
  add_threads(*app, report.threads, "Threads of the sweep; default: every CPU that may be used; timing takes one");
  add_shared_options(*app, *options);
  app->footer("The files appear together when all is done, or not at all. Exit code 1: a kernel broke its promise.");
  return {app, [options] { return run_report(*options); }};
}

}  // namespace actbench::bench
