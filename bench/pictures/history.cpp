// SPDX-License-Identifier: Apache-2.0
//
// The gate's history: run after run what changed, and what came out.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "bench/pictures/pictures.hpp"
#include "reports/text.hpp"

namespace actbench::bench::pictures {
namespace {

using gate::HistoryEntry;
using gate::KernelChange;
using gate::Verdict;

/// Good, bad, better and undecided look alike for a kernel and for a run.
enum Look : std::size_t { good = 0, bad = 1, better = 2, undecided = 3, none = grey_look };

/// What is the same is left out where there is so much of it that nothing could be seen.
constexpr std::size_t most_marks = 1500;

/// Days where the runs span some, or else days and minutes: at most nine, of "2026-01-31T12:00:00Z".
std::vector<reports::Tick> date_ticks(std::span<const HistoryEntry> runs) {
  std::vector<reports::Tick> ticks;
  if (runs.empty()) return ticks;
  constexpr std::size_t most = 9, day = 10, minute = 16;
  const std::string first = runs.front().time.substr(0, day), last = runs.back().time.substr(0, day);
  const std::size_t stride = (runs.size() + most - 1) / most;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::string label;
    if (i % stride == 0) {
      label = first != last || runs[i].time.size() < minute ? runs[i].time.substr(0, day)
                                                            : runs[i].time.substr(day + 1, minute - day - 1);
    }
    if (runs.size() <= 100 || !label.empty()) ticks.push_back({static_cast<double>(i + 1), reports::printable(label)});
  }
  return ticks;
}

std::optional<double> known(double percent) { return std::isfinite(percent) ? std::optional(percent) : std::nullopt; }

reports::Series series_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::slower:
      return {.name = "kernel: SLOWER", .look = bad};
    case Verdict::faster:
      return {.name = "kernel: FASTER", .look = better};
    case Verdict::inconclusive:
      return {.name = "kernel: INCONCLUSIVE", .look = undecided};
    default:
      return {.name = "kernel: SAME", .look = good};
  }
}

/// A mark for each kernel, those of a run beside each other.
reports::Series changes(std::span<const HistoryEntry> runs, Verdict verdict,
                        const std::function<bool(const std::string&)>& wanted) {
  reports::Series series = series_of(verdict);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::vector<const KernelChange*> all;
    for (const KernelChange& change : runs[i].changes) {
      if (wanted(change.kernel) && std::isfinite(change.percent)) all.push_back(&change);
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      const KernelChange& change = *all[k];
      if (change.verdict != verdict) continue;
      const double beside = (static_cast<double>(k) + 0.5) / static_cast<double>(all.size()) - 0.5;
      series.marks.push_back(
          {.x = static_cast<double>(i + 1) + 0.7 * beside,
           .y = change.percent,
           .about = fmt::format("{}, {}: {}, {:+.2f} %", runs[i].time, change.kernel, name(verdict), change.percent),
           .low = known(change.low),
           .high = known(change.high),
           .hollow = verdict == Verdict::inconclusive});
    }
  }
  return series;
}

reports::Series outcomes(std::span<const HistoryEntry> runs, const char* outcome, std::size_t look) {
  reports::Series series{.name = fmt::format("run: {}", outcome), .look = look};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].outcome != outcome) continue;
    series.marks.push_back({.x = static_cast<double>(i + 1),
                            .y = static_cast<double>(runs[i].timed),
                            .about = fmt::format("{}: {}, {} timed in {}", runs[i].time, outcome,
                                                 reports::counted(runs[i].timed, "kernel"),
                                                 reports::counted(runs[i].launches, "launch", "launches")),
                            .hollow = look == none});
  }
  return series;
}

void add_tolerance(reports::Panel& panel, std::span<const HistoryEntry> runs) {
  const double tolerance = runs.empty() ? 0 : runs.back().tolerance_percent;
  if (!std::isnormal(tolerance)) return;
  panel.levels.push_back({tolerance, "the last run's tolerance"});
  panel.levels.push_back({-tolerance, ""});
}

}  // namespace

reports::Figure history_figure(std::span<const HistoryEntry> all, std::size_t last,
                               const std::function<bool(const std::string&)>& wanted) {
  const std::span<const HistoryEntry> runs = all.last(std::min(last, all.size()));
  const reports::Axis along{.label = "runs, in their order",
                            .low = 0.4,
                            .high = static_cast<double>(runs.size()) + 0.6,
                            .ticks = date_ticks(runs)};
  reports::Panel change{
      .title = "Change of a kernel's time, head against base", .x = along, .y = {.label = "change", .unit = "%"}};
  std::size_t marks = 0, slower = 0;
  for (const Verdict verdict : {Verdict::slower, Verdict::faster, Verdict::inconclusive, Verdict::same}) {
    reports::Series series = changes(runs, verdict, wanted);
    marks += series.marks.size();
    if (verdict == Verdict::slower) slower = series.marks.size();
    if (verdict == Verdict::same && marks > most_marks) continue;
    if (!series.marks.empty()) change.series.push_back(std::move(series));
  }
  add_tolerance(change, runs);
  reports::Panel timed{.title = "Kernels that were timed, and the outcome of the run",
                       .x = along,
                       .y = {.label = "kernels", .low = -0.5}};
  constexpr std::array<std::pair<const char*, std::size_t>, 4> kinds{
      {{"passed", good}, {"failed", bad}, {"inconclusive", undecided}, {"without a verdict", none}}};
  std::string counts;
  for (const auto& [outcome, look] : kinds) {
    reports::Series series = outcomes(runs, outcome, look);
    if (series.marks.empty()) continue;
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", series.marks.size(), outcome);
    timed.series.push_back(std::move(series));
  }
  reports::Figure figure{.title = "The gate's history", .panel_width = 900, .panel_height = 280};
  figure.description =
      fmt::format("{}: {}. {} called SLOWER.", reports::counted(runs.size(), "run"), counts,
                  slower == 0 ? "No kernel was" : reports::counted(slower, "kernel was", "kernels were"));
  figure.caption = figure.description;
  if (runs.size() < all.size()) figure.caption += fmt::format(" The last {} of {} runs.", runs.size(), all.size());
  if (marks > most_marks) figure.caption += " Kernels that are the same are left out, as there are too many of them.";
  figure.panels.push_back(std::move(change));
  figure.panels.push_back(std::move(timed));
  return figure;
}

}  // namespace actbench::bench::pictures
