// SPDX-License-Identifier: Apache-2.0
//
// Threads that share a call (kernels/registry/sharing.hpp) do every part of it once, and give the bits that one gives.
#include "kernels/registry/sharing.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "actbench/actbench.h"
#include "actbench/rows.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

/// set_threads as long as it lives.
struct Shared {
  explicit Shared(unsigned count) { set_threads(count); }
  ~Shared() { set_threads(1); }
};

TEST(Sharing, EveryPartOnce) {
  for (const std::size_t unit : {1, 3, 4096}) {
    for (const std::size_t n : {1, 2, 5, 7, 4096, 4097, 100000}) {
      for (const unsigned count : {1u, 2u, 3u, 8u}) {
        std::vector<std::atomic<int>> taken(n);
        share(n, unit, count, [&](std::size_t begin, std::size_t end) {
          if (begin < end) {
            EXPECT_EQ(begin % unit, 0u);
          }
          for (std::size_t i = begin; i < end; ++i) ++taken[i];
        });
        for (const std::atomic<int>& times : taken) ASSERT_EQ(times, 1) << n << " by " << unit << " on " << count;
      }
    }
  }
}

TEST(Sharing, OneThreadForEachMiB) {
  constexpr std::size_t MiB = std::size_t{1} << 20;
  EXPECT_EQ(threads(), 1u);
  EXPECT_EQ(sharing(100 * MiB), 1u);
  const Shared shared(4);
  EXPECT_EQ(sharing(0), 1u);
  EXPECT_EQ(sharing(2 * MiB - 1), 1u);
  EXPECT_EQ(sharing(3 * MiB), 3u);
  EXPECT_EQ(sharing(100 * MiB), 4u);
  const Kernel* const rows = find("softmax/forward/f32/fast/scalar");
  ASSERT_NE(rows, nullptr);
  Arguments arguments{};
  arguments.n = 4 * MiB;
  arguments.row = 2 * MiB;
  EXPECT_EQ(sharing(*rows, arguments), 2u);
  actbench_set_threads(0);
  EXPECT_EQ(threads(), 1u);
}

TEST(Sharing, SameBits) {
  constexpr std::size_t n = (std::size_t{3} << 18) + 5;
  std::vector<float> x(n), one(n), many(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = static_cast<float>(static_cast<int>(i * 2654435761u % 20001) - 10000) / 1000;
  const Kernel* const silu = find("silu/forward/f32/fast/scalar");
  const Kernel* const softmax = find("softmax/forward/f32/fast/scalar");
  ASSERT_TRUE(silu != nullptr && softmax != nullptr);
  const auto both = [&](auto call) {
    call(one.data());
    const Shared shared(5);
    call(many.data());
    EXPECT_EQ(std::memcmp(one.data(), many.data(), n * sizeof(float)), 0);
  };
  both([&](float* y) { apply(*silu, x.data(), y, n); });
  both([&](float* y) { apply_rows(*softmax, x.data(), nullptr, y, n / 1000, 1000); });
  std::vector<float> in_place = x;
  const Shared shared(5);
  apply(*silu, in_place.data(), in_place.data(), n);
  apply(*silu, x.data(), one.data(), n);
  EXPECT_EQ(std::memcmp(one.data(), in_place.data(), n * sizeof(float)), 0);
}

}  // namespace
}  // namespace actbench::test
