// SPDX-License-Identifier: Apache-2.0
//
// Bounds come first, as most need no measurement; then the times of what is left.
#include "bench/performance/pick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/certificates/certificate.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/performance/measure.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/sweep.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/csv.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;
using reports::CsvRecord;
using reports::Display;
using reports::Emphasis;

bool over_rows(const Kernel& kernel) { return kernel.activation->shape == Shape::rows; }

/// Sorts kernels by whether they keep the bound. sampled: the worst error found of those of which nothing is known;
/// nothing: not even that, as of naive kernels over rows.
Pick sorted(std::span<const Kernel* const> kernels, double max_ulp,
            const std::function<std::optional<double>(const Kernel&)>& sampled) {
  Pick result;
  for (const Kernel* kernel : kernels) {
    std::optional<Bound> bound = known_bound(*kernel);
    if (!bound) {
      if (const std::optional<double> worst = sampled(*kernel)) bound = Bound{*worst, BoundKind::sampled};
    }
    const Bound found = bound.value_or(Bound{HUGE_VAL, BoundKind::sampled});
    (found.ulp <= max_ulp ? result.within : result.beyond).push_back({kernel, found, {}});
  }
  std::stable_sort(result.beyond.begin(), result.beyond.end(),
                   [](const Candidate& a, const Candidate& b) { return a.bound.ulp < b.bound.ulp; });
  return result;
}

void fastest_first(Pick& result) {
  std::stable_sort(result.within.begin(), result.within.end(),
                   [](const Candidate& a, const Candidate& b) { return a.ns.median < b.ns.median; });
}

/// The worst errors of a sample, of the kernels of which nothing else is known.
std::map<const Kernel*, double> sample(std::span<const Kernel* const> kernels, const PickOptions& options) {
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels) {
    if (!over_rows(*kernel) && !known_bound(*kernel)) subjects.push_back({kernel, parameters_of(*kernel, {})});
  }
  std::map<const Kernel*, double> worst;
  if (subjects.empty()) return worst;
  SweepOptions sweep_options;
  sweep_options.inputs = std::uint64_t{1} << 18;
  sweep_options.search = default_search(sweep_options.inputs);
  sweep_options.seed = options.seed;
  sweep_options.threads = options.threads;
  sweep_options.stop = &stop_flag();
  Progress progress("pick: errors");
  sweep_options.progress = [&](double fraction) { progress.update(fraction); };
  for (const SweepRow& row : sweep(subjects, sweep_options)) worst[row.subject.kernel] = row.max_ulp;
  return worst;
}

void time_all(Pick& result, const PickOptions& options) {
  timing::BenchOptions bench;
  for (const Candidate& candidate : result.within) bench.kernels.push_back(candidate.kernel);
  const timing::Machine machine = timing::read_machine();
  bench.sizes = timing::parse_sizes(options.size, machine);
  if (bench.sizes.size() != 1) throw UsageError("--size takes one size, such as l1, l2, llc, memory or 64k");
  bench.rows = {options.row};
  bench.time_budget_s = options.budget_s;
  bench.seed = options.seed;
  const std::string where = size_text(bench.sizes[0].name);
  const timing::BenchResult times = run_with_progress(std::move(bench), "pick: times");
  for (const timing::BenchRow& row : times.rows) {
    for (Candidate& candidate : result.within) {
      if (candidate.kernel == row.kernel) candidate.ns = row.ns_per_element;
    }
  }
  result.where = fmt::format(
      "The times are medians of {} in random order, in ns an element on one core, with arrays of the size {}, on {}.",
      reports::counted(static_cast<std::uint64_t>(times.repetitions), "repetition"), where, machine_text(machine));
}

/// The rows of a file of the report; none where there is no such file.
std::vector<CsvRecord> read(const std::filesystem::path& file) {
  const std::optional<std::string> text = reports::read_file(file);
  return text ? reports::read_csv(*text) : std::vector<CsvRecord>();
}

std::string field(const CsvRecord& record, const char* name) {
  const auto found = record.find(name);
  return found == record.end() ? std::string() : found->second;
}

}  // namespace

const char* name(BoundKind kind) noexcept {
  constexpr const char* names[] = {"certified", "promised", "sampled"};
  return names[static_cast<int>(kind)];
}

std::optional<Bound> known_bound(const Kernel& kernel) {
  const std::vector<double> parameters = parameters_of(kernel, {});
  const Certificate* certificate = Certificates::built_in().find(kernel, describe_parameters(kernel, parameters));
  const double promised = promised_ulp(kernel, parameters);
  // A naive kernel's outputs are those of the C library here, and not those that were certified elsewhere.
  if (certificate != nullptr && std::isfinite(promised) && certificate->max_ulp <= promised)
    return Bound{certificate->max_ulp, BoundKind::certified};
  // What a plug-in promises no test holds it to.
  if (std::isfinite(promised) && !is_foreign(kernel.backend)) return Bound{promised, BoundKind::promised};
  return {};
}

Pick pick(std::span<const Kernel* const> kernels, const PickOptions& options) {
  const std::map<const Kernel*, double> worst = sample(kernels, options);
  Pick result = sorted(kernels, options.max_ulp, [&](const Kernel& kernel) -> std::optional<double> {
    const auto found = worst.find(&kernel);
    return found == worst.end() ? std::nullopt : std::optional(found->second);
  });
  if (!result.within.empty()) time_all(result, options);
  fastest_first(result);
  return result;
}

Pick pick_from(const std::filesystem::path& folder, std::span<const Kernel* const> kernels,
               const PickOptions& options) {
  const bool rows = !kernels.empty() && over_rows(*kernels[0]);
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none))
    throw UsageError(fmt::format("{} is no folder; --from takes the folder of an actbench report", folder.string()));
  const std::filesystem::path errors_file = folder / (rows ? "rows-accuracy.csv" : "accuracy.csv");
  const std::vector<CsvRecord> errors = read(errors_file);
  const std::filesystem::path times_file = folder / (rows ? "rows-performance.csv" : "performance.csv");
  const std::vector<CsvRecord> times = read(times_file);
  if (times.empty()) {
    throw UsageError(fmt::format("{} is not there or has no times; --from takes the folder of an actbench report",
                                 times_file.string()));
  }
  Pick result = sorted(kernels, options.max_ulp, [&](const Kernel& kernel) -> std::optional<double> {
    for (const CsvRecord& record : errors) {
      if (field(record, "kernel") != identity(kernel)) continue;
      const std::optional<double> worst = reports::number_in(record, "max_ulp", errors_file);
      if (worst && !std::isnan(*worst)) return worst;
    }
    return {};
  });
  const std::size_t within = result.within.size();
  const std::string row = rows ? fmt::format("{}", options.row) : std::string();
  for (Candidate& candidate : result.within) {
    for (const CsvRecord& record : times) {
      if (field(record, "kernel") != identity(*candidate.kernel) || field(record, "size") != options.size ||
          field(record, "row") != row || field(record, "distribution") != "normal")
        continue;
      const auto number = [&](const char* column) {
        return reports::number_in(record, column, times_file).value_or(std::nan(""));
      };
      candidate.ns = {number("ns_per_element"), number("ns_low"), number("ns_high"), number("confidence")};
    }
  }
  std::erase_if(result.within, [](const Candidate& c) { return !std::isnormal(c.ns.median) || c.ns.median < 0; });
  if (within > 0 && result.within.empty()) {
    throw UsageError(fmt::format("{} has no times of these kernels at the size {}{}; --size names another",
                                 times_file.string(), options.size, rows ? " in rows of " + row : ""));
  }
  result.where = fmt::format("The times are those of {}, in ns an element with arrays of the size {}, on {}.",
                             times_file.string(), size_text(options.size), field(times[0], "cpu"));
  if (result.within.size() < within) {
    result.where += fmt::format(
        " It has no times of {}.",
        reports::counted(within - result.within.size(), "kernel that keeps the bound", "kernels that keep the bound"));
  }
  fastest_first(result);
  return result;
}

reports::Table pick_table(const Pick& pick, double max_ulp) {
  const Candidate& best = pick.within[0];
  const Kernel& k = *best.kernel;
  reports::Table table{.name = "pick",
                       .title = fmt::format("The fastest {} {} {} with errors of at most {:g} ULP", k.activation->name,
                                            actbench::name(k.direction), actbench::name(k.type), max_ulp)};
  table.facts = {{.name = "max_ulp_asked", .cell = max_ulp, .audience = reports::Audience::machines}};
  table.columns = kernel_columns();
  const reports::Column others[] = {
      {.name = "choice", .leads = true},
      {.name = "ns_per_element", .heading = "ns/element", .display = Display::significant, .digits = 3, .right = true},
      {.name = "interval", .heading = "interval, ns", .right = true, .audience = reports::Audience::people},
      {.name = "ns_low", .audience = reports::Audience::machines},
      {.name = "ns_high", .audience = reports::Audience::machines},
      {.name = "times_the_fastest",
       .heading = "times the fastest",
       .display = Display::decimals,
       .digits = 2,
       .right = true},
      {.name = "bound_ulp", .heading = "error at most, ULP", .right = true},
      {.name = "evidence", .heading = "which is"}};
  table.columns.insert(table.columns.end(), std::begin(others), std::end(others));
  for (const Candidate& candidate : pick.within) {
    std::vector<Cell> cells = kernel_cells(*candidate.kernel);
    const bool first = &candidate == &best;
    for (Cell& cell : std::vector<Cell>{
             Cell(first ? "use this" : "runner-up").with(first ? Emphasis::good : Emphasis::plain), candidate.ns.median,
             fmt::format("{} – {}", ns_text(candidate.ns.low), ns_text(candidate.ns.high)), candidate.ns.low,
             candidate.ns.high, candidate.ns.median / best.ns.median,
             Cell(candidate.bound.ulp).as(ulp_text(candidate.bound.ulp)), name(candidate.bound.kind)}) {
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  table.notes.push_back(
      fmt::format("Use {}: it takes {} ns an element, and no result{} is off by more than {} ULP ({}).", identity(k),
                  ns_text(best.ns.median), best.bound.kind == BoundKind::sampled ? " that was looked at" : "",
                  ulp_text(best.bound.ulp), name(best.bound.kind)));
  if (!pick.beyond.empty()) {
    table.notes.push_back(fmt::format("{} not keep {:g} ULP.",
                                      reports::counted(pick.beyond.size(), "other kernel does", "other kernels do"),
                                      max_ulp));
  }
  table.notes.push_back(
      "Certified: a sweep over every input of the type found no larger error. Promised: the tests hold the kernel to it "
      "over a sample. Sampled: the largest error found in 2^18 inputs or in the report; there may be larger ones.");
  table.notes.push_back(pick.where);
  return table;
}

}  // namespace actbench::bench
