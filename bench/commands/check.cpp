// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <set>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/gate/baseline.hpp"
#include "bench/gate/history.hpp"
#include "bench/gate/outputs.hpp"
#include "bench/gate/pairs.hpp"
#include "bench/gate/report.hpp"
#include "bench/gate/selftest.hpp"
#include "bench/gate/speed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/timing/random.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using namespace gate;

constexpr std::size_t rows_on_a_terminal = 40;

struct CheckOptions : Options {
  std::string base, head, baseline, write_baseline, only, samples, certificates, markdown, csv, json, junit, history;
  std::vector<std::string> extra;
  double tolerance = 3, budget = 600, patience = 60;
  std::uint64_t seed = 0, draw = 0;
  unsigned threads = 0;
  bool strict = false, quick = false, selftest = false, update = false, time_identical = false;
};

/// The files that were asked for, tried before the work.
struct Files {
  explicit Files(const CheckOptions& o)
      : markdown(o.markdown), csv(o.csv), json(o.json), junit(o.junit), history(o.history, reports::Use::kept) {
    std::set<std::filesystem::path> names;
    for (const std::string* file : {&o.markdown, &o.csv, &o.json, &o.junit, &o.history}) {
      if (!file->empty() && !names.insert(std::filesystem::absolute(*file).lexically_normal()).second)
        throw UsageError(fmt::format("{} is named for two of the files", *file));
    }
    if (const auto before =
            o.history.empty() ? std::nullopt : reports::read_file(o.history, reports::most_read_of_large)) {
      history_before = *before;
      read_history(history_before, o.history);
    }
  }
  reports::Target markdown, csv, json, junit, history;
  std::string history_before;

  void write(const CheckResult& result, bool strict) {
    if (markdown) markdown.write(check_markdown(result, strict));
    if (csv) csv.write(reports::write(check_tables(result, true), reports::Format::csv));
    if (json) json.write(check_json(result));
    if (junit) junit.write(check_junit(result, strict));
    if (history) history.write(history_before + history_line(result, strict));
  }
};

/// "gelu/forward/f32/accurate/avx2=3": a kernel, or all that a filter picks, made slower by so many percent, to see
/// what the gate makes of that.
void add_extra_work(std::vector<Planned>& plan, const std::vector<std::string>& wanted) {
  for (const std::string& text : wanted) {
    const std::size_t equals = text.rfind('=');
    double percent = -1;
    if (equals != std::string::npos && equals + 1 < text.size()) percent = parse_finite(text.substr(equals + 1));
    if (!(percent >= 0 && percent <= 100))
      throw UsageError(fmt::format("--extra-work '{}' is not of the form FILTER=PERCENT, such as gelu=5", text));
    const Filter filter(text.substr(0, equals));
    bool any = false;
    for (Planned& p : plan) {
      if (!filter.matches(p.identity)) continue;
      p.extra = percent / 100;
      any = true;
    }
    if (!any) throw UsageError(fmt::format("--extra-work '{}' matches none of the kernels that are timed", text));
  }
}

/// So many of the kernels, drawn at random.
std::vector<const Kernel*> drawn(std::vector<const Kernel*> kernels, std::uint64_t count, std::uint64_t seed) {
  if (count == 0 || count >= kernels.size()) return kernels;
  timing::Random random(seed);
  random.shuffle(kernels);
  kernels.resize(count);
  std::sort(kernels.begin(), kernels.end(), std::less<>());  // the table's order
  return kernels;
}

int selftest(const CheckOptions& options, const Place& place, const std::vector<const Kernel*>& kernels) {
  std::vector<std::string> names;
  for (const Kernel* kernel : kernels) names.push_back(identity(*kernel));
  Progress progress("selftest");
  SelfTestOptions selftest_options{
      .tolerance = options.tolerance / 100, .budget_s = options.budget, .seed = options.seed, .progress = {}};
  selftest_options.progress = [&](double fraction, const std::string& label) { progress.update(fraction, label); };
  const SelfTest test = run_selftest(place, names, selftest_options);
  options.output.print(selftest_table(test));
  return holds(test) ? exit_fine : exit_check_failed;
}

int check(CheckOptions options) {
  const auto start = std::chrono::steady_clock::now();
  const bool outputs_wanted = options.only != "speed", speed_wanted = options.only != "accuracy";
  if (options.seed == 0) options.seed = std::random_device()() | 1u;
  if (options.update && !outputs_wanted) throw UsageError("--update records outputs: leave out --only speed");
  if (!options.base.empty() && !options.baseline.empty())
    throw UsageError("--base and --baseline are two ways to compare speed: leave out one of them");
  if (options.base.empty() && options.baseline.empty() && options.write_baseline.empty() && options.only == "speed")
    throw UsageError("--only speed compares with a base: give --base or --baseline, too");
  std::optional<Baseline> baseline;
  if (!options.baseline.empty()) {
    const auto text = reports::read_file(options.baseline);
    if (!text) throw UsageError(fmt::format("--baseline: there is no file {}", options.baseline));
    baseline = Baseline::parse(*text, options.baseline);
  }
  if (options.update && options.samples.empty()) {
    if (!std::filesystem::exists("samples.json"))
      throw UsageError(
          "there is no samples.json here to update; name the file by --samples, or go to the source folder");
    options.samples = "samples.json";
  }
  const bool whole_table = options.filters.empty() && options.directions.empty() && options.types.empty() &&
                           options.tiers.empty() && options.backends.empty() && options.draw == 0;
  if (options.update && !whole_table)
    throw UsageError("--update writes the file whole: leave out what chooses kernels");

  Runnable found = runnable(options);
  CheckResult result;
  result.machine = machine_text(timing::read_machine());
  result.tolerance = options.tolerance / 100;
  result.notes = std::move(found.notes);
  const std::size_t before = found.kernels.size();
  std::erase_if(found.kernels, [](const Kernel* k) { return !callable(*k); });
  if (found.kernels.size() < before) {
    result.notes.push_back(fmt::format("Left out: {} that the gate cannot call, their arrays being a device's.",
                                       reports::counted(before - found.kernels.size(), "kernel")));
  }
  const std::vector<const Kernel*> kernels = drawn(found.kernels, options.draw, options.seed);
  // What a device's kernels consist of can be compared wherever they were built.
  std::vector<const Kernel*> to_compare = kernels;
  if (speed_wanted && options.draw == 0) {
    for (const Kernel* kernel : on_device(chosen(options), true)) to_compare.push_back(kernel);
  }
  Files files(options);
  reports::Target samples_file(options.update ? options.samples : "", reports::Use::kept),
      baseline_file(options.write_baseline);

  Place place{own_program().string(), {}, options.patience, &stop_flag()};
  Family family;
  std::set<const Kernel*> identical;
  const bool need_head = !options.base.empty() || baseline || baseline_file || options.selftest;
  if (need_head) {
    const auto head = options.head.empty() ? own_library(place.program) : library_at(options.head, "--head");
    const auto base = options.base.empty() ? head : library_at(options.base, "--base");
    place.paths[0] = base.string(), place.paths[1] = head.string();
    result.base = baseline ? options.baseline : base.string(), result.head = head.string();
  }
  if (options.selftest) return selftest(options, place, kernels);
  if (!options.base.empty()) {
    family = compare_libraries(place, to_compare);
    std::size_t only_here = 0;
    for (const Kin& kin : family.kernels) {
      if (kin.kinship == Kinship::identical) identical.insert(kin.kernel);
      if (kin.kinship != Kinship::added) continue;
      if (kin.kernel->backend == Backend::cuda) {
        ++only_here;
      } else {
        result.added.push_back(identity(*kin.kernel));
      }
    }
    if (only_here > 0)
      result.notes.push_back(fmt::format("Not in the base: {} for CUDA.", reports::counted(only_here, "kernel")));
    if (whole_table) result.removed = family.removed;
    if (!family.incomparable.empty())
      result.notes.push_back(fmt::format("Machine code was not compared: {}.", family.incomparable));
  }

  if (outputs_wanted) {
    Samples own;
    if (!options.samples.empty() && (!options.update || std::filesystem::exists(options.samples)))
      own = Samples::read(options.samples);
    const Samples& samples = options.samples.empty() ? Samples::built_in() : own;
    const Certificates own_certificates =
        options.certificates.empty() ? Certificates() : Certificates::read(options.certificates, true);
    OutputOptions output_options{
        .samples = &samples,
        .certificates = options.certificates.empty() ? &Certificates::built_in() : &own_certificates,
        .may_have_changed = [&](const Kernel& k) { return !identical.contains(&k); },
        .quick = options.quick,
        .record = options.update,
        .threads = options.threads,
        .progress = {},
        .stop = &stop_flag()};
    Progress progress("outputs");
    output_options.progress = [&](double fraction, const std::string& label) { progress.update(fraction, label); };
    result.outputs = check_outputs(kernels, output_options);
    result.outputs_checked = true;
    if (whole_table) result.missing = samples.missing();
    if (options.quick)
      result.notes.push_back(
          "Quick: of certificates over 2^32 inputs a fixed 64th was computed, spread over all of them.");
  }

  if (baseline || baseline_file) {
    std::vector<Planned> plan;
    for (const Kernel* kernel : kernels) plan.push_back({identity(*kernel), identity(*kernel), 0});
    add_extra_work(plan, options.extra);
    Progress progress("speed");
    BaselineOptions baseline_options{options.budget, options.seed, {}};
    baseline_options.progress = [&](double fraction, const std::string& label) { progress.update(fraction, label); };
    if (baseline_file) {
      const Baseline made = make_baseline(place, plan, baseline_options);
      baseline_file.write(made.text());
      result.notes.push_back(
          fmt::format("{} has the times of {}. Between two passes none moved by more than {:.1f} %, which allows a "
                      "tolerance of {:.1f} %.",
                      options.write_baseline, reports::counted(made.kernels.size(), "kernel"),
                      100 * std::expm1(made.shift), 100 * made.tolerance));
    }
    if (baseline) {
      result.tolerance = baseline->tolerance;
      result.sped = result.against_baseline = true;
      result.speed = compare_with_baseline(place, plan, *baseline, baseline_options);
      for (const Planned& p : plan) {
        if (!baseline->kernels.contains(p.identity)) result.added.push_back(p.identity);
      }
      if (baseline->platform != this_platform()) {
        result.notes.push_back(
            fmt::format("The baseline was made with {}, this program with {}.", baseline->platform, this_platform()));
      }
    }
  } else if (speed_wanted && !options.base.empty()) {
    std::vector<Planned> plan;
    std::size_t unrunnable = 0;
    std::vector<std::string> changed_on_device;
    for (const Kin& kin : family.kernels) {
      if (kin.kinship == Kinship::added) continue;
      if (kin.kernel->backend == Backend::cuda) {
        if (kin.kinship == Kinship::identical) {
          result.identical.push_back(kin.kernel);
        } else {
          changed_on_device.push_back(identity(*kin.kernel));
        }
        continue;
      }
      const bool skip = kin.kinship == Kinship::identical && !options.time_identical;
      if (skip) result.identical.push_back(kin.kernel);
      unrunnable += !skip && !kin.timeable;
      if (!skip && kin.timeable) plan.push_back({identity(*kin.kernel), identity(*kin.kernel), 0});
    }
    if (unrunnable > 0) {
      result.notes.push_back(
          fmt::format("Not timed, as the base does not run them here: {}.", reports::counted(unrunnable, "kernel")));
    }
    if (!changed_on_device.empty()) {
      result.notes.push_back(fmt::format(
          "{} for CUDA with other machine code than in the base, which the gate does not time; actbench bench does: "
          "{}{}.",
          reports::counted(changed_on_device.size(), "kernel"),
          fmt::join(std::span(changed_on_device).first(std::min<std::size_t>(changed_on_device.size(), 5)), ", "),
          changed_on_device.size() > 5 ? ", …" : ""));
    }
    add_extra_work(plan, options.extra);
    result.sped = true;
    if (!plan.empty()) {
      Progress progress("speed");
      SpeedOptions speed_options{result.tolerance, options.budget, options.seed, {}};
      speed_options.progress = [&](double fraction, const std::string& label) { progress.update(fraction, label); };
      try {
        result.speed = compare_speed(place, plan, speed_options);
      } catch (const Fault& fault) {
        if (fault.side == Side::base) throw;
        result.fault = fault.what();
      }
    }
  } else if (speed_wanted) {
    result.notes.push_back(
        "Speed was not compared: there is no base; --base names its library or its build "
        "folder.");
  }

  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const bool people = options.output.for_people();
  std::vector<reports::Table> tables = check_tables(result, !people, people ? rows_on_a_terminal : SIZE_MAX);
  tables.back().notes.push_back(
      fmt::format("Check {}, after {}.", outcome(result, options.strict), reports::duration(result.seconds)));
  write_and_show(
      [&] {
        if (samples_file) samples_file.write(samples_of(result.outputs).text());
        files.write(result, options.strict);
      },
      [&] { options.output.print(tables); });
  return exit_code(result, options.strict);
}

/// What the base does wrong is no fault of the head, and the other way round.
int run_check(const CheckOptions& options) {
  try {
    return check(options);
  } catch (const Fault& fault) {
    if (fault.side == Side::base)
      throw MissingError(fmt::format("{}; without a base that works nothing can be compared", fault.what()));
    fmt::print(stderr, "actbench: {}\n", fault.what());
    return exit_check_failed;
  }
}

}  // namespace

Command add_check(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* app = program.add_subcommand("check", "The gate: fails where a kernel became slower or less accurate");
  add_filter(*app, *options);
  app->add_option("--base", options->base,
                  "What to compare the speed with: a library of kernels, or a build folder that has one (scripts/check "
                  "builds it from a git revision)")
      ->type_name("PATH");
  app->add_option("--head", options->head, "The same for what is checked; default: this program's")->type_name("PATH");
  app->add_option("--baseline", options->baseline,
                  "Where no base can be built: a file of --write-baseline, made on this machine; has a wider tolerance")
      ->type_name("FILE");
  app->add_option("--write-baseline", options->write_baseline, "Time the kernels for later runs with --baseline")
      ->type_name("FILE");
  app->add_flag("--selftest", options->selftest,
                "Measure false alarms and the smallest slow-down found on this machine, within the budget");
  app->add_option("--only", options->only, "accuracy or speed: one half alone")
      ->check(CLI::IsMember(std::vector<std::string>{"accuracy", "speed"}))
      ->type_name("HALF");
  app->add_option("--tolerance", options->tolerance, "Slow-downs to find, in percent; default 3")
      ->check(CLI::Range(0.1, 100.0))
      ->type_name("PERCENT");
  app->add_option("--budget", options->budget, "Time for the speed half, in seconds; default 600")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S");
  app->add_flag("--strict", options->strict, "Exit code 3 where a kernel stays inconclusive");
  app->add_flag("--quick", options->quick, "Of certificates over 2^32 inputs only a fixed 64th");
  app->add_flag("--time-identical", options->time_identical, "Time kernels whose machine code is the same, too");
  app->add_flag("--update", options->update, "Write what the outputs are into the file of samples");
  app->add_option("--samples", options->samples, "The recorded outputs; default: those that the program was built with")
      ->type_name("FILE");
  app->add_option("--certificates", options->certificates, "Likewise the certificates")->type_name("FILE");
  app->add_option("--markdown", options->markdown, "Write a job summary there")->type_name("FILE");
  app->add_option("--csv", options->csv, "Write every row there")->type_name("FILE");
  app->add_option("--json", options->json, "Write the times there, as Google Benchmark does")->type_name("FILE");
  app->add_option("--junit", options->junit, "Write JUnit's XML there")->type_name("FILE");
  app->add_option("--history", options->history, "Add the outcome as a line of JSON there")->type_name("FILE");
  app->add_option("--draw", options->draw, "Only so many of the kernels, drawn at random")->type_name("N");
  app->add_option("--extra-work", options->extra, "Make kernels of the head slower, to see what the gate says of that")
      ->type_name("FILTER=PERCENT");
  app->add_option("--seed", options->seed, "Of the draws; default: another one each time")->type_name("S");
  app->add_option("--patience", options->patience, "Seconds until a kernel counts as hung; default 60")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S");
  add_threads(*app, options->threads, "For the outputs; default: every CPU that may be used");
  add_shared_options(*app, *options);
  app->footer(
      "Exit codes: 0 passed, 1 a kernel is slower or broken, 2 bad input, 3 no base that works, or, with --strict, "
      "inconclusive.\n"
      "Example: scripts/check main --markdown summary.md");
  return {app, [options] { return run_check(*options); }};
}

}  // namespace actbench::bench
