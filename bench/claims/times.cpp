// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/claims/kernel_results.hpp"

namespace actbench::bench {
namespace claim_parts {
namespace {

constexpr const char* timed_sizes[] = {"l1", "memory"};

/// How many times as long the first takes, from runs that were moments apart.
std::optional<timing::Interval> time_ratio(const Evidence& evidence, const char* slow, const char* fast, Tier tier,
                                           Backend backend, const char* size) {
  if (evidence.times() == nullptr) return {};
  const auto id = [&](const char* activation) {
    return fmt::format("{}/forward/f32/{}/{}", activation, name(tier), name(backend));
  };
  const timing::BenchRow* a = row_of(*evidence.times(), id(slow), size);
  const timing::BenchRow* b = row_of(*evidence.times(), id(fast), size);
  if (a == nullptr || b == nullptr) return {};
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(a->samples_ns.size(), b->samples_ns.size()); ++i)
    ratios.push_back(a->samples_ns[i] / b->samples_ns[i]);
  if (ratios.empty()) return {};
  return timing::median_interval(ratios);
}

}  // namespace

bool runs_here(Backend backend) { return unrunnable_reason(backend) == nullptr; }

const timing::BenchRow* row_of(const timing::BenchResult& times, const std::string& id, const char* size) {
  for (const timing::BenchRow& row : times.rows) {
    if (row.kernel != nullptr && row.size.name == size && identity(*row.kernel) == id) return &row;
  }
  return nullptr;
}

void add_time_ratios(std::vector<Part>& parts, const Evidence& evidence, const char* slow, const char* fast, Role role,
                     Relation relation, double bound, double tolerance) {
  for (const Tier tier : tiers) {
    for (const Backend backend : timed_backends) {
      if (!runs_here(backend)) continue;
      for (const char* size : timed_sizes) {
        const std::string label =
            fmt::format("time of {} over {}, {} {} {}", slow, fast, name(tier), name(backend), size);
        const auto ratio = time_ratio(evidence, slow, fast, tier, backend, size);
        Part p = missing(label, role, relation, bound, tolerance);
        if (ratio) {
          p.value = ratio->median;
          p.low = ratio->low;
          p.high = ratio->high;
        }
        parts.push_back(std::move(p));
      }
    }
  }
}

}  // namespace claim_parts

std::vector<const Kernel*> timed_kernels() {
  constexpr const char* activations[] = {"relu", "relu6",    "leaky_relu", "hard_swish", "elu",      "sigmoid", "tanh",
                                         "silu", "softplus", "gelu",       "gelu_tanh",  "new_gelu", "mish"};
  std::vector<const Kernel*> found;
  for (const Kernel& kernel : kernels()) {
    if (kernel.direction != Direction::forward || kernel.type != Type::f32) continue;
    if (kernel.backend >= Backend::cuda || unrunnable_reason(kernel) != nullptr) continue;
    if (std::any_of(std::begin(activations), std::end(activations),
                    [&](const char* a) { return std::string_view(a) == kernel.activation->name; }))
      found.push_back(&kernel);
  }
  return found;
}

}  // namespace actbench::bench
