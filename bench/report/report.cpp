// SPDX-License-Identifier: Apache-2.0
//
// One folder that tells the whole story. A report is a list of sections; each measures its own part, writes its own
// files, and says in the summary what matters.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>

#include "bench/claims/claims.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/faults/overflow.hpp"
#include "bench/gap/gap.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/performance/performance.hpp"
#include "bench/properties/properties.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using Clock = std::chrono::steady_clock;
using reports::Cell;
using reports::Format;
using reports::Mood;

struct ReportOptions : Options {
  std::string out = "actbench-report";
  bool quick = false, full = false;
  std::string inputs;
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
};

/// What all sections share: what to do, and what came out.
struct Report {
  ReportOptions options;
  std::vector<const Kernel*> kernels;  ///< element by element; those over rows are in rows
  std::vector<std::string> left_out;   ///< sentences
  std::uint64_t inputs = 0;            ///< for each kernel that is looked at in depth
  timing::Machine machine;
  BuildInfo build;
  std::string started;  ///< UTC, ISO 8601
  double seconds = 0;   ///< taken by all sections

  std::vector<SweepRow> accuracy;
  std::vector<FunctionFindings> overflow;
  timing::BenchResult performance;                        ///< of the CPU's kernels
  timing::BenchResult by_inputs;                          ///< the same, over inputs of every kind
  std::optional<timing::BenchResult> device_performance;  ///< of those in depth of a device, where one is here
  RowFindings rows;
  GapFindings gap;
  std::vector<Properties> properties;
  std::vector<Finding> claims;
};

/// Files that belong together, that for people first, and what they hold.
struct Listed {
  std::vector<std::string> files;
  const char* what;
};

using Measuring = std::function<void(double fraction, const std::string& label)>;

struct Section {
  const char* name;
  bool (*applies)(const Report&);  ///< to what was chosen; otherwise it is left out
  void (*measure)(Report&, const Measuring& progress);
  std::string (*summary)(const Report&);  ///< Markdown, from its heading on
  std::vector<Listed> (*write)(const Report&, reports::Folder&);
};

void add_table(reports::Folder& folder, const std::string& stem, const std::string& heading,
               std::span<const reports::Table> for_people, std::span<const reports::Table> for_machines) {
  folder.add(stem + ".md", fmt::format("# {}\n\n{}", heading, reports::write(for_people, Format::markdown)));
  folder.add(stem + ".csv", reports::write(for_machines, Format::csv));
}

bool goes_by_element(const Report& report) { return !report.kernels.empty(); }

using Variant = std::pair<Direction, Type>;
Variant variant_of(const Kernel& kernel) { return {kernel.direction, kernel.type}; }
std::string text_of(const Variant& variant) { return fmt::format("{} {}", name(variant.second), name(variant.first)); }

std::set<Variant> variants(const Report& report) {
  std::set<Variant> all;
  for (const Kernel* k : report.kernels) all.insert(variant_of(*k));
  return all;
}

/// What a report leads with: f32 forward where it is there.
Variant leading(const Report& report) { return *variants(report).begin(); }

/// Whether the time that a report may take is enough to look at all kernels alike. Where it is not, the leading ones
/// are looked at in depth, of the others fewer inputs are swept, and of each function one kernel is timed, in the
/// cache.
bool in_depth(const Report& report) {
  constexpr std::size_t few = 250;
  return report.options.full || report.kernels.size() <= few;
}
bool in_depth(const Report& report, const Kernel& kernel) {
  return in_depth(report) || variant_of(kernel) == leading(report);
}

/// Evaluating f64 exactly takes many times as long.
std::uint64_t inputs_of(const Report& report, const Kernel& kernel) {
  if (in_depth(report, kernel) || !report.options.inputs.empty()) return report.inputs;
  return report.inputs / (kernel.type == Type::f64 ? 16 : 4);
}

std::tuple<std::string, Direction, Type> function_key(const Kernel& kernel) {
  return {kernel.activation->name, kernel.direction, kernel.type};
}

/// Of each function the kernel that most is to be hoped from: of the best tier, for the widest backend.
std::vector<const Kernel*> most_telling(std::span<const Kernel* const> all) {
  std::map<std::tuple<std::string, Direction, Type>, const Kernel*> best;
  for (const Kernel* k : all) {
    const Kernel*& place = best[function_key(*k)];
    if (place == nullptr || std::tuple(k->tier, k->backend) > std::tuple(place->tier, place->backend)) place = k;
  }
  std::vector<const Kernel*> kernels;
  for (const auto& [function, kernel] : best) kernels.push_back(kernel);
  return kernels;
}

// ---- Accuracy
// --------------------------------------------------------------------------------------------------------

void measure_accuracy(Report& report, const Measuring& progress) {
  SweepOptions options;
  options.inputs = report.inputs;
  options.seed = report.options.seed;
  options.threads = report.options.threads;
  options.stop = &stop_flag();
  options.progress = [&](double fraction) { progress(fraction, {}); };
  std::vector<Subject> subjects;
  for (const Kernel* kernel : report.kernels) {
    const std::uint64_t inputs = inputs_of(report, *kernel);
    subjects.push_back(
        {kernel, parameters_of(*kernel, {}), inputs, std::max<std::uint64_t>(1, default_search(inputs))});
  }
  report.accuracy = sweep(subjects, options);
}

/// How many promises were kept, by type and direction.
std::string promises_table(const Report& report) {
  struct Count {
    std::size_t promised = 0, kept = 0;
    std::uint64_t inputs = 0;
    bool all = true;
  };
  // The forward direction of gated units takes two inputs, and has a row of its own.
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
                          .with(c.kept == c.promised ? Mood::plain : Mood::bad));
    }
    table.rows.push_back(std::move(cells));
  }
  return "\n" + reports::write(table, Format::markdown);
}

/// The worst of what is promised less than correct rounding, beside the textbook formula.
std::string other_promises_table(const Report& report) {
  struct Pair {
    const SweepRow *promised = nullptr, *naive = nullptr;
  };
  std::map<std::tuple<std::string, Direction, Type>, Pair> functions;
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
                   {.name = "at x ", .right = true}};
  for (std::size_t i = 0; i < std::min(most, pairs.size()); ++i) {
    const auto& [row, naive] = pairs[i];
    const Kernel& k = *row->subject.kernel;
    table.rows.push_back({fmt::format("{} {} {}", k.activation->name, name(k.direction), name(k.type)), name(k.tier),
                          ulp_text(row->max_ulp), text_of(k, row->worst.input), k.promised_ulp,
                          naive != nullptr ? Cell(ulp_text(naive->max_ulp)) : Cell(),
                          naive != nullptr ? Cell(text_of(k, naive->worst.input)) : Cell()});
  }
  return fmt::format("\nWorst errors found where correct rounding is not promised{}:\n\n",
                     pairs.size() > most ? fmt::format(" ({} of {} functions)", most, pairs.size()) : "") +
         reports::write(table, Format::markdown);
}

/// What is most often off by more than 1 ULP.
std::string misses_table(const Report& report) {
  // Of every function and tier the backend that is off most often: backends seldom differ.
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
  return fmt::format("\n{}: most often off by more than 1 ULP{}:\n\n", text_of(lead),
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
    text += fmt::format("**{} of {} broken**, the worst first in accuracy.md:", broken.size(),
                        reports::counted(promises, "promise"));
    for (std::size_t i = 0; i < std::min<std::size_t>(broken.size(), 5); ++i) {
      text += fmt::format("{} `{}` ({} ULP at {})", i > 0 ? "," : "", identity(*broken[i]->subject.kernel),
                          ulp_text(broken[i]->max_ulp), text_of(*broken[i]->subject.kernel, broken[i]->worst.input));
    }
    text += broken.size() > 5 ? " and more.\n" : ".\n";
  }
  text += misses_table(report) + promises_table(report) + other_promises_table(report);
  return text + fmt::format("\n{} Max ULP is the worst found.\n", ulp_definition(reference::Ulp::goldberg));
}

/// Broken promises first.
reports::Table accuracy_for_people(std::vector<SweepRow> rows, std::uint64_t seed) {
  std::stable_partition(rows.begin(), rows.end(), [](const SweepRow& row) { return !keeps_promise(row); });
  return with_backends_joined(accuracy_table(rows, seed));
}

std::vector<Listed> write_accuracy(const Report& report, reports::Folder& folder) {
  const reports::Table people = accuracy_for_people(report.accuracy, report.options.seed);
  const reports::Table machines = accuracy_table(report.accuracy, report.options.seed);
  add_table(folder, "accuracy", "Accuracy of every kernel", {&people, 1}, {&machines, 1});
  return {{{"accuracy.md", "accuracy.csv"}, "every kernel, its worst input, its counts"}};
}

// ---- Overflow
// -----------------------------------------------------------------------------------------------------

void measure_overflow(Report& report, const Measuring& progress) {
  SweepOptions options;
  options.seed = report.options.seed;
  options.threads = report.options.threads;
  options.stop = &stop_flag();
  options.progress = [&](double fraction) { progress(fraction, {}); };
  // What is wrong in kind is wrong over whole ranges, or where special inputs and thresholds are: fewer inputs find it.
  std::vector<Subject> subjects;
  for (const Kernel* kernel : report.kernels) {
    const std::uint64_t share = !report.options.inputs.empty() ? 1 : in_depth(report, *kernel) ? 4 : 16;
    const std::uint64_t inputs = std::min(inputs_of(report, *kernel) / share, largest_sample);
    subjects.push_back({kernel, parameters_of(*kernel, {}), inputs});
  }
  report.overflow = examine(subjects, options);
}

/// Kernels that do what their promise excludes.
std::vector<const Kernel*> faulty_kernels(const Report& report) {
  std::vector<const Kernel*> faulty;
  for (const FunctionFindings& function : report.overflow) {
    for (const KernelFindings& kernel : function.kernels) {
      if (breaks_promise(function, kernel)) faulty.push_back(kernel.subject.kernel);
    }
  }
  return faulty;
}

std::string summarise_overflow(const Report& report) {
  std::string text = "## Overflow, thresholds, signs, range\n\n";
  std::size_t promises = 0;
  for (const Kernel* kernel : report.kernels) promises += std::isfinite(kernel->promised_ulp);
  const std::vector<const Kernel*> faulty = faulty_kernels(report);
  if (promises > 0 && faulty.empty()) {
    text += fmt::format(
        "**{} as promised**: special values, thresholds, range, slope, symmetry, the same on every backend and at "
        "every "
        "place of an array.\n",
        reports::counted(promises, "kernel"));
  } else if (promises > 0) {
    text += fmt::format("**{} of {} have faults that their promise excludes**:", faulty.size(),
                        reports::counted(promises, "kernel"));
    for (std::size_t i = 0; i < std::min<std::size_t>(faulty.size(), 5); ++i) {
      text += fmt::format("{} `{}`", i > 0 ? "," : "", identity(*faulty[i]));
    }
    text += faulty.size() > 5 ? " and more.\n" : ".\n";
  }

  // Of every activation and tier without a promise its first backend, those with the most wrong results first.
  struct Row {
    const FunctionFindings* function;
    const KernelFindings* kernel;
    std::uint64_t wrong;
  };
  std::vector<Row> rows;
  for (const FunctionFindings& function : report.overflow) {
    std::set<Tier> seen;
    for (const KernelFindings& kernel : function.kernels) {
      const Kernel& k = *kernel.subject.kernel;
      if (std::isfinite(k.promised_ulp) || variant_of(k) != leading(report) || !seen.insert(k.tier).second) continue;
      std::uint64_t wrong = 0;
      for (Fault f : {Fault::nan, Fault::number_for_nan, Fault::infinity, Fault::finite_for_infinity,
                      Fault::zero_for_normal, Fault::zero_for_subnormal, Fault::number_for_zero, Fault::sign}) {
        wrong += kernel[f].count;
      }
      if (wrong > 0) rows.push_back({&function, &kernel, wrong});
    }
  }
  if (rows.empty()) return text;
  const auto share = [](const Row& row) {
    return static_cast<double>(row.wrong) / static_cast<double>(row.function->inputs);
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return share(a) > share(b); });
  constexpr std::size_t most = 10;
  reports::Table table;
  table.columns = {{.name = "kernel"}, {.name = "wrong in kind", .right = true}, {.name = "how"}};
  for (std::size_t i = 0; i < std::min(rows.size(), most); ++i) {
    const Kernel& k = *rows[i].kernel->subject.kernel;
    table.rows.push_back({fmt::format("{} {}", k.activation->name, name(k.tier)),
                          fmt::format("{:.2g} %", 100 * share(rows[i])),
                          overflow_in_short(*rows[i].function, *rows[i].kernel)});
  }
  text += fmt::format("\nWithout a promise, {}{}:\n\n", text_of(leading(report)),
                      rows.size() > most ? fmt::format(" ({} of {})", most, rows.size()) : "");
  return text + reports::write(table, Format::markdown);
}

std::vector<Listed> write_overflow(const Report& report, reports::Folder& folder) {
  std::vector<reports::Table> people{overflow_summary(report.overflow)};
  for (std::string& note : overflow_notes(report.overflow, report.options.seed)) {
    people[0].notes.push_back(std::move(note));
  }
  for (const FunctionFindings& function : report.overflow) {
    if (!in_depth(report, *function.kernels[0].subject.kernel)) continue;
    for (reports::Table& table : overflow_details(function)) people.push_back(std::move(table));
  }
  const reports::Table machines = overflow_records(report.overflow, in_depth(report));
  add_table(folder, "overflow", "Overflow, thresholds, signs, range of every kernel", people, {&machines, 1});
  return {{{"overflow.md", "overflow.csv"}, "special values, thresholds, and faults in kind of every kernel"}};
}

// ---- Performance
// -----------------------------------------------------------------------------------------------------

/// Half a second for each of the benchmarks, up to what a quick report may take, or ten times as much.
double device_budget_s(bool full, std::size_t benchmarks, double most) {
  return std::clamp(0.5 * static_cast<double>(benchmarks), 1.0, full ? 10 * most : most);
}

/// All that say something of kernels that go element by element.
std::vector<timing::Distribution> element_distributions() {
  std::vector<timing::Distribution> all(std::begin(timing::all_distributions), std::end(timing::all_distributions));
  std::erase(all, timing::Distribution::target);
  return all;
}

/// In a sentence, by how much the slowest kind of inputs slows a kernel down most.
std::string slowest_inputs(const timing::BenchResult& result) {
  const reports::Table table = performance_by_inputs(result);
  if (table.rows.empty()) return {};
  const auto column = [&](const char* name) {
    const auto at = std::find_if(table.columns.begin(), table.columns.end(),
                                 [&](const reports::Column& c) { return c.name == name; });
    return static_cast<std::size_t>(at - table.columns.begin());
  };
  const auto& worst = table.rows.front();
  const std::size_t ratio = column("slowest_over_normal");
  return fmt::format(
      "\nWhat inputs are changes times by {} at most: {} with inputs of the kind {}, over N(0, 3²) "
      "(performance-inputs.csv "
      "has every kernel).\n",
      reports::shown(worst[ratio], table.columns[ratio]), reports::shown(worst[0], table.columns[0]),
      reports::shown(worst[column("slowest")], table.columns[column("slowest")]));
}

void measure_performance(Report& report, const Measuring& progress) {
  timing::BenchOptions options;
  options.seed = report.options.seed;
  options.stop = &stop_flag();
  struct Part {
    std::vector<const Kernel*> kernels;
    std::vector<timing::Size> sizes;
    double most_s;  ///< that a quick report spends
  };
  std::vector<Part> parts{{{}, timing::default_sizes(report.machine), 100}};
  const auto those_of = [&](bool device, bool depth) {
    std::vector<const Kernel*> kernels = on_device(report.kernels, device);
    std::erase_if(kernels, [&](const Kernel* k) { return in_depth(report, *k) != depth; });
    return kernels;
  };
  parts[0].kernels = those_of(false, true);
  if (!in_depth(report)) {
    parts[0].most_s = 60;
    parts.push_back({most_telling(those_of(false, false)), {parts[0].sizes[0]}, 20});
  }
  double done = 0;
  if (const auto kernels = those_of(true, true); !kernels.empty()) {
    options.kernels = kernels;
    options.sizes = timing::default_device_sizes();
    options.time_budget_s = device_budget_s(report.options.full, kernels.size() * options.sizes.size(), 30);
    report.device_performance = timing::run_benchmarks(options);
  }
  for (const Part& part : parts) {
    if (part.kernels.empty()) continue;
    options.kernels = part.kernels;
    options.sizes = part.sizes;
    // A benchmark of one kernel at one size is worth so much time, up to what a quick report may take.
    const double benchmarks = static_cast<double>(options.kernels.size() * options.sizes.size());
    options.time_budget_s =
        report.options.full ? std::max(10.0, benchmarks) : std::clamp(benchmarks * 0.25, 2.0, part.most_s);
    options.progress = [&](const timing::Progress& p) {
      const double within = static_cast<double>(p.done) / static_cast<double>(std::max<std::size_t>(1, p.total));
      progress(parts.size() == 1 ? within : done + within * (done > 0 ? 0.25 : 0.75), p.label);
    };
    timing::BenchResult result = timing::run_benchmarks(options);
    done = 0.75;
    if (report.performance.rows.empty()) {
      report.performance = std::move(result);
      continue;
    }
    // Ceilings that the first part measured stand.
    for (timing::BenchRow& row : result.rows) {
      const auto same = [&](const timing::BenchRow& r) { return r.name == row.name && r.size.name == row.size.name; };
      auto& rows = report.performance.rows;
      if (row.kernel == nullptr && std::any_of(rows.begin(), rows.end(), same)) continue;
      rows.push_back(std::move(row));
    }
    report.performance.stopped = report.performance.stopped || result.stopped;
    report.performance.repetitions = std::min(report.performance.repetitions, result.repetitions);
  }
  // Over inputs of every kind, in the cache: those that promise something, in a quick report of what it leads with.
  options.kernels = report.options.full ? on_device(report.kernels, false) : parts[0].kernels;
  std::erase_if(options.kernels, [](const Kernel* k) { return k->tier == Tier::naive; });
  if (options.kernels.empty()) return;
  options.sizes = {parts[0].sizes[0]};
  options.distributions = element_distributions();
  const double benchmarks = static_cast<double>(options.kernels.size() * options.distributions.size());
  options.time_budget_s =
      report.options.full ? std::max(10.0, 0.1 * benchmarks) : std::clamp(benchmarks * 0.05, 1.0, 20.0);
  options.progress = [&](const timing::Progress& p) { progress(1, p.label); };
  report.by_inputs = timing::run_benchmarks(options);
}

const SweepRow* accuracy_of(const Report& report, const Kernel* kernel) {
  for (const SweepRow& row : report.accuracy) {
    if (row.subject.kernel == kernel) return &row;
  }
  return nullptr;
}

/// The leading functions: the fastest backend of every tier, in the cache and in memory.
std::string speed_table(const Report& report, const std::string& in_cache, const std::string& in_memory) {
  struct Best {
    const timing::BenchRow *cache = nullptr, *memory = nullptr;
  };
  const auto& rows = report.performance.rows;
  std::set<Tier> tiers;
  std::map<std::string, std::map<Tier, Best>> best;
  for (const timing::BenchRow& row : rows) {
    if (row.kernel == nullptr || variant_of(*row.kernel) != leading(report) || row.size.name != in_cache) continue;
    tiers.insert(row.kernel->tier);
    Best& b = best[row.kernel->activation->name][row.kernel->tier];
    if (b.cache == nullptr || row.ns_per_element.median < b.cache->ns_per_element.median) b.cache = &row;
  }
  reports::Table table;
  table.columns = {{.name = "activation"}};
  for (Tier tier : tiers) {
    const std::string t = name(tier);
    table.columns.push_back({.name = t + ": backend"});
    table.columns.push_back({.name = fmt::format("ns, {}", size_text(in_cache)), .right = true});
    table.columns.push_back({.name = fmt::format("ns, {}", size_text(in_memory)), .right = true});
    table.columns.push_back({.name = "% of copy", .right = true});
    table.columns.push_back({.name = "max ULP", .right = true});
  }
  for (auto& [activation, of_tier] : best) {
    std::vector<Cell> cells{activation};
    for (Tier tier : tiers) {
      auto& [cache, memory] = of_tier[tier];
      if (cache == nullptr) {
        cells.resize(cells.size() + 5);
        continue;
      }
      for (const timing::BenchRow& row : rows) {
        if (row.kernel == cache->kernel && row.size.name == in_memory) memory = &row;
      }
      cells.push_back(name(cache->kernel->backend));
      cells.push_back(ns_text(cache->ns_per_element.median));
      cells.push_back(memory != nullptr ? Cell(ns_text(memory->ns_per_element.median)) : Cell());
      cells.push_back(memory != nullptr ? Cell(fmt::format("{:.0f}", 100 * memory->ratio_to_copy.median)) : Cell());
      const SweepRow* accuracy = accuracy_of(report, cache->kernel);
      cells.push_back(accuracy != nullptr ? Cell(ulp_text(accuracy->max_ulp)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return fmt::format(
             "{}: the fastest backend of each activation, ns an element on one core; % of copy is that of {} "
             "arrays:\n\n",
             text_of(leading(report)), size_text(in_memory)) +
         reports::write(table, Format::markdown);
}

/// The other types in the leading direction, and the other directions in the leading type, as far as they are common:
/// the fastest kernel of the best tier that was timed, in the cache.
std::string other_speeds_table(const Report& report, const std::string& in_cache) {
  const Variant lead = leading(report);
  std::map<Variant, std::set<std::string>> activations;
  for (const Kernel* k : report.kernels) activations[variant_of(*k)].insert(k->activation->name);
  std::set<Variant> others;
  for (const auto& [variant, of_variant] : activations) {
    const bool near = (variant.first == lead.first) != (variant.second == lead.second);
    if (near && 2 * of_variant.size() > activations[lead].size()) others.insert(variant);
  }
  std::map<std::string, std::map<Variant, const timing::BenchRow*>> best;
  for (const timing::BenchRow& row : report.performance.rows) {
    if (row.kernel == nullptr || row.size.name != in_cache || others.count(variant_of(*row.kernel)) == 0) continue;
    const timing::BenchRow*& place = best[row.kernel->activation->name][variant_of(*row.kernel)];
    if (place == nullptr || row.kernel->tier > place->kernel->tier ||
        (row.kernel->tier == place->kernel->tier && row.ns_per_element.median < place->ns_per_element.median)) {
      place = &row;
    }
  }
  if (best.empty()) return {};
  reports::Table table;
  table.columns = {{.name = "activation"}};
  Tier tier{};
  for (const Variant& variant : others) table.columns.push_back({.name = text_of(variant), .right = true});
  for (auto& [activation, of_variant] : best) {
    std::vector<Cell> cells{activation};
    for (const Variant& variant : others) {
      const timing::BenchRow* row = of_variant[variant];
      if (row != nullptr) tier = std::max(tier, row->kernel->tier);
      cells.push_back(row != nullptr ? Cell(ns_text(row->ns_per_element.median)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return fmt::format("\nOther types and directions: ns an element in {}, {} kernels (performance.md has the rest):\n\n",
                     size_text(in_cache), name(tier)) +
         reports::write(table, Format::markdown);
}

std::string summarise_performance(const Report& report) {
  const auto& rows = report.performance.rows;
  std::vector<std::string> sizes;
  for (const timing::BenchRow& row : rows) {
    if (std::find(sizes.begin(), sizes.end(), row.size.name) == sizes.end()) sizes.push_back(row.size.name);
  }
  if (sizes.empty()) return {};
  std::string ceilings;
  for (const std::string& size : sizes) {
    const timing::BenchRow* best = nullptr;
    for (const timing::BenchRow& row : rows) {
      if (row.kernel == nullptr && row.size.name == size &&
          (best == nullptr || row.gb_per_second > best->gb_per_second))
        best = &row;
    }
    if (best != nullptr)
      ceilings += fmt::format("{}{} {:.3g} GB/s", ceilings.empty() ? "" : ", ", size_text(size), best->gb_per_second);
  }
  return fmt::format("## Speed\n\nCopying, read and written bytes together: {}.\n\n", ceilings) +
         speed_table(report, sizes.front(), sizes.back()) + other_speeds_table(report, sizes.front()) +
         slowest_inputs(report.by_inputs);
}

std::vector<Listed> write_performance(const Report& report, reports::Folder& folder) {
  std::vector<reports::Table> machines = performance_tables(report.performance, report.machine, report.options.seed);
  std::vector<reports::Table> people = machines;
  people.insert(people.begin() + 1, performance_overview(report.performance));
  if (report.device_performance) {
    for (const reports::Table& table :
         performance_tables(*report.device_performance, report.machine, report.options.seed)) {
      people.push_back(table);
      machines.push_back(table);
    }
  }
  const reports::Table by_inputs = performance_by_inputs(report.by_inputs);
  if (!by_inputs.rows.empty()) {
    reports::Table slowest = by_inputs;
    constexpr std::size_t shown = 40;
    if (slowest.rows.size() > shown) {
      slowest.rows.resize(shown);
      slowest.notes.push_back(
          fmt::format("The {} that are slowed down most, of {}; performance-inputs.csv has the rest.", shown,
                      by_inputs.rows.size()));
    }
    people.insert(people.begin() + 2, std::move(slowest));
    folder.add("performance-inputs.csv", reports::write({&by_inputs, 1}, Format::csv));
  }
  add_table(folder, "performance", "Speed of every kernel", people, machines);
  std::vector<Listed> listed{{{"performance.md", "performance.csv"}, "every kernel at every size, with intervals"}};
  if (!by_inputs.rows.empty())
    listed.push_back({{"performance-inputs.csv"}, "every kernel over inputs of every kind, subnormal ones among them"});
  return listed;
}

// ---- Kernels over rows
// -------------------------------------------------------------------------------------------------

bool has_rows(const Report& report) { return !report.rows.kernels.empty(); }

void measure_over_rows(Report& report, const Measuring& progress) {
  const ReportOptions& asked = report.options;
  RowFindings& rows = report.rows;
  rows.options.lengths = {1, 2, 3, 10, 128, 1024, 4096, 32768, 128256};
  rows.options.elements = !asked.inputs.empty() ? report.inputs : std::uint64_t{1} << (asked.full ? 21 : 17);
  rows.options.seed = asked.seed;
  rows.options.threads = asked.threads;
  rows.options.stop = &stop_flag();
  rows.options.progress = [&](double fraction) { progress(0.5 * fraction, {}); };
  rows.results = measure_rows(rows.kernels, rows.options);
  rows.special = special_rows(rows.kernels);

  // From the cache that holds rows of every length on. A quick report times what it leads with at three lengths, and of
  // the other types the kernel that most is to be hoped from.
  timing::BenchOptions options;
  std::vector<timing::Size> sizes = timing::default_sizes(report.machine);
  sizes.erase(sizes.begin(), sizes.end() - 2);
  if (!asked.full) {
    sizes.pop_back();
    options.rows = {128, 4096, 128256};
  }
  options.sizes = sizes;
  options.kernels = on_device(rows.kernels, false);
  if (!in_depth(report)) {
    const std::vector<const Kernel*> telling = most_telling(options.kernels);
    std::erase_if(options.kernels, [&](const Kernel* k) {
      return k->type != leading(report).second && std::find(telling.begin(), telling.end(), k) == telling.end();
    });
  }
  const double benchmarks = static_cast<double>(options.kernels.size() * options.sizes.size() * options.rows.size());
  options.time_budget_s = asked.full ? std::max(10.0, benchmarks) : std::clamp(benchmarks * 0.25, 2.0, 8.0);
  options.seed = asked.seed;
  options.stop = &stop_flag();
  options.progress = [&](const timing::Progress& p) {
    progress(0.5 + 0.5 * static_cast<double>(p.done) / static_cast<double>(std::max<std::size_t>(1, p.total)), p.label);
  };
  if (!options.kernels.empty()) rows.times = timing::run_benchmarks(options);

  // Over inputs of every kind: those that promise something, at one length.
  std::erase_if(options.kernels, [](const Kernel* k) { return k->tier == Tier::naive; });
  if (!options.kernels.empty()) {
    options.sizes.resize(1);
    options.rows = {128};
    options.distributions.assign(std::begin(timing::all_distributions), std::end(timing::all_distributions));
    const double kinds = static_cast<double>(options.kernels.size() * options.distributions.size());
    options.time_budget_s = asked.full ? std::max(10.0, 0.1 * kinds) : std::clamp(kinds * 0.05, 1.0, 5.0);
    rows.by_inputs = timing::run_benchmarks(options);
    options.distributions = {timing::Distribution::normal};
  }

  options.kernels = on_device(rows.kernels, true);
  if (!options.kernels.empty()) {
    options.sizes = timing::default_device_sizes();
    options.time_budget_s = device_budget_s(asked.full, options.kernels.size() * options.sizes.size(), 10);
    options.progress = {};
    rows.device_times = timing::run_benchmarks(options);
  }
}

std::string summarise_rows(const Report& report) { return "## Rows\n\n" + rows_in_short(report.rows); }

std::vector<Listed> write_rows(const Report& report, reports::Folder& folder) {
  const RowFindings& rows = report.rows;
  std::vector<SweepRow> swept;
  for (const RowResult& result : rows.results) swept.push_back(as_sweep_row(result, rows.options.ulp));
  const std::vector<reports::Table> special = special_tables(rows.special);
  std::vector<reports::Table> times = performance_tables(rows.times, report.machine, rows.options.seed);
  if (rows.device_times) {
    const auto tables = performance_tables(*rows.device_times, report.machine, rows.options.seed);
    times.insert(times.end(), tables.begin(), tables.end());
  }
  std::vector<reports::Table> people{accuracy_for_people(swept, rows.options.seed),
                                     with_backends_joined(rows_table(rows.results, rows.options))};
  for (const reports::Table& table : special) people.push_back(with_backends_joined(table));
  people.push_back(performance_overview(rows.times));
  const reports::Table by_inputs = performance_by_inputs(rows.by_inputs);
  if (!by_inputs.rows.empty()) people.push_back(by_inputs);
  people.insert(people.end(), times.begin(), times.end());
  folder.add("rows.md", fmt::format("# Kernels over rows\n\n{}", reports::write(people, Format::markdown)));
  std::vector<Listed> listed{{{"rows.md"}, "kernels over rows: accuracy, overflow and speed of every one"}};
  const auto add = [&](const char* file, std::span<const reports::Table> tables, const char* what) {
    folder.add(file, reports::write(tables, Format::csv));
    listed.push_back({{file}, what});
  };
  const reports::Table accuracy = accuracy_table(swept, rows.options.seed);
  const reports::Table lengths = rows_table(rows.results, rows.options);
  add("rows-accuracy.csv", {&accuracy, 1}, "over rows: every kernel, its worst element, its counts");
  add("rows-lengths.csv", {&lengths, 1}, "over rows: errors by length and scale, sums, order");
  add("rows-faults.csv", {special.data(), 1}, "over rows: faults in kind at special rows");
  if (special.size() > 1)
    add("rows-overflow.csv", {&special[1], 1}, "over rows: from where on results are infinite or NaN");
  if (!by_inputs.rows.empty())
    add("rows-inputs.csv", {&by_inputs, 1}, "over rows: every kernel over inputs of every kind");
  add("rows-performance.csv", times, "over rows: every kernel at every size and length, with intervals");
  return listed;
}

// ---- The gap between gelu and its approximations
// --------------------------------------------------------------------

bool has_gap(const Report& report) {
  const std::vector<std::string> forms = gelu_forms();
  std::set<std::string> there;
  for (const Kernel* kernel : report.kernels) {
    if (std::find(forms.begin(), forms.end(), kernel->activation->name) != forms.end())
      there.insert(kernel->activation->name);
  }
  return there.size() > 1 && there.count(forms.front()) != 0;
}

void measure_gap(Report& report, const Measuring& progress) {
  const std::vector<std::string> forms = gelu_forms();
  std::vector<const Kernel*> timed;
  for (const Kernel* kernel : report.kernels) {
    if (std::find(forms.begin(), forms.end(), kernel->activation->name) != forms.end() &&
        variant_of(*kernel) == leading(report))
      timed.push_back(kernel);
  }
  GapOptions options;
  options.quick = !report.options.full;
  options.timed = on_device(timed, false);
  options.timing_s = report.options.full ? 30 : 4;
  options.threads = report.options.threads;
  options.seed = report.options.seed;
  options.stop = &stop_flag();
  options.progress = progress;
  report.gap = find_gaps(options);
}

std::string summarise_gap(const Report& report) {
  return fmt::format("## GELU and its approximations\n\n{}\n", gap_sentence(report.gap));
}

std::vector<Listed> write_gap(const Report& report, reports::Folder& folder) {
  add_table(folder, "gap", "GELU and its approximations", gap_tables(report.gap, true), gap_tables(report.gap, false));
  std::vector<std::string> curves;
  for (const GapPlot& plot : gap_plots(report.gap)) {
    folder.add(plot.file, reports::svg(plot.figure));
    curves.push_back(plot.file);
  }
  return {{{"gap.md", "gap.csv"}, "how far gelu's approximations are from it, proven"},
          {std::move(curves), "the same as curves"}};
}

// ---- Properties
// ------------------------------------------------------------------------------------------------------

void measure_properties(Report& report, const Measuring& progress) {
  std::vector<const Activation*> activations;
  std::vector<std::vector<double>> parameters;
  for (const Activation* activation : every_activation()) {
    if (std::none_of(report.kernels.begin(), report.kernels.end(),
                     [&](const Kernel* k) { return std::string_view(k->activation->name) == activation->name; })) {
      continue;
    }
    activations.push_back(activation);
    parameters.push_back(unrounded_parameters(*activation, {}));
  }
  report.properties =
      properties_of(activations, parameters, report.options.threads, [&](double fraction) { progress(fraction, {}); });
}

std::string summarise_properties(const Report& report) {
  return "## What the functions are like\n\n" + properties_in_short(report.properties);
}

std::vector<Listed> write_properties(const Report& report, reports::Folder& folder) {
  const std::vector<reports::Table> people = properties_tables(report.properties);
  const reports::Table machines = properties_records(report.properties);
  add_table(folder, "properties", "What the functions are like", people, {&machines, 1});
  for (const Properties& p : report.properties)
    folder.add(fmt::format("properties-{}.svg", p.activation->name), reports::svg(properties_figure(p)));
  return {{{"properties.md", "properties.csv"},
           "range, slope, smoothness, saturation of every function; as curves in properties-NAME.svg"}};
}

// ---- Claims
// ----------------------------------------------------------------------------------------------------------

/// They are about all activations: a report on some of the kernels leaves them out.
bool has_claims(const Report& report) {
  const ReportOptions& o = report.options;
  return o.filters.empty() && o.directions.empty() && o.types.empty() && o.tiers.empty() && o.backends.empty();
}

void measure_claims(Report& report, const Measuring& progress) {
  std::vector<const Claim*> all;
  for (const Claim& claim : claims()) all.push_back(&claim);
  Evidence evidence(&report.performance, report.properties, report.rows.results);
  report.claims = examine_claims(all, evidence, progress);
}

std::string summarise_claims(const Report& report) {
  return "## What tutorials claim\n\n" + claims_in_short(report.claims);
}

std::vector<Listed> write_claims(const Report& report, reports::Folder& folder) {
  std::vector<reports::Table> people{claims_table(report.claims), claims_numbers(report.claims)};
  people[0].notes.push_back(times_note(report.performance, report.machine));
  const reports::Table machines = claims_records(report.claims);
  add_table(folder, "claims", "What tutorials claim, put to the test", people, {&machines, 1});
  return {{{"claims.md", "claims.csv"}, "what introductions say, and every number it was judged by"}};
}

constexpr Section sections[] = {
    {"accuracy", goes_by_element, measure_accuracy, summarise_accuracy, write_accuracy},
    {"overflow", goes_by_element, measure_overflow, summarise_overflow, write_overflow},
    {"speed", goes_by_element, measure_performance, summarise_performance, write_performance},
    {"rows", has_rows, measure_over_rows, summarise_rows, write_rows},
    {"gap", has_gap, measure_gap, summarise_gap, write_gap},
    {"properties", goes_by_element, measure_properties, summarise_properties, write_properties},
    {"claims", has_claims, measure_claims, summarise_claims, write_claims},
};

std::vector<const Section*> sections_of(const Report& report) {
  std::vector<const Section*> apply;
  for (const Section& section : sections) {
    if (section.applies(report)) apply.push_back(&section);
  }
  return apply;
}

/// Those over rows, too.
std::vector<const Kernel*> all_kernels(const Report& report) {
  std::vector<const Kernel*> all = report.kernels;
  all.insert(all.end(), report.rows.kernels.begin(), report.rows.kernels.end());
  return all;
}

// ---- The whole
// -------------------------------------------------------------------------------------------------------

std::string machine_json(const Report& report) {
  using nlohmann::ordered_json;
  const timing::Machine& m = report.machine;
  ordered_json caches = ordered_json::array();
  for (const timing::Cache& cache : m.caches) {
    caches.push_back(ordered_json{{"level", cache.level},
                                  {"type", cache.type},
                                  {"bytes", cache.bytes},
                                  {"line", cache.line},
                                  {"shared_by", cache.shared_by}});
  }
  ordered_json backends = ordered_json::object();
  for (const Kernel& kernel : kernels()) {
    const char* reason = unrunnable_reason(kernel.backend);
    backends[name(kernel.backend)] = reason == nullptr ? "runs" : reason;
  }
  ordered_json libraries = ordered_json::object();
  for (const auto& [library, version] : report.build.libraries) libraries[library] = version;
  ordered_json sizes = ordered_json::array();
  for (const timing::Size& size : timing::default_sizes(m)) {
    sizes.push_back(ordered_json{{"name", size.name}, {"working_bytes", size.working_bytes}});
  }
  ordered_json root{{"machine",
                     {{"cpu", m.cpu},
                      {"vendor", m.vendor},
                      {"family", m.family},
                      {"model", m.model},
                      {"stepping", m.stepping},
                      {"logical_cpus", m.logical_cpus},
                      {"usable_cpus", m.usable_cpus},
                      {"physical_cores", m.physical_cores},
                      {"sockets", m.sockets},
                      {"caches", caches},
                      {"instruction_sets", m.isa},
                      {"backends", backends},
                      {"memory_bytes", m.memory_bytes},
                      {"page_bytes", m.page_bytes},
                      {"huge_pages", m.huge_pages},
                      {"os", m.os},
                      {"kernel", m.kernel},
                      {"hypervisor", m.hypervisor},
                      {"governor", m.governor},
                      {"turbo", m.turbo},
                      {"smt", m.smt},
                      {"load_average", m.load_average < 0 ? ordered_json() : ordered_json(m.load_average)}}},
                    {"build",
                     {{"version", report.build.version},
                      {"revision", report.build.revision},
                      {"modified", report.build.modified},
                      {"compiler", report.build.compiler},
                      {"build_type", report.build.build_type},
                      {"flags", report.build.flags},
                      {"libraries", libraries}}},
                    {"run",
                     {{"started", report.started},
                      {"seconds", std::round(10 * report.seconds) / 10},
                      {"mode", report.options.full ? "full" : "quick"},
                      {"filters", report.options.filters},
                      {"directions", report.options.directions},
                      {"types", report.options.types},
                      {"tiers", report.options.tiers},
                      {"backends", report.options.backends},
                      {"kernels", all_kernels(report).size()},
                      {"inputs_per_kernel", report.inputs},
                      {"seed", report.options.seed},
                      {"threads", report.options.threads},
                      {"sizes", sizes},
                      {"repetitions", report.performance.repetitions},
                      {"seconds_per_timed_run", report.performance.run_seconds},
                      {"clock", report.performance.cpu_time ? "cpu" : "wall"},
                      {"left_out", report.left_out}}}};
  return root.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string cache_text(const timing::Machine& machine) {
  std::string text;
  for (const timing::Cache& cache : machine.caches) {
    if (cache.type == "instruction") continue;
    const double kib = static_cast<double>(cache.bytes) / 1024;
    text += fmt::format(", L{} {}", cache.level,
                        kib < 1024 ? fmt::format("{:.0f} KiB", kib) : fmt::format("{:.3g} MiB", kib / 1024));
  }
  return text;
}

std::string summary(const Report& report, std::span<const Listed> listed) {
  const timing::Machine& m = report.machine;
  std::set<std::string> activations;
  std::set<Type> types;
  std::set<Tier> tiers;
  std::set<Backend> backends;
  const std::vector<const Kernel*> kernels = all_kernels(report);
  for (const Kernel* k : kernels) {
    activations.insert(k->activation->name);
    types.insert(k->type);
    tiers.insert(k->tier);
    backends.insert(k->backend);
  }
  const auto names = [](const auto& values) {
    std::string text;
    for (auto value : values) text += fmt::format("{}{}", text.empty() ? "" : ", ", name(value));
    return text;
  };
  const auto known = [](const std::string& text) { return !text.empty() && text != "unknown"; };
  std::string conditions;
  if (known(m.governor)) conditions += fmt::format(", governor {}", m.governor);
  if (known(m.hypervisor)) conditions += fmt::format(", virtual ({})", m.hypervisor);
  std::string text = "# Activation functions: how fast, how right\n\n";
  text += fmt::format("- **Machine**: {}{}; {}{}\n", reports::markdown_cell(machine_text(m)), cache_text(m),
                      reports::markdown_cell(m.os), reports::markdown_cell(conditions));
  text += fmt::format("- **Build**: actbench {}, revision {}{}, {}, {}\n", report.build.version,
                      report.build.revision.substr(0, 12), report.build.modified ? " (modified)" : "",
                      report.build.compiler, report.build.build_type);
  text += fmt::format("- **Run**: {}, {} mode: {} of {} ({}; {}; {}), {} inputs each, seed {}, {}\n", report.started,
                      report.options.full ? "full" : "quick", reports::counted(kernels.size(), "kernel"),
                      reports::counted(activations.size(), "activation"), names(types), names(tiers), names(backends),
                      reports::compact_count(report.inputs), report.options.seed, reports::duration(report.seconds));
  if (!in_depth(report)) {
    text += fmt::format(
        "- **Quick**: {} is looked at in depth. Of the other types and directions a quarter as many inputs were swept "
        "(f64: a sixteenth), and fewer looked at for thresholds and signs, and the {} kernel of the widest backend was "
        "timed, in the L1 cache alone. `--full`, or a filter that leaves fewer kernels, covers them alike.\n",
        text_of(leading(report)), name(*tiers.rbegin()));
  }
  for (const std::string& sentence : report.left_out) text += fmt::format("- {}\n", reports::markdown_cell(sentence));
  for (const Section* section : sections_of(report)) {
    const std::string part = section->summary(report);
    if (!part.empty()) text += "\n" + part;
  }
  text += "\n## Files\n\n";
  for (const auto& [files, what] : listed) {
    for (const std::string& file : files)
      text += fmt::format("{}[{}]({})", &file == &files[0] ? "- " : ", ", file, file);
    text += fmt::format(": {}\n", what);
  }
  return text;
}

int run_report(const ReportOptions& options) {
  if (options.quick && options.full) throw UsageError("--quick and --full exclude each other; give one of them");
  if (options.out.empty()) throw UsageError("--out needs the name of a folder");
  Report report;
  report.options = options;
  report.inputs =
      !options.inputs.empty() ? parse_count(options.inputs, "--inputs") : std::uint64_t{1} << (options.full ? 28 : 22);
  Runnable found = runnable(options);
  report.rows.kernels = take_rows(found.kernels);
  report.kernels = std::move(found.kernels);
  report.left_out = std::move(found.notes);
  if (!has_claims(report))
    report.left_out.emplace_back("Left out: what tutorials claim; claims are about all kernels.");
  reports::Folder folder(options.out);  // before the work: it would be a pity afterwards
  report.machine = timing::read_machine();
  report.build = build_info();
  report.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  const auto start = Clock::now();
  const std::vector<const Section*> apply = sections_of(report);
  for (std::size_t i = 0; i < apply.size(); ++i) {
    Progress progress(fmt::format("report {}/{} {}", i + 1, apply.size(), apply[i]->name));
    apply[i]->measure(report, [&](double fraction, const std::string& label) { progress.update(fraction, label); });
    check_interrupted();
  }
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();

  std::vector<Listed> listed;
  for (const Section* section : apply) {
    for (Listed& files : section->write(report, folder)) listed.push_back(std::move(files));
  }
  listed.push_back({{"machine.json"}, "CPU, caches, compiler, options, versions"});
  folder.add("machine.json", machine_json(report));
  const std::string text = summary(report, listed);
  folder.add("summary.md", text);
  check_interrupted();
  try {
    folder.commit();
  } catch (const reports::FileError&) {
    write_stdout(text);  // what matters is not lost
    throw;
  }

  listed.insert(listed.begin(), {{"summary.md"}, "the whole in a minute"});
  reports::Table table{.name = "report", .title = "Report"};
  table.columns = {{.name = "file"}, {.name = "what"}};
  for (const auto& [files, what] : listed) {
    for (const std::string& file : files) {
      const bool repeats = &file != &files[0] && file.ends_with(".csv");
      table.rows.push_back({(folder.path() / file).string(), repeats ? "the same for machines" : what});
    }
  }
  table.notes = report.left_out;
  options.output.print(table);
  const bool accurate = std::all_of(report.accuracy.begin(), report.accuracy.end(), keeps_promise);
  const bool kept = accurate && faulty_kernels(report).empty() && broken_kernels(report.rows).empty();
  return kept ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_report(CLI::App& program) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* app = program.add_subcommand(
      "report", "All of it in one folder: accuracy, overflow and speed of every kernel, the gap, properties, claims");
  add_filter(*app, *options);
  app->add_option("--out", options->out, "The folder; default actbench-report")->type_name("DIR");
  app->add_flag("--quick", options->quick, "Within three minutes on two cores (default)");
  app->add_flag(
      "--full", options->full,
      "Thorough: 2^28 inputs a kernel, longer timings, every kernel alike; takes about seven hours on two cores");
  app->add_option("--inputs", options->inputs, "For each kernel; default 2^22, with --full 2^28")->type_name("N");
  app->add_option("--seed", options->seed, "Of samples, values and order; default 1")->type_name("S");
  add_threads(*app, options->threads, "Of the sweep; default: every CPU that may be used; timing takes one");
  add_shared_options(*app, *options);
  app->footer("Files appear together when all is done, or not at all. Exit code 1: a kernel broke its promise.");
  return {app, [options] { return run_report(*options); }};
}

}  // namespace actbench::bench
