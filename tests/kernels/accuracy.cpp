// SPDX-License-Identifier: Apache-2.0
//
// Every kernel of one input that promises something keeps it: over every input of the half types, over a walk of inputs
// spread over all bit patterns of the others. This is the short check, for every build; `actbench accuracy` is the long
// one, and takes multipliers too (for gated units, kernels_gated.cpp).
#include <gtest/gtest.h>

#include <cmath>

#include "reference/reference.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

constexpr std::size_t walk_length = 1 << 15;

struct Worst {
  double ulp = 0;
  double input = 0;
  std::size_t misrounded = 0;
};

Worst worst_of(const Kernel& kernel, const std::vector<double>& parameters) {
  const reference::Function& function = *reference::find(kernel.activation->name, name(kernel.direction));
  const reference::Format& format = *reference::find_format(name(kernel.type));
  const std::size_t size = size_of(kernel.type);
  std::vector<std::uint64_t> patterns = telling_values(kernel.type);
  const bool every = size == 2;
  for (std::uint64_t i = 0; i < (every ? std::size_t{1} << 16 : walk_length); ++i) {
    patterns.push_back(every ? i : i * 0x9E3779B97F4A7C15 >> (64 - 8 * size));
  }
  const std::size_t n = patterns.size();

  std::vector<char> x(n * size), y(n * size);
  std::vector<double> exact_x(n), computed(n);
  for (std::size_t i = 0; i < n; ++i) {
    set(x.data(), i, size, patterns[i]);
    exact_x[i] = to_double(kernel.type, patterns[i]);
  }
  run(kernel, x.data(), nullptr, y.data(), n, parameters);
  for (std::size_t i = 0; i < n; ++i) computed[i] = to_double(kernel.type, get(y.data(), i, size));

  std::vector<reference::Quick> quick(n);
  std::vector<reference::Judgement> judged(n);
  reference::quick(function, format, {exact_x.data()}, quick.data(), n, parameters);
  reference::judge(function, format, {exact_x.data()}, quick.data(), computed.data(), judged.data(), n, parameters);
  Worst worst;
  for (std::size_t i = 0; i < n; ++i) {
    worst.misrounded += !judged[i].correctly_rounded;
    if (judged[i].ulp > worst.ulp) worst = {judged[i].ulp, exact_x[i], worst.misrounded};
  }
  return worst;
}

void expect_kept(const Kernel& kernel, const std::vector<double>& parameters) {
  const Worst worst = worst_of(kernel, parameters);
  EXPECT_LE(worst.ulp, kernel.promised_ulp) << identity(kernel) << " at " << std::hexfloat << worst.input;
  if (kernel.promised_ulp == 0.5) {
    EXPECT_EQ(worst.misrounded, 0u) << identity(kernel);
  }
}

TEST(Promises, AreKept) {
  for (const Kernel* k : runnable_kernels()) {
    if (std::isfinite(k->promised_ulp) && multipliers_of(*k).count() == 0) expect_kept(*k, default_parameters(*k));
  }
}

/// Defaults of 0 and 1 hide mistakes in the use of parameters.
TEST(Promises, AreKeptWithOtherParameters) {
  for (const Kernel* k : runnable_kernels()) {
    const Activation& a = *k->activation;
    if (a.parameter_count == 0 || std::isinf(k->promised_ulp) || multipliers_of(*k).count() > 0) continue;
    std::vector<double> p = default_parameters(*k);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const Domain domain = a.parameters[i].domain;
      const bool shift = domain != Domain::nonzero && domain != Domain::positive;
      p[i] = round_to(k->type, 1.3 * p[i] + (shift ? 0.37 : 0));
    }
    expect_kept(*k, p);
  }
}

/// Which hide what an exponential was scaled by: as large, and as small, as the promise goes (docs/design/overview.md).
TEST(Promises, AreKeptWithParametersFarFromOne) {
  for (const Kernel* k : runnable_kernels()) {
    const Activation& a = *k->activation;
    if (a.parameter_count == 0 || std::isinf(k->promised_ulp) || multipliers_of(*k).count() > 0) continue;
    if (k->backend == Backend::avx2 || k->tier == Tier::fast) continue;  // the same source, the same bits
    if (std::string_view(a.name).starts_with("scaled_")) continue;       // whose (a + b)/2 then cancels
    const double most = k->type == Type::f64 ? 0x1p8 : k->type == Type::f16 ? 0x1p14 : 0x1p95;
    for (const double size : {most, 1 / most}) {
      for (std::size_t i = 0; i < a.parameter_count; ++i) {
        std::vector<double> p = default_parameters(*k);
        if (p[i] == 0) continue;  // a shift, or a limit: sums that cancel are another matter
        p[i] = p[i] < 0 ? -size : size;
        expect_kept(*k, p);
      }
    }
  }
}

/// The check can fail: the textbook gelu loses its tail.
TEST(Promises, ThatWouldBeBrokenAreSeen) {
  const Worst worst = worst_of(*find("gelu/forward/f32/naive/scalar"), {});
  EXPECT_GT(worst.ulp, 1e6);
  EXPECT_GT(worst.misrounded, 100u);
}

}  // namespace
}  // namespace actbench::test
