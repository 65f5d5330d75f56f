// SPDX-License-Identifier: Apache-2.0
//
// Gated units keep what they promise where two multipliers meet: every telling value with every other, inputs from all
// over, and the depths of a tail that only a product of two large numbers brings back to a number of the type.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "reference/reference.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

using Triple = std::array<std::uint64_t, 3>;  ///< b, dy, a

std::uint64_t pattern(const Kernel& kernel, double value) {
  if (kernel.type == Type::f64) return std::bit_cast<std::uint64_t>(value);
  const auto wide = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return kernel.type == Type::f32 ? wide : wide >> 16;
}

std::vector<Triple> inputs(const Kernel& kernel) {
  const Layout l = layout(kernel.type);
  const std::vector<std::uint64_t> telling = telling_values(kernel.type);
  std::vector<Triple> all;
  // Every pair of telling values, and with every other one a third.
  for (std::size_t i = 0; i < telling.size(); ++i) {
    for (std::size_t j = 0; j < telling.size(); ++j) {
      all.push_back({telling[i], telling[j], telling[(5 * i + 3 * j) % telling.size()]});
      if ((i + j) % 2 == 0) all.push_back({telling[i], telling[(7 * i + j) % telling.size()], telling[j]});
    }
  }
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * size_of(kernel.type));
  std::uint64_t state = 1;
  const auto next = [&] { return (state = state * 6364136223846793005 + 1442695040888963407) >> 11; };
  for (std::size_t i = 0; i < 10000; ++i) {
    const std::uint64_t b = next() ^ next() << 23, dy = next() ^ next() << 23, a = next() ^ next() << 23;
    all.push_back({b & mask, dy & mask, a & mask});
  }
  // A factor next to 1 or to b, beside products that are ties.
  for (std::size_t i = 0; i < 4000; ++i) {
    const std::uint64_t few = (next() & 7) << (l.fraction_bits - 3);
    const std::uint64_t b = l.one() + few + ((next() % 12) << l.fraction_bits);
    all.push_back({b, next() % 64 + 1, l.one() + (next() & 0xff) * (i % 2) + few});
  }
  if (kernel.type == Type::f16) return all;
  // f of 2^-e times two numbers of 2^(e/2) and some.
  const double largest = to_double(kernel.type, l.infinity() - 1);
  const bool normal = kernel.activation->name == std::string_view("geglu");
  const int most = 2 * std::ilogb(largest);
  for (int e = 40; e <= most + most / 2; ++e) {
    for (const int spread : {0, -60, 25}) {
      const double depth = e * 0.6931471805599453, b = normal ? -std::sqrt(2 * depth) : -depth;
      const int exponent = std::min(std::ilogb(largest), e / 2 + spread);
      const double dy = std::ldexp(1 + static_cast<double>(next() % 127) / 127, exponent);
      const double a =
          std::ldexp(-1 - static_cast<double>(next() % 127) / 127, std::min(std::ilogb(largest), e - exponent));
      all.push_back({pattern(kernel, b), pattern(kernel, dy), pattern(kernel, a)});
    }
  }
  return all;
}

struct Worst {
  double ulp = 0;
  std::size_t misrounded = 0, finite = 0;
  std::array<double, 3> at{};
};

Worst worst_of(const Kernel& kernel) {
  const Multipliers takes = multipliers_of(kernel);
  const std::vector<Triple> triples = inputs(kernel);
  const std::size_t n = triples.size(), size = size_of(kernel.type);
  std::vector<char> memory[3], y(n * size);
  std::vector<double> values[3], computed(n);
  for (std::size_t c = 0; c < 3; ++c) {
    memory[c].resize(n * size), values[c].resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      set(memory[c].data(), i, size, triples[i][c]);
      values[c][i] = to_double(kernel.type, triples[i][c]);
    }
  }
  run(kernel, {memory[0].data(), memory[1].data(), memory[2].data()}, y.data(), n, {});
  for (std::size_t i = 0; i < n; ++i) computed[i] = to_double(kernel.type, get(y.data(), i, size));

  const reference::Function& function = *reference::find(kernel.activation->name, name(kernel.direction));
  const reference::Format& format = *reference::find_format(name(kernel.type));
  reference::InputArrays in{values[0].data()};
  std::size_t count = 0;
  if (takes.dy) in.multiplier[count++] = values[1].data();
  if (takes.a) in.multiplier[count++] = values[2].data();
  std::vector<reference::Quick> quick(n);
  std::vector<reference::Judgement> judged(n);
  reference::quick(function, format, in, quick.data(), n, {});
  reference::judge(function, format, in, quick.data(), computed.data(), judged.data(), n, {});
  Worst worst;
  for (std::size_t i = 0; i < n; ++i) {
    worst.misrounded += !judged[i].correctly_rounded;
    worst.finite += std::isfinite(judged[i].expected) && judged[i].expected != 0;
    if (!(judged[i].ulp > worst.ulp)) continue;
    worst.ulp = judged[i].ulp;
    worst.at = {values[0][i], values[1][i], values[2][i]};
  }
  return worst;
}

std::vector<const Kernel*> gated_kernels() {
  std::vector<const Kernel*> found;
  for (const Kernel* k : runnable_kernels()) {
    if (k->activation->shape == Shape::gated) found.push_back(k);
  }
  return found;
}

TEST(Gated, PromisesAreKept) {
  for (const Kernel* k : gated_kernels()) {
    if (!std::isfinite(k->promised_ulp)) continue;
    const Worst worst = worst_of(*k);
    EXPECT_LE(worst.ulp, k->promised_ulp)
        << identity(*k) << std::hexfloat << " at b " << worst.at[0] << ", dy " << worst.at[1] << ", a " << worst.at[2];
    if (k->promised_ulp == 0.5) {
      EXPECT_EQ(worst.misrounded, 0u) << identity(*k);
    }
    EXPECT_GT(worst.finite, 4000u) << identity(*k);
  }
}

/// The check can fail.
TEST(Gated, BrokenPromisesAreSeen) {
  for (const char* textbook : {"swiglu/forward/f32/naive/scalar", "geglu/gradient_b/f64/naive/scalar"})
    EXPECT_GT(worst_of(*find(textbook)).ulp, 1e4) << textbook;
}

/// All backends give the same bits, and so does each input with others beside it.
TEST(Gated, BackendsAgreeToTheBit) {
  for (const Kernel* k : gated_kernels()) {
    if (k->tier == Tier::naive || k->backend == Backend::scalar) continue;
    std::string scalar = identity(*k);
    scalar.replace(scalar.rfind('/') + 1, std::string::npos, "scalar");
    const std::vector<Triple> triples = inputs(*k);
    const std::size_t n = triples.size(), size = size_of(k->type);
    std::vector<char> memory[3], got(n * size), right(n * size);
    for (std::size_t c = 0; c < 3; ++c) {
      memory[c].resize(n * size);
      for (std::size_t i = 0; i < n; ++i) set(memory[c].data(), i, size, triples[i][c]);
    }
    const InputArrays in{memory[0].data(), memory[1].data(), memory[2].data()};
    run(*k, in, got.data(), n, {});
    run(*find(scalar), in, right.data(), n, {});
    const Layout l = layout(k->type);
    std::size_t different = 0;
    for (std::size_t i = 0; i < n; ++i)
      different += l.canonical(get(got.data(), i, size)) != l.canonical(get(right.data(), i, size));
    EXPECT_EQ(different, 0u) << identity(*k);
  }
}

}  // namespace
}  // namespace actbench::test
