// SPDX-License-Identifier: Apache-2.0
#include "bench/report/report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <utility>

#include "bench/cli/output.hpp"
#include "bench/report/environment.hpp"
#include "bench/report/sections.hpp"
#include "bench/report/summary.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

using Sections = std::vector<std::unique_ptr<Section>>;

/// The task, with everything known that is known before the work.
Report prepared(const ReportOptions& options) {
  Report report;
  report.options = options;
  report.inputs = options.inputs.value_or(std::uint64_t{1} << (options.full ? 28 : 22));
  Runnable found = runnable(options);
  report.rows.kernels = take_rows(found.kernels);
  report.kernels = std::move(found.kernels);
  report.left_out = std::move(found.notes);
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

void measure(Report& report, const Sections& sections) {
  using Clock = std::chrono::steady_clock;
  report.machine = timing::read_machine();
  report.build = build_info();
  report.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  const auto start = Clock::now();
  for (std::size_t i = 0; i < sections.size(); ++i) {
    Progress progress(fmt::format("report {}/{} {}", i + 1, sections.size(), sections[i]->label()));
    sections[i]->measure(report, [&](double fraction, const std::string& label) { progress.update(fraction, label); });
    check_interrupted();
  }
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
}

/// Writes all files together, or none, and returns them with the summary first.
std::vector<ReportFile> write(const Report& report, const Sections& sections, reports::Folder& folder) {
  std::vector<ReportFile> files;
  for (const auto& section : sections) {
    for (ReportFile& file : section->write(report, folder)) files.push_back(std::move(file));
  }
  files.push_back({{"machine.json"}, "CPU, caches, compiler, options, versions"});
  folder.add("machine.json", environment_json(report));
  const std::string summary = summary_text(report, sections, files);
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
      "summary",
      "machine",
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
