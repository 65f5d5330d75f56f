// SPDX-License-Identifier: Apache-2.0
//
// Next to every midpoint between two neighbouring numbers of a half type, and many of f32: what could be off by so much
// as to round to either must not count as settled, what could not must, and is rounded right.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "kernels/table.hpp"
#include "tests/rounding/vocabulary.hpp"

namespace actbench {

namespace rounding_scalar {
extern const rounding::Vocabulary vocabulary;
}
#ifdef __x86_64__
namespace rounding_avx2 {
extern const rounding::Vocabulary vocabulary;
}
namespace rounding_avx512 {
extern const rounding::Vocabulary vocabulary;
}
#endif
namespace rounding_cuda {
extern const rounding::Vocabulary vocabulary;
}

namespace {

struct Named {
  const char* name;
  const rounding::Vocabulary& vocabulary;
};

class Rounding : public testing::TestWithParam<Named> {
 protected:
  void SetUp() override {
    if ((cpu_features() & vocabulary().features) != vocabulary().features)
      GTEST_SKIP() << "this CPU does not have " << GetParam().name;
  }
  static const rounding::Vocabulary& vocabulary() { return GetParam().vocabulary; }

  /// bits of a positive number and of the one above; sign: 0x8000 or 0.
  static void look_between(Type type, unsigned bits, unsigned sign) {
    constexpr int steps = 9;
    const auto settle = type == Type::f16 ? vocabulary().f16 : vocabulary().bf16;
    const unsigned infinite = type == Type::f16 ? 0x7C00 : 0x7F80;
    const double here = value_of(type, bits);
    // Where the next number is infinite, it takes the place of what would come there.
    const double above = bits + 1 == infinite ? 2 * here - value_of(type, bits - 1) : value_of(type, bits + 1);
    const auto middle = static_cast<float>((here + above) / 2);
    for (int k = -2 * steps; k <= 2 * steps; ++k) {
      const float value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(middle) + static_cast<std::uint32_t>(k));
      const rounding::Stored stored = settle(sign ? -value : value, steps);
      if (std::abs(k) < steps) {
        ASSERT_FALSE(stored.sure) << value << ", " << k << " steps from the middle";
      } else if (std::abs(k) > steps) {
        ASSERT_TRUE(stored.sure) << value << ", " << k << " steps from the middle";
        ASSERT_EQ(stored.bits, (k < 0 ? bits : bits + 1) | sign) << value;
      }
    }
    for (int k = bits == 0 ? 0 : -steps; k <= steps; ++k) {
      const auto exact = static_cast<float>(here);
      const float value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(exact) + static_cast<std::uint32_t>(k));
      const rounding::Stored stored = settle(sign ? -value : value, steps);
      ASSERT_TRUE(stored.sure) << value;
      ASSERT_EQ(stored.bits, bits | sign) << value;
    }
  }

 private:
  static double value_of(Type type, unsigned bits) {
    if (type == Type::bf16) return std::bit_cast<float>(bits << 16);
    const int exponent = static_cast<int>(bits >> 10), fraction = static_cast<int>(bits & 0x3FF);
    return exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  }
};

TEST_P(Rounding, SettlesF16) {
  for (unsigned bits = 0; bits < 0x7C00; ++bits) {
    for (const unsigned sign : {0u, 0x8000u}) ASSERT_NO_FATAL_FAILURE(look_between(Type::f16, bits, sign));
  }
}

TEST_P(Rounding, SettlesBF16) {
  for (unsigned bits = 0; bits < 0x7F80; ++bits) {
    for (const unsigned sign : {0u, 0x8000u}) ASSERT_NO_FATAL_FAILURE(look_between(Type::bf16, bits, sign));
  }
}

TEST_P(Rounding, SettlesF32) {
  std::mt19937 random(7);
  constexpr double error = 0x1p-39;
  for (int i = 0; i < 1'000'000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random() % 0x7F800000);
    const float here = std::bit_cast<float>(bits), above = std::bit_cast<float>(bits + 1);
    const double next = std::isinf(above) ? 0x1p128 : static_cast<double>(above);
    const double middle = (static_cast<double>(here) + next) / 2;
    const double off = std::ldexp(1 + static_cast<double>(random()) * 0x1p-32, -50 + static_cast<int>(random() % 24));
    for (const double side : {-1.0, 1.0}) {
      for (const double sign : {-1.0, 1.0}) {
        const double value = sign * middle * (1 + side * off);
        const rounding::Stored stored = vocabulary().f32(value, error);
        if (off < 0.999 * error) {
          ASSERT_FALSE(stored.sure) << value;
        } else if (stored.sure) {
          ASSERT_EQ(stored.bits, std::bit_cast<std::uint32_t>(static_cast<float>(value))) << value;
        } else {  // which nothing that f32 has as a normal number may be, from a little further on
          ASSERT_TRUE(off < 2.01 * error || std::abs(value) < 0x1p-126 || std::abs(value) >= 0x1p127) << value;
        }
      }
    }
  }
  for (const double zero : {0.0, -0.0}) {
    const rounding::Stored stored = vocabulary().f32(zero, error);
    EXPECT_TRUE(stored.sure);
    EXPECT_EQ(stored.bits, std::signbit(zero) ? 0x80000000u : 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, Rounding,
                         testing::Values(Named{"scalar", rounding_scalar::vocabulary},
#ifdef __x86_64__
                                         Named{"avx2", rounding_avx2::vocabulary},
                                         Named{"avx512", rounding_avx512::vocabulary},
#endif
                                         Named{"cuda", rounding_cuda::vocabulary}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace actbench
