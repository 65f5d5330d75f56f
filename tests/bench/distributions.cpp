// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
#include <vector>

#include "bench/numbers/distribution.hpp"
#include "bench/support/errors.hpp"

namespace {

using actbench::Type;
using actbench::bench::all_distributions;
using actbench::bench::Distribution;
using actbench::bench::fill;
using actbench::bench::parse_distribution;
using actbench::bench::parse_distributions;
using actbench::bench::text_of;
using actbench::bench::UsageError;

constexpr Type all_types[] = {Type::f32, Type::f64, Type::f16, Type::bf16};
constexpr std::size_t count = 200000;

/// A 16-bit floating-point number by its definition.
double decode(std::uint16_t bits, int fraction_bits, int bias) {
  const int field = (bits & 0x7fff) >> fraction_bits;
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const int largest = (1 << (15 - fraction_bits)) - 1;
  const double sign = bits & 0x8000 ? -1 : 1;
  if (field == largest) return fraction ? std::nan("") : sign * HUGE_VAL;
  if (field == 0) return sign * std::ldexp(fraction, 1 - bias - fraction_bits);
  return sign * std::ldexp(fraction + (1 << fraction_bits), field - bias - fraction_bits);
}

template <class T>
std::vector<double> convert(const std::vector<char>& bytes, double (*to_double)(T)) {
  std::vector<double> values;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(T)) {
    T element;
    std::memcpy(&element, bytes.data() + i, sizeof element);
    values.push_back(to_double(element));
  }
  return values;
}

std::vector<char> bytes_of(Type type, Distribution distribution, std::uint64_t seed, std::size_t n = count) {
  std::vector<char> bytes(n * actbench::size_of(type));
  fill(type, distribution, seed, bytes.data(), n);
  return bytes;
}

std::vector<double> values_of(Type type, Distribution distribution) {
  const std::vector<char> bytes = bytes_of(type, distribution, 7);
  switch (type) {
    case Type::f32:
      return convert<float>(bytes, [](float v) { return double{v}; });
    case Type::f64:
      return convert<double>(bytes, [](double v) { return v; });
    case Type::f16:
      return convert<std::uint16_t>(bytes, [](std::uint16_t v) { return decode(v, 10, 15); });
    case Type::bf16:
      return convert<std::uint16_t>(bytes, [](std::uint16_t v) { return decode(v, 7, 127); });
  }
  return {};
}

struct Range {
  int lowest, highest;  ///< binades, from the smallest subnormal to the largest number
};
Range range(Type type) {
  switch (type) {
    case Type::f32:
      return {-149, 127};
    case Type::f64:
      return {-1074, 1023};
    case Type::f16:
      return {-24, 15};
    case Type::bf16:
      return {-133, 127};
  }
  return {};
}

TEST(Distributions, FiniteAndRepeatable) {
  for (const Type type : all_types) {
    for (const Distribution distribution : all_distributions) {
      SCOPED_TRACE(std::string(actbench::name(type)) + " " + actbench::bench::text_of(distribution));
      for (const double value : values_of(type, distribution)) ASSERT_TRUE(std::isfinite(value));
      EXPECT_EQ(bytes_of(type, distribution, 7, 1000), bytes_of(type, distribution, 7, 1000));
      if (distribution != Distribution::constant) {
        EXPECT_NE(bytes_of(type, distribution, 7, 1000), bytes_of(type, distribution, 8, 1000));
      }
    }
  }
}

TEST(Distributions, Normal) {
  for (const Type type : all_types) {
    SCOPED_TRACE(actbench::name(type));
    double sum = 0, squares = 0;
    int beyond = 0;
    for (const double value : values_of(type, Distribution::normal)) {
      sum += value;
      squares += value * value;
      beyond += std::fabs(value) > 3;
    }
    EXPECT_NEAR(sum / count, 0, 0.04);
    EXPECT_NEAR(std::sqrt(squares / count), 3, 0.04);
    EXPECT_NEAR(static_cast<double>(beyond) / count, 0.3173, 0.01);
  }
}

TEST(Distributions, Subnormal) {
  for (const Type type : all_types) {
    SCOPED_TRACE(actbench::name(type));
    const double smallest = std::ldexp(1.0, range(type).lowest);
    const double smallest_normal = std::ldexp(1.0, type == Type::f64 ? -1022 : type == Type::f16 ? -14 : -126);
    int positive = 0, upper_half = 0;
    for (const double value : values_of(type, Distribution::subnormal)) {
      ASSERT_GE(std::fabs(value), smallest);
      ASSERT_LT(std::fabs(value), smallest_normal);
      positive += value > 0;
      upper_half += std::fabs(value) > smallest_normal / 2;
    }
    EXPECT_NEAR(static_cast<double>(positive) / count, 0.5, 0.01);
    EXPECT_NEAR(static_cast<double>(upper_half) / count, 0.5, 0.01);
  }
}

TEST(Distributions, MixedHasOneSubnormalIn64) {
  for (const Type type : all_types) {
    SCOPED_TRACE(actbench::name(type));
    const double smallest_normal = std::ldexp(1.0, type == Type::f64 ? -1022 : type == Type::f16 ? -14 : -126);
    int subnormal = 0;
    double squares = 0;
    for (const double value : values_of(type, Distribution::mixed)) {
      subnormal += value != 0 && std::fabs(value) < smallest_normal;
      squares += value * value;
    }
    EXPECT_NEAR(static_cast<double>(subnormal) / count, 1.0 / 64, 0.002);
    EXPECT_NEAR(std::sqrt(squares / count), 3 * std::sqrt(63.0 / 64), 0.04);
  }
}

TEST(Distributions, WideHitsEveryBinadeOfBothSigns) {
  for (const Type type : all_types) {
    SCOPED_TRACE(actbench::name(type));
    std::map<int, int> positive, negative;
    for (const double value : values_of(type, Distribution::wide)) {
      ASSERT_NE(value, 0);
      ++(value > 0 ? positive : negative)[std::ilogb(value)];
    }
    for (int binade = range(type).lowest; binade <= range(type).highest; ++binade) {
      EXPECT_TRUE(positive.count(binade)) << binade;
      EXPECT_TRUE(negative.count(binade)) << binade;
    }
  }
}

TEST(Distributions, Tail) {
  for (const Type type : all_types) {
    SCOPED_TRACE(actbench::name(type));
    int positive = 0;
    double smallest = HUGE_VAL, largest = 0;
    for (const double value : values_of(type, Distribution::tail)) {
      positive += value > 0;
      smallest = std::min(smallest, std::fabs(value));
      largest = std::max(largest, std::fabs(value));
    }
    EXPECT_NEAR(static_cast<double>(positive) / count, 0.5, 0.01);
    EXPECT_GE(smallest, type == Type::f16 ? 3 : 5);
    EXPECT_LE(smallest, 5.1);
    EXPECT_LE(largest, type == Type::f64 ? 40 : type == Type::f16 ? 10 : 15);
    EXPECT_GE(largest, 9.9);
  }
}

TEST(Distributions, Constant) {
  for (const Type type : all_types) {
    for (const double value : values_of(type, Distribution::constant)) ASSERT_EQ(value, 1);
  }
}

TEST(Distributions, TakeNumbers) {
  for (const Type type : all_types) {
    double sum = 0, squares = 0, least = HUGE_VAL, greatest = -HUGE_VAL;
    for (const double value : values_of(type, parse_distribution("normal:1"))) squares += value * value;
    EXPECT_NEAR(squares / count, 1, 0.02);
    for (const double value : values_of(type, parse_distribution("uniform:-2:10"))) {
      sum += value;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    EXPECT_NEAR(sum / count, 4, 0.05);
    EXPECT_GE(least, -2);
    EXPECT_LE(greatest, 10);
    EXPECT_NEAR(least, -2, 0.01);
    EXPECT_NEAR(greatest, 10, 0.05);
    for (const double value : values_of(type, parse_distribution("constant:-0.5"))) ASSERT_EQ(value, -0.5);
  }
  // A deviation as large as the type's numbers leaves them finite.
  for (const double value : values_of(Type::f16, parse_distribution("normal:65000")))
    ASSERT_LE(std::fabs(value), 65504);
}

TEST(Distributions, BitsAndSpecialHaveEveryKind) {
  for (const Distribution distribution : {Distribution::bits, Distribution::special}) {
    for (const Type type : {Type::f16, Type::bf16}) {
      std::size_t nans = 0, infinities = 0, negative = 0;
      for (const double value : values_of(type, distribution)) {
        nans += std::isnan(value);
        infinities += std::isinf(value);
        negative += !std::isnan(value) && std::signbit(value);  // of a NaN decode() loses the sign
      }
      EXPECT_GT(nans, 0u);
      EXPECT_GT(infinities, 0u);
      EXPECT_NEAR(static_cast<double>(negative) / static_cast<double>(count - nans), 0.5, 0.01);
    }
  }
}

TEST(Distributions, AreReadAndWritten) {
  EXPECT_EQ(parse_distributions("all").size(), std::size(all_distributions));
  EXPECT_EQ(parse_distributions("wide,normal,wide,normal:3"), (std::vector{Distribution::wide, Distribution::normal}));
  for (const char* text : {"normal", "normal:1", "uniform:-10:10", "constant", "constant:0.25", "mixed", "subnormal",
                           "wide", "tail", "target", "bits", "special"}) {
    EXPECT_EQ(text_of(parse_distribution(text)), text);
  }
  for (const char* wrong :
       {"", "gauss", "normal,", "Normal", "normal:", "normal:x", "normal:0", "normal:-1", "normal:1:2", "normal:inf",
        "uniform", "uniform:1", "uniform:2:1", "uniform:1:1", "uniform:1:2:3", "wide:1", "bits:2", "constant:nan"}) {
    EXPECT_THROW(parse_distributions(wrong), UsageError) << wrong;
  }
  std::uint16_t half = 0;
  EXPECT_THROW(fill(Type::f16, parse_distribution("constant:1e5"), 1, &half, 1), UsageError);
  EXPECT_THROW(fill(Type::f16, parse_distribution("uniform:-1e5:1"), 1, &half, 1), UsageError);
}

}  // namespace
