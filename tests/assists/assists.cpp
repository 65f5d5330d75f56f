// SPDX-License-Identifier: Apache-2.0
//
// A product with a subnormal number takes many CPUs a hundred cycles and more. No kernel that promises something makes
// one where x is subnormal, nor for inputs as networks have them; but for activations that round once at most, whose
// one product is with x itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
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
  bench::fill(kernel.type, distribution, 1, x.data(), n);
  bench::fill(kernel.type, timing::Distribution::normal, 2, m.data(), n);
  double parameters[max_parameters] = {};
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    parameters[i] = round_to(kernel.type, kernel.activation->parameters[i].default_value);
  const Multipliers takes = multipliers_of(kernel);
  actbench_assists = 0;
  kernel.run({x.data(), takes.dy ? m.data() : nullptr, y.data(), n, parameters, takes.a ? m.data() : nullptr});
  return static_cast<double>(actbench_assists) / n;
}

/// What rounds once at most is correctly rounded in f64, and nothing else is.
bool rounds_once(const Kernel& kernel, const KernelTable& table) {
  for (const Kernel& other : std::span(table.kernels, table.count)) {
    if (other.direction == kernel.direction && other.type == Type::f64 && other.tier == Tier::accurate)
      return other.promised_ulp == 0.5;
  }
  return false;
}

bool has_high_powers(const Kernel& kernel) {
  return kernel.type == Type::f16 && std::string_view(kernel.activation->name) == "tanhshrink";
}

/// Every kernel that promises something, against the most that an element may take: of one product, and elsewhere.
void check(timing::Distribution distribution, double most_of_one_product) {
  std::size_t checked = 0, of_one_product = 0;
  for (const KernelTable* table : std::span(assist_tables, assist_tables_count)) {
    for (const Kernel& kernel : std::span(table->kernels, table->count)) {
      if (kernel.tier == Tier::naive) continue;
      const double found = assists(kernel, distribution);
      // Steps that look for subnormal numbers ask once a call what the function is like at 0.
      EXPECT_LE(found, rounds_once(kernel, *table) || has_high_powers(kernel) ? most_of_one_product : 0.01)
          << identity(kernel);
      ++checked;
      of_one_product += found > 0.01;
    }
  }
  EXPECT_GT(checked, 800u);
  EXPECT_LE(of_one_product, 42u);
}

TEST(Assists, NoneForSubnormalInputs) { check(timing::Distribution::subnormal, 1); }
TEST(Assists, NoneForOneSubnormalInputIn64) { check(timing::Distribution::mixed, 1.0 / 32); }
TEST(Assists, NoneForUsualInputs) { check(timing::Distribution::normal, 0); }

/// What the counting rests on: where results are subnormal, products are.
TEST(Assists, AreCounted) {
  for (const KernelTable* table : std::span(assist_tables, assist_tables_count)) {
    for (const Kernel& kernel : std::span(table->kernels, table->count)) {
      if (identity(kernel) == "gelu/forward/f32/fast/scalar") {
        EXPECT_GT(assists(kernel, timing::Distribution::tail), 0.01);
      }
    }
  }
}

}  // namespace
}  // namespace actbench
