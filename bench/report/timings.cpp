// SPDX-License-Identifier: Apache-2.0
#include "bench/report/timings.hpp"

#include <algorithm>
#include <utility>

namespace actbench::bench {

double time_budget_s(const Report& report, std::size_t benchmarks, double quick_most) {
  const double count = static_cast<double>(benchmarks);
  return report.options.full ? std::max(10.0, count) : std::clamp(0.25 * count, 2.0, quick_most);
}

double device_time_budget_s(const Report& report, std::size_t benchmarks, double quick_most) {
  const double most = report.options.full ? 10 * quick_most : quick_most;
  return std::clamp(0.5 * static_cast<double>(benchmarks), 1.0, most);
}

std::vector<const Kernel*> without_naive(std::vector<const Kernel*> kernels) {
  std::erase_if(kernels, [](const Kernel* k) { return k->tier == Tier::naive; });
  return kernels;
}

timing::BenchResult time_by_inputs(const Report& report, timing::BenchOptions options,
                                   std::vector<timing::Distribution> distributions, double quick_most) {
  const double count = static_cast<double>(options.kernels.size() * distributions.size());
  options.distributions = std::move(distributions);
  options.time_budget_s = report.options.full ? std::max(10.0, 0.1 * count) : std::clamp(0.05 * count, 1.0, quick_most);
  return timing::run_benchmarks(options);
}

}  // namespace actbench::bench
