// SPDX-License-Identifier: Apache-2.0
//
// actbench accuracy: the errors of kernels over many inputs. The command line becomes options of a sweep, kernels
// become subjects; those over rows and those that go element by element are swept apart, and share one table.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "bench/certificates/certificate.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/checkpoint.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/sweep/worst.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
namespace {

struct AccuracyOptions : Options {
  std::string inputs = "default", search, save_worst, save_worst_rows, lengths, shard, checkpoint, certify;
  reference::Ulp ulp = reference::Ulp::goldberg;
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
};

/// "2/4".
Shard parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  try {
    if (slash == std::string::npos) throw UsageError("");
    const Shard shard{parse_count(text.substr(0, slash), "--shard"), parse_count(text.substr(slash + 1), "--shard")};
    if (shard.index <= shard.count && shard.count <= 4096) return shard;
  } catch (const UsageError&) {
    // The error below says what is wrong.
  }
  throw UsageError(
      fmt::format("--shard '{}' is not of the form I/N, such as 2/4, with I from 1 to N, N at most 4096", text));
}

/// Throws UsageError for options that exclude each other.
SweepOptions sweep_options(const AccuracyOptions& options) {
  SweepOptions sweep;
  sweep.all = options.inputs == "all";
  sweep.inputs = std::uint64_t{1} << 22;
  if (!sweep.all && options.inputs != "default") sweep.inputs = parse_count(options.inputs, "--inputs");
  if (options.search.empty()) {
    sweep.search = default_search(sweep.inputs);
  } else if (options.search != "0") {
    sweep.search = parse_count(options.search, "--search");
  }
  sweep.ulp = options.ulp;
  sweep.seed = options.seed;
  sweep.threads = options.threads;
  sweep.stop = &stop_flag();
  for (const auto& [option, value] :
       {std::pair("--shard", options.shard), std::pair("--checkpoint", options.checkpoint),
        std::pair("--certify", options.certify)}) {
    if (!value.empty() && !sweep.all)
      throw UsageError(fmt::format("{} is for sweeps over all inputs: give --inputs all, too", option));
  }
  if (!options.certify.empty() && options.ulp != reference::Ulp::goldberg)
    throw UsageError("certificates are in Goldberg's ulp: leave out --ulp, or --certify");
  if (!options.shard.empty()) {
    sweep.shard = parse_shard(options.shard);
    if (sweep.shard.count > 1 && !options.certify.empty())
      throw UsageError("one shard proves nothing: leave out --certify, and give it to actbench merge");
  }
  return sweep;
}

/// What kernels over rows add: rows of the table of all kernels, a table of their own, and the file of the worst rows.
struct RowSweep {
  std::vector<SweepRow> rows;
  std::vector<reports::Table> tables;
  std::string worst;
};
RowSweep sweep_rows(const AccuracyOptions& options, const SweepOptions& sweep_options,
                    const std::vector<const Kernel*>& kernels) {
  RowSweep sweep;
  if (kernels.empty()) {
    if (!options.lengths.empty() || !options.save_worst_rows.empty())
      throw UsageError("--rows and --save-worst-rows are for kernels over rows, such as softmax");
    return sweep;
  }
  RowOptions row_options;
  if (!options.lengths.empty()) row_options.lengths = parse_lengths(options.lengths);
  if (options.inputs != "default") row_options.elements = sweep_options.inputs;
  row_options.ulp = options.ulp;
  row_options.seed = options.seed;
  row_options.threads = options.threads;
  row_options.stop = &stop_flag();
  std::vector<RowResult> results;
  {
    Progress progress("rows");
    row_options.progress = [&](double fraction) { progress.update(fraction); };
    results = measure_rows(kernels, row_options);
  }
  sweep.worst = reports::write(worst_rows(results), reports::Format::csv);
  for (const RowResult& result : results) sweep.rows.push_back(as_sweep_row(result, options.ulp));
  sweep.tables.push_back(options.output.condensed(rows_table(results, row_options)));
  return sweep;
}

/// Sweeps element by element, and goes on from the checkpoint where one is kept.
std::vector<SweepRow> sweep_elements(const AccuracyOptions& options, SweepOptions sweep_options,
                                     const std::vector<Subject>& subjects, reports::Target& checkpoint_file) {
  if (subjects.empty()) return {};
  Checkpoint checkpoint(options.ulp);
  std::vector<Partial> partials(subjects.size());
  if (checkpoint_file) {
    if (std::filesystem::exists(options.checkpoint)) checkpoint = Checkpoint::read(options.checkpoint);
    if (checkpoint.ulp() != options.ulp) {
      throw UsageError(fmt::format("{} measures by --ulp {}, not {}", options.checkpoint, name(checkpoint.ulp()),
                                   name(options.ulp)));
    }
    for (std::size_t i = 0; i < subjects.size(); ++i) partials[i] = checkpoint.take(subjects[i]);
    sweep_options.save = [&] {
      for (std::size_t i = 0; i < subjects.size(); ++i) checkpoint.put(subjects[i], partials[i]);
      checkpoint_file.write(checkpoint.text());
    };
  }
  sweep_options.partials = &partials;
  std::vector<SweepRow> rows;
  try {
    Progress progress("accuracy");
    sweep_options.progress = [&](double fraction) { progress.update(fraction); };
    rows = sweep(subjects, sweep_options);
  } catch (const Interrupted&) {
    if (!checkpoint_file) throw;
    throw Interrupted(
        fmt::format("interrupted; {} keeps what is done, and the same command goes on from there", options.checkpoint));
  }
  if (rows.empty()) {
    throw UsageError(fmt::format("shard {} has no part of so few inputs; there are at most {}", options.shard,
                                 partials[0].done.size()));
  }
  return rows;
}

int run_accuracy(const AccuracyOptions& options) {
  const SweepOptions how = sweep_options(options);
  Runnable found = runnable(options);
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  if (how.all) leave_out_rows(found, "accuracy --inputs all");
  const std::vector<const Kernel*> over_rows = take_rows(found.kernels);
  std::vector<Subject> subjects;
  for (const Kernel* kernel : found.kernels) subjects.push_back({kernel, parameters_of(*kernel, set)});

  // Files that cannot be written are an error before the work, not after it.
  reports::Target worst_file(options.save_worst), worst_rows_file(options.save_worst_rows),
      checkpoint_file(options.checkpoint, reports::Use::kept), certificate_file(options.certify, reports::Use::shared);
  if (!options.certify.empty()) Certificates::read(options.certify, false);
  if (worst_file && subjects.empty())
    throw UsageError("--save-worst is for kernels that go element by element; for rows there is --save-worst-rows");

  const RowSweep of_rows = sweep_rows(options, how, over_rows);
  const std::vector<SweepRow> of_elements = sweep_elements(options, how, subjects, checkpoint_file);
  std::vector<SweepRow> rows = of_elements;
  rows.insert(rows.end(), of_rows.rows.begin(), of_rows.rows.end());

  reports::Table table = options.output.condensed(accuracy_table(rows, options.seed, how.shard));
  const std::string text = describe_settings(set, found.kernels);
  if (!text.empty()) {
    table.facts.push_back(
        {.name = "set", .heading = "parameters set", .cell = text, .audience = reports::Audience::people});
  }
  table.notes.insert(table.notes.end(), found.notes.begin(), found.notes.end());
  if (const std::string why = why_not_certified(of_elements); certificate_file && !why.empty())
    table.notes.push_back(why);
  std::vector<reports::Table> tables{std::move(table)};
  tables.insert(tables.end(), of_rows.tables.begin(), of_rows.tables.end());
  const auto write = [&] {
    if (worst_rows_file) worst_rows_file.write(of_rows.worst);
    if (worst_file) worst_file.write(reports::write(worst_inputs(of_elements), reports::Format::csv));
    if (certificate_file)
      certificate_file.update([&](const auto& before) { return with_proofs(before, options.certify, of_elements); });
  };
  write_and_show(write, [&] { options.output.print(tables); });
  return std::all_of(rows.begin(), rows.end(), keeps_promise) ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_accuracy(CLI::App& program) {
  const auto options = std::make_shared<AccuracyOptions>();
  CLI::App* app =
      program.add_subcommand("accuracy", "Measure the ULP error of every kernel over many inputs, or all of them");
  add_filter(*app, *options);
  app->add_option("--inputs", options->inputs,
                  "How many inputs for each kernel (1000000, 1e6, 2^28), or all (of f32, f16, bf16; with dy of f16, "
                  "bf16); default 2^22, and 2^18 elements of rows")
      ->type_name("N");
  app->add_option("--search", options->search,
                  "How many more inputs to try around the worst ones, where the inputs are not all; default an eighth; "
                  "0: none")
      ->type_name("N");
  app->add_option("--save-worst", options->save_worst,
                  "Write the worst inputs found, with the right results, to this file (CSV)")
      ->type_name("FILE");
  app->add_option("--rows", options->lengths,
                  "For kernels over rows: the lengths to try, comma separated; default 1,2,3,10,128,1000,1024,4096")
      ->type_name("N,…");
  app->add_option("--save-worst-rows", options->save_worst_rows,
                  "For kernels over rows: write the worst row of each length, and how to draw it, to this file (CSV)")
      ->type_name("FILE");
  add_ulp(*app, options->ulp);
  app->add_option("--certify", options->certify,
                  "With --inputs all: add what the sweep proves to this file of certificates (see actbench verify)")
      ->type_name("FILE");
  app->add_option("--checkpoint", options->checkpoint,
                  "With --inputs all: keep what is done in this file, every ten seconds and when interrupted, and go "
                  "on from what it holds")
      ->type_name("FILE");
  app->add_option("--shard", options->shard,
                  "With --inputs all: only the I-th of N parts; actbench merge puts the checkpoints of all together")
      ->type_name("I/N");
  add_whole(*app, "--seed", options->seed, any_seed, "S", "Seed of the sample; default 1");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel broke its promise.\n"
      "Example: actbench accuracy '{gelu,silu}/*/f32/accurate' --inputs 2^28");
  return {app, [options] { return run_accuracy(*options); }};
}

}  // namespace actbench::bench
