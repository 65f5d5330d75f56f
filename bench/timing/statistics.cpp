// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "bench/timing/timing.hpp"

namespace actbench::timing {

Interval median_interval(std::span<const double> values) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();

  // The true median lies below the k-th smallest value where fewer than k of n fair coins fell heads, and above the
  // k-th largest likewise: [k-th smallest, k-th largest] misses it with probability 2·P(Binomial(n, 1/2) < k).
  std::size_t k = 1;
  double missed = 0;
  const double nd = static_cast<double>(n);
  for (std::size_t heads = 0; 2 * heads + 1 <= n; ++heads) {
    const double h = static_cast<double>(heads);
    const double probability =
        std::exp(std::lgamma(nd + 1) - std::lgamma(h + 1) - std::lgamma(nd - h + 1) - nd * std::log(2.0));
    if (heads > 0 && missed + 2 * probability > 0.05) break;
    missed += 2 * probability;
    k = heads + 1;
  }
  return {(sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[k - 1], sorted[n - k], std::max(0.0, 1 - missed)};
}

}  // namespace actbench::timing
