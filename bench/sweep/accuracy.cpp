// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/accuracy.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "bench/certificates/certificate.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/checkpoint.hpp"
#include "bench/sweep/worst.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Mood;

const char* ulp_definition(reference::Ulp ulp) {
  switch (ulp) {
    case reference::Ulp::goldberg:
      return "ULP error: |computed − exact| over the spacing of the type's numbers at the exact value (Goldberg's ulp; "
             "below the smallest normal number, the spacing there). 0.5 is correct rounding.";
    case reference::Ulp::kahan:
      return "ULP error: |computed − exact| over the distance between the two numbers of the type nearest to the exact "
             "value (Kahan's ulp, which just above a power of two is half of Goldberg's, so that errors there count "
             "twice). 0.5 is correct rounding.";
    case reference::Ulp::steps:
      return "ULP error: whole steps, numbers of the type from the correctly rounded result to the computed one. 0 is "
             "correct rounding.";
  }
  return "";
}

const char* name(reference::Ulp ulp) {
  constexpr const char* names[] = {"goldberg", "kahan", "steps"};
  return names[static_cast<int>(ulp)];
}

void add_ulp(CLI::App& app, reference::Ulp& ulp) {
  std::map<std::string, reference::Ulp> named;
  for (const reference::Ulp measure : measures) named.emplace(name(measure), measure);
  app.add_option_function<std::string>(
         "--ulp", [&ulp, named](const std::string& text) { ulp = named.at(text); },
         "What an error counts: goldberg (default), kahan, or steps from the correctly rounded result; promises are in "
         "goldberg's")
      ->check(CLI::IsMember(std::vector<std::string>{"goldberg", "kahan", "steps"}))
      ->type_name("MEASURE");
}

std::string ulp_text(double ulp) {
  if (std::isinf(ulp)) return "inf";
  if (ulp == 0) return "0";
  if (ulp >= 1e5) return fmt::format("{:.2e}", ulp);
  if (ulp >= 10) return fmt::format("{:.1f}", ulp);
  for (int decimals = 4; decimals < 9; ++decimals) {
    std::string text = fmt::format("{:.{}f}", ulp, decimals);
    const double read = std::strtod(text.c_str(), nullptr);
    if ((read > 0.5) == (ulp > 0.5) && (read > 1) == (ulp > 1)) return text;
  }
  return ulp > 1 ? ">1" : ">0.5";  // by less than anybody wants to read
}

std::vector<Column> kernel_columns() {
  std::vector<Column> columns{{.name = "kernel", .audience = Audience::machines}};
  columns.push_back({.name = "activation", .key = true});
  for (const char* component : {"direction", "type", "tier", "backend"}) {
    columns.push_back({.name = component, .key = true, .liftable = true});
  }
  return columns;
}

std::vector<Cell> kernel_cells(const Kernel& kernel) {
  return {identity(kernel),  kernel.activation->name, name(kernel.direction),
          name(kernel.type), name(kernel.tier),       name(kernel.backend)};
}

reports::Table accuracy_table(std::span<const SweepRow> rows, std::uint64_t seed, Shard shard) {
  reports::Table table{.name = "accuracy", .title = "Accuracy"};
  table.facts = {{.name = "seed", .cell = seed, .audience = Audience::machines},
                 {.name = "ulp_definition", .cell = name(rows[0].ulp), .audience = Audience::machines}};
  const auto number = [](const char* name, const char* heading, int part = 0) {
    return Column{.name = name, .heading = heading, .display = Display::count, .right = true, .part = part};
  };
  table.columns = kernel_columns();
  const std::vector<Column> others{{.name = "parameters", .audience = Audience::machines},
                                   {.name = "inputs", .display = Display::count, .right = true, .liftable = true},
                                   {.name = "exhaustive", .audience = Audience::machines},
                                   {.name = "searched", .display = Display::count, .right = true, .liftable = true},
                                   {.name = "max_ulp", .heading = "max ULP", .right = true, .key = true},
                                   {.name = "mean_ulp", .heading = "mean ULP", .right = true},
                                   number("not_correctly_rounded", "misrounded"),
                                   {.name = "searched_misrounded",
                                    .heading = "misrounded, searched",
                                    .display = Display::count,
                                    .right = true,
                                    .liftable = true},
                                   number("above_1_ulp", "above 1 ULP"),
                                   number("wrong_zeros", "wrong zeros"),
                                   number("wrong_infinities", "wrong inf"),
                                   number("wrong_nans", "wrong NaN"),
                                   number("zero_signs", "sign of 0"),
                                   {.name = "promised_ulp", .heading = "promised ULP", .right = true, .liftable = true},
                                   {.name = "verdict"},
                                   {.name = "input", .heading = "worst input", .right = true, .part = 1},
                                   {.name = "input_hex", .heading = "hexadecimal", .right = true, .part = 1},
                                   {.name = "input_bits", .heading = "bits", .part = 1},
                                   {.name = "dy", .right = true, .part = 1},
                                   {.name = "dy_hex", .audience = Audience::machines},
                                   {.name = "dy_bits", .heading = "bits", .part = 1},
                                   {.name = "a", .right = true, .part = 1},
                                   {.name = "a_hex", .audience = Audience::machines},
                                   {.name = "a_bits", .heading = "bits", .part = 1},
                                   {.name = "got", .right = true, .part = 1},
                                   {.name = "got_hex", .audience = Audience::machines},
                                   {.name = "got_bits", .audience = Audience::machines},
                                   {.name = "expected", .right = true, .part = 1},
                                   {.name = "expected_hex", .audience = Audience::machines},
                                   {.name = "expected_bits", .audience = Audience::machines}};
  table.columns.insert(table.columns.end(), others.begin(), others.end());

  std::uint64_t unmeasurable = 0;
  std::size_t promises = 0, kept = 0;
  bool beyond = false;
  for (const SweepRow& row : rows) {
    const Kernel& kernel = *row.subject.kernel;
    const Tally& tally = row.tally;
    const double promised_ulp = row.subject.promised_ulp();
    const bool promised = std::isfinite(promised_ulp), keeps = keeps_promise(row);
    beyond = beyond || (!promised && std::isfinite(kernel.promised_ulp));
    promises += promised;
    kept += promised && keeps;
    unmeasurable += tally.unmeasurable;
    const Multipliers multipliers = multipliers_of(kernel);
    const Point& worst = row.worst.input;
    const auto bad_above = [](std::uint64_t n) { return Cell(n).with(n > 0 ? Mood::plain : Mood::faint); };
    const auto patterns = [&](double value) { return bits(kernel.type, pattern_of(kernel.type, value)); };
    std::vector<Cell> cells = kernel_cells(kernel);
    for (Cell& cell : std::vector<Cell>{used_parameters(kernel, row.subject.parameters),
                                        tally.inputs,
                                        row.exhaustive,
                                        row.searched.inputs,
                                        Cell(row.max_ulp).as(ulp_text(row.max_ulp)),
                                        Cell(tally.mean_ulp()).as(ulp_text(tally.mean_ulp())),
                                        bad_above(tally.not_correctly_rounded),
                                        bad_above(row.searched.not_correctly_rounded),
                                        bad_above(tally.above_one_ulp),
                                        bad_above(tally.wrong_zeros),
                                        bad_above(tally.wrong_infinities),
                                        bad_above(tally.wrong_nans),
                                        bad_above(tally.zero_signs),
                                        promised ? Cell(promised_ulp) : Cell(),
                                        !promised ? Cell("no promise").with(Mood::faint)
                                        : keeps   ? Cell("pass").with(Mood::good)
                                                  : Cell("fail").as("FAIL").with(Mood::bad),
                                        decimal(kernel.type, row.input),
                                        hexadecimal(row.input),
                                        bits(kernel.type, worst.x),
                                        multipliers.dy ? Cell(decimal(kernel.type, row.dy)) : Cell(),
                                        multipliers.dy ? Cell(hexadecimal(row.dy)) : Cell(),
                                        multipliers.dy ? Cell(bits(kernel.type, worst.dy)) : Cell(),
                                        multipliers.a ? Cell(decimal(kernel.type, row.a)) : Cell(),
                                        multipliers.a ? Cell(hexadecimal(row.a)) : Cell(),
                                        multipliers.a ? Cell(bits(kernel.type, worst.a)) : Cell(),
                                        decimal(kernel.type, row.got),
                                        hexadecimal(row.got),
                                        bits(kernel.type, row.worst.output),
                                        decimal(kernel.type, row.expected),
                                        hexadecimal(row.expected),
                                        patterns(row.expected)}) {
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  const auto over_rows = [](const SweepRow& row) { return row.subject.kernel->activation->shape == Shape::rows; };
  const bool all_over_rows = std::all_of(rows.begin(), rows.end(), over_rows);
  const bool exhaustive = std::all_of(rows.begin(), rows.end(), [](const SweepRow& row) { return row.exhaustive; });
  if (promises > 0) {
    table.notes.push_back(fmt::format("{} of {} kept over {}.", kept, reports::counted(promises, "promise"),
                                      exhaustive ? "every input of the type" : "these inputs"));
  }
  if (beyond) table.notes.emplace_back(promised_parameters);
  table.notes.push_back(ulp_definition(rows[0].ulp));
  if (rows[0].ulp != reference::Ulp::goldberg && promises > 0)
    table.notes.push_back("Promises are in Goldberg's ulp, and held against errors in that.");
  table.notes.push_back(
      "Misrounded: other than the exact value rounded to nearest, ties to even; a promise of 0.5 ULP allows none. "
      "Wrong zeros: zero where that is another number, or the reverse, except next to halfway between zero and the "
      "least number (2^-8 ULP), where a promise of 0.502 ULP allows either, as one of 4 ULP does up to 4 steps from "
      "zero; "
      "infinities and NaN alike. A right zero of the other sign is listed (sign of 0), not counted.");
  if (unmeasurable > 0)
    table.notes.push_back("The mean leaves out infinite errors: wrong NaN, and infinities that should not be.");
  if (shard.count > 1) {
    table.notes.push_back(fmt::format("Inputs: part {} of {} of all.", shard.index, shard.count));
  } else if (!exhaustive && !all_over_rows && shard.count == 1) {
    bool dy = false, a = false;
    for (const SweepRow& row : rows) {
      const Multipliers multipliers = multipliers_of(*row.subject.kernel);
      dy = dy || multipliers.dy, a = a || multipliers.a;
    }
    table.notes.push_back(fmt::format(
        "Inputs: special values, and a sample that takes every exponent of both signs equally often{} (seed {}). Max "
        "ULP "
        "is the worst found in it and in a search around its worst inputs (searched), whose other errors are counted "
        "apart.",
        dy && a ? ", with dy and a from everywhere"
        : dy    ? ", with dy from everywhere"
        : a     ? ", with a from everywhere"
                : "",
        seed));
  }
  if (std::any_of(rows.begin(), rows.end(), over_rows))
    table.notes.emplace_back("Of kernels over rows, inputs are the elements of the rows in the table below.");
  return table;
}

reports::Table with_backends_joined(reports::Table table) {
  std::size_t backend = 0;
  while (table.columns[backend].name != "backend") ++backend;
  std::map<std::string, std::size_t> known;  // what people see of a row, less its backend
  std::vector<std::vector<Cell>> rows;
  for (auto& row : table.rows) {
    std::string seen;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c != backend && table.columns[c].audience != Audience::machines)
        seen += shown(row[c], table.columns[c]) + "\n";
    }
    const auto [place, fresh] = known.try_emplace(seen, rows.size());
    if (fresh) {
      rows.push_back(std::move(row));
    } else {
      Cell& joined = rows[place->second][backend];
      joined = reports::raw(joined) + " " + reports::raw(row[backend]);
    }
  }
  table.rows = std::move(rows);
  return table;
}

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
    // said below
  }
  throw UsageError(
      fmt::format("--shard '{}' is not of the form I/N, such as 2/4, with I from 1 to N, N at most 4096", text));
}

/// With what the complete rows prove; others that the file has stay.
std::string certified(const std::string& file, std::span<const SweepRow> rows) {
  Certificates certificates = Certificates::read(file, false);
  for (Certificate& certificate : certificates_of(rows)) certificates.set(std::move(certificate));
  return certificates.text();
}

/// What sweeps end with, on stdout.
int show(const Output& output, std::span<const SweepRow> rows, std::uint64_t seed, Shard shard, const std::string& set,
         const std::vector<std::string>& notes, const std::vector<reports::Table>& more = {}) {
  reports::Table table = accuracy_table(rows, seed, shard);
  if (output.for_people()) table = with_backends_joined(std::move(table));
  if (!set.empty())
    table.facts.push_back({.name = "set", .heading = "parameters set", .cell = set, .audience = Audience::people});
  table.notes.insert(table.notes.end(), notes.begin(), notes.end());
  std::vector<reports::Table> tables{std::move(table)};
  tables.insert(tables.end(), more.begin(), more.end());
  output.print(tables);
  return std::all_of(rows.begin(), rows.end(), keeps_promise) ? exit_fine : exit_check_failed;
}

/// What kernels over rows add: to the table of all kernels, tables of their own, and what the file of the worst holds.
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
  reports::Table table = rows_table(results, row_options);
  if (options.output.for_people()) table = with_backends_joined(std::move(table));
  sweep.tables.push_back(std::move(table));
  return sweep;
}

/// Element by element, going on from a checkpoint where one is kept.
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
  SweepOptions sweep_options;
  sweep_options.all = options.inputs == "all";
  sweep_options.inputs = std::uint64_t{1} << 22;
  if (!sweep_options.all && options.inputs != "default") sweep_options.inputs = parse_count(options.inputs, "--inputs");
  if (options.search.empty()) {
    sweep_options.search = default_search(sweep_options.inputs);
  } else if (options.search != "0") {
    sweep_options.search = parse_count(options.search, "--search");
  }
  sweep_options.ulp = options.ulp;
  sweep_options.seed = options.seed;
  sweep_options.threads = options.threads;
  sweep_options.stop = &stop_flag();
  for (const auto& [option, value] :
       {std::pair("--shard", options.shard), std::pair("--checkpoint", options.checkpoint),
        std::pair("--certify", options.certify)}) {
    if (!value.empty() && !sweep_options.all)
      throw UsageError(fmt::format("{} is for sweeps over all inputs: give --inputs all, too", option));
  }
  if (!options.certify.empty() && options.ulp != reference::Ulp::goldberg)
    throw UsageError("certificates are in Goldberg's ulp: leave out --ulp, or --certify");
  if (!options.shard.empty()) {
    sweep_options.shard = parse_shard(options.shard);
    if (sweep_options.shard.count > 1 && !options.certify.empty())
      throw UsageError("one shard proves nothing: leave out --certify, and give it to actbench merge");
  }

  Runnable runnable_kernels = runnable(options);
  const std::vector<Setting> set = settings(options.parameters, runnable_kernels.kernels);
  if (sweep_options.all) leave_out_rows(runnable_kernels, "accuracy --inputs all");
  const std::vector<const Kernel*> over_rows = take_rows(runnable_kernels.kernels);
  std::vector<Subject> subjects;
  for (const Kernel* kernel : runnable_kernels.kernels) subjects.push_back({kernel, parameters_of(*kernel, set)});
  reports::Target worst_file(options.save_worst), worst_rows_file(options.save_worst_rows),
      checkpoint_file(options.checkpoint, reports::Use::kept), certificate_file(options.certify, reports::Use::kept);
  if (!options.certify.empty()) Certificates::read(options.certify, false);
  if (worst_file && subjects.empty())
    throw UsageError("--save-worst is for kernels that go element by element; for rows there is --save-worst-rows");
  const RowSweep of_rows = sweep_rows(options, sweep_options, over_rows);
  std::vector<SweepRow> rows = sweep_elements(options, sweep_options, subjects, checkpoint_file);

  const std::string text = describe_settings(set, runnable_kernels.kernels);
  int code = exit_fine;
  const auto write = [&, swept = rows] {
    if (worst_rows_file) worst_rows_file.write(of_rows.worst);
    if (worst_file) worst_file.write(reports::write(worst_inputs(swept), reports::Format::csv));
    if (certificate_file) certificate_file.write(certified(options.certify, swept));
  };
  rows.insert(rows.end(), of_rows.rows.begin(), of_rows.rows.end());
  write_and_show(write, [&] {
    code = show(options.output, rows, options.seed, sweep_options.shard, text, runnable_kernels.notes, of_rows.tables);
  });
  return code;
}

struct MergeOptions : Options {
  std::vector<std::string> files;
  std::string checkpoint, certify;
};

int run_merge(const MergeOptions& options) {
  Checkpoint all = Checkpoint::read(options.files.at(0));
  for (std::size_t i = 1; i < options.files.size(); ++i)
    all.merge(Checkpoint::read(options.files[i]), options.files[i]);
  if (!options.certify.empty() && all.ulp() != reference::Ulp::goldberg)
    throw UsageError(fmt::format("certificates are in Goldberg's ulp, {} in {}", options.files[0], name(all.ulp())));
  reports::Target checkpoint_file(options.checkpoint, reports::Use::kept),
      certificate_file(options.certify, reports::Use::kept);

  std::vector<SweepRow> rows;
  std::string missing;
  for (const Subject& subject : all.subjects()) {
    if (!matches(options, *subject.kernel)) continue;
    const Partial partial = all.take(subject);
    if (!partial.complete() && missing.empty()) {
      const auto done = std::count(partial.done.begin(), partial.done.end(), true);
      missing = fmt::format("{} of {} parts of {} are missing", partial.done.size() - static_cast<std::size_t>(done),
                            partial.done.size(), identity(*subject.kernel));
    }
    if (partial.tally.inputs > 0) rows.push_back(row_of(subject, partial, all.ulp()));
  }
  if (rows.empty()) throw UsageError("these files have no part of such a kernel");
  if (checkpoint_file) checkpoint_file.write(all.text());
  if (!missing.empty() && options.checkpoint.empty())
    throw UsageError(fmt::format("{}: give the files of all shards, or --checkpoint to keep their union", missing));
  std::vector<std::string> notes;
  if (!missing.empty()) notes.push_back(fmt::format("Not all inputs: {}.", missing));
  int code = exit_fine;
  write_and_show(
      [&] {
        if (certificate_file) certificate_file.write(certified(options.certify, rows));
      },
      [&] {
        code = show(options.output, rows, default_seed, missing.empty() ? Shard{} : Shard{0, 0}, "", notes);
      });
  return code;
}

}  // namespace

Command add_accuracy(CLI::App& program) {
  const auto options = std::make_shared<AccuracyOptions>();
  CLI::App* app = program.add_subcommand("accuracy", "ULP error of every kernel over many inputs, or all of them");
  add_filter(*app, *options);
  app->add_option("--inputs", options->inputs,
                  "How many for each kernel (1000000, 1e6, 2^28), or all (of f32, f16, bf16; with dy of f16, bf16); "
                  "default 2^22, of rows 2^18 elements")
      ->type_name("N");
  app->add_option("--search", options->search,
                  "How many more around the worst of them, where those are not all; default an eighth; 0: none")
      ->type_name("N");
  app->add_option("--save-worst", options->save_worst,
                  "Write the worst inputs found, with the right results, to this file (CSV)")
      ->type_name("FILE");
  app->add_option("--rows", options->lengths,
                  "Of kernels over rows: the lengths to try, comma separated; default 1,2,3,10,128,1000,1024,4096")
      ->type_name("N,…");
  app->add_option("--save-worst-rows", options->save_worst_rows,
                  "Of kernels over rows: write the worst of each length, and how to draw them, to this file (CSV)")
      ->type_name("FILE");
  add_ulp(*app, options->ulp);
  app->add_option("--certify", options->certify,
                  "With --inputs all: add what that proves to this file of certificates (see actbench verify)")
      ->type_name("FILE");
  app->add_option(
         "--checkpoint", options->checkpoint,
         "With --inputs all: keep in this file what is done, every ten seconds and when interrupted, and go on "
         "from what it holds")
      ->type_name("FILE");
  app->add_option("--shard", options->shard,
                  "With --inputs all: only the I-th of N parts; actbench merge puts the checkpoints of all together")
      ->type_name("I/N");
  app->add_option("--seed", options->seed, "Of the sample; default 1")->type_name("S");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel broke its promise.\n"
      "Example: actbench accuracy '{gelu,silu}/*/f32/accurate' --inputs 2^28");
  return {app, [options] { return run_accuracy(*options); }};
}

Command add_merge(CLI::App& program) {
  const auto options = std::make_shared<MergeOptions>();
  CLI::App* app = program.add_subcommand("merge", "The checkpoints of a sweep's shards as one sweep");
  app->add_option("FILE", options->files, "Checkpoints of actbench accuracy --inputs all --shard I/N")
      ->required()
      ->type_name("");
  app->add_option("--checkpoint", options->checkpoint, "Write the union to this file; it need not be complete then")
      ->type_name("FILE");
  app->add_option("--certify", options->certify, "Add what the sweep proves to this file of certificates")
      ->type_name("FILE");
  add_shared_options(*app, *options);
  app->footer(
      "The table and the certificates are those of a single run, to the byte.\n"
      "Example: actbench merge half1.json half2.json --certify certificates.json");
  return {app, [options] { return run_merge(*options); }};
}

}  // namespace actbench::bench
