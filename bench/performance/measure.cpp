// SPDX-License-Identifier: Apache-2.0
#include "bench/performance/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "bench/performance/performance.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

std::vector<timing::Size> sizes_of(const std::string& text, bool device, const timing::Machine& machine) {
  if (text == "default") return device ? timing::default_device_sizes() : timing::default_sizes(machine);
  std::vector<timing::Size> sizes = timing::parse_sizes(text, machine);
  if (device && std::any_of(sizes.begin(), sizes.end(), [](const timing::Size& s) { return s.elements == 0; })) {
    throw UsageError(
        fmt::format("--sizes {} names caches of the CPU; a device takes counts of elements (4096, 64k, 256M)", text));
  }
  return sizes;
}

/// What to measure. The kernels are all of the CPU, or all of a device.
timing::BenchOptions bench_options(const MeasureOptions& options, std::vector<const Kernel*> kernels, double budget,
                                   const timing::Machine& machine) {
  timing::BenchOptions bench;
  bench.parameters = common_parameters(kernels, settings(options.parameters, kernels));
  bench.sizes = sizes_of(options.sizes, kernels[0]->backend == Backend::cuda, machine);
  bench.distributions = parse_distributions(options.like);
  if (!options.rows.empty()) {
    bench.rows = options.rows;
    const auto over_rows = [](const Kernel* k) { return k->activation->shape == Shape::rows; };
    if (std::none_of(kernels.begin(), kernels.end(), over_rows))
      throw UsageError("--rows is for kernels over rows, such as softmax");
  }
  bench.kernels = std::move(kernels);
  bench.repetitions = options.repetitions;
  bench.threads = options.threads;
  bench.min_time_s = options.min_time;
  bench.time_budget_s = budget;
  bench.seed = options.seed;
  bench.google_arguments = options.google_arguments;
  return bench;
}

Measured measure_part(const MeasureOptions& options, std::vector<const Kernel*> kernels, double budget) {
  const timing::Machine machine = timing::read_machine();
  const timing::BenchOptions bench = bench_options(options, std::move(kernels), budget, machine);
  const timing::BenchResult result = run_with_progress(bench, "bench");
  if (!result.listed.empty()) return {{}, fmt::format("{}\n", fmt::join(result.listed, "\n")), {}};
  if (!result.google_output.empty()) return {{}, result.google_output, result.not_written};
  Measured measured{performance_tables(result, machine, options.seed), {}, result.not_written};
  if (bench.distributions.size() > 1) {
    reports::Table by_inputs = performance_by_inputs(result);
    if (!by_inputs.rows.empty()) measured.tables.push_back(std::move(by_inputs));
  }
  return measured;
}

}  // namespace

timing::BenchResult run_with_progress(timing::BenchOptions bench, const char* what) {
  Progress progress(what);
  bench.stop = &stop_flag();
  bench.progress = [&](const timing::Progress& p) { progress.update(p.fraction(), p.label, p.seconds_left); };
  timing::BenchResult result = timing::run_benchmarks(bench);
  check_interrupted();
  return result;
}

std::vector<double> common_parameters(std::span<const Kernel* const> kernels, std::span<const Setting> set) {
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

Measured measure(const MeasureOptions& options, std::span<const Kernel* const> kernels) {
  std::vector<std::vector<const Kernel*>> parts{on_device(kernels, false), on_device(kernels, true)};
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  if (parts.size() > 1 && (!options.google_arguments.empty() || options.sizes != "default")) {
    throw UsageError(
        "kernels of the CPU and of a device are measured apart; with --sizes or Google Benchmark's options choose one "
        "kind by --backend: cuda, or any others");
  }
  Measured all;
  for (std::vector<const Kernel*>& part : parts) {
    Measured measured = measure_part(options, std::move(part), options.budget / static_cast<double>(parts.size()));
    std::move(measured.tables.begin(), measured.tables.end(), std::back_inserter(all.tables));
    all.google_output += measured.google_output;
    if (!measured.not_written.empty()) all.not_written = std::move(measured.not_written);
  }
  return all;
}

}  // namespace actbench::bench
