// SPDX-License-Identifier: Apache-2.0
//
// Kernels over rows: errors, special rows, speed.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "bench/performance/performance.hpp"
#include "bench/pictures/pictures.hpp"
#include "bench/report/section.hpp"
#include "bench/report/timings.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Format;

void measure_errors(Report& report, const ShowProgress& progress) {
  const ReportOptions& asked = report.options;
  RowFindings& rows = report.rows;
  rows.options.seed = asked.seed;
  rows.options.threads = asked.threads;
  const Budget budget = report.budget.share(0.5);
  const auto measure = [&](std::uint64_t elements, Watch& watch) {
    RowOptions options = rows.options;
    options.lengths = {1, 2, 3, 10, 128, 1024, 4096, 32768, 128256};
    if (budget.limited() && !asked.inputs)
      std::erase_if(options.lengths, [&](std::size_t length) { return length > elements; });
    options.elements = elements;
    options.stop = watch.stop();
    options.progress = [&](double fraction) {
      watch.look();
      progress(0.5 * fraction, {});
    };
    rows.results = measure_rows(rows.kernels, options);
    rows.options.lengths = options.lengths;
    rows.options.elements = elements;
  };
  const std::uint64_t most = asked.inputs ? *asked.inputs : std::uint64_t{1} << (asked.full ? 21 : 17);
  const std::uint64_t measured = measure_within(budget, asked.inputs ? most : std::uint64_t{1} << 10, most, measure);
  if (measured < most) {
    report.cut.push_back(fmt::format("rows have {} elements a kernel, not {}, and no row is longer than that",
                                     reports::compact_count(measured), reports::compact_count(most)));
  }
  rows.special = special_rows(rows.kernels);
}

/// The kernels of the CPU to time. A quick report on many kernels takes all of the leading type, and one kernel of
/// each function of the other types.
std::vector<const Kernel*> cpu_kernels_to_time(const Report& report) {
  std::vector<const Kernel*> kernels = on_device(report.rows.kernels, false);
  if (in_depth(report)) return kernels;
  const std::vector<const Kernel*> telling = most_telling(kernels);
  std::erase_if(kernels, [&](const Kernel* k) {
    return k->type != leading(report).second && std::find(telling.begin(), telling.end(), k) == telling.end();
  });
  return kernels;
}

void measure_times(Report& report, const ShowProgress& progress) {
  RowFindings& rows = report.rows;
  timing::BenchOptions options;
  options.seed = report.options.seed;
  const ShowProgress shown = part_of(progress, 0.5, 1);
  // The last two sizes hold rows of every length. A quick report takes the smaller of the two, and three lengths.
  options.sizes = timing::default_sizes(report.machine);
  options.sizes.erase(options.sizes.begin(), options.sizes.end() - 2);
  if (!report.options.full) {
    options.sizes.pop_back();
    options.rows = {128, 4096, 128256};
  }
  options.kernels = cpu_kernels_to_time(report);
  const Budget budget = report.budget.share(0.65);
  options.time_budget_s =
      time_budget_s(report, budget, options.kernels.size() * options.sizes.size() * options.rows.size(), 8);
  if (!options.kernels.empty()) rows.times = time_within(budget, options, shown, "speed over rows", report.cut);

  timing::BenchOptions short_rows = options;
  short_rows.kernels = without_naive(std::move(options.kernels));
  if (!short_rows.kernels.empty()) {
    short_rows.sizes.resize(1);
    short_rows.rows = {128};
    rows.by_inputs =
        time_by_inputs(report, report.budget, short_rows,
                       {std::begin(timing::all_distributions), std::end(timing::all_distributions)}, 5, shown);
  }

  options.kernels = on_device(rows.kernels, true);
  if (!options.kernels.empty()) {
    options.sizes = timing::default_device_sizes();
    options.time_budget_s = device_time_budget_s(report, options.kernels.size() * options.sizes.size(), 10);
    options.progress = {};
    options.stop = &stop_flag();
    rows.device_times = timing::run_benchmarks(options);
  }
}

/// Adds the picture of times by length, of the type that the report leads with. Returns what shows it, as Markdown.
std::string add_picture(const Report& report, reports::Folder& folder) {
  std::vector<pictures::Time> times = pictures::times_of(report.rows.times);
  const std::string type = name(has_elementwise(report) ? leading(report).second : report.rows.kernels[0]->type);
  std::erase_if(times, [&](const pictures::Time& time) { return !time.is_copy() && time.kernel.type != type; });
  if (pictures::telling_size(times).empty()) return {};
  const reports::Figure figure = pictures::rows_figure(times);
  folder.add("rows-lengths.svg", reports::svg(figure));
  return picture("rows-lengths.svg", figure.title);
}

std::vector<ReportFile> write_rows(const Report& report, reports::Folder& folder) {
  const RowFindings& rows = report.rows;
  std::vector<SweepRow> swept;
  for (const RowResult& result : rows.results) swept.push_back(as_sweep_row(result, rows.options.ulp));
  const std::vector<reports::Table> special = special_tables(rows.special);
  std::vector<reports::Table> times = performance_tables(rows.times, report.machine, rows.options.seed);
  if (rows.device_times) {
    const auto tables = performance_tables(*rows.device_times, report.machine, rows.options.seed);
    times.insert(times.end(), tables.begin(), tables.end());
  }
  const reports::Table accuracy = accuracy_table(swept, rows.options.seed);
  const reports::Table lengths = rows_table(rows.results, rows.options);
  const reports::Table by_inputs = performance_by_inputs(rows.by_inputs);

  std::vector<reports::Table> people{accuracy_for_people(swept, rows.options.seed), with_backends_joined(lengths)};
  for (const reports::Table& table : special) people.push_back(with_backends_joined(table));
  people.push_back(performance_overview(rows.times));
  if (!by_inputs.rows.empty()) people.push_back(by_inputs);
  people.insert(people.end(), times.begin(), times.end());
  const std::string head = "# Kernels over rows\n\n" + add_picture(report, folder);
  folder.add("rows.md", head + reports::markdown_within(std::move(people), most_markdown - head.size(), "rows-*.csv"));
  std::vector<ReportFile> written{
      {{"rows.md"},
       "kernels over rows: accuracy, overflow and speed of every one; times by length in rows-lengths.svg"}};
  const auto add = [&](const char* file, std::span<const reports::Table> tables, const char* what) {
    folder.add(file, reports::write(tables, Format::csv));
    written.push_back({{file}, what});
  };
  add("rows-accuracy.csv", {&accuracy, 1}, "over rows: every kernel, its worst element, its counts");
  add("rows-lengths.csv", {&lengths, 1}, "over rows: errors by length and scale, sums, order");
  add("rows-faults.csv", {special.data(), 1}, "over rows: faults in kind at special rows");
  if (special.size() > 1)
    add("rows-overflow.csv", {&special[1], 1}, "over rows: from where on results are infinite or NaN");
  if (!by_inputs.rows.empty())
    add("rows-inputs.csv", {&by_inputs, 1}, "over rows: every kernel over inputs of every kind");
  add("rows-performance.csv", times, "over rows: every kernel at every size and length, with intervals");
  return written;
}

class RowsSection final : public Section {
  const char* label() const override { return "rows"; }
  double weight(const Report& report) const override { return report.options.full ? 1000 : 25; }
  bool applies(const Report& report) const override { return !report.rows.kernels.empty(); }
  void measure(Report& report, const ShowProgress& progress) override {
    measure_errors(report, progress);
    measure_times(report, progress);
  }
  std::string summary(const Report& report) const override { return "## Rows\n\n" + rows_in_short(report.rows); }
  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    return write_rows(report, folder);
  }
  bool promises_kept(const Report& report) const override { return broken_kernels(report.rows).empty(); }
};

}  // namespace

std::unique_ptr<Section> rows_section() { return std::make_unique<RowsSection>(); }

}  // namespace actbench::bench
