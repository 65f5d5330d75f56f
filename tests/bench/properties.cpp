// SPDX-License-Identifier: Apache-2.0
//
// The properties of every activation: known values from closed forms and from the literature, and everything that is
// said of a function held against its values at many inputs.
#include "bench/properties/properties.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "bench/numbers/types.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

std::vector<double> defaults(const Activation& a) {
  std::vector<double> p;
  for (std::size_t i = 0; i < a.parameter_count; ++i) p.push_back(a.parameters[i].default_value);
  return p;
}

const std::vector<Properties>& all() {
  static const std::vector<Properties> found = [] {
    const auto activations = every_activation();
    std::vector<std::vector<double>> parameters;
    for (const Activation* a : activations) parameters.push_back(defaults(*a));
    return properties_of(activations, parameters, 0, {});
  }();
  return found;
}

const Properties& of(std::string_view name) {
  for (const Properties& p : all())
    if (name == p.activation->name) return p;
  throw std::invalid_argument("no such activation");
}

Properties with(std::string_view name, std::vector<double> parameters) {
  return properties_of(*of(name).activation, parameters);
}

double exact(const Properties& p, const char* direction, double x) {
  return reference::Exact(*reference::find(p.activation->name, direction), reference::f64, {&x, 1}, p.parameters)
      .rounded();
}

TEST(Properties, HaveTheKnownExtrema) {
  const Properties& sigmoid = of("sigmoid");
  EXPECT_EQ(sigmoid.greatest_slope.value, 0.25);
  EXPECT_EQ(sigmoid.greatest_slope.at, 0);
  EXPECT_TRUE(sigmoid.greatest_slope.attained);
  // 40 digits by bisection of the derivatives in another program.
  struct Minimum {
    const char* name;
    double value, at;
  };
  for (const Minimum& m : {Minimum{"gelu", -0.16997120747990367, -0.7517915246935645},
                           {"silu", -0.27846454276107380, -1.2784645427610738},
                           {"mish", -0.30884341301725043, -1.1924312145154943},
                           {"hard_swish", -0.375, -1.5}}) {
    const Properties& p = of(m.name);
    ASSERT_EQ(p.turns.size(), 1u) << m.name;
    EXPECT_TRUE(p.turns[0].minimum);
    EXPECT_NEAR(p.turns[0].value, m.value, 1e-16) << m.name;
    EXPECT_NEAR(p.turns[0].at, m.at, 3e-15) << m.name;
    EXPECT_EQ(p.least.value, p.turns[0].value);
    EXPECT_TRUE(p.least.attained);
    EXPECT_EQ(p.greatest.value, HUGE_VAL);
    EXPECT_EQ(p.course, Course::neither);
  }
  EXPECT_NEAR(of("gelu").greatest_slope.at, std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(of("gelu").greatest_slope.value, 1.1289041451851547, 3e-16);
}

TEST(Properties, HaveTheKnownRanges) {
  const auto range = [](std::string_view name, double least, bool least_attained, double greatest, bool attained) {
    const Properties& p = of(name);
    EXPECT_EQ(p.least.value, least) << name;
    EXPECT_EQ(p.least.attained, least_attained) << name;
    EXPECT_EQ(p.greatest.value, greatest) << name;
    EXPECT_EQ(p.greatest.attained, attained) << name;
  };
  range("sigmoid", 0, false, 1, false);
  range("tanh", -1, false, 1, false);
  range("softplus", 0, false, HUGE_VAL, false);
  range("relu6", 0, true, 6, true);
  range("hard_sigmoid", 0, true, 1, true);
  range("elu", -1, false, HUGE_VAL, false);
  range("leaky_relu", -HUGE_VAL, false, HUGE_VAL, false);
  range("threshold", 0.1, false, HUGE_VAL, false);
  range("step", 0, true, 1, true);
}

TEST(Properties, HaveTheKnownKinds) {
  EXPECT_EQ(of("tanh").symmetry, Symmetry::odd);
  EXPECT_EQ(of("gelu").symmetry, Symmetry::neither);
  EXPECT_EQ(with("swish", {0}).symmetry, Symmetry::odd);
  EXPECT_EQ(of("softplus").course, Course::rising);
  EXPECT_TRUE(of("softplus").strictly);
  EXPECT_FALSE(of("relu").strictly);
  EXPECT_EQ(of("threshold").course, Course::neither);
  EXPECT_EQ(with("leaky_relu", {-1}).course, Course::neither);
  EXPECT_EQ(with("scaled_sigmoid", {3, -3}).course, Course::falling);
  EXPECT_EQ(of("relu").smoothness, 0);
  EXPECT_EQ(of("elu").smoothness, 1);
  EXPECT_EQ(with("elu", {0.5}).smoothness, 0);
  EXPECT_TRUE(of("step").jumps());
  EXPECT_EQ(of("step").lipschitz(), HUGE_VAL);
  EXPECT_EQ(of("squared_relu").lipschitz(), HUGE_VAL);
  EXPECT_NEAR(of("selu").lipschitz(), 1.0507009873554804934 * 1.6732632423543772848, 3e-16);
  EXPECT_TRUE(of("gelu").breaks.empty());
  EXPECT_TRUE(of("selu").zero_centred());
  EXPECT_FALSE(of("sigmoid").zero_centred());
  ASSERT_EQ(of("relu6").dead.size(), 2u);
  EXPECT_EQ(of("relu6").dead[0].to, 0);
  EXPECT_EQ(of("relu6").dead[1].from, 6);
  EXPECT_EQ(of("relu6").dead[1].to, HUGE_VAL);
}

TEST(Properties, HaveTheKnownProbabilities) {
  EXPECT_EQ(of("relu").zero_probability, 0.5);
  EXPECT_NEAR(of("hardshrink").zero_probability, std::erf(0.5 / std::sqrt(2.0)), 1e-15);
  EXPECT_NEAR(of("hard_swish").zero_probability, std::erfc(3 / std::sqrt(2.0)) / 2, 1e-15);
  EXPECT_EQ(of("gelu").zero_probability, 0);
  EXPECT_EQ(of("hardtanh").zero_probability, 0) << "flat, but not 0";
  const auto variance = of("relu").variance;
  EXPECT_TRUE(variance.contains(0.5 - 0.15915494309189534));
}

/// Whatever is claimed of a function must stand up to its values at many inputs.
TEST(Properties, StandUpToValues) {
  std::mt19937_64 random(3);
  for (const Properties& p : all()) {
    for (int i = 0; i < 300; ++i) {
      const double x =
          std::ldexp(static_cast<double>(random() >> 11) * 0x1p-52 - 1, static_cast<int>(random() % 12) - 5);
      const double f = exact(p, "forward", x), slope = exact(p, "derivative", x);
      EXPECT_GE(f, p.least.value) << p.activation->name << ' ' << x;
      EXPECT_LE(f, p.greatest.value) << p.activation->name << ' ' << x;
      EXPECT_GE(slope, p.least_slope.value) << p.activation->name << ' ' << x;
      EXPECT_LE(slope, p.greatest_slope.value) << p.activation->name << ' ' << x;
      EXPECT_LE(std::abs(slope), p.steepest.value) << p.activation->name << ' ' << x;
      for (const auto& s : p.slopes) {
        if (x > s.from && x < s.to && slope != 0) {  // what rounds to 0 shows no sign
          EXPECT_EQ((slope > 0) - (slope < 0), s.sign) << p.activation->name << ' ' << x;
        }
      }
      if (p.symmetry == Symmetry::odd) {
        EXPECT_EQ(f, -exact(p, "forward", -x)) << p.activation->name;
      }
    }
    for (const auto& s : p.slopes) {
      if (s.sign == 0) {
        EXPECT_EQ(exact(p, "derivative", std::clamp(0.0, s.from + 1e-3, s.to - 1e-3)), 0) << p.activation->name;
      }
    }
    // Extremes that are taken on in a point are taken on there.
    if (p.least.attained && !p.least.over_range()) {
      EXPECT_EQ(exact(p, "forward", p.least.at), p.least.value);
    }
    if (p.steepest.attained && !p.steepest.over_range()) {
      EXPECT_EQ(std::abs(exact(p, "derivative", p.steepest.at)), p.steepest.value) << p.activation->name;
    }
  }
}

/// The number at which f' becomes small is the first such number, and the one before it is not.
TEST(Properties, SaturateWhereTheySay) {
  for (const Properties& p : all()) {
    for (const std::size_t side : {0u, 1u}) {
      const double outwards = side == 0 ? -HUGE_VAL : HUGE_VAL;
      const Saturation& s = p.saturation[side];
      const auto check = [&](Type type, const Place& place, double bound, bool strict) {
        const auto small = [&](double x) {
          const double slope = std::abs(exact(p, "derivative", x));
          return strict ? slope < bound : slope <= bound;
        };
        if (!place) {
          EXPECT_FALSE(small(outwards)) << p.activation->name << ' ' << bound;
          return;
        }
        if (std::isinf(*place)) return;
        const std::uint64_t pattern = pattern_of(type, *place);
        const bool away = (*place > 0) == (side == 1);
        if (*place == 0) return;
        const double beyond = value_of(type, away ? pattern + 1 : pattern - 1);
        const double before = value_of(type, away ? pattern - 1 : pattern + 1);
        EXPECT_TRUE(small(beyond)) << p.activation->name << ' ' << name(type) << ' ' << *place;
        const bool kink = std::any_of(p.breaks.begin(), p.breaks.end(),
                                      [&](const auto& b) { return std::abs(b.at - *place) < 1e-2 * std::abs(b.at); });
        if (!kink) {
          EXPECT_FALSE(small(before)) << p.activation->name << ' ' << name(type) << ' ' << *place;
        }
      };
      for (std::size_t t = 0; t < type_count; ++t) {
        const Type type = every_type[t];
        if (type != Type::f64) check(type, s.epsilon[t], epsilon_of(type), true);
        check(type, s.zero[t], largest_rounded_to_zero(type), false);
      }
    }
  }
  EXPECT_NEAR(*of("sigmoid").saturation[1].hundredth, std::log((98 + std::sqrt(98 * 98 - 4.0)) / 2), 1e-13);
  EXPECT_EQ(*of("relu").saturation[0].zero[0], 0);
  EXPECT_FALSE(of("relu").saturation[1].hundredth);
  EXPECT_NEAR(*of("softsign").saturation[1].hundredth, 9, 1e-14);
  EXPECT_TRUE(std::isinf(*of("step").saturation[0].hundredth));
}

TEST(Depth, IsThatOfTheFirstZero) {
  for (const Type type : {Type::f32, Type::f16, Type::bf16}) {
    for (const double factor : {0.25, 0.5, 0.9, 0.211746}) {
      const double depth = *vanishing_depth(factor, type);
      EXPECT_EQ(round_to(type, std::pow(factor, depth)), 0) << name(type) << ' ' << factor;
      EXPECT_NE(round_to(type, std::pow(factor, depth - 1)), 0) << name(type) << ' ' << factor;
    }
  }
  EXPECT_FALSE(vanishing_depth(1, Type::f32));
  EXPECT_FALSE(vanishing_depth(1.1, Type::f32));
  EXPECT_EQ(*vanishing_depth(0, Type::f32), 1);
  EXPECT_EQ(*vanishing_depth(0.25, Type::f32), 75);
}

/// What is drawn as f' is the slope of what is drawn as f, also where a definition changes its formula.
TEST(Figures, DrawTheSlope) {
  for (const Properties& p : all()) {
    const reports::Figure figure = properties_figure(p);
    for (const reports::Point& point : figure.panels[1].series[0].points) {
      const bool kink = std::any_of(p.breaks.begin(), p.breaks.end(), [&](const auto& b) { return b.at == point.x; });
      if (kink || std::isnan(point.y)) continue;
      EXPECT_NEAR(point.y, exact(p, "derivative", point.x), 1e-12 * (1 + std::abs(point.y)))
          << p.activation->name << ' ' << point.x;
    }
  }
}

TEST(Tables, HaveEveryActivation) {
  const auto tables = properties_tables(all());
  for (const auto& table : tables) {
    EXPECT_GE(table.rows.size(), all().size()) << table.name;
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.name;
  }
  std::map<std::string, std::size_t> rows;
  const auto records = properties_records(all());
  for (const auto& row : records.rows) {
    ASSERT_EQ(row.size(), records.columns.size());
    ++rows[std::get<std::string>(row[0].value)];
  }
  EXPECT_EQ(rows.size(), all().size());
  EXPECT_NE(reports::svg(properties_figure(of("step"))).find("<svg"), std::string::npos);
  EXPECT_NE(properties_in_short(all()).find("tanh"), std::string::npos);
}

}  // namespace
}  // namespace actbench::bench
