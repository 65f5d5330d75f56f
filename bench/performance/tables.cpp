// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "bench/performance/performance.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "reports/text.hpp"

namespace actbench::bench {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using timing::BenchResult;
using timing::BenchRow;

std::string ns_text(double ns) {
  return reports::shown(Cell(ns), Column{.display = Display::significant, .digits = 3});
}

std::string size_text(const std::string& name) {
  return name == "l1" ? "L1" : name == "l2" ? "L2" : name == "llc" ? "LLC" : name;
}

std::string machine_text(const timing::Machine& machine) {
  return fmt::format("{}, {}", machine.cpu.empty() ? "unknown CPU" : machine.cpu,
                     machine.usable_cpus == machine.logical_cpus
                         ? reports::counted(static_cast<std::uint64_t>(machine.logical_cpus), "CPU")
                         : fmt::format("{} of {} CPUs", machine.usable_cpus, machine.logical_cpus));
}

namespace {

std::string cuda_version(int number) { return fmt::format("{}.{}", number / 1000, number % 1000 / 10); }

/// What a reader needs to know about a measurement on a device.
std::vector<reports::Fact> device_facts(const BenchResult& result) {
  if (!result.device) return {};
  const timing::DeviceRecord& d = *result.device;
  const auto clocks = [](const timing::GpuState& state) {
    return state.driver.empty()
               ? Cell()
               : Cell(fmt::format("{} of {} MHz, memory {} MHz, {} °C, {:.0f} W, slowed by {}", state.sm_mhz,
                                  state.most_sm_mhz, state.memory_mhz, state.celsius, state.watts, state.slowed_by));
  };
  return {
      {.name = "device",
       .cell = Cell(d.name).as(fmt::format("{} (sm_{}, {} multiprocessors, {} GiB, L2 {} MiB)", d.name, d.architecture,
                                           d.processors, d.memory_bytes >> 30, d.l2_bytes >> 20))},
      {.name = "driver",
       .cell = fmt::format("{}CUDA {}, built with CUDA {}", d.before.driver.empty() ? "" : d.before.driver + ", for ",
                           cuda_version(d.driver_cuda), cuda_version(d.runtime_cuda))},
      {.name = "clocks_before", .heading = "clocks before", .cell = clocks(d.before)},
      {.name = "clocks_after", .heading = "clocks after", .cell = clocks(d.after)},
      {.name = "launch_in_row_us", .cell = 1e6 * d.launch_in_row_s, .audience = Audience::machines},
      {.name = "launch_alone_us", .cell = 1e6 * d.launch_alone_s, .audience = Audience::machines}};
}

Cell row_cell(const BenchRow& row) { return row.row > 0 ? Cell(std::uint64_t{row.row}) : Cell(); }

std::vector<Cell> key_cells(const BenchRow& row) {
  if (row.kernel != nullptr) return kernel_cells(*row.kernel);
  return {row.name, row.name, Cell(), Cell(), Cell(), Cell()};
}

bool is_ceiling(const BenchRow& row) { return row.kernel == nullptr; }

/// A ratio to the copy ceiling as a percentage; nothing for the ceilings themselves.
Cell percent_cell(const BenchRow& row, double ratio) { return is_ceiling(row) ? Cell() : Cell(100 * ratio); }

/// Empty text becomes an empty cell.
Cell text_cell(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

/// The columns after those that name the kernel.
std::vector<Field<BenchRow>> measured_columns(bool device) {
  const Audience machines = Audience::machines, people = Audience::people;
  return {
      {{.name = "distribution", .heading = "inputs", .key = true, .liftable = true},
       [](const BenchRow& r) { return text_cell(r.distribution); }},
      {{.name = "size", .key = true, .liftable = true},
       [](const BenchRow& r) { return Cell(r.size.name).as(size_text(r.size.name)); }},
      {{.name = "cache", .heading = "L2", .audience = device ? Audience::all : machines, .key = true},
       [](const BenchRow& r) { return text_cell(r.cache); }},
      {{.name = "row", .heading = "row length", .right = true, .key = true}, row_cell},
      {{.name = "elements", .display = Display::count, .right = true},
       [](const BenchRow& r) { return Cell(std::uint64_t{r.elements}); }},
      {{.name = "bytes_per_element", .audience = machines},
       [](const BenchRow& r) { return Cell(std::uint64_t{r.bytes_per_element}); }},
      {{.name = "repetitions", .audience = machines},
       [](const BenchRow& r) { return Cell(std::uint64_t{r.repetitions}); }},
      {{.name = "ns_per_element", .heading = "ns/element", .display = Display::significant, .digits = 3, .right = true},
       [](const BenchRow& r) { return Cell(r.ns_per_element.median); }},
      {{.name = "interval", .heading = "interval, ns", .right = true, .audience = people},
       [](const BenchRow& r) {
         return Cell(fmt::format("{} – {}", ns_text(r.ns_per_element.low), ns_text(r.ns_per_element.high)));
       }},
      {{.name = "ns_low", .audience = machines}, [](const BenchRow& r) { return Cell(r.ns_per_element.low); }},
      {{.name = "ns_high", .audience = machines}, [](const BenchRow& r) { return Cell(r.ns_per_element.high); }},
      {{.name = "confidence", .audience = machines},
       [](const BenchRow& r) { return Cell(r.ns_per_element.confidence); }},
      {{.name = "elements_per_second", .heading = "elements/s", .display = Display::count, .right = true},
       [](const BenchRow& r) { return Cell(r.elements_per_second); }},
      {{.name = "gb_per_second", .heading = "GB/s", .display = Display::significant, .digits = 3, .right = true},
       [](const BenchRow& r) { return Cell(r.gb_per_second); }},
      {{.name = "percent_of_copy", .heading = "% of copy", .right = true},
       [](const BenchRow& r) {
         const double ratio = r.ratio_to_copy.median;
         return percent_cell(r, ratio).as(is_ceiling(r) ? "" : fmt::format("{:.1f}", 100 * ratio));
       }},
      {{.name = "copy_interval", .heading = "interval, %", .right = true, .audience = people},
       [](const BenchRow& r) {
         if (is_ceiling(r)) return Cell();
         return Cell(fmt::format("{:.1f} – {:.1f}", 100 * r.ratio_to_copy.low, 100 * r.ratio_to_copy.high));
       }},
      {{.name = "percent_of_copy_low", .audience = machines},
       [](const BenchRow& r) { return percent_cell(r, r.ratio_to_copy.low); }},
      {{.name = "percent_of_copy_high", .audience = machines},
       [](const BenchRow& r) { return percent_cell(r, r.ratio_to_copy.high); }}};
}

std::vector<reports::Fact> facts_of(const BenchResult& result, const timing::Machine& machine, std::uint64_t seed) {
  std::vector<reports::Fact> facts{{.name = "cpu",
                                    .heading = "machine",
                                    .cell = Cell(machine.cpu).as(machine_text(machine)),
                                    .audience = result.device ? Audience::machines : Audience::all},
                                   {.name = "seed", .cell = seed, .audience = Audience::machines},
                                   {.name = "clock",
                                    .cell = result.device     ? "device"
                                            : result.cpu_time ? "cpu"
                                                              : "wall",
                                    .audience = Audience::machines}};
  if (result.threads > 1)
    facts.push_back({.name = "threads", .cell = std::uint64_t{result.threads}, .audience = Audience::machines});
  for (reports::Fact& fact : device_facts(result)) facts.push_back(std::move(fact));
  return facts;
}

/// The sentences that explain the columns. The confidence is that of the weakest interval.
std::vector<std::string> notes_of(const BenchResult& result, double confidence) {
  std::vector<std::string> notes{
      result.repetitions == 1
          ? std::string("Times are those of a single repetition, and no interval is known.")
          : fmt::format("Times are medians of {} repetitions in random order; the interval holds the true median with "
                        "at least {:.0f} % probability.",
                        result.repetitions, std::floor(100 * confidence)),
      "GB/s counts bytes read and written. % of copy compares with the better copy ceiling at that size, timed moments "
      "apart; 100 is as fast as copying."};
  if (result.threads > 1) {
    notes.push_back(
        fmt::format("Up to {} threads share each call, one for each MiB of its arrays; times are the wall "
                    "clock's.",
                    result.threads));
  }
  if (result.device) {
    notes.push_back(fmt::format(
        "The device's own events time the calls. Warm: one call follows another, so that arrays that fit are in the "
        "L2. Cold: other data fills the L2 before each call. A call with next to nothing to do takes {} µs in a series "
        "of calls and {} µs alone; the times of small sizes are mostly that.",
        ns_text(1e6 * result.device->launch_in_row_s), ns_text(1e6 * result.device->launch_alone_s)));
  }
  if (result.stopped) notes.emplace_back("The run was stopped early: some rows rest on fewer repetitions.");
  return notes;
}

/// The different values that the rows have, in their order.
template <class Get>
std::vector<std::string> distinct(const BenchResult& result, Get get) {
  std::vector<std::string> values;
  for (const BenchRow& row : result.rows) {
    if (std::find(values.begin(), values.end(), get(row)) == values.end()) values.push_back(get(row));
  }
  return values;
}

}  // namespace

std::vector<reports::Table> performance_tables(const BenchResult& result, const timing::Machine& machine,
                                               std::uint64_t seed) {
  const std::vector<Field<BenchRow>> columns = measured_columns(result.device.has_value());
  reports::Table empty{.name = "performance", .facts = facts_of(result, machine, seed), .columns = kernel_columns()};
  for (const Field<BenchRow>& c : columns) empty.columns.push_back(c.column);
  std::vector<reports::Table> tables{empty, empty};
  tables[0].title = "Copy ceilings";
  tables[1].title = "Speed";
  tables[1].facts[0].audience = Audience::machines;
  double confidence = 1;
  for (const BenchRow& row : result.rows) {
    confidence = std::min(confidence, row.ns_per_element.confidence);
    std::vector<Cell> cells = key_cells(row);
    for (const Field<BenchRow>& c : columns) cells.push_back(c.cell(row));
    tables[is_ceiling(row) ? 0 : 1].rows.push_back(std::move(cells));
  }
  tables[1].notes = notes_of(result, confidence);
  return tables;
}

reports::Table performance_overview(const BenchResult& result) {
  reports::Table table{.name = "overview", .title = "Speed at a glance"};
  table.columns = kernel_columns();
  table.columns.push_back({.name = "distribution", .heading = "inputs", .key = true, .liftable = true});
  table.columns.push_back({.name = "row", .heading = "row length", .right = true, .key = true});
  const std::size_t keys = table.columns.size();
  const std::vector<std::string> sizes = distinct(result, [](const BenchRow& row) { return row.size.name; });
  for (const std::string& size : sizes) {
    table.columns.push_back({.name = "ns_" + size,
                             .heading = size_text(size) + " ns",
                             .display = Display::significant,
                             .digits = 3,
                             .right = true});
  }
  for (const std::string& size : sizes) {
    table.columns.push_back({.name = "percent_of_copy_" + size,
                             .heading = size_text(size) + " % of copy",
                             .display = Display::decimals,
                             .digits = 1,
                             .right = true});
  }
  std::map<std::tuple<const Kernel*, std::string, std::size_t>, std::size_t> known;
  for (const BenchRow& row : result.rows) {
    if (row.kernel == nullptr) continue;
    const auto [place, fresh] = known.try_emplace({row.kernel, row.distribution, row.row}, table.rows.size());
    if (fresh) {
      std::vector<Cell> cells = kernel_cells(*row.kernel);
      cells.push_back(row.distribution);
      cells.push_back(row_cell(row));
      cells.resize(table.columns.size());
      table.rows.push_back(std::move(cells));
    }
    auto& cells = table.rows[place->second];
    const auto at = static_cast<std::size_t>(std::find(sizes.begin(), sizes.end(), row.size.name) - sizes.begin());
    cells[keys + at] = row.ns_per_element.median;
    cells[keys + sizes.size() + at] = 100 * row.ratio_to_copy.median;
  }
  return table;
}

namespace {

/// What one kernel takes at one size and row length, by the kind of inputs.
struct InputTimes {
  const BenchRow* normal = nullptr;
  const BenchRow* slowest = nullptr;
  std::map<std::string, double> ns;

  double slowest_over_normal() const { return slowest->ns_per_element.median / normal->ns_per_element.median; }
};

/// Those that were timed over normal inputs, the one that other inputs slow down most first.
std::vector<InputTimes> times_by_inputs(const BenchResult& result) {
  std::map<std::tuple<const Kernel*, std::string, std::size_t>, InputTimes> all;
  for (const BenchRow& row : result.rows) {
    if (is_ceiling(row)) continue;
    InputTimes& times = all[{row.kernel, row.size.name, row.row}];
    times.ns[row.distribution] = row.ns_per_element.median;
    if (row.distribution == text_of(Distribution::normal)) times.normal = &row;
    if (times.slowest == nullptr || row.ns_per_element.median > times.slowest->ns_per_element.median)
      times.slowest = &row;
  }
  std::vector<InputTimes> order;
  for (auto& [key, times] : all) {
    if (times.normal != nullptr && times.normal->ns_per_element.median > 0) order.push_back(std::move(times));
  }
  std::stable_sort(order.begin(), order.end(), [](const InputTimes& a, const InputTimes& b) {
    return a.slowest_over_normal() > b.slowest_over_normal();
  });
  return order;
}

}  // namespace

reports::Table performance_by_inputs(const BenchResult& result) {
  std::vector<std::string> distributions = distinct(result, [](const BenchRow& row) { return row.distribution; });
  std::erase(distributions, "");  // of the ceilings
  reports::Table table{.name = "inputs", .title = "Speed by kind of inputs"};
  table.columns = kernel_columns();
  table.columns.push_back({.name = "size", .key = true, .liftable = true});
  table.columns.push_back({.name = "row", .heading = "row length", .right = true, .key = true});
  for (const std::string& distribution : distributions) {
    table.columns.push_back({.name = "ns_" + distribution,
                             .heading = distribution + ", ns",
                             .display = Display::significant,
                             .digits = 3,
                             .right = true});
  }
  table.columns.push_back({.name = "slowest"});
  table.columns.push_back({.name = "slowest_over_normal",
                           .heading = "over normal",
                           .display = Display::significant,
                           .digits = 3,
                           .right = true});
  for (const InputTimes& times : times_by_inputs(result)) {
    std::vector<Cell> cells = kernel_cells(*times.normal->kernel);
    cells.push_back(Cell(times.normal->size.name).as(size_text(times.normal->size.name)));
    cells.push_back(row_cell(*times.normal));
    for (const std::string& distribution : distributions) {
      const auto at = times.ns.find(distribution);
      cells.push_back(at == times.ns.end() ? Cell() : Cell(at->second));
    }
    cells.push_back(times.slowest->distribution);
    cells.push_back(times.slowest_over_normal());
    table.rows.push_back(std::move(cells));
  }
  table.notes.push_back(
      "Inputs: normal is N(0, 3²). mixed is the same with one number in 64 subnormal. subnormal has subnormal numbers "
      "only. wide takes every binade alike. tail lies where results are tiny or saturated. constant is 1. target is "
      "for rows: dy is the row's softmax. A number after a kind replaces its own.");
  return table;
}

}  // namespace actbench::bench
