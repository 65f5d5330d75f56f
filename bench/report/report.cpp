// SPDX-License-Identifier: Apache-2.0
#include "bench/report/report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>

#include "bench/cli/streams.hpp"
#include "bench/performance/performance.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/report/environment.hpp"
#include "bench/report/first_findings.hpp"
#include "bench/report/page/page.hpp"
#include "bench/report/sections.hpp"
#include "bench/report/summary.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using Sections = std::vector<std::unique_ptr<Section>>;

/// The task, with everything known that is known before the work.
Report prepared(const ReportOptions& options) {
  Report report;
  report.options = options;
  if (options.since) report.earlier = read_earlier(*options.since);
  report.inputs = options.inputs.value_or(std::uint64_t{1} << (options.full ? 28 : 22));
  Runnable found = runnable(options);
  report.rows.kernels = take_rows(found.kernels);
  report.kernels = std::move(found.kernels);
  report.left_out = std::move(found.notes);
  if (!options.no_peers.empty()) report.left_out.push_back(options.no_peers);
  return report;
}

/// The sections that apply. Those that do not may leave a sentence in the report.
Sections sections_of(Report& report) {
  Sections sections = all_sections();
  std::erase_if(sections, [&](const std::unique_ptr<Section>& section) {
    if (section->applies(report)) return false;
    std::string sentence = section->why_left_out();
    if (!sentence.empty()) report.left_out.push_back(std::move(sentence));
    return true;
  });
  return sections;
}

/// Takes time to write the files, and for what goes on after the last look at the clock.
constexpr double for_the_rest = 0.03;

/// Those that take the time that they take come first, but claims, which rest on the others' results, come last.
std::vector<Section*> in_order_of_measuring(const Sections& sections) {
  std::vector<Section*> order;
  for (const auto& section : sections) order.push_back(section.get());
  std::stable_partition(order.begin(), order.end(), [](const Section* section) { return section->fixed(); });
  return order;
}

/// Where not even the least that every kernel takes fits, leaves the leading kernels alone.
void leave_out_kernels(Report& report) {
  if (!report.budget.limited() || in_depth(report)) return;
  std::vector<Subject> subjects;
  for (const Kernel* kernel : report.kernels) {
    if (in_depth(report, *kernel)) subjects.push_back({kernel, {}});
  }
  SweepOptions options;
  options.inputs = 256;
  options.threads = report.options.threads;
  options.stop = &stop_flag();
  const double start = report.budget.now();
  sweep(subjects, options);
  const double least =
      (report.budget.now() - start) * static_cast<double>(report.kernels.size()) / static_cast<double>(subjects.size());
  constexpr double times_least = 8;  // sweeps, faults, times
  if (times_least * least < report.budget.seconds()) return;
  const Variant lead = leading(report);
  const std::size_t before = report.kernels.size();
  std::erase_if(report.kernels, [&](const Kernel* k) { return variant_of(*k) != lead; });
  report.cut.push_back(
      fmt::format("only the {} kernels are in it, {} of {}", text_of(lead), report.kernels.size(), before));
}

void tell(const Report& report, const char* part, const std::string& finding) {
  if (report.options.tell && !finding.empty()) report.options.tell(part, finding);
}

void measure(Report& report, const Sections& sections) {
  using Clock = std::chrono::steady_clock;
  report.machine = timing::read_machine();
  report.build = build_info();
  report.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  const auto start = Clock::now();
  if (report.options.within > 0) report.budget = Budget(report.options.within * (1 - for_the_rest));
  leave_out_kernels(report);
  tell(report, "certificates", proofs_in_short(report));
  const std::vector<Section*> order = in_order_of_measuring(sections);
  double weights = 0;
  for (const Section* section : order) weights += section->weight(report);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double weight = order[i]->weight(report);
    report.budget.begin(weight, weights);
    weights -= weight;
    {
      Progress progress(fmt::format("report {}/{} {}", i + 1, order.size(), order[i]->label()));
      order[i]->measure(report, [&](double fraction, const std::string& label) { progress.update(fraction, label); });
    }
    check_interrupted();
    tell(report, order[i]->label(), order[i]->first_finding(report));
  }
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
}

/// The page that shows what the folder's other files hold.
std::string page_of(const Report& report, const std::string& summary, const reports::Folder& folder) {
  std::vector<page::Source> plugins;
  for (const plugin::Plugin& p : plugin::loaded()) plugins.push_back({p.name, p.about, p.path});
  page::Run run{{"seed", fmt::format("{}", report.options.seed)},
                {"row_elements", fmt::format("{}", report.rows.options.elements)},
                {"row_lengths", fmt::format("{}", fmt::join(report.rows.options.lengths, ","))}};
  return page::page_text({machine_text(report.machine), summary, folder.files(), std::move(plugins), std::move(run)});
}

/// Writes all files together, or none, and returns them with the summary first.
std::vector<ReportFile> write(Report& report, const Sections& sections, reports::Folder& folder) {
  std::vector<ReportFile> files;
  for (const auto& section : sections) {
    for (ReportFile& file : section->write(report, folder)) files.push_back(std::move(file));
  }
  if (report.earlier) {
    report.changes = changes_since(report.earlier->numbers, numbers_of(folder.added()));
    const reports::Table table = changes_table(report.changes);
    folder.add("since.csv", reports::write(table, reports::Format::csv));
    files.push_back({{"since.csv"}, "what changed since the earlier report"});
  }
  files.push_back({{"machine.json"}, "CPU, caches, compiler, options, versions"});
  folder.add("machine.json", environment_json(report));
  files.insert(files.begin(), {{"index.html"}, "all of it on one page, for a browser: tables that sort and filter"});
  const std::string summary = summary_text(report, sections, files);
  folder.add("index.html", page_of(report, summary, folder));
  folder.add("summary.md", summary);
  check_interrupted();
  try {
    folder.commit();
  } catch (const reports::FileError&) {
    write_stdout(summary);  // so that the result of a long run is not lost
    throw;
  }
  files.insert(files.begin(), {{"summary.md"}, "the results on one page"});
  return files;
}

/// What the names of a report's files begin with: each section's with its own name.
std::vector<std::string> stems() {
  return {
      "index",
      "summary",
      "machine",
      "since",
#define ACTBENCH_SECTION(name) #name,
#include "bench/report/sections.def"
#undef ACTBENCH_SECTION
  };
}

}  // namespace

ReportOutcome make_report(const ReportOptions& options) {
  Report report = prepared(options);
  const Sections sections = sections_of(report);
  reports::Folder folder(options.folder, "report", stems());  // fails before the work, not after it
  measure(report, sections);
  std::vector<ReportFile> files = write(report, sections, folder);
  const bool kept = std::all_of(sections.begin(), sections.end(),
                                [&](const auto& section) { return section->promises_kept(report); });
  return {folder.path(), std::move(files), std::move(report.left_out), kept};
}

}  // namespace actbench::bench
