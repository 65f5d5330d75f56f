// SPDX-License-Identifier: Apache-2.0
//
// actbench merge: the checkpoints of a sweep's shards become one sweep, whose rows are those of a single run.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "bench/certificates/certificate.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/checkpoint.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
namespace {

struct MergeOptions : Options {
  std::vector<std::string> files;
  std::string checkpoint, certify;
};

Checkpoint read_all(const std::vector<std::string>& files) {
  Checkpoint all = Checkpoint::read(files.at(0));
  for (std::size_t i = 1; i < files.size(); ++i) all.merge(Checkpoint::read(files[i]), files[i]);
  return all;
}

/// "3 of 8 parts of gelu/… are missing", or nothing.
std::string what_is_missing(const Subject& subject, const Partial& partial) {
  const auto done = static_cast<std::size_t>(std::count(partial.done.begin(), partial.done.end(), true));
  if (partial.complete()) return {};
  return fmt::format("{} of {} parts of {} are missing", partial.done.size() - done, partial.done.size(),
                     identity(*subject.kernel));
}

int run_merge(const MergeOptions& options) {
  const Checkpoint all = read_all(options.files);
  if (!options.certify.empty() && all.ulp() != reference::Ulp::goldberg)
    throw UsageError(fmt::format("certificates are in Goldberg's ulp, {} in {}", options.files[0], name(all.ulp())));
  reports::Target checkpoint_file(options.checkpoint, reports::Use::kept),
      certificate_file(options.certify, reports::Use::shared);

  std::vector<SweepRow> rows;
  std::string missing;
  for (const Subject& subject : all.subjects()) {
    if (!matches(options, *subject.kernel)) continue;
    const Partial partial = all.take(subject);
    if (missing.empty()) missing = what_is_missing(subject, partial);
    if (partial.tally.inputs > 0) rows.push_back(row_of(subject, partial, all.ulp()));
  }
  if (rows.empty()) throw UsageError("these files have no part of such a kernel");
  if (checkpoint_file) checkpoint_file.write(all.text());
  if (!missing.empty() && options.checkpoint.empty())
    throw UsageError(fmt::format("{}: give the files of all shards, or --checkpoint to keep their union", missing));

  const Shard shard = missing.empty() ? Shard{} : Shard{0, 0};
  reports::Table table = options.output.condensed(accuracy_table(rows, default_seed, shard));
  if (!missing.empty()) table.notes.push_back(fmt::format("Not all inputs: {}.", missing));
  if (const std::string why = why_not_certified(rows); certificate_file && !why.empty()) table.notes.push_back(why);
  const auto write = [&] {
    if (certificate_file)
      certificate_file.update([&](const auto& before) { return with_proofs(before, options.certify, rows); });
  };
  write_and_show(write, [&] { options.output.print(table); });
  return std::all_of(rows.begin(), rows.end(), keeps_promise) ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_merge(CLI::App& program) {
  const auto options = std::make_shared<MergeOptions>();
  CLI::App* app = program.add_subcommand("merge", "Join the checkpoints of a sweep's shards to one sweep");
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
