// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "bench/timing/timing.hpp"

namespace {

using namespace actbench::timing;

constexpr std::size_t KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

Machine machine(std::size_t l1, std::size_t l2, std::size_t l3, int shared_by, std::size_t memory) {
  Machine made;
  made.caches = {{1, "data", l1, 64, 1}, {1, "instruction", 32 * KiB, 64, 1}, {2, "unified", l2, 64, 1}};
  if (l3) made.caches.push_back({3, "unified", l3, 64, shared_by});
  made.memory_bytes = memory;
  return made;
}

std::size_t working(const std::vector<Size>& sizes, const std::string& name) {
  const auto found = std::find_if(sizes.begin(), sizes.end(), [&](const Size& size) { return size.name == name; });
  return found == sizes.end() ? 0 : found->working_bytes;
}

TEST(Sizes, FitTheirLevel) {
  struct {
    const char* what;
    Machine of;
    std::size_t llc;
  } cases[] = {
      {"Zen 3 virtual machine", machine(32 * KiB, 512 * KiB, 32 * MiB, 2, 24 * GiB), 8 * MiB},
      {"Sapphire Rapids virtual machine", machine(48 * KiB, 2 * MiB, 105 * MiB, 2, 16 * GiB), 16 * MiB},
      {"desktop", machine(48 * KiB, 2 * MiB, 36 * MiB, 32, 64 * GiB), 5 * MiB},
      {"small last level", machine(32 * KiB, 2 * MiB, 8 * MiB, 8, 8 * GiB), 0},
      {"no last level", machine(64 * KiB, 4 * MiB, 0, 0, 8 * GiB), 0},
      {"V-cache server", machine(32 * KiB, 1 * MiB, 96 * MiB, 16, 512 * GiB), 3 * MiB},
  };
  for (const auto& [what, of, llc] : cases) {
    SCOPED_TRACE(what);
    const auto sizes = default_sizes(of);
    const std::size_t l1 = of.caches[0].bytes, l2 = of.caches[2].bytes;
    const std::size_t l3 = of.caches.size() > 3 ? of.caches[3].bytes : 0;
    EXPECT_EQ(working(sizes, "l1"), l1 / 2);
    EXPECT_EQ(working(sizes, "l2"), l2 / 2);
    EXPECT_GT(working(sizes, "l2"), l1);
    EXPECT_EQ(working(sizes, "llc"), llc);  // 0: left out
    if (llc > 0) {
      EXPECT_GT(working(sizes, "llc"), 2 * l2);
      EXPECT_LE(working(sizes, "llc"), l3 / 2);
    }
    EXPECT_GE(working(sizes, "memory"), 4 * std::max(l2, l3));
    EXPECT_GE(working(sizes, "memory"), 256 * MiB);
    EXPECT_GE(elements(sizes.back(), 8), std::size_t{32} << 20);
    EXPECT_LE(working(sizes, "memory"), of.memory_bytes / 8);
  }
}

TEST(Sizes, UnknownMachine) {
  const auto sizes = default_sizes(Machine{});
  EXPECT_EQ(working(sizes, "l1"), 16 * KiB);
  EXPECT_EQ(working(sizes, "llc"), 0u);
  EXPECT_GE(working(sizes, "memory"), 256 * MiB);
}

TEST(Sizes, SmallMemoryIsNotExhausted) {
  EXPECT_EQ(working(default_sizes(machine(32 * KiB, 512 * KiB, 32 * MiB, 2, 512 * MiB)), "memory"), 64 * MiB);
}

TEST(Sizes, Elements) {
  const Size l1{"l1", 16 * KiB, 0}, counted{"4096", 0, 4096}, tiny{"l1", 4, 0};
  EXPECT_EQ(elements(l1, 8), 2048u);   // f32 forward
  EXPECT_EQ(elements(l1, 12), 1365u);  // f32 backward
  EXPECT_EQ(elements(l1, 4), 4096u);   // f16 forward
  EXPECT_EQ(elements(counted, 8), 4096u);
  EXPECT_EQ(elements(counted, 16), 4096u);
  EXPECT_EQ(elements(tiny, 8), 1u);
}

TEST(Sizes, BytesPerElement) {
  actbench::Activation activation{};
  actbench::Kernel kernel{};
  kernel.activation = &activation;
  EXPECT_EQ(bytes_per_element(kernel), 8u);
  kernel.direction = actbench::Direction::backward;
  EXPECT_EQ(bytes_per_element(kernel), 12u);
  kernel.type = actbench::Type::bf16;
  EXPECT_EQ(bytes_per_element(kernel), 6u);
  kernel.direction = actbench::Direction::alpha_gradient;
  kernel.type = actbench::Type::f64;
  EXPECT_EQ(bytes_per_element(kernel), 24u);
  kernel.direction = actbench::Direction::derivative;
  EXPECT_EQ(bytes_per_element(kernel), 16u);
  activation.shape = actbench::Shape::gated;
  kernel.direction = actbench::Direction::forward;
  EXPECT_EQ(bytes_per_element(kernel), 24u);
  kernel.direction = actbench::Direction::gradient_a;
  EXPECT_EQ(bytes_per_element(kernel), 24u);
  kernel.direction = actbench::Direction::gradient_b;
  EXPECT_EQ(bytes_per_element(kernel), 32u);
}

TEST(Sizes, ParseList) {
  const Machine of = machine(32 * KiB, 512 * KiB, 32 * MiB, 2, 24 * GiB);
  const auto sizes = parse_sizes("memory,l1,4096,64k,2M,l1,1G,65536", of);
  ASSERT_EQ(sizes.size(), 6u);  // what is named twice comes once
  EXPECT_EQ(sizes[0].name, "memory");
  EXPECT_EQ(sizes[1].name, "l1");
  EXPECT_EQ(sizes[1].working_bytes, 16 * KiB);
  EXPECT_EQ(sizes[2].elements, 4096u);
  EXPECT_EQ(sizes[2].name, "4096");
  EXPECT_EQ(sizes[3].elements, 65536u);
  EXPECT_EQ(sizes[3].name, "65536");
  EXPECT_EQ(sizes[4].elements, 2 * MiB);
  EXPECT_EQ(sizes[5].elements, GiB);
  const auto powers = parse_sizes("2^12,1e6,3E2,1^9,2^0", of);
  ASSERT_EQ(powers.size(), 4u);  // 1 is named twice
  EXPECT_EQ(powers[0].elements, 4096u);
  EXPECT_EQ(powers[1].elements, 1000000u);
  EXPECT_EQ(powers[2].elements, 300u);
  EXPECT_EQ(powers[3].elements, 1u);
}

TEST(Sizes, ParseErrors) {
  const Machine of = machine(32 * KiB, 512 * KiB, 32 * MiB, 2, 24 * GiB);
  for (const char* wrong : {"",
                            "l1,",
                            ",l1",
                            "l4",
                            "0",
                            "-5",
                            "4096x",
                            "4096kk",
                            "1.5",
                            "k",
                            "99999999999999999999",
                            "18446744073709551615",
                            "99999999999G",
                            "l1 l2",
                            "2^64",
                            "2^",
                            "^2",
                            "1e99",
                            "0^3",
                            "1e-1",
                            "2^1.5",
                            "2^99999999999",
                            "9e0x",
                            "0e4"}) {
    EXPECT_THROW(parse_sizes(wrong, of), Error) << wrong;
  }
  EXPECT_THROW(parse_sizes("llc", machine(32 * KiB, 512 * KiB, 0, 0, GiB)), Error);
  try {
    parse_sizes("l1,big", of);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'big'"), std::string::npos) << error.what();
  }
}

}  // namespace
