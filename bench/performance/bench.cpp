// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/performance/performance.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
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

std::string percent_text(const timing::Interval& ratio) { return fmt::format("{:.1f}", 100 * ratio.median); }

std::string cuda_version(int number) { return fmt::format("{}.{}", number / 1000, number % 1000 / 10); }

/// What a measurement on a device must be read with.
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

}  // namespace

std::vector<reports::Table> performance_tables(const BenchResult& result, const timing::Machine& machine,
                                               std::uint64_t seed) {
  reports::Table empty;
  empty.name = "performance";
  empty.facts = {{.name = "cpu",
                  .heading = "machine",
                  .cell = Cell(machine.cpu).as(machine_text(machine)),
                  .audience = result.device ? Audience::machines : Audience::all},
                 {.name = "seed", .cell = seed, .audience = Audience::machines},
                 {.name = "clock",
                  .cell = result.device     ? "device"
                          : result.cpu_time ? "cpu"
                                            : "wall",
                  .audience = Audience::machines}};
  for (reports::Fact& fact : device_facts(result)) empty.facts.push_back(std::move(fact));
  empty.columns = kernel_columns();
  const std::vector<Column> others{
      {.name = "distribution", .heading = "inputs", .key = true, .liftable = true},
      {.name = "size", .key = true, .liftable = true},
      {.name = "cache", .heading = "L2", .audience = result.device ? Audience::all : Audience::machines, .key = true},
      {.name = "row", .heading = "row length", .right = true, .key = true},
      {.name = "elements", .display = Display::count, .right = true},
      {.name = "bytes_per_element", .audience = Audience::machines},
      {.name = "repetitions", .audience = Audience::machines},
      {.name = "ns_per_element", .heading = "ns/element", .display = Display::significant, .digits = 3, .right = true},
      {.name = "interval", .right = true, .audience = Audience::people},
      {.name = "ns_low", .audience = Audience::machines},
      {.name = "ns_high", .audience = Audience::machines},
      {.name = "confidence", .audience = Audience::machines},
      {.name = "elements_per_second", .heading = "elements/s", .display = Display::count, .right = true},
      {.name = "gb_per_second", .heading = "GB/s", .display = Display::significant, .digits = 3, .right = true},
      {.name = "percent_of_copy", .heading = "% of copy", .right = true},
      {.name = "copy_interval", .heading = "interval", .right = true, .audience = Audience::people},
      {.name = "percent_of_copy_low", .audience = Audience::machines},
      {.name = "percent_of_copy_high", .audience = Audience::machines}};
  empty.columns.insert(empty.columns.end(), others.begin(), others.end());
  std::vector<reports::Table> tables{empty, empty};
  tables[0].title = "Copy ceilings";
  tables[1].title = "Speed";
  tables[1].facts[0].audience = Audience::machines;
  double confidence = 1;
  for (const BenchRow& row : result.rows) {
    confidence = std::min(confidence, row.ns_per_element.confidence);
    std::vector<Cell> cells = key_cells(row);
    const bool ceiling = row.kernel == nullptr;
    const auto percent = [&](double ratio) { return ceiling ? Cell() : Cell(100 * ratio); };
    for (Cell& cell : std::vector<Cell>{
             row.distribution.empty() ? Cell() : Cell(row.distribution),
             Cell(row.size.name).as(size_text(row.size.name)), row.cache.empty() ? Cell() : Cell(row.cache),
             row_cell(row), std::uint64_t{row.elements}, std::uint64_t{row.bytes_per_element},
             std::uint64_t{row.repetitions}, row.ns_per_element.median,
             fmt::format("{} – {}", ns_text(row.ns_per_element.low), ns_text(row.ns_per_element.high)),
             row.ns_per_element.low, row.ns_per_element.high, row.ns_per_element.confidence, row.elements_per_second,
             row.gb_per_second, percent(row.ratio_to_copy.median).as(ceiling ? "" : percent_text(row.ratio_to_copy)),
             ceiling ? Cell()
                     : Cell(fmt::format("{:.1f} – {:.1f}", 100 * row.ratio_to_copy.low, 100 * row.ratio_to_copy.high)),
             percent(row.ratio_to_copy.low), percent(row.ratio_to_copy.high)}) {
      cells.push_back(std::move(cell));
    }
    tables[ceiling ? 0 : 1].rows.push_back(std::move(cells));
  }
  tables[1].notes.push_back(fmt::format(
      "Medians of {} in random order, with an interval that holds the true median with at least {:.0f} % probability.",
      reports::counted(static_cast<std::uint64_t>(result.repetitions), "repetition"), std::floor(100 * confidence)));
  tables[1].notes.push_back(
      "GB/s counts bytes read and written. % of copy: of the better copy ceiling at that size, timed moments apart; "
      "100 is as "
      "fast as copying.");
  if (result.device) {
    tables[1].notes.push_back(fmt::format(
        "Timed by events of the device. Warm: calls one after the other, so that what fits is in the L2; cold: the L2 "
        "was filled with something else before each call. A call with next to nothing to do takes {} µs in a row of "
        "calls and {} µs alone, which small sizes are made of.",
        ns_text(1e6 * result.device->launch_in_row_s), ns_text(1e6 * result.device->launch_alone_s)));
  }
  if (result.stopped) tables[1].notes.push_back("Stopped early: some rows rest on fewer repetitions.");
  return tables;
}

reports::Table performance_overview(const BenchResult& result) {
  reports::Table table{.name = "overview", .title = "Speed at a glance"};
  table.columns = kernel_columns();
  table.columns.push_back({.name = "distribution", .heading = "inputs", .key = true, .liftable = true});
  table.columns.push_back({.name = "row", .heading = "row length", .right = true, .key = true});
  const std::size_t keys = table.columns.size();
  std::vector<std::string> sizes;
  for (const BenchRow& row : result.rows) {
    if (std::find(sizes.begin(), sizes.end(), row.size.name) == sizes.end()) sizes.push_back(row.size.name);
  }
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

reports::Table performance_by_inputs(const BenchResult& result) {
  struct Times {
    const BenchRow* normal = nullptr;
    const BenchRow* slowest = nullptr;
    std::map<std::string, double> ns;
  };
  std::vector<std::string> distributions;
  std::map<std::tuple<const Kernel*, std::string, std::size_t>, Times> all;
  for (const BenchRow& row : result.rows) {
    if (row.kernel == nullptr) continue;
    if (std::find(distributions.begin(), distributions.end(), row.distribution) == distributions.end())
      distributions.push_back(row.distribution);
    Times& times = all[{row.kernel, row.size.name, row.row}];
    times.ns[row.distribution] = row.ns_per_element.median;
    if (row.distribution == timing::name(timing::Distribution::normal)) times.normal = &row;
    if (times.slowest == nullptr || row.ns_per_element.median > times.slowest->ns_per_element.median)
      times.slowest = &row;
  }
  std::vector<const Times*> order;
  for (const auto& [key, times] : all) {
    if (times.normal != nullptr && times.normal->ns_per_element.median > 0) order.push_back(&times);
  }
  const auto ratio = [](const Times* t) {
    return t->slowest->ns_per_element.median / t->normal->ns_per_element.median;
  };
  std::stable_sort(order.begin(), order.end(), [&](const Times* a, const Times* b) { return ratio(a) > ratio(b); });

  reports::Table table{.name = "inputs", .title = "Speed by what the inputs are"};
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
  for (const Times* times : order) {
    std::vector<Cell> cells = kernel_cells(*times->normal->kernel);
    cells.push_back(Cell(times->normal->size.name).as(size_text(times->normal->size.name)));
    cells.push_back(row_cell(*times->normal));
    for (const std::string& distribution : distributions) {
      const auto at = times->ns.find(distribution);
      cells.push_back(at == times->ns.end() ? Cell() : Cell(at->second));
    }
    cells.push_back(times->slowest->distribution);
    cells.push_back(ratio(times));
    table.rows.push_back(std::move(cells));
  }
  table.notes.push_back(
      "normal: N(0, 3²). mixed: the same, one number in 64 subnormal. subnormal: nothing else. wide: every binade "
      "alike. "
      "tail: where results are tiny or saturated. constant: 1. target: dy of a row is its softmax.");
  return table;
}

namespace {

struct BenchCommandOptions : Options {
  std::string sizes = "default", inputs = "normal", rows;
  int repetitions = 9;
  double min_time = 0.01, budget = 0;
  std::uint64_t seed = default_seed;
  std::vector<std::string> google_arguments;
};

/// The one list of parameters that all kernels run with; empty where all have their defaults.
std::vector<double> common_parameters(const std::vector<const Kernel*>& kernels, std::span<const Setting> set) {
  if (set.empty()) return {};
  std::vector<double> parameters = unrounded_parameters(*kernels[0]->activation, set);
  for (const Kernel* kernel : kernels) {
    parameters_of(*kernel, set);  // throws where the type's rounding takes one out of its domain
    if (unrounded_parameters(*kernel->activation, set) != parameters) {
      throw UsageError(
          fmt::format("--param needs activations that share all their parameters, unlike {} and {}; add a FILTER",
                      kernels[0]->activation->name, kernel->activation->name));
    }
  }
  return parameters;
}

/// What is measured of the chosen kernels, all of the CPU or all of a device; no tables where Google Benchmark's own
/// output was asked for, which is printed.
struct Measured {
  std::vector<reports::Table> tables;
  std::string not_written;  ///< why Google Benchmark's file could not be
};
Measured measure(const BenchCommandOptions& options, std::vector<const Kernel*> kernels, double budget) {
  const bool device = kernels[0]->backend == Backend::cuda;
  const timing::Machine machine = timing::read_machine();
  timing::BenchOptions bench;
  bench.parameters = common_parameters(kernels, settings(options.parameters, kernels));
  bench.kernels = std::move(kernels);
  bench.sizes = options.sizes != "default" ? timing::parse_sizes(options.sizes, machine)
                : device                   ? timing::default_device_sizes()
                                           : timing::default_sizes(machine);
  if (device && std::any_of(bench.sizes.begin(), bench.sizes.end(), [](const auto& s) { return s.elements == 0; })) {
    throw UsageError(fmt::format(
        "--sizes {} names caches of the CPU; a device takes counts of elements (4096, 64k, 256M)", options.sizes));
  }
  bench.distributions = timing::parse_distributions(options.inputs);
  if (!options.rows.empty()) {
    bench.rows = parse_lengths(options.rows);
    if (std::none_of(bench.kernels.begin(), bench.kernels.end(),
                     [](const Kernel* k) { return k->activation->shape == Shape::rows; }))
      throw UsageError("--rows is for kernels over rows, such as softmax");
  }
  bench.repetitions = options.repetitions;
  bench.min_time_s = options.min_time;
  bench.time_budget_s = budget;
  bench.seed = options.seed;
  bench.google_arguments = options.google_arguments;
  bench.stop = &stop_flag();
  BenchResult result;
  {
    Progress progress("bench");
    bench.progress = [&](const timing::Progress& p) {
      const double total = static_cast<double>(std::max<std::size_t>(1, p.total));
      progress.update(static_cast<double>(p.done) / total, p.label, p.seconds_left);
    };
    result = timing::run_benchmarks(bench);
  }
  check_interrupted();
  if (!result.listed.empty()) {
    write_stdout(fmt::format("{}\n", fmt::join(result.listed, "\n")));
    return {};
  }
  if (!result.google_output.empty()) {
    write_stdout(result.google_output);
    return {{}, result.not_written};
  }
  std::vector<reports::Table> tables = performance_tables(result, machine, options.seed);
  if (reports::Table by_inputs = performance_by_inputs(result);
      bench.distributions.size() > 1 && !by_inputs.rows.empty())
    tables.push_back(std::move(by_inputs));
  return {std::move(tables), result.not_written};
}

int run_bench(const BenchCommandOptions& options) {
  const Runnable found = runnable(options);
  std::vector<std::vector<const Kernel*>> parts{on_device(found.kernels, false), on_device(found.kernels, true)};
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  if (parts.size() > 1 && (!options.google_arguments.empty() || options.sizes != "default")) {
    throw UsageError(
        "kernels of the CPU and of a device are measured apart, so with --sizes or Google Benchmark's options choose "
        "one "
        "kind: --backend cuda, or --backend scalar,avx2,avx512");
  }
  Measured all;
  for (std::vector<const Kernel*>& part : parts) {
    Measured measured = measure(options, std::move(part), options.budget / static_cast<double>(parts.size()));
    std::move(measured.tables.begin(), measured.tables.end(), std::back_inserter(all.tables));
    if (!measured.not_written.empty()) all.not_written = std::move(measured.not_written);
  }
  if (!all.tables.empty()) {
    auto& notes = all.tables.back().notes;
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    options.output.print(all.tables);
  }
  if (!all.not_written.empty()) throw timing::Error(all.not_written);
  return exit_fine;
}

}  // namespace

Command add_bench(CLI::App& program, const std::vector<std::string>& google_arguments) {
  const auto options = std::make_shared<BenchCommandOptions>();
  CLI::App* app = program.add_subcommand("bench", "Time per element of every kernel, beside copying the same bytes");
  add_filter(*app, *options);
  app->add_option(
         "--sizes", options->sizes,
         "Working sets l1, l2, llc, memory, or counts of elements (4096, 64k), comma separated; default: the four, and "
         "for a device 2^12 to 2^28 elements")
      ->type_name("SIZES");
  app->add_option(
         "--rows", options->rows,
         "Of kernels over rows: their lengths, comma separated; default 128,1024,4096,32768,128256, each at the "
         "sizes that hold it")
      ->type_name("N,…");
  app->add_option(
         "--inputs", options->inputs,
         "Values: normal (default), mixed (one in 64 subnormal), subnormal, wide, tail, constant, target (of rows: "
         "dy is their softmax), or all; comma separated")
      ->type_name("VALUES");
  app->add_option("--repetitions", options->repetitions, "Default 9; at least 6 for an interval of 95 %")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  app->add_option("--min-time", options->min_time, "Seconds of one timed run; default 0.01")
      ->check(CLI::Range(0.0, 3600.0))
      ->type_name("S");
  app->add_option("--budget", options->budget, "Fit everything into about so many seconds instead")
      ->check(CLI::Range(0.1, 1e6))
      ->type_name("S");
  app->add_option("--seed", options->seed, "Of the values and of the order; default 1")->type_name("S");
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "After -- come Google Benchmark's own options, such as --benchmark_out=run.json or --benchmark_format=json.\n"
      "Example: actbench bench '{gelu,tanh}/*/f32/accurate' --sizes l1,memory");
  return {app, [options, google_arguments] {
            options->google_arguments = google_arguments;
            return run_bench(*options);
          }};
}

}  // namespace actbench::bench
