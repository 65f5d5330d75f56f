// SPDX-License-Identifier: Apache-2.0
//
// fast kernels where they change their ways: inputs, gradients and parameters at the limits beyond which the accurate
// kernel steps in, tails that a gradient lifts back, zeros of derivatives; each x with each gradient. And elements in
// doubt beside others leave those as they would be by themselves.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "reference/reference.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

std::uint64_t pattern(Type type, double value) {
  const double rounded = round_to(type, value);
  if (type == Type::f64) return std::bit_cast<std::uint64_t>(rounded);
  const auto wide = std::bit_cast<std::uint32_t>(static_cast<float>(rounded));
  if (type == Type::f32) return wide;
  if (type == Type::bf16) return wide >> 16;
  const Layout l = layout(type);
  const std::uint64_t sign = std::signbit(rounded) ? l.sign() : 0;
  if (std::isinf(rounded)) return sign | l.infinity();
  const double size = std::fabs(rounded);
  if (size < 0x1p-14) return sign | static_cast<std::uint64_t>(size * 0x1p24);
  const int exponent = std::ilogb(size);
  return sign | ((static_cast<std::uint64_t>(exponent + 14) << 10) +
                 static_cast<std::uint64_t>(std::ldexp(size, 10 - exponent)));
}

/// Each value with its neighbours, both signs.
std::vector<std::uint64_t> around(Type type, std::initializer_list<double> values) {
  const Layout l = layout(type);
  std::vector<std::uint64_t> all;
  for (const double value : values) {
    const std::uint64_t bits = pattern(type, value);
    for (const std::uint64_t x : {bits - 1, bits, bits + 1}) {
      if (x > l.infinity()) continue;
      all.push_back(x);
      all.push_back(x | l.sign());
    }
  }
  return all;
}

std::vector<std::uint64_t> inputs(Type type) {
  std::vector<std::uint64_t> x =
      type == Type::f64
          ? around(type, {0x1p-900, 0x1p100, 0x1p150, 27, 24.6, 46, 38.5, 709, 745, 1060, 1100, 0x1p-300})
          : around(type, {0x1p-90, 0x1p14, 0x1p30, 12.6, 12.2, 16.1, 14.2, 87.3, 88.7, 103.97, 131, 140, 0x1p-40});
  for (const std::uint64_t more : around(
           type,
           {0.0, 0.25, 0.5, 0.75, 0.7517916243860, 0.7523, 0.7614, 1, 1.19240, 1.44, 0.94, 1.27846454276, 1.53, 1.03, 2,
            3,   9,    10,  12,   17.33,           20,     24,     40}))
    x.push_back(more);
  std::uint64_t state = 1;
  for (int i = 0; i < 60; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    x.push_back(
        pattern(type, static_cast<double>(static_cast<std::int64_t>(state)) * (i % 2 == 0 ? 0x1p-60 : 0x1p-57)));
  }
  return x;
}
std::vector<std::uint64_t> gradients(Type type) {
  return type == Type::f64 ? around(type, {0.0, 1, 0x1p150, 0x1p300, 0x1p700, 0x1p-300, 0x1p-1022, 0x1p-1070})
                           : around(type, {0.0, 1, 0x1p14, 0x1p28, 0x1p100, 0x1p-20, 0x1p-126, 0x1p-146});
}

/// Where a kernel and the accurate one give the same bits, it is for the tests of that one whether they are right.
struct Worst {
  double ulp = 0, x = 0, dy = 0;
};
Worst worst_of(const Kernel& kernel, const std::vector<double>& parameters) {
  const std::size_t size = size_of(kernel.type);
  const bool with_dy = multipliers_of(kernel).dy;
  std::vector<std::uint64_t> x, dy;
  for (const std::uint64_t input : inputs(kernel.type)) {
    for (const std::uint64_t gradient : with_dy ? gradients(kernel.type) : std::vector<std::uint64_t>{0}) {
      x.push_back(input);
      dy.push_back(gradient);
    }
  }
  const std::size_t n = x.size();
  std::vector<char> memory[2], y(n * size), accurate(n * size);
  std::vector<double> values[2], computed(n);
  for (std::size_t c = 0; c < 2; ++c) {
    memory[c].resize(n * size), values[c].resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t bits = c == 0 ? x[i] : dy[i];
      set(memory[c].data(), i, size, bits);
      values[c][i] = to_double(kernel.type, bits);
    }
  }
  run(kernel, memory[0].data(), with_dy ? memory[1].data() : nullptr, y.data(), n, parameters);
  for (std::size_t i = 0; i < n; ++i) computed[i] = to_double(kernel.type, get(y.data(), i, size));
  std::string in_its_place = identity(kernel);
  in_its_place.replace(in_its_place.find(name(kernel.tier)), std::string_view(name(kernel.tier)).size(), "accurate");
  run(*find(in_its_place), memory[0].data(), with_dy ? memory[1].data() : nullptr, accurate.data(), n, parameters);
  const reference::Function& function = *reference::find(kernel.activation->name, name(kernel.direction));
  const reference::Format& format = *reference::find_format(name(kernel.type));
  reference::InputArrays in{values[0].data()};
  if (with_dy) in.multiplier[0] = values[1].data();
  std::vector<reference::Quick> quick(n);
  std::vector<reference::Judgement> judged(n);
  reference::quick(function, format, in, quick.data(), n, parameters);
  reference::judge(function, format, in, quick.data(), computed.data(), judged.data(), n, parameters);
  Worst worst;
  for (std::size_t i = 0; i < n; ++i) {
    const bool alike = get(y.data(), i, size) == get(accurate.data(), i, size);
    if (!alike && judged[i].ulp > worst.ulp) worst = {judged[i].ulp, values[0][i], values[1][i]};
  }
  return worst;
}

std::vector<const Kernel*> fast_kernels() {
  std::vector<const Kernel*> found;
  for (const Kernel* k : runnable_kernels()) {
    if (k->tier == Tier::fast && k->activation->shape == Shape::elementwise && k->backend != Backend::cuda)
      found.push_back(k);
  }
  return found;
}

void expect_kept(const Kernel& kernel, const std::vector<double>& parameters) {
  const Worst worst = worst_of(kernel, parameters);
  EXPECT_LE(worst.ulp, kernel.promised_ulp)
      << identity(kernel) << std::hexfloat << " of x " << worst.x << ", dy " << worst.dy << ", first parameter "
      << (parameters.empty() ? 0.0 : parameters[0]);
}

TEST(Fast, PromisesAreKeptAtTheLimits) {
  for (const Kernel* k : fast_kernels()) expect_kept(*k, default_parameters(*k));
}

TEST(Fast, PromisesAreKeptAtTheLimitsOfParameters) {
  for (const Kernel* k : fast_kernels()) {
    const Activation& a = *k->activation;
    if (a.parameter_count == 0 || k->backend == Backend::scalar) continue;
    for (const double value : {0.0, 0x1p-7, 0x1.fp-8, 0x1p7, 0x1.01p7, -1.0, -0x1p7, 0.3, 3.0, 1000.0}) {
      for (const bool all : {true, false}) {
        std::vector<double> p = default_parameters(*k);
        for (std::size_t i = 0; i < (all ? p.size() : 1); ++i) p[i] = round_to(k->type, value);
        if (parameter_error(a, p).empty()) expect_kept(*k, p);
      }
    }
  }
}

/// A NaN, an infinity and a huge number in every place of a register change nothing beside them.
TEST(Fast, ElementsInDoubtLeaveTheOthersAlone) {
  for (const Kernel* k : fast_kernels()) {
    const Layout l = layout(k->type);
    const std::size_t size = size_of(k->type), n = 64;
    const std::vector<double> parameters = default_parameters(*k);
    std::vector<char> x(n * size), dy(n * size), alone(n * size), beside(n * size);
    for (std::size_t i = 0; i < n; ++i) {
      set(x.data(), i, size, pattern(k->type, 0.37 * static_cast<double>(i) - 12.1));
      set(dy.data(), i, size, pattern(k->type, 1.5 - 0.03 * static_cast<double>(i)));
    }
    run(*k, x.data(), dy.data(), alone.data(), n, parameters);
    for (std::size_t place = 0; place < n; place += 5) {
      for (const std::uint64_t special : {l.quiet_nan(), l.infinity(), l.infinity() - 1}) {
        std::vector<char> changed = x;
        set(changed.data(), place, size, special);
        run(*k, changed.data(), dy.data(), beside.data(), n, parameters);
        set(beside.data(), place, size, get(alone.data(), place, size));
        ASSERT_EQ(alone, beside) << identity(*k) << " at " << place;
      }
    }
  }
}

/// dy·f'(x) on either side of half a unit beyond the largest f16: infinite exactly where the right result is.
TEST(Fast, F16OverflowsWhereItShould) {
  std::size_t compared = 0, infinite = 0;
  for (const Kernel* k : fast_kernels()) {
    if (k->type != Type::f16 || k->direction != Direction::backward) continue;
    const std::string of = std::string(k->activation->name) + "/", on = std::string("/") + name(k->backend);
    const Kernel& slope = *find(of + "derivative/f64/accurate" + on);
    const Kernel& accurate = *find(of + "backward/f16/accurate" + on);
    const std::vector<double> parameters = default_parameters(*k);
    std::vector<std::uint16_t> x, dy;
    for (int i = -4000; i <= 4000; ++i) {
      const double input = round_to(Type::f16, 0.001 * i);
      double f = 0;
      run(slope, &input, nullptr, &f, 1, parameters);
      const double there = 65520 / f;
      if (!(std::fabs(there) < 65504)) continue;
      const auto middle = static_cast<std::uint16_t>(pattern(Type::f16, there));
      for (int step = -2; step <= 2; ++step) {
        x.push_back(static_cast<std::uint16_t>(pattern(Type::f16, input)));
        dy.push_back(static_cast<std::uint16_t>(middle + step));
      }
    }
    const std::size_t n = x.size();
    if (n == 0) continue;
    std::vector<std::uint16_t> got(n), right(n);
    run(*k, x.data(), dy.data(), got.data(), n, parameters);
    run(accurate, x.data(), dy.data(), right.data(), n, parameters);
    compared += n;
    for (std::size_t i = 0; i < n; ++i) {
      const bool wanted = (right[i] & 0x7FFF) == 0x7C00;
      infinite += wanted;
      ASSERT_EQ((got[i] & 0x7FFF) == 0x7C00, wanted)
          << identity(*k) << " x " << to_double(Type::f16, x[i]) << " dy " << to_double(Type::f16, dy[i]);
    }
  }
  EXPECT_GT(infinite, compared / 10);
  EXPECT_LT(infinite, compared - compared / 10);
}

/// The check can fail.
TEST(Fast, BrokenPromisesAreSeen) {
  EXPECT_GT(worst_of(*find("silu/backward/f32/naive/scalar"), {}).ulp, 1e4);
  EXPECT_GT(worst_of(*find("gelu/forward/f64/naive/scalar"), {}).ulp, 1e4);
}

}  // namespace
}  // namespace actbench::test
