// SPDX-License-Identifier: Apache-2.0
//
// A product with a subnormal number takes many CPUs a hundred cycles and more. No kernel that promises something makes
// one where x is subnormal, nor for inputs as networks have them.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "bench/timing/timing.hpp"
#include "kernels/table.hpp"

extern "C" unsigned long actbench_assists;
unsigned long actbench_assists = 0;

namespace actbench {

extern const KernelTable* const assist_tables[];
extern const std::size_t assist_tables_count;

namespace {

constexpr std::size_t n = 2048;

/// Counted operations an element, with multipliers from N(0, 3²).
double assists(const Kernel& kernel, timing::Distribution distribution) {
  const std::size_t size = size_of(kernel.type);
  std::vector<char> x(n * size), m(n * size), y(n * size);
  timing::fill(kernel.type, distribution, 1, x.data(), n);
  timing::fill(kernel.type, timing::Distribution::normal, 2, m.data(), n);
  double parameters[max_parameters] = {};
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    parameters[i] = round_to(kernel.type, kernel.activation->parameters[i].default_value);
  const Multipliers takes = multipliers_of(kernel);
  actbench_assists = 0;
  kernel.run({x.data(), takes.dy ? m.data() : nullptr, y.data(), n, parameters, takes.a ? m.data() : nullptr});
  return static_cast<double>(actbench_assists) / n;
}

/// Every kernel that promises something, against the most an element may take.
void check(timing::Distribution distribution, double most) {
  std::size_t checked = 0;
  for (const KernelTable* table : std::span(assist_tables, assist_tables_count)) {
    for (const Kernel& kernel : std::span(table->kernels, table->count)) {
      if (kernel.tier == Tier::naive) continue;
      ++checked;
      EXPECT_LE(assists(kernel, distribution), most) << identity(kernel);
    }
  }
  EXPECT_GT(checked, 800u);
}

TEST(Assists, NoneForSubnormalInputs) { check(timing::Distribution::subnormal, 0.01); }
TEST(Assists, NoneForOneSubnormalInputIn64) { check(timing::Distribution::mixed, 0.01); }
TEST(Assists, NoneForUsualInputs) { check(timing::Distribution::normal, 0.01); }

/// What the counting rests on: where results are subnormal, products are.
TEST(Assists, AreCounted) {
  for (const KernelTable* table : std::span(assist_tables, assist_tables_count)) {
    for (const Kernel& kernel : std::span(table->kernels, table->count)) {
      if (identity(kernel) == "gelu/forward/f32/fast/scalar")
        EXPECT_GT(assists(kernel, timing::Distribution::tail), 0.01);
    }
  }
}

}  // namespace
}  // namespace actbench
