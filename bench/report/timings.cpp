// SPDX-License-Identifier: Apache-2.0
#include "bench/report/timings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/text.hpp"

namespace actbench::bench {
namespace {

/// The least that a benchmark takes: its share of the calibration, and its runs of a millisecond or so.
constexpr double least_of_one_s = 0.012;

/// The part of a time that run_benchmarks is given: it has arrays to fill before its own clock tells.
constexpr double for_the_runs = 0.85;

double benchmarks_of(const timing::BenchOptions& options) {
  std::size_t lengths = 1;
  const bool over_rows = std::any_of(options.kernels.begin(), options.kernels.end(),
                                     [](const Kernel* k) { return k->activation->shape == Shape::rows; });
  if (over_rows) lengths = std::max<std::size_t>(1, options.rows.size());
  return static_cast<double>(options.kernels.size() * options.sizes.size() * options.distributions.size() * lengths);
}

std::string names_of(const std::vector<timing::Size>& sizes) {
  std::string text;
  for (const timing::Size& size : sizes) text += fmt::format("{}{}", text.empty() ? "" : ", ", size.name);
  return text;
}

}  // namespace

double time_budget_s(const Report& report, const Budget& budget, std::size_t benchmarks, double quick_most) {
  const double count = static_cast<double>(benchmarks);
  const double wanted = report.options.full ? std::max(10.0, count) : std::clamp(0.25 * count, 2.0, quick_most);
  return std::max(0.1, std::min(wanted, for_the_runs * budget.left()));
}

double device_time_budget_s(const Report& report, std::size_t benchmarks, double quick_most) {
  const double most = report.options.full ? 10 * quick_most : quick_most;
  return std::max(0.1, std::min(std::clamp(0.5 * static_cast<double>(benchmarks), 1.0, most), report.budget.left()));
}

timing::BenchResult time_within(const Budget& budget, timing::BenchOptions options, const ShowProgress& progress,
                                const std::string& what, std::vector<std::string>& cut) {
  const std::size_t sizes = options.sizes.size();
  const auto too_many = [&] { return benchmarks_of(options) * least_of_one_s > for_the_runs * budget.left(); };
  if (too_many() && options.sizes.size() > 2) options.sizes = {options.sizes.front(), options.sizes.back()};
  if (too_many()) options.sizes.resize(1);
  if (options.sizes.size() < sizes)
    cut.push_back(fmt::format("{} at {} of {} sizes: {}", what, options.sizes.size(), sizes, names_of(options.sizes)));
  Watch watch(budget, true);
  options.stop = watch.stop();
  options.progress = [&](const timing::Progress& p) {
    watch.look();
    progress(p.fraction(), p.label);
  };
  timing::BenchResult result = timing::run_benchmarks(options);
  // A benchmark without a run has nothing to show.
  const std::size_t planned = result.rows.size();
  std::erase_if(result.rows, [](const timing::BenchRow& row) { return row.repetitions == 0; });
  if (result.rows.size() < planned) {
    cut.push_back(fmt::format("{} without {}, for which there was no time", what,
                              reports::counted(planned - result.rows.size(), "timing")));
  }
  return result;
}

std::vector<const Kernel*> without_naive(std::vector<const Kernel*> kernels) {
  std::erase_if(kernels, [](const Kernel* k) { return k->tier == Tier::naive; });
  return kernels;
}

timing::BenchResult time_by_inputs(Report& report, const Budget& budget, timing::BenchOptions options,
                                   std::vector<timing::Distribution> distributions, double quick_most,
                                   const ShowProgress& progress) {
  const double count = static_cast<double>(options.kernels.size() * distributions.size());
  options.distributions = std::move(distributions);
  const double wanted = report.options.full ? std::max(10.0, 0.1 * count) : std::clamp(0.05 * count, 1.0, quick_most);
  options.time_budget_s = std::max(0.1, std::min(wanted, for_the_runs * budget.left()));
  return time_within(budget, std::move(options), progress, "speed by kind of inputs", report.cut);
}

}  // namespace actbench::bench
