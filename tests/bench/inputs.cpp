// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/inputs.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <unordered_set>

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

constexpr Type all_types[] = {Type::f32, Type::f64, Type::f16, Type::bf16};

TEST(Types, PatternsAndValuesAreEachOthersInverse) {
  for (Type type : {Type::f16, Type::bf16}) {
    for (std::uint64_t p = 0; p < 65536; ++p) {
      const double value = value_of(type, p);
      if (std::isnan(value)) continue;
      ASSERT_EQ(pattern_of(type, value), p) << name(type);
    }
  }
  for (Type type : all_types) {
    for (std::uint64_t p : special_inputs(type, {})) {
      const double value = value_of(type, p);
      ASSERT_EQ(pattern_of(type, std::isnan(value) ? 0 : value), std::isnan(value) ? 0 : p) << name(type);
      double wide = 0;
      std::uint64_t storage = 0;
      set_pattern(type, &storage, 0, p);
      widen(type, &storage, &wide, 1);
      ASSERT_TRUE(wide == value || (std::isnan(wide) && std::isnan(value)));
      ASSERT_EQ(std::signbit(wide), std::signbit(value));
    }
  }
  EXPECT_EQ(pattern_of(Type::f32, -5.5), 0xc0b00000u);
  EXPECT_EQ(value_of(Type::f32, 1), 0x1p-149);
  EXPECT_EQ(pattern_of(Type::f64, 0x1p-1074), 1u);
  EXPECT_EQ(value_of(Type::bf16, 0x7f7f), 0x1.fep127);
}

TEST(Types, TextReadsBackTheSame) {
  for (Type type : all_types) {
    for (std::uint64_t p : special_inputs(type, {})) {
      const double value = value_of(type, p);
      if (std::isnan(value)) continue;
      EXPECT_EQ(parse_number(type, decimal(type, value)), p) << decimal(type, value) << " " << name(type);
      EXPECT_EQ(parse_number(type, hexadecimal(value)), p) << hexadecimal(value);
      EXPECT_EQ(parse_number(type, bits(type, p)), p);
    }
  }
  EXPECT_EQ(decimal(Type::f32, static_cast<double>(0.1f)), "0.1");
  EXPECT_EQ(decimal(Type::f32, 0x1p-149), "1e-45");
  EXPECT_EQ(bits(Type::f16, 1), "0x0001");
}

TEST(ParseNumber, TakesEveryNotation) {
  for (const char* text : {"-5.5", "-0x1.6p+2", "0xc0b00000", "0XC0B00000", "\u22125.5", "-55e-1"}) {
    EXPECT_EQ(parse_number(Type::f32, text), 0xc0b00000u) << text;
  }
  EXPECT_EQ(parse_number(Type::f32, "+inf"), 0x7f800000u);
  EXPECT_EQ(parse_number(Type::f32, "-Infinity"), 0xff800000u);
  EXPECT_EQ(parse_number(Type::f32, "nan"), 0x7fc00000u);
  EXPECT_EQ(parse_number(Type::f32, "-nan"), 0xffc00000u);
  EXPECT_EQ(parse_number(Type::f32, "0x7f800001"), 0x7f800001u);
  EXPECT_EQ(parse_number(Type::f32, "-0"), 0x80000000u);
  EXPECT_EQ(parse_number(Type::f32, ".5"), 0x3f000000u);
  // Rounded once: through double this lies on a tie and would come out even.
  EXPECT_EQ(parse_number(Type::f32, "1.00000005960464477540"), 0x3f800001u);
  EXPECT_EQ(parse_number(Type::f16, "65504"), 0x7bffu);
}

TEST(ParseNumber, RefusesWhatIsNone) {
  for (const char* text : {"", "x", "1.2.3", "1e", "--1", "0x", "-0xc0b00000", "0x1c0b00000", "1e40", "1e-60", "nan(1)",
                           "1f", "0x1.8q", "1,5", " 1", "infinit"}) {
    EXPECT_THROW(parse_number(Type::f32, text), UsageError) << text;
  }
  EXPECT_THROW(parse_number(Type::f16, "0x10000"), UsageError);
  EXPECT_THROW(parse_number(Type::f16, "65520"), UsageError);
}

TEST(ParseCount, TakesPowers) {
  EXPECT_EQ(parse_count("1000000", "N"), 1000000u);
  EXPECT_EQ(parse_count("1e6", "N"), 1000000u);
  EXPECT_EQ(parse_count("2^28", "N"), 1u << 28);
  for (const char* text :
       {"", "0", "-1", "1.5", "1e", "2^", "2^64", "1e20", "ten", "1e6x", "0e5", "18446744073709551616"}) {
    EXPECT_THROW(parse_count(text, "N"), UsageError) << text;
  }
}

TEST(Inputs, NeverRepeatThemselves) {
  const Inputs inputs(Type::f32, {}, 300000, 3);
  const std::size_t special = special_inputs(Type::f32, {}).size();
  ASSERT_LT(special, 20000u);
  std::unordered_set<std::uint64_t> sampled;
  for (std::uint64_t i = special; i < inputs.count(); ++i) {
    EXPECT_TRUE(sampled.insert(inputs.pattern(i)).second);
  }
}

TEST(Inputs, TakeEveryExponentOfBothSignsEquallyOften) {
  const std::uint64_t special = special_inputs(Type::f32, {}).size();
  const Inputs inputs(Type::f32, {}, special + 51200, 1);
  int seen[512] = {};
  for (std::uint64_t i = special; i < inputs.count(); ++i) ++seen[inputs.pattern(i) >> 23];
  for (int n : seen) EXPECT_EQ(n, 100);
}

TEST(Inputs, OfASmallTypeAreAllOfThem) {
  // As many as there are patterns: each once, whether in order or drawn.
  for (Type type : {Type::f16, Type::bf16}) {
    const Inputs all = Inputs::all(type), asked(type, {}, 1u << 20, 1);
    EXPECT_TRUE(all.exhaustive() && asked.exhaustive());
    EXPECT_EQ(asked.count(), 65536u);
    const std::uint64_t special = special_inputs(type, {}).size();
    const Inputs sample(type, {}, 65535, 9);
    std::set<std::uint64_t> patterns;
    for (std::uint64_t i = 0; i < 65535; ++i) patterns.insert(sample.pattern(i));
    EXPECT_GT(patterns.size(), 65535 - special);
  }
}

TEST(Inputs, DependOnTheSeedAlone) {
  const Inputs a(Type::f32, {}, 1u << 16, 1), b(Type::f32, {}, 1u << 20, 1), c(Type::f32, {}, 1u << 16, 2);
  int same = 0;
  for (std::uint64_t i = 0; i < 1u << 16; ++i) {
    ASSERT_EQ(a.pattern(i), b.pattern(i));
    same += a.pattern(i) == c.pattern(i);
  }
  EXPECT_LT(same, 20000);
  std::vector<std::uint32_t> array(1000);
  a.fill(5000, array.size(), array.data());
  for (std::size_t i = 0; i < array.size(); ++i) ASSERT_EQ(array[i], a.pattern(5000 + i));
}

TEST(Inputs, OfPairsTakeEveryExponentOfDyWithEveryOneOfX) {
  const Type type = Type::bf16;
  const Inputs all(type, {}, std::uint64_t{1} << 40, 1, {true, false});
  EXPECT_TRUE(all.exhaustive());
  EXPECT_EQ(all.count(), std::uint64_t{1} << 32);
  EXPECT_EQ(all.point(0x12345678).x, 0x5678u);
  EXPECT_EQ(all.point(0x12345678).dy, 0x1234u);

  const std::uint64_t count = 1 << 21;
  const Inputs inputs(type, {}, count, 1, {true, false});
  std::map<std::uint64_t, int> together;
  std::set<std::pair<std::uint64_t, std::uint64_t>> pairs;
  std::uint64_t special = 0, ordinary = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Point p = inputs.point(i);
    ++together[p.x >> 7 << 9 | p.dy >> 7];
    pairs.insert({p.x, p.dy});
    special += p.dy == 0x0001 || p.dy == 0x7f80 || p.dy == 0x8000 || p.dy == 0x7fc0;
    const double dy = std::fabs(value_of(type, p.dy));
    ordinary += dy > 0.25 && dy < 2;
  }
  EXPECT_EQ(together.size(), 512u * 512u);
  EXPECT_GT(pairs.size(), count * 9 / 10);
  EXPECT_GT(special, count / 4096) << "more than would come by chance";
  EXPECT_GT(ordinary, count / 8);
  // Special with special: the smallest subnormals, infinities and NaNs meet each other.
  for (const std::uint64_t x : {0x0000, 0x8000, 0x0001, 0x7f80, 0xff80, 0x7fc0, 0x3f80, 0x7f7f}) {
    for (const std::uint64_t dy : {0x0000, 0x8000, 0x0001, 0x8003, 0x7f80, 0xff80, 0x7fc0, 0x7f7f}) {
      EXPECT_TRUE(pairs.count({x, dy})) << std::hex << x << " " << dy;
    }
  }
  std::vector<std::uint16_t> x(5000), dy(5000);
  inputs.fill(1000, x.size(), x.data(), dy.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(x[i], inputs.point(1000 + i).x);
    ASSERT_EQ(dy[i], inputs.point(1000 + i).dy);
  }
}

TEST(Types, WidenEveryHalfPattern) {
  for (const Type type : {Type::f16, Type::bf16}) {
    std::vector<std::uint16_t> patterns(65536);
    std::vector<double> wide(65536);
    for (std::size_t p = 0; p < patterns.size(); ++p) patterns[p] = static_cast<std::uint16_t>(p);
    widen(type, patterns.data(), wide.data(), wide.size());
    for (std::size_t p = 0; p < patterns.size(); ++p) {
      const double value = value_of(type, p);
      ASSERT_TRUE(std::isnan(value) ? std::isnan(wide[p]) : wide[p] == value) << name(type) << " " << p;
      ASSERT_EQ(std::signbit(wide[p]), std::signbit(value)) << name(type) << " " << p;
    }
  }
}

TEST(ParseNumber, TakesPatternsOfTheTypesWidthAlone) {
  EXPECT_EQ(pattern_width("0x3f80"), 16);
  EXPECT_EQ(pattern_width("0xC0B00000"), 32);
  EXPECT_EQ(pattern_width("0x3ff0000000000000"), 64);
  EXPECT_EQ(pattern_width("0x1"), 0);
  EXPECT_EQ(pattern_width("0x1p+4"), 0);
  EXPECT_EQ(pattern_width("1234"), 0);
  EXPECT_EQ(parse_number(Type::f64, "0x1"), 1u);
  for (const auto& [type, text] :
       {std::pair(Type::f64, "0xc0b00000"), {Type::f32, "0x3f80"}, {Type::f16, "0xc0b00000"}}) {
    try {
      parse_number(type, text);
      FAIL() << text;
    } catch (const UsageError& e) {
      EXPECT_NE(std::string(e.what()).find(std::string("but ") + name(type)), std::string::npos) << e.what();
    }
  }
  EXPECT_THROW(parse_number(Type::f32, "1e40"), RangeError);
  EXPECT_THROW(parse_number(Type::f16, "1e-60"), RangeError);
}

TEST(SpecialInputs, HoldWhatBreaksThings) {
  for (Type type : all_types) {
    const double parameters[] = {round_to(type, 0.3), round_to(type, -20.0)};
    const auto patterns = special_inputs(type, parameters);
    const std::set<std::uint64_t> set(patterns.begin(), patterns.end());
    EXPECT_EQ(set.size(), patterns.size());
    const int fraction = fraction_bits(type);
    const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1), normal = std::uint64_t{1} << fraction,
                        infinity = ((std::uint64_t{1} << exponent_bits(type)) - 1) << fraction;
    for (std::uint64_t p :
         {std::uint64_t{0}, std::uint64_t{1}, normal - 1, normal, normal + 1, infinity - 1, infinity, infinity + 1,
          infinity | normal >> 1, pattern_of(type, 1.0), pattern_of(type, 1.0) + 1, pattern_of(type, 1.0) - 1,
          pattern_of(type, parameters[0]) + 1, pattern_of(type, 20.0) - 1, pattern_of(type, 6.0) + 1}) {
      EXPECT_TRUE(set.count(p) && set.count(p | sign)) << name(type) << " " << bits(type, p);
    }
  }
}

}  // namespace
}  // namespace actbench::bench
