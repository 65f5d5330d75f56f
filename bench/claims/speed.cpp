// SPDX-License-Identifier: Apache-2.0
//
// Claims about cost.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

#include "bench/claims/exact.hpp"
#include "bench/claims/groups.hpp"
#include "bench/claims/kernel_results.hpp"
#include "bench/claims/times.hpp"
#include "bench/selection/lanes.hpp"

namespace actbench::bench::claim_parts {
namespace {

Parts p1(Evidence& e) {
  Parts parts;
  add_time_ratios(parts, e, "sigmoid", "relu", condition, Relation::between, 5, 10);
  return parts;
}

Parts p2(Evidence& e) {
  Parts parts;
  constexpr std::pair<const char*, const char*> order[] = {
      {"relu6", "relu"},    {"hard_swish", "relu6"}, {"leaky_relu", "relu"}, {"tanh", "leaky_relu"},
      {"softplus", "tanh"}, {"gelu", "softplus"},    {"mish", "softplus"}};
  for (const auto& [slow, fast] : order) add_time_ratios(parts, e, slow, fast, condition, Relation::above, 1);
  return parts;
}

Parts p3(Evidence& e) {
  Parts parts;
  add_time_ratios(parts, e, "elu", "relu", condition, Relation::above, 1);
  return parts;
}

/// The clock rate, measured by a chain of dependent operations that take one cycle each.
double cycles_per_second() {
  double best = 0;
  for (int run = 0; run < 5; ++run) {
    constexpr int count = 4'000'000;
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t sum = 1;
    for (int i = 0; i < count; ++i) {
      sum += sum ^ 1;
#if defined(__GNUC__)
      asm volatile("" : "+r"(sum));
#endif
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2 * count / seconds);  // an exclusive or and an addition
  }
  return best;
}

/// A feed-forward block of a transformer for one token: two products of a vector with matrices, d × 4d and 4d × d, and
/// 4d activations between.
Parts p4(Evidence& e) {
  constexpr double d = 4096, elements = 4 * d;
  constexpr double matrix_operations = 2 * 2 * d * 4 * d;
  constexpr double weight_bytes = 4 * 2 * d * 4 * d, activation_bytes = 8 * elements;
  constexpr const char* activations[] = {"relu", "sigmoid", "tanh", "silu", "gelu", "mish"};
  Parts parts;
  for (const char* activation : activations) {
    const double arithmetic = operations(activation) * elements;
    parts.push_back(part(fmt::format("share of the arithmetic, {}", activation), condition,
                         arithmetic / (arithmetic + matrix_operations), Relation::between, 0.3, 0.6));
  }
  parts.push_back(part("share of the bytes, one token", condition, activation_bytes / (activation_bytes + weight_bytes),
                       Relation::between, 0.3, 0.6));
  if (e.times() == nullptr) return parts;
  // Current cores do at most two fused multiply-adds a cycle on their widest registers.
  Backend widest = Backend::scalar;
  for (const Backend backend : timed_backends)
    if (runs_here(backend)) widest = backend;
  const double peak = cycles_per_second() * 2 * 2 * lanes_of(widest);
  parts.push_back(information("peak operations a second of one core, f32", peak));
  double copy = 0;
  for (const timing::BenchRow& row : e.times()->rows) {
    if (row.kernel == nullptr && row.size.name == "memory") copy = std::max(copy, row.gb_per_second);
  }
  parts.push_back(information("copying in memory, GB/s", copy));
  for (const char* activation : activations) {
    for (const Tier tier : tiers) {
      const timing::BenchRow* row =
          row_of(*e.times(), fmt::format("{}/forward/f32/{}/{}", activation, name(tier), name(widest)), "l1");
      if (row == nullptr) continue;
      const double own = row->ns_per_element.median * 1e-9 * elements;
      const double many = matrix_operations / peak, one = std::max(many, weight_bytes / (copy * 1e9));
      parts.push_back(part(fmt::format("share of the time at peak, many tokens, {} {}", activation, name(tier)),
                           condition, own / (own + many), Relation::between, 0.3, 0.6));
      parts.push_back(
          part(fmt::format("share of the time, one token, weights from memory, {} {}", activation, name(tier)),
               condition, own / (own + one), Relation::between, 0.3, 0.6));
    }
  }
  return parts;
}

constexpr Claim list[] = {
    {"P1", "T1, T2", "ReLU costs far less than sigmoid: five to ten times", "ratio of times", Timed::wholly, p1},
    {"P2", "T2",
     "cost: ReLU < ReLU6 < Hard-Swish; ReLU < LeakyReLU < Tanh; Softplus costs more; GELU's and Mish's are the highest",
     "ratios of times", Timed::wholly, p2},
    {"P3", "T1, T2", "ELU costs more than ReLU because of its exponential", "ratio of times", Timed::wholly, p3},
    {"P4", "T2", "the activation's share of a model's computation is 30 to 60 %",
     "a feed-forward block, d = 4096: arithmetic, bytes, and, timed, a roofline", Timed::partly, p4},
};

}  // namespace

std::span<const Claim> speed() { return list; }

}  // namespace actbench::bench::claim_parts
