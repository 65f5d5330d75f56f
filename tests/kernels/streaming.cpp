// SPDX-License-Identifier: Apache-2.0
//
// Results that go past the caches (kernels/registry/streaming.hpp) are those that a kernel gives by itself, at any
// alignment and length, and nothing beside them is written.
#include "kernels/registry/streaming.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "actbench/actbench.h"
#include "actbench/rows.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

/// Everything streams while it lives.
struct Always {
  const std::size_t before = stream_from();
  Always() { set_stream_from(0); }
  ~Always() { set_stream_from(before); }
};

std::vector<char> numbers(Type type, std::size_t n, unsigned seed) {
  const std::vector<std::uint64_t> telling = telling_values(type);
  const Layout l = layout(type);
  std::mt19937_64 random(seed);
  std::vector<char> bytes(n * size_of(type));
  for (std::size_t i = 0; i < n; ++i) {
    const bool rare = random() % 64 == 0;
    const std::uint64_t ordinary = l.power_of_two(static_cast<int>(random() % 8) - 4) +
                                   (random() & (l.smallest_normal() - 1)) + (random() % 2 ? l.sign() : 0);
    set(bytes.data(), i, size_of(type), rare ? telling[random() % telling.size()] : ordinary);
  }
  return bytes;
}

bool goes_past(const Kernel& kernel) {
  return kernel.backend != Backend::cuda && multipliers_of(kernel).count() < 2 &&
         (kernel.tier == Tier::fast || (kernel.tier == Tier::accurate && rounds_once(kernel)));
}

constexpr char mark = 0x5A;
constexpr std::size_t guard = 256;

/// Compares a call of n elements, rows of so many or 0, with the kernel's own, y off a cache line by so many bytes.
void compare(const Kernel& kernel, std::size_t n, std::size_t row, std::size_t off) {
  const std::size_t size = size_of(kernel.type), bytes = n * size;
  const std::vector<double> parameters = default_parameters(kernel);
  const std::vector<char> x = numbers(kernel.type, n, 1), dy = numbers(kernel.type, n, 2),
                          a = numbers(kernel.type, n, 3);
  const Multipliers takes = multipliers_of(kernel);
  std::vector<char> one(bytes + 2 * guard, mark), other = one;
  const auto place = [off](std::vector<char>& v) {
    return v.data() + guard / 2 + (64 - reinterpret_cast<std::uintptr_t>(v.data()) % 64) % 64 + off;
  };
  Arguments arguments{x.data(),          takes.dy ? dy.data() : nullptr, place(one), n,
                      parameters.data(), takes.a ? a.data() : nullptr,   row};
  kernel.run(arguments);
  arguments.y = place(other);
  ASSERT_TRUE(streams(kernel, arguments)) << identity(kernel);
  call(kernel, arguments);
  const Layout l = layout(kernel.type);  // a NaN's sign may depend on the place in a block
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_EQ(l.canonical(get(place(one), i, size)), l.canonical(get(place(other), i, size)))
        << identity(kernel) << ", " << n << " elements, off " << off << ": element " << i;
  }
  for (const char* p = other.data(); p < other.data() + other.size(); ++p) {
    if (p == place(other)) p += bytes;
    ASSERT_EQ(*p, mark) << identity(kernel) << ", " << n << " elements, off " << off << ": byte " << p - place(other);
  }
}

TEST(Streaming, GivesWhatTheKernelGives) {
  const Always always;
  std::size_t compared = 0;
  for (const Kernel* const kernel : runnable_kernels()) {
    if (!goes_past(*kernel)) continue;
    const std::size_t n = 2 * 8192 / size_of(kernel->type) + 77 + compared % 50;
    compare(*kernel, n, 0, compared * size_of(kernel->type) % 64);
    ++compared;
  }
  EXPECT_GT(compared, 100u);
}

TEST(Streaming, AnyLengthAndAlignment) {
  const Always always;
  const Kernel* const kernel = find("leaky_relu/forward/bf16/fast/scalar");
  ASSERT_NE(kernel, nullptr);
  for (const std::size_t n : {1, 2, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097, 8191, 12345})
    for (std::size_t off = 0; off < 64; ++off) compare(*kernel, n, 0, off);
}

TEST(Streaming, WholeRows) {
  const Always always;
  for (const Kernel* const kernel : runnable_kernels(true)) {
    if (!goes_past(*kernel)) continue;
    const std::size_t longest = 16384 / size_of(kernel->type);
    for (const std::size_t row : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, longest})
      compare(*kernel, row * (1 + 20000 / row / size_of(kernel->type)), row, row * size_of(kernel->type) % 64);
  }
}

TEST(Streaming, OnlyWhatIsLargeAndNotInPlace) {
  const Kernel* const kernel = find("relu/forward/f32/fast/scalar");
  const Kernel* const naive = find("relu/forward/f32/naive/scalar");
  const Kernel* const rows = find("softmax/forward/f32/fast/scalar");
  const Kernel* const once = find("relu/forward/f32/accurate/scalar");
  const Kernel* const slow = find("softmax/forward/f32/accurate/scalar");
  ASSERT_TRUE(kernel && naive && rows && once && slow);
  const Always always;
  std::vector<float> x(8192), y(8192);
  const auto arguments = [&](float* to, std::size_t n, std::size_t row = 0) {
    return Arguments{x.data(), nullptr, to, n, nullptr, nullptr, row};
  };
  set_stream_from(1000 * 2 * sizeof(float));
  EXPECT_TRUE(streams(*kernel, arguments(y.data(), 1000)));
  EXPECT_FALSE(streams(*kernel, arguments(y.data(), 999)));
  EXPECT_FALSE(streams(*kernel, arguments(x.data(), 1000)));
  EXPECT_FALSE(streams(*naive, arguments(y.data(), 1000)));
  EXPECT_TRUE(streams(*once, arguments(y.data(), 1000)));
  EXPECT_FALSE(streams(*slow, arguments(y.data(), 1000, 10)));
  EXPECT_TRUE(streams(*rows, arguments(y.data(), 8192, 4096)));
  EXPECT_FALSE(streams(*rows, arguments(y.data(), 8192, 8192)));
  actbench_set_stream_from(SIZE_MAX);
  EXPECT_EQ(stream_from(), SIZE_MAX);
  EXPECT_FALSE(streams(*kernel, arguments(y.data(), 8192)));
}

}  // namespace
}  // namespace actbench::test
