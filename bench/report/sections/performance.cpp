// SPDX-License-Identifier: Apache-2.0
//
// How fast the elementwise kernels are.
#include "bench/performance/performance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "bench/numbers/ulp.hpp"
#include "bench/pictures/pictures.hpp"
#include "bench/report/first_findings.hpp"
#include "bench/report/section.hpp"
#include "bench/report/timings.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/sweep.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;
using reports::Format;

/// The kinds of inputs that differ for elementwise kernels.
std::vector<timing::Distribution> element_distributions() {
  std::vector<timing::Distribution> all(std::begin(timing::all_distributions), std::end(timing::all_distributions));
  std::erase(all, timing::Distribution::target);
  return all;
}

/// One sentence: by how much the slowest kind of inputs slows a kernel down, at most.
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
      "\nInputs change the time of a kernel by a factor of {} at most: {} is that much slower for inputs of the kind "
      "{} than for N(0, 3²) (performance-inputs.csv has every kernel).\n",
      reports::shown(worst[ratio], table.columns[ratio]), reports::shown(worst[0], table.columns[0]),
      reports::shown(worst[column("slowest")], table.columns[column("slowest")]));
}

/// Adds what was measured apart. Copy ceilings that are there already stand.
void append(timing::BenchResult& all, timing::BenchResult more) {
  if (all.rows.empty()) {
    all = std::move(more);
    return;
  }
  for (timing::BenchRow& row : more.rows) {
    const auto same = [&](const timing::BenchRow& r) { return r.name == row.name && r.size.name == row.size.name; };
    if (row.kernel == nullptr && std::any_of(all.rows.begin(), all.rows.end(), same)) continue;
    all.rows.push_back(std::move(row));
  }
  all.stopped = all.stopped || more.stopped;
  all.repetitions = std::min(all.repetitions, more.repetitions);
}

/// The kernels of the CPU, or of a device, that are looked at in depth, or those that are not.
std::vector<const Kernel*> kernels_of(const Report& report, bool device, bool depth) {
  std::vector<const Kernel*> kernels = on_device(report.kernels, device);
  std::erase_if(kernels, [&](const Kernel* k) { return in_depth(report, *k) != depth; });
  return kernels;
}

/// Kernels that are timed together, and the seconds that a quick report spends on them.
struct Part {
  std::vector<const Kernel*> kernels;
  std::vector<timing::Size> sizes;
  double quick_most;
};

std::vector<Part> parts_of(const Report& report) {
  const std::vector<timing::Size> sizes = timing::default_sizes(report.machine);
  const std::vector<const Kernel*> deep = kernels_of(report, false, true);
  if (in_depth(report)) return {{deep, sizes, 100}};
  return {{deep, sizes, 60}, {most_telling(kernels_of(report, false, false)), {sizes[0]}, 20}};
}

timing::BenchResult time_parts(Report& report, timing::BenchOptions options, const ShowProgress& progress) {
  timing::BenchResult all;
  const std::vector<Part> parts = parts_of(report);
  const Budget budget = report.budget.share(0.8);  // the rest is for the kinds of inputs
  double seconds = 0, done = 0;
  for (const Part& part : parts) seconds += part.kernels.empty() ? 0 : part.quick_most;
  for (const Part& part : parts) {
    if (part.kernels.empty()) continue;
    const Budget own = budget.share(part.quick_most / (seconds - done));
    options.kernels = part.kernels;
    options.sizes = part.sizes;
    options.time_budget_s = time_budget_s(report, own, part.kernels.size() * part.sizes.size(), part.quick_most);
    const auto shown = [&](double fraction, const std::string& label) {
      progress((done + fraction * part.quick_most) / seconds, label);
    };
    append(all, time_within(own, options, shown, "speed", report.cut));
    done += part.quick_most;
  }
  return all;
}

/// In the smallest cache. A quick report takes the kernels that it looks at in depth.
timing::BenchResult time_over_all_inputs(Report& report, timing::BenchOptions options, const ShowProgress& progress) {
  options.kernels =
      without_naive(report.options.full ? on_device(report.kernels, false) : kernels_of(report, false, true));
  if (options.kernels.empty()) return {};
  options.sizes = {timing::default_sizes(report.machine)[0]};
  return time_by_inputs(report, report.budget, std::move(options), element_distributions(), 20, progress);
}

std::optional<timing::BenchResult> time_device(const Report& report, timing::BenchOptions options) {
  options.kernels = kernels_of(report, true, true);
  if (options.kernels.empty()) return {};
  options.sizes = timing::default_device_sizes();
  options.time_budget_s = device_time_budget_s(report, options.kernels.size() * options.sizes.size(), 30);
  return timing::run_benchmarks(options);
}

const SweepRow* accuracy_of(const Report& report, const Kernel* kernel) {
  for (const SweepRow& row : report.accuracy) {
    if (row.subject.kernel == kernel) return &row;
  }
  return nullptr;
}

/// The leading functions: the fastest backend of every tier, in the cache and in memory, with its largest error.
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
  table.columns = {{.name = "activation", .key = true}};
  std::vector<std::string> measured{"backend", fmt::format("ns, {}", size_text(in_cache)), "% of copy", "max ULP"};
  if (in_memory != in_cache) measured.insert(measured.begin() + 2, fmt::format("ns, {}", size_text(in_memory)));
  for (Tier tier : tiers) {
    for (const std::string& what : measured) {
      table.columns.push_back({.name = fmt::format("{}: {}", name(tier), what),
                               .right = what != "backend",
                               .part = static_cast<int>(tier)});
    }
  }
  for (auto& [activation, of_tier] : best) {
    std::vector<Cell> cells{activation};
    for (Tier tier : tiers) {
      auto& [cache, memory] = of_tier[tier];
      if (cache == nullptr) {
        cells.resize(cells.size() + measured.size());
        continue;
      }
      for (const timing::BenchRow& row : rows) {
        if (row.kernel == cache->kernel && row.size.name == in_memory) memory = &row;
      }
      cells.push_back(name(cache->kernel->backend));
      cells.push_back(ns_text(cache->ns_per_element.median));
      if (in_memory != in_cache)
        cells.push_back(memory != nullptr ? Cell(ns_text(memory->ns_per_element.median)) : Cell());
      cells.push_back(memory != nullptr ? Cell(fmt::format("{:.0f}", 100 * memory->ratio_to_copy.median)) : Cell());
      const SweepRow* accuracy = accuracy_of(report, cache->kernel);
      cells.push_back(accuracy != nullptr ? Cell(ulp_text(accuracy->max_ulp)) : Cell());
    }
    table.rows.push_back(std::move(cells));
  }
  return fmt::format(
             "{}: the fastest backend of each activation and tier, in ns an element on one core; % of copy is for the "
             "size {}:\n\n",
             text_of(leading(report)), size_text(in_memory)) +
         reports::write(table, Format::markdown);
}

/// The other types in the leading direction and the other directions in the leading type, where most activations have
/// them: the fastest kernel of the best tier that was timed, in the cache.
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
  return fmt::format(
             "\nThe other types and directions: ns an element in {}, {} kernels (performance.md has the rest):\n\n",
             size_text(in_cache), name(tier)) +
         reports::write(table, Format::markdown);
}

/// The bandwidth of copying at every size.
std::string ceilings_sentence(std::span<const timing::BenchRow> rows, std::span<const std::string> sizes) {
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
  return fmt::format("The speed of copying, read and written bytes together: {}.\n\n", ceilings);
}

/// The kernels that other inputs slow down most.
reports::Table slowest_of(const reports::Table& by_inputs) {
  reports::Table slowest = by_inputs;
  constexpr std::size_t shown = 40;
  if (slowest.rows.size() > shown) {
    slowest.rows.resize(shown);
    slowest.notes.push_back(fmt::format("These {} of {} are slowed down most; performance-inputs.csv has the rest.",
                                        shown, by_inputs.rows.size()));
  }
  return slowest;
}

/// The kernels that are furthest from the speed of copying come first.
reports::Table slowest_first(reports::Table table) {
  const auto column = std::find_if(table.columns.begin(), table.columns.end(), [](const reports::Column& c) {
    return c.name.starts_with("percent_of_copy") && c.audience != reports::Audience::machines;
  });
  if (column == table.columns.end()) return table;
  const auto at = static_cast<std::size_t>(column - table.columns.begin());
  const auto percent = [&](const std::vector<Cell>& row) {
    const double* number = std::get_if<double>(&row[at].value);
    return number != nullptr ? *number : HUGE_VAL;
  };
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [&](const auto& a, const auto& b) { return percent(a) < percent(b); });
  table.notes.insert(table.notes.begin(), "The kernels that are furthest from the speed of copying come first.");
  return table;
}

/// Adds the pictures of the variant that the report leads with: time by size, and error against time, of all functions,
/// and of those that plug-ins have one by one. Returns what shows them, as Markdown.
std::string add_pictures(const Report& report, reports::Folder& folder) {
  const std::vector<pictures::Time> all = pictures::times_of(report.performance);
  std::vector<pictures::Time> times, contested;
  std::set<std::string> foreign;
  const Variant lead = leading(report);
  for (const pictures::Time& time : all) {
    if (!time.is_copy() && (time.kernel.direction != name(lead.first) || time.kernel.type != name(lead.second)))
      continue;
    times.push_back(time);
    if (!time.is_copy() && !time.kernel.is_own()) foreign.insert(time.kernel.activation);
  }
  const std::string size = pictures::telling_size(times);
  if (size.empty()) return {};
  const std::vector<pictures::Error> errors = pictures::errors_of(report.accuracy);
  std::copy_if(times.begin(), times.end(), std::back_inserter(contested),
               [&](const pictures::Time& time) { return foreign.contains(time.kernel.activation); });
  std::string shown;
  const auto add = [&](const std::string& file, const reports::Figure& figure) {
    folder.add(file, reports::svg(figure));
    shown += picture(file, figure.title);
  };
  add("performance-error.svg", pictures::overview_figure(times, errors, size));
  if (!contested.empty()) add("performance-front.svg", pictures::front_figure(contested, errors, size));
  const bool several = std::any_of(times.begin(), times.end(), [&](const pictures::Time& time) {
    return !time.is_copy() && time.size != times.back().size;
  });
  if (several) add("performance-sizes.svg", pictures::sizes_figure(times));
  return shown;
}

class PerformanceSection final : public Section {
  const char* label() const override { return "speed"; }
  double weight(const Report& report) const override { return report.options.full ? 5000 : 100; }
  bool applies(const Report& report) const override { return has_elementwise(report); }

  void measure(Report& report, const ShowProgress& progress) override {
    timing::BenchOptions options;
    options.seed = report.options.seed;
    options.stop = &stop_flag();
    device_ = time_device(report, options);
    report.performance = time_parts(report, options, progress);
    by_inputs_ = time_over_all_inputs(report, options, progress);
  }

  std::string first_finding(const Report& report) const override { return fastest_in_short(report); }

  std::string summary(const Report& report) const override {
    const auto& rows = report.performance.rows;
    std::vector<std::string> sizes;
    for (const timing::BenchRow& row : rows) {
      if (std::find(sizes.begin(), sizes.end(), row.size.name) == sizes.end()) sizes.push_back(row.size.name);
    }
    if (sizes.empty()) return {};
    return "## Speed\n\n" + ceilings_sentence(rows, sizes) + speed_table(report, sizes.front(), sizes.back()) +
           other_speeds_table(report, sizes.front()) + slowest_inputs(by_inputs_);
  }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    std::vector<reports::Table> machines = performance_tables(report.performance, report.machine, report.options.seed);
    std::vector<reports::Table> people = machines;
    people.insert(people.begin() + 1, slowest_first(performance_overview(report.performance)));
    people[2] = slowest_first(std::move(people[2]));
    if (device_) {
      for (const reports::Table& table : performance_tables(*device_, report.machine, report.options.seed)) {
        people.push_back(table);
        machines.push_back(table);
      }
    }
    std::vector<ReportFile> written{
        {{"performance.md", "performance.csv"}, "every kernel at every size, with intervals"}};
    const reports::Table by_inputs = performance_by_inputs(by_inputs_);
    if (!by_inputs.rows.empty()) {
      people.insert(people.begin() + 2, slowest_of(by_inputs));
      folder.add("performance-inputs.csv", reports::write({&by_inputs, 1}, Format::csv));
      written.push_back(
          {{"performance-inputs.csv"}, "every kernel over inputs of every kind, subnormal ones among them"});
    }
    add_table(folder, "performance", "Speed of every kernel", people, machines, add_pictures(report, folder));
    written[0].what += "; error against time, and time by size, in performance-*.svg";
    return written;
  }

  timing::BenchResult by_inputs_;              ///< of the CPU's kernels, over inputs of every kind
  std::optional<timing::BenchResult> device_;  ///< of a device's kernels in depth, where one is here
};

}  // namespace

std::unique_ptr<Section> performance_section() { return std::make_unique<PerformanceSection>(); }

}  // namespace actbench::bench
