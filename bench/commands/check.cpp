// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/check.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/cli/streams.hpp"
#include "bench/commands/commands.hpp"
#include "bench/peers/peers.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using namespace gate;

constexpr std::size_t rows_on_a_terminal = 40;

struct CheckOptions : Options {
  CheckRequest request;
  std::string only, peers;
};

/// Throws where peers and the option that takes them do not go together, or there are none.
void check_peers(const CheckRequest& r, const std::string& folder) {
  if (r.at_least == 0) {
    if (!folder.empty()) throw UsageError("--peers is for --at-least: give that, too");
    return;
  }
  if (r.selftest || r.update) throw UsageError("--at-least goes with neither --selftest nor --update");
  if (!r.speed) throw UsageError("--at-least is about speed: leave out --only accuracy");
  if (plugin::loaded().empty()) {
    throw MissingError(
        fmt::format("--at-least compares with other libraries, and there are none: scripts/peers builds them into {}, "
                    "and --peers names another folder",
                    peers::default_folder().string()));
  }
}

/// The request that the command line makes. Throws UsageError where its options contradict each other.
CheckRequest request_of(const CheckOptions& options) {
  CheckRequest r = options.request;
  r.selection = options;
  r.outputs = options.only != "speed";
  r.speed = options.only != "accuracy";
  if (r.update && !r.outputs) throw UsageError("--update records outputs: leave out --only speed");
  if (!r.base.empty() && !r.baseline.empty())
    throw UsageError("--base and --baseline are two ways to compare speed: leave out one of them");
  if (r.base.empty() && r.baseline.empty() && r.write_baseline.empty() && !r.selftest && !r.outputs && r.at_least == 0)
    throw UsageError("--only speed compares with a base: give --base, --baseline or --at-least, too");
  check_peers(r, options.peers);
  if (r.update && r.samples.empty()) {
    if (!std::filesystem::exists("samples.json"))
      throw UsageError(
          "there is no samples.json here to update; name the file by --samples, or go to the source folder");
    r.samples = "samples.json";
  }
  return r;
}

void show(const CheckResult& result, const CheckOptions& options) {
  const bool people = options.output.for_people();
  std::vector<reports::Table> tables = check_tables(result, !people, people ? rows_on_a_terminal : SIZE_MAX);
  const std::string took = reports::duration(result.seconds);
  const bool only_recorded = result.recorded && !why_no_verdict(result).empty();
  tables.back().notes.push_back(
      only_recorded ? fmt::format("The baseline was written, after {}; nothing was compared.", took)
                    : fmt::format("Check {}, after {}.", outcome(result, options.request.strict), took));
  options.output.print(tables);
}

int check(const CheckOptions& options) {
  Check check(request_of(options));
  if (options.request.selftest) {
    const SelfTest test = check.selftest();
    options.output.print(selftest_table(test));
    if (!holds(test)) return exit_check_failed;
    return says_anything(test) ? exit_fine : exit_missing;
  }
  const CheckResult& result = check.run();
  write_and_show([&] { check.write(); }, [&] { show(result, options); });
  return exit_code(result, options.request.strict);
}

/// A fault of the base says that something is missing, a fault of the head that the check failed.
int run_check(const CheckOptions& options) {
  try {
    return check(options);
  } catch (const Fault& fault) {
    if (fault.side == Side::base)
      throw MissingError(fmt::format("{}; without a base that works nothing can be compared", fault.what()));
    write_error(fault.what());
    return exit_check_failed;
  }
}

void add_speed_options(CLI::App& app, CheckRequest& r) {
  app.add_option("--base", r.base,
                 "What to compare the speed with: a library of kernels, or a build folder that has one (scripts/check "
                 "builds it from a git revision)")
      ->type_name("PATH");
  app.add_option("--head", r.head, "The same for what is checked; default: this program's library")->type_name("PATH");
  app.add_option(
         "--baseline", r.baseline,
         "Where no base can be built: a file that --write-baseline made on this machine; its tolerance is wider")
      ->type_name("FILE");
  app.add_option("--write-baseline", r.write_baseline, "Time the kernels for later runs with --baseline")
      ->type_name("FILE");
  app.add_flag("--selftest", r.selftest,
               "Measure false alarms and the smallest slow-down that is found on this machine, within the budget");
  add_number(app, "--tolerance", r.tolerance_percent, {0.1, 100}, "PERCENT",
             "The slow-down to find, in percent; default 3");
  add_number(app, at_least_option, r.at_least, {0.01, 100}, "SHARE",
             "Fail where a kernel is proven to be slower than this share of the speed of any peer that is right "
             "enough: 1 is as quick as the quickest of them, 0.9 may take a ninth longer");
  add_number(app, "--within-ulp", r.within_ulp, {0.5, 1e18}, "ULP",
             "For --at-least: the largest error, as found, of peers that count, and as promised of the kernels; "
             "default 8");
  add_number(app, "--budget", r.budget_s, any_seconds, "S", "The time for the speed half, in seconds; default 600");
  add_number(app, "--patience", r.patience_s, any_seconds, "S", "Seconds until a kernel counts as hung; default 60");
  app.add_flag("--strict", r.strict, "Exit with code 3 where a kernel stays inconclusive");
  app.add_flag("--time-identical", r.time_identical, "Also time kernels whose machine code is the same");
  add_whole(app, "--draw", r.draw, {1, 1000000}, "N", "Check only so many of the kernels, drawn at random");
  app.add_option("--extra-work", r.extra_work, "Make kernels of the head slower, to see what the gate says of that")
      ->type_name("FILTER=PERCENT");
  add_whole(app, "--seed", r.seed, {1, UINT64_MAX}, "S", "The seed of what is drawn; default: another one each time");
}

void add_accuracy_options(CLI::App& app, CheckRequest& r) {
  app.add_flag("--quick", r.quick, "Compute only a fixed 64th of the inputs of certificates over 2^32 inputs");
  app.add_flag("--update", r.update, "Write the outputs into the file of samples");
  app.add_option("--samples", r.samples, "The recorded outputs; default: those that the program was built with")
      ->type_name("FILE");
  app.add_option("--certificates", r.certificates, "The certificates; default: those that the program was built with")
      ->type_name("FILE");
  add_threads(app, r.threads, "Threads for the outputs; default: every CPU that may be used");
}

void add_file_options(CLI::App& app, CheckRequest& r) {
  app.add_option("--markdown", r.markdown, "Write a job summary there")->type_name("FILE");
  app.add_option("--csv", r.csv, "Write every row there")->type_name("FILE");
  app.add_option("--json", r.json, "Write the times there, as Google Benchmark does")->type_name("FILE");
  app.add_option("--junit", r.junit, "Write JUnit's XML there")->type_name("FILE");
  app.add_option("--history", r.history, "Add the outcome as a line of JSON there")->type_name("FILE");
}

}  // namespace

Command add_check(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* app = program.add_subcommand("check", "Fail where a kernel became slower or less accurate: the gate");
  add_filter(*app, *options);
  app->add_option("--only", options->only, "accuracy or speed: do one half alone")
      ->check(CLI::IsMember(std::vector<std::string>{"accuracy", "speed"}))
      ->type_name("HALF");
  add_speed_options(*app, options->request);
  app->add_option(peers_option, options->peers,
                  "For --at-least: the folder of the peers' plug-ins; default: the folder into which scripts/peers "
                  "builds them, beside that of this build, unless --plugin names others")
      ->type_name("DIR");
  add_accuracy_options(*app, options->request);
  add_file_options(*app, options->request);
  add_shared_options(*app, *options);
  app->footer(
      "Exit codes: 0 passed, 1 a kernel is slower, behind or broken, 2 bad input, 3 no base that works, nothing "
      "compared, or, with --strict, inconclusive.\n"
      "Example: scripts/check main --markdown summary.md");
  return {app, [options] { return run_check(*options); }};
}

}  // namespace actbench::bench
