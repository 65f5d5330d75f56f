// SPDX-License-Identifier: Apache-2.0
//
// One parameter a channel: whatever the layout, an element becomes what it would by itself; and sums over channels
// against exact ones.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

struct Shape {
  std::size_t n, channels, stride;
};
constexpr Shape shapes[] = {{0, 3, 1},      {1, 3, 1},      {7, 3, 1},       {3000, 1, 1},    {3000, 3, 1},
                            {3001, 64, 1},  {5000, 17, 1},  {13000, 100, 1}, {4097, 4096, 1}, {3000, 1000, 1},
                            {3000, 3, 2},   {3001, 5, 7},   {5003, 3, 49},   {3000, 2, 100},  {4001, 3, 129},
                            {4001, 2, 255}, {4000, 3, 256}, {4001, 2, 700},  {100, 2, 1000},  {9000, 33, 3}};

/// Kernels that need nothing of the machine: y = value·x, and value·x·dy, at any type's pattern.
template <class T, bool gradient>
void scaled(const Arguments& a) noexcept {
  for (std::size_t i = 0; i < a.n; ++i) {
    T x{}, dy{1};
    std::memcpy(&x, static_cast<const char*>(a.x) + i * sizeof(T), sizeof(T));
    if (gradient) std::memcpy(&dy, static_cast<const char*>(a.dy) + i * sizeof(T), sizeof(T));
    x = static_cast<T>(x * dy * static_cast<T>(a.parameters[0]));
    std::memcpy(static_cast<char*>(a.y) + i * sizeof(T), &x, sizeof(T));
  }
}
constexpr Activation one_parameter{"scaled", "a·x", "", {{"a", 1, Domain::any}}, 1};

std::vector<Kernel> kernels_with_one_parameter() {
  std::vector<Kernel> found{
      {&one_parameter, Direction::forward, Type::f32, Tier::naive, Backend::scalar, 1, scaled<float, false>},
      {&one_parameter, Direction::backward, Type::f32, Tier::naive, Backend::scalar, 1, scaled<float, true>},
      {&one_parameter, Direction::backward, Type::f64, Tier::naive, Backend::scalar, 1, scaled<double, true>},
      {&one_parameter, Direction::backward, Type::f16, Tier::naive, Backend::scalar, 1, scaled<std::uint16_t, true>}};
  for (const Kernel* k : runnable_kernels()) {
    if (k->activation->parameter_count == 1 && k->tier == Tier::accurate) found.push_back(*k);
  }
  return found;
}

std::string place(const Kernel& kernel, const Shape& s, std::size_t i) {
  return identity(kernel) + ", " + std::to_string(s.n) + " elements, " + std::to_string(s.channels) +
         " channels, stride " + std::to_string(s.stride) + ": element " + std::to_string(i);
}

TEST(Channels, AreComputedElementByElement) {
  std::mt19937_64 random(1);
  for (const Kernel& kernel : kernels_with_one_parameter()) {
    const std::size_t size = size_of(kernel.type);
    const bool with_dy = takes_dy(kernel.direction);
    const Layout l = layout(kernel.type);
    const auto at = [&](const void* array, std::size_t i) { return l.canonical(get(array, i, size)); };
    for (const Shape& s : shapes) {
      std::vector<char> x(s.n * size + 64), dy(s.n * size + 64), y(s.n * size + 64, 'y');
      for (char& byte : x) byte = static_cast<char>(random());
      for (char& byte : dy) byte = static_cast<char>(random());
      std::vector<double> values(s.channels);
      for (double& value : values) value = 0.25 * static_cast<double>(1 + random() % 64);
      const std::size_t shift = random() % 8;
      const char* const in = x.data() + shift;
      const char* const gradient = with_dy ? dy.data() + shift : nullptr;
      apply_channels(kernel, in, gradient, y.data(), s.n, values, s.stride);
      std::vector<char> in_place = x, over_dy = dy;
      apply_channels(kernel, in_place.data() + shift, gradient, in_place.data() + shift, s.n, values, s.stride);
      if (with_dy) apply_channels(kernel, in, over_dy.data() + shift, over_dy.data() + shift, s.n, values, s.stride);
      for (std::size_t i = 0; i < s.n; ++i) {
        const double value = round_to(kernel.type, values[i / s.stride % s.channels]);
        std::uint64_t alone = 0;
        call(kernel, {in + i * size, with_dy ? gradient + i * size : nullptr, &alone, 1, &value});
        alone = l.canonical(alone);
        ASSERT_EQ(at(y.data(), i), alone) << place(kernel, s, i);
        ASSERT_EQ(at(in_place.data() + shift, i), alone) << place(kernel, s, i) << ", in place";
        if (with_dy) {
          ASSERT_EQ(at(over_dy.data() + shift, i), alone) << place(kernel, s, i) << ", over dy";
        }
      }
      for (std::size_t i = s.n * size; i < y.size(); ++i) ASSERT_EQ(y[i], 'y') << "wrote beyond the end";
    }
  }
}

TEST(ChannelSums, AreThoseOfTheChannelsElements) {
  std::mt19937_64 random(2);
  for (const Type type : {Type::f32, Type::f64, Type::f16, Type::bf16}) {
    const std::size_t size = size_of(type);
    const Layout l = layout(type);
    for (const Shape& s : shapes) {
      std::vector<char> terms(s.n * size);
      std::vector<long double> expected(s.channels);
      for (std::size_t i = 0; i < s.n; ++i) {
        // Magnitudes from 1/16 to 16, few enough to be added exactly in long double.
        const int power = static_cast<int>(random() % 8) - 4;
        std::uint64_t bits = l.power_of_two(power) | (random() & (l.smallest_normal() - 1));
        if (type == Type::f64) bits &= ~std::uint64_t{0xffff};
        if (random() & 1) bits |= l.sign();
        set(terms.data(), i, size, bits);
        expected[i / s.stride % s.channels] += to_double(type, bits);
      }
      std::vector<double> sums(s.channels, -1);
      sum_channels(type, terms.data(), s.n, s.stride, sums);
      for (std::size_t c = 0; c < s.channels; ++c) {
        ASSERT_EQ(sums[c], static_cast<double>(expected[c])) << name(type) << ", " << s.n << ", " << s.stride;
      }
    }
  }
}

TEST(ChannelSums, KeepWhatPlainAddingLoses) {
  std::vector<double> terms;
  for (int i = 0; i < 1000; ++i) terms.insert(terms.end(), {1e16, 1.0, -1e16, 0x1p-20});
  double sum = 0, plain = 0;
  sum_channels(Type::f64, terms.data(), terms.size(), 1, {&sum, 1});
  for (const double term : terms) plain += term;
  EXPECT_EQ(sum, 1000 + 1000 * 0x1p-20);
  EXPECT_NE(plain, sum) << "the terms must be such that it matters";
}

TEST(ChannelSums, OfSubnormalsInfinitiesAndNan) {
  double sum = 0;
  const std::uint16_t tiny[] = {0x0001, 0x0001, 0x03ff}, infinite[] = {0x7c00, 0x3c00}, both[] = {0x7c00, 0xfc00},
                      nan[] = {0x3c00, 0x7c01}, bf16[] = {0x0001, 0xff80};
  sum_channels(Type::f16, tiny, 3, 1, {&sum, 1});
  EXPECT_EQ(sum, 1025 * 0x1p-24);
  sum_channels(Type::f16, infinite, 2, 1, {&sum, 1});
  EXPECT_EQ(sum, HUGE_VAL);
  sum_channels(Type::f16, both, 2, 1, {&sum, 1});
  EXPECT_TRUE(std::isnan(sum));
  sum_channels(Type::f16, nan, 2, 1, {&sum, 1});
  EXPECT_TRUE(std::isnan(sum));
  sum_channels(Type::bf16, bf16, 1, 1, {&sum, 1});
  EXPECT_EQ(sum, 0x1p-133);
  sum_channels(Type::bf16, bf16, 2, 1, {&sum, 1});
  EXPECT_EQ(sum, -HUGE_VAL);
}

}  // namespace
}  // namespace actbench::test
