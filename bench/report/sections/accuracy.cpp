// SPDX-License-Identifier: Apache-2.0
//
// The largest errors, and whether promises about them are kept.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bench/compare/compare.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/pictures/pictures.hpp"
#include "bench/report/section.hpp"
#include "bench/selection/functions.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;
using reports::Emphasis;
using reports::Format;

void measure_accuracy(Report& report, const ShowProgress& progress) {
  SweepOptions options;
  options.seed = report.options.seed;
  options.threads = report.options.threads;
  const std::uint64_t most = report.inputs;
  const auto measure = [&](std::uint64_t inputs, Watch& watch) {
    report.inputs = inputs;
    options.inputs = inputs;
    options.stop = watch.stop();
    options.progress = [&](double fraction) {
      watch.look();
      progress(fraction, {});
    };
    std::vector<Subject> subjects;
    for (const Kernel* kernel : report.kernels) {
      const std::uint64_t own = inputs_of(report, *kernel);
      subjects.push_back({kernel, parameters_of(*kernel, {}), own, std::max<std::uint64_t>(1, default_search(own))});
      // Those that are drawn: one picture a function, of the variant that the report leads with, keeps it small.
      subjects.back().by_region = variant_of(*kernel) == leading(report);
    }
    report.accuracy = sweep(subjects, options);
  };
  // How many inputs the user asks for, the user has.
  const std::uint64_t least = report.options.inputs ? most : std::uint64_t{1} << 12;
  report.inputs = measure_within(report.budget, least, most, measure);
  if (report.inputs < most) {
    report.cut.push_back(fmt::format("errors and faults are looked for at {} inputs of a kernel at most, not {}",
                                     reports::compact_count(report.inputs), reports::compact_count(most)));
  }
}

/// How many promises were kept, by direction and type.
std::string promises_table(const Report& report) {
  struct Count {
    std::size_t promised = 0, kept = 0;
    std::uint64_t inputs = 0;
    bool all = true;
  };
  // Forward of gated units takes two inputs and has a row of its own.
  using Row = std::pair<Direction, Shape>;
  std::map<std::pair<Row, Type>, Count> counts;
  std::set<Row> rows;
  std::set<Type> types;
  for (const SweepRow& row : report.accuracy) {
    const Kernel& k = *row.subject.kernel;
    if (!std::isfinite(k.promised_ulp)) continue;
    const Row of{k.direction, k.activation->shape};
    Count& count = counts[{of, k.type}];
    ++count.promised;
    count.kept += keeps_promise(row);
    count.inputs = row.tally.inputs;
    count.all = count.all && row.exhaustive;
    rows.insert(of);
    types.insert(k.type);
  }
  if (counts.size() < 2) return {};
  reports::Table table;
  table.columns = {{.name = "promises kept"}};
  for (Type type : types) table.columns.push_back({.name = name(type)});
  for (const Row& of : rows) {
    const bool gated_forward = of == Row{Direction::forward, Shape::gated};
    std::vector<Cell> cells{gated_forward ? "forward, gated" : name(of.first)};
    for (Type type : types) {
      const auto found = counts.find({of, type});
      if (found == counts.end()) {
        cells.emplace_back();
        continue;
      }
      const Count& c = found->second;
      cells.push_back(Cell(fmt::format("{} of {}, {}", c.kept, c.promised,
                                       c.all ? "every input" : reports::compact_count(c.inputs) + " inputs"))
                          .with(c.kept == c.promised ? Emphasis::plain : Emphasis::bad));
    }
    table.rows.push_back(std::move(cells));
  }
  return "\n" + reports::write(table, Format::markdown);
}

/// The worst kernel of each function whose promise is less than correct rounding, beside the textbook formula.
std::string other_promises_table(const Report& report) {
  struct Pair {
    const SweepRow *promised = nullptr, *naive = nullptr;
  };
  std::map<FunctionKey, Pair> functions;
  for (const SweepRow& row : report.accuracy) {
    const Kernel& k = *row.subject.kernel;
    Pair& pair = functions[function_key(k)];
    const bool naive = k.tier == Tier::naive;
    if (!naive && (k.promised_ulp == 0.5 || !std::isfinite(k.promised_ulp))) continue;
    const SweepRow*& place = naive ? pair.naive : pair.promised;
    if (place == nullptr || row.max_ulp > place->max_ulp) place = &row;
  }
  std::vector<Pair> pairs;
  for (const auto& [function, pair] : functions) {
    if (pair.promised != nullptr) pairs.push_back(pair);
  }
  if (pairs.empty()) return {};
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.promised->max_ulp > b.promised->max_ulp; });
  constexpr std::size_t most = 10;
  reports::Table table;
  table.columns = {{.name = "function"},
                   {.name = "tier"},
                   {.name = "worst ULP found", .right = true},
                   {.name = "at x", .right = true},
                   {.name = "promised", .right = true},
                   {.name = "naive: worst ULP found", .right = true},
                   {.name = "naive: at x", .right = true}};
  for (std::size_t i = 0; i < std::min(most, pairs.size()); ++i) {
    const auto& [row, naive] = pairs[i];
    const Kernel& k = *row->subject.kernel;
    table.rows.push_back({fmt::format("{} {} {}", k.activation->name, name(k.direction), name(k.type)), name(k.tier),
                          ulp_text(row->max_ulp), text_of(k, row->worst.input), k.promised_ulp,
                          naive != nullptr ? Cell(ulp_text(naive->max_ulp)) : Cell(),
                          naive != nullptr ? Cell(text_of(k, naive->worst.input)) : Cell()});
  }
  return fmt::format("\nThe worst errors found where correct rounding is not promised{}:\n\n",
                     pairs.size() > most ? fmt::format(" ({} of {} functions)", most, pairs.size()) : "") +
         reports::write(table, Format::markdown);
}

/// The kernels that are most often off by more than 1 ULP.
std::string misses_table(const Report& report) {
  // Backends seldom differ: each function and tier is represented by the backend that is off most often.
  const Variant lead = leading(report);
  std::map<std::pair<std::string, Tier>, const SweepRow*> worst;
  for (const SweepRow& row : report.accuracy) {
    const Kernel& k = *row.subject.kernel;
    if (variant_of(k) != lead) continue;
    const SweepRow*& place = worst[{k.activation->name, k.tier}];
    if (place == nullptr || row.tally.above_one_ulp > place->tally.above_one_ulp) place = &row;
  }
  std::vector<const SweepRow*> rows;
  for (const auto& [key, row] : worst) {
    if (row->tally.above_one_ulp > 0) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const SweepRow* a, const SweepRow* b) {
    return std::tuple(b->tally.above_one_ulp, b->max_ulp) < std::tuple(a->tally.above_one_ulp, a->max_ulp);
  });
  if (rows.empty()) return fmt::format("\nNo {} result was off by more than 1 ULP.\n", text_of(lead));

  constexpr std::size_t most = 10;
  reports::Table table;
  table.columns = {{.name = "kernel"},
                   {.name = "above 1 ULP", .right = true},
                   {.name = "max ULP", .right = true},
                   {.name = "at x", .right = true},
                   {.name = "got", .right = true},
                   {.name = "right is", .right = true},
                   {.name = "wrong zeros", .display = reports::Display::count, .right = true},
                   {.name = "wrong inf", .display = reports::Display::count, .right = true},
                   {.name = "wrong NaN", .display = reports::Display::count, .right = true}};
  for (std::size_t i = 0; i < std::min(rows.size(), most); ++i) {
    const SweepRow& row = *rows[i];
    const Kernel& k = *row.subject.kernel;
    const double share = static_cast<double>(row.tally.above_one_ulp) / static_cast<double>(row.tally.inputs);
    table.rows.push_back({fmt::format("{} {}", k.activation->name, name(k.tier)), fmt::format("{:.2g} %", 100 * share),
                          Cell(row.max_ulp).as(ulp_text(row.max_ulp)), text_of(k, row.worst.input),
                          decimal(k.type, row.got), decimal(k.type, row.expected), row.tally.wrong_zeros,
                          row.tally.wrong_infinities, row.tally.wrong_nans});
  }
  return fmt::format("\nThe {} kernels that are most often off by more than 1 ULP{}:\n\n", text_of(lead),
                     rows.size() > most ? fmt::format(" ({} of {})", most, rows.size()) : "") +
         reports::write(table, Format::markdown);
}

std::string summarise_accuracy(const Report& report) {
  std::string text = "## Accuracy\n\n";
  std::size_t promises = 0;
  std::vector<const SweepRow*> broken;
  for (const SweepRow& row : report.accuracy) {
    if (!std::isfinite(row.subject.kernel->promised_ulp)) continue;
    ++promises;
    if (!keeps_promise(row)) broken.push_back(&row);
  }
  if (promises > 0 && broken.empty()) {
    text += fmt::format("**Every promise was kept**: {}, over {} inputs each{}.\n",
                        reports::counted(promises, "kernel"), reports::compact_count(report.inputs),
                        variants(report).size() > 1 ? fmt::format(" for {}", text_of(leading(report))) : "");
  } else if (promises > 0) {
    text += fmt::format("**{} of {} {} broken**; accuracy.md has the worst first:", broken.size(),
                        reports::counted(promises, "promise"), broken.size() == 1 ? "is" : "are");
    for (std::size_t i = 0; i < std::min<std::size_t>(broken.size(), 5); ++i) {
      text += fmt::format("{} `{}` ({} ULP at {})", i > 0 ? "," : "", identity(*broken[i]->subject.kernel),
                          ulp_text(broken[i]->max_ulp), text_of(*broken[i]->subject.kernel, broken[i]->worst.input));
    }
    text += broken.size() > 5 ? " and more.\n" : ".\n";
  }
  text += misses_table(report) + promises_table(report) + other_promises_table(report);
  const std::string infinite = infinite_error_note(report.accuracy);
  if (!infinite.empty()) text += fmt::format("\n{}\n", reports::markdown_cell(infinite));
  return text + fmt::format("\n{} Max ULP is the largest error found.\n", ulp_definition(reference::Ulp::goldberg));
}

/// Adds a picture of each function's errors over the input. Returns a part of a page that shows them, as Markdown.
std::string add_pictures(const Report& report, reports::Folder& folder) {
  const std::vector<const Kernel*> shown = compared_kernels(report.kernels, {});
  std::map<std::string, std::vector<SweepRow>> functions;
  for (const SweepRow& row : report.accuracy) {
    const Kernel* kernel = row.subject.kernel;
    if (variant_of(*kernel) == leading(report) && std::find(shown.begin(), shown.end(), kernel) != shown.end())
      functions[kernel->activation->name].push_back(row);
  }
  std::string shown_pictures;
  for (const auto& [activation, rows] : functions) {
    const std::string file = fmt::format("accuracy-{}.svg", activation);
    const reports::Figure figure = pictures::error_figure(rows);
    folder.add(file, reports::svg(figure));
    shown_pictures += picture(file, figure.title);
  }
  return shown_pictures.empty()
             ? shown_pictures
             : fmt::format("\n## Errors over the input, {}\n\n{}", text_of(leading(report)), shown_pictures);
}

class AccuracySection final : public Section {
  const char* label() const override { return "accuracy"; }
  double weight(const Report& report) const override { return report.options.full ? 15000 : 60; }
  bool applies(const Report& report) const override { return has_elementwise(report); }
  void measure(Report& report, const ShowProgress& progress) override { measure_accuracy(report, progress); }
  std::string first_finding(const Report& report) const override {
    const auto promised = [](const SweepRow& row) { return std::isfinite(row.subject.kernel->promised_ulp); };
    const auto promises = std::count_if(report.accuracy.begin(), report.accuracy.end(), promised);
    const auto broken = std::count_if(report.accuracy.begin(), report.accuracy.end(),
                                      [&](const SweepRow& row) { return promised(row) && !keeps_promise(row); });
    return fmt::format("{} of {} kept, over {} inputs at most", promises - broken,
                       reports::counted(static_cast<std::uint64_t>(promises), "promise"),
                       reports::compact_count(report.inputs));
  }
  std::string summary(const Report& report) const override { return summarise_accuracy(report); }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    const reports::Table people = accuracy_for_people(report.accuracy, report.options.seed);
    const reports::Table machines = accuracy_table(report.accuracy, report.options.seed);
    add_table(folder, "accuracy", "Accuracy of every kernel", {&people, 1}, {&machines, 1}, {},
              add_pictures(report, folder));
    return {{{"accuracy.md", "accuracy.csv"},
             "every kernel, its worst input, its counts; errors over the input in accuracy-NAME.svg"}};
  }

  bool promises_kept(const Report& report) const override {
    return std::all_of(report.accuracy.begin(), report.accuracy.end(), keeps_promise);
  }
};

}  // namespace

std::unique_ptr<Section> accuracy_section() { return std::make_unique<AccuracySection>(); }

}  // namespace actbench::bench
