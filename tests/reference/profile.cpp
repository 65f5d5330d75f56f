// SPDX-License-Identifier: Apache-2.0
//
// Definitions over intervals, and what is found out by them: against the exact reference, against closed forms, and
// against functions made for the purpose, whose kinks, zeros and means are known.
#include "reference/profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

#include "actbench/kernels.hpp"
#include "reference/curve.hpp"
#include "reference/enclose.hpp"
#include "reference/operations.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {
namespace {

constexpr double pi = std::numbers::pi;

std::vector<double> defaults(const Activation& a) {
  std::vector<double> p;
  for (std::size_t i = 0; i < a.parameter_count; ++i) p.push_back(a.parameters[i].default_value);
  return p;
}

std::vector<const Activation*> activations() {
  std::vector<const Activation*> all;
  for (const Kernel& k : kernels()) {
    if (k.activation->shape != Shape::elementwise) continue;
    if (all.empty() || std::string_view(all.back()->name) != k.activation->name) all.push_back(k.activation);
  }
  return all;
}

double exact(const char* activation, const char* direction, double x, const std::vector<double>& p) {
  return Exact(*find(activation, direction), f64, {&x, 1}, p).rounded();
}

/// Whether a correctly rounded number can be that of a number in the interval.
bool may_be(const Bracket& v, double rounded) {
  const double room = std::abs(rounded) * 0x1p-53 + 5e-324;
  return v.low - room <= rounded && rounded <= v.high + room;
}

TEST(Derivatives, AgreeWithTheReference) {
  for (const Activation* a : activations()) {
    const std::vector<double> p = defaults(*a);
    const Profile profile(a->name, p);
    for (const double x : {-30.0, -7.3, -2.9, -1.1, -0.6, -0.03, 1e-9, 0.01, 0.4, 0.93, 1.7, 2.99, 5.0, 11.0, 25.0}) {
      for (const int side : {-1, 1}) {
        const Derivatives d = profile.at(x, side, 4);
        EXPECT_TRUE(may_be(d[0], exact(a->name, "forward", x, p))) << a->name << " at " << x;
        EXPECT_TRUE(may_be(d[1], exact(a->name, "derivative", x, p))) << a->name << " at " << x;
        EXPECT_LE(d[1].high - d[1].low, 0x1p-51 * d[1].size() + 5e-324) << a->name << " at " << x;
      }
    }
  }
}

TEST(Jets, HoldOverIntervalsOfDefinitions) {
  std::mt19937_64 random(2);
  for (const Activation* a : activations()) {
    const std::vector<double> p = defaults(*a);
    const Encloser f = encloser_of(*find(a->name, "forward"));
    for (int i = 0; i < 200; ++i) {
      const double from = -8 + 16.0 * static_cast<double>(random() % 1000) / 1000, to = from + 0.05;
      std::vector<Switch> switches;
      const Enclosed over = enclose(f, p, Interval(Bound(from), Bound(to)), 0, 4, &switches);
      EXPECT_EQ(over.forked, !switches.empty());
      if (over.forked) continue;
      for (int j = 1; j < 8; ++j) {
        const Enclosed point = enclose(f, p, from + (to - from) * j / 8, 1, 4);
        const Jet all = over.sum.anchor + over.sum.rest, one = point.sum.anchor + point.sum.rest;
        for (std::size_t k = 0; k < 5; ++k)
          EXPECT_FALSE(disjoint(all.c[k], one.c[k])) << a->name << ' ' << from << ' ' << k;
      }
    }
  }
}

TEST(Jets, SeeKinksFromTheSideAskedFor) {
  const Encloser f = encloser_of(*find("relu", "forward"));
  for (const int side : {-1, 1}) {
    const Enclosed e = enclose(f, {}, 0, side, 1);
    EXPECT_FALSE(e.forked);
    EXPECT_EQ((e.sum.anchor + e.sum.rest).c[1].low, side > 0 ? 1 : 0);
  }
  std::vector<Switch> switches;
  EXPECT_TRUE(enclose(f, {}, Interval(Bound(-1), Bound(2)), 0, 4, &switches).forked);
  ASSERT_FALSE(switches.empty());
  EXPECT_TRUE(switches[0].exact);
  EXPECT_EQ(switches[0].at, 0);
  switches.clear();
  EXPECT_FALSE(enclose(f, {}, Interval(Bound(0), Bound(2)), 0, 4, &switches).forked) << "an end is not within";
  EXPECT_TRUE(switches.empty());
}

/// 1 on both sides of 0, by a comparison that only the second derivative decides.
Anchored<Jet> beside_zero(const Jet& x, const Jet*) { return exactly(x * x > Jet(0) ? Jet(1) : Jet(0)); }

TEST(Jets, CompareBesideAPointAsFarAsTheyGo) {
  for (const int side : {-1, 1}) {
    const Enclosed e = enclose(&beside_zero, {}, 0, side, 2);
    EXPECT_FALSE(e.forked);
    EXPECT_EQ(e.sum.anchor.c[0].low, 1);
    EXPECT_TRUE(enclose(&beside_zero, {}, 0, side, 1).forked) << "cut off before it shows";
  }
  const Enclosed at = enclose(&beside_zero, {}, 0, 0, 1);
  EXPECT_FALSE(at.forked);
  EXPECT_EQ(at.sum.anchor.c[0].high, 0);
  EXPECT_EQ((enclose(&beside_zero, {}, 1, 1, 8).sum.anchor + Jet::variable(1) * Jet::variable(1)).degree, 2)
      << "jets are whole again after an evaluation that cut them off";
}

TEST(Profile, FindsWherePiecesMeet) {
  struct Case {
    const char* name;
    std::vector<double> parameters;
    std::vector<std::pair<double, int>> breaks;
  };
  for (const Case& c : std::vector<Case>{{"relu", {}, {{0, 1}}},
                                         {"hardtanh", {-0.7, 1.3}, {{-0.7, 1}, {1.3, 1}}},
                                         {"hard_swish", {}, {{-3, 1}, {3, 1}}},
                                         {"elu", {1}, {{0, 2}}},
                                         {"elu", {0.5}, {{0, 1}}},
                                         {"celu", {2}, {{0, 2}}},
                                         {"softsign", {}, {{0, 2}}},
                                         {"squared_relu", {}, {{0, 2}}},
                                         {"step", {}, {{0, 0}}},
                                         {"threshold", {0.1, 20}, {{0.1, 0}}},
                                         {"leaky_relu", {1}, {}},
                                         {"hardshrink", {0.5}, {{-0.5, 0}, {0.5, 0}}},
                                         {"gelu", {}, {}},
                                         {"mish", {}, {}},
                                         {"tanhshrink", {}, {}},
                                         {"softplus", {3}, {}},
                                         {"gelu_normal", {0.3, 0.01}, {}}}) {
    const Profile profile(c.name, c.parameters);
    ASSERT_EQ(profile.breaks().size(), c.breaks.size()) << c.name;
    for (std::size_t i = 0; i < c.breaks.size(); ++i) {
      EXPECT_EQ(profile.breaks()[i].at, c.breaks[i].first) << c.name;
      EXPECT_EQ(profile.breaks()[i].order, c.breaks[i].second) << c.name;
    }
  }
  EXPECT_THROW(Profile("no_such", {}), std::invalid_argument);
}

/// x³ beyond 0.3, shifted to join it twice differentiably: the third derivative jumps.
Anchored<Jet> third_order(const Jet& x, const Jet*) {
  const Jet from = x - Jet(0.3);
  return exactly(x > Jet(0.3) ? from * from * from : Jet(0));
}
/// The comparison is not of x itself.
Anchored<Jet> hidden_jump(const Jet& x, const Jet*) {
  const Jet twice = Jet(2) * x + Jet(1);
  return exactly(twice > Jet(2) ? x + Jet(1) : x);
}
/// Two formulas of the same function.
Anchored<Jet> same_twice(const Jet& x, const Jet*) {
  return exactly(x * x * Jet(3) > Jet(2) ? (x + Jet(1)) * (x - Jet(1)) : x * x - Jet(1));
}
Anchored<Jet> cubic(const Jet& x, const Jet*) { return exactly(x * x * x - x); }
/// Nearly the same functions: their difference is 1e-9·x.
Anchored<Jet> cancelling(const Jet& x, const Jet*) { return exactly(tanh(x) + Jet(1e-9) * x - tanh(x)); }

TEST(Profile, SeesSeededBreaks) {
  const Profile smooth(&third_order, {});
  ASSERT_EQ(smooth.breaks().size(), 1u);
  EXPECT_EQ(smooth.breaks()[0].at, 0.3);
  EXPECT_EQ(smooth.breaks()[0].order, 3);
  const Profile jump(&hidden_jump, {});
  ASSERT_EQ(jump.breaks().size(), 1u);
  EXPECT_NEAR(jump.breaks()[0].at, 0.5, 1e-12);
  EXPECT_EQ(jump.breaks()[0].order, 0);
  EXPECT_TRUE(Profile(&same_twice, {}).breaks().empty());
}

TEST(Profile, FindsSignsAndZeros) {
  const std::vector<Stretch> signs = Profile(&cubic, {}).signs(1);
  ASSERT_EQ(signs.size(), 3u);
  EXPECT_EQ(signs[0].sign, 1);
  EXPECT_EQ(signs[1].sign, -1);
  EXPECT_NEAR(signs[1].from, -1 / std::sqrt(3.0), 1e-15);
  EXPECT_NEAR(signs[1].to, 1 / std::sqrt(3.0), 1e-15);
  const std::vector<Stretch> small = Profile(&cancelling, {}).signs(1);
  for (const Stretch& s : small) EXPECT_EQ(s.sign, 1) << s.from;
  // f' touches 0 at 0 and does not change its sign.
  ASSERT_EQ(Profile("tanhshrink", {}).signs(1).size(), 1u);
}

/// E f, E f², E f'².
Bracket mean(const char* name, const std::vector<double>& p, int what) {
  const Moments m = normal_moments(single({find(name, what == 2 ? "derivative" : "forward"), p}));
  return what == 0 ? m.mean : m.square;
}

TEST(Means, MeetClosedForms) {
  struct Case {
    const char* name;
    std::vector<double> p;
    int what;  ///< E f, E f², E f'²
    double right;
  };
  const double normal_half = std::erfc(-0.5 / std::sqrt(2.0)) / 2;
  for (const Case& c : std::vector<Case>{
           {"relu", {}, 0, 1 / std::sqrt(2 * pi)},
           {"relu", {}, 1, 0.5},
           {"relu", {}, 2, 0.5},
           {"gelu", {}, 0, 1 / (2 * std::sqrt(pi))},
           {"gelu", {}, 1, 1.0 / 3 + 1 / (2 * pi * std::sqrt(3.0))},
           {"gelu", {}, 2, 1.0 / 3 + 2 / (3 * pi * std::sqrt(3.0))},
           {"gelu_normal", {0, 0.01}, 0, 1 / std::sqrt(2 * pi * 1.0001)},
           {"sigmoid", {}, 0, 0.5},
           {"tanh", {}, 0, 0},
           {"identity", {}, 1, 1},
           {"selu", {}, 0, 0},
           {"selu", {}, 1, 1},
           {"squared_relu", {}, 1, 1.5},
           {"step", {}, 0, 0.5},
           {"leaky_relu", {0.1}, 0, 0.9 / std::sqrt(2 * pi)},
           {"elu", {1}, 0, 1 / std::sqrt(2 * pi) + std::exp(0.5) * std::erfc(1 / std::sqrt(2.0)) / 2 - 0.5},
           {"hardtanh", {-0.5, 0.5}, 2, 2 * normal_half - 1}}) {
    const Bracket v = mean(c.name, c.p, c.what);
    EXPECT_LE(v.low, c.right + 3e-16) << c.name << ' ' << c.what;
    EXPECT_GE(v.high, c.right - 3e-16) << c.name << ' ' << c.what;
    EXPECT_LT(v.radius(), 1e-13) << c.name << ' ' << c.what;
  }
}

/// A bound that were too narrow would show against a plain sum.
TEST(Means, MeetPlainSums) {
  for (const Activation* a : activations()) {
    const std::vector<double> p = defaults(*a);
    const Profile profile(a->name, p);
    const Bracket v = mean(a->name, p, 1);
    constexpr int n = 20000;
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = -10 + 20 * (static_cast<double>(i) + 0.5) / n;
    std::vector<Quick> f(n);
    quick(*find(a->name, "forward"), f64, {x.data()}, f.data(), n, p);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double value = std::ldexp(f[i].hi, f[i].scale);
      sum += value * value * std::exp(-x[i] * x[i] / 2) / std::sqrt(2 * pi) * 20 / n;
    }
    const bool jumps = !profile.breaks().empty() && profile.breaks()[0].order == 0;
    EXPECT_NEAR(v.middle(), sum, (jumps ? 1e-2 : 1e-6) * (1 + v.middle())) << a->name;
  }
}

TEST(Operations, AreCounted) {
  EXPECT_EQ(operation_count("identity", {}, 1), 1u) << "the sum of anchor and rest";
  EXPECT_EQ(operation_count("gelu_tanh", {}, 1), operation_count("new_gelu", {}, 1));
  EXPECT_GT(operation_count("gelu", {}, 1), operation_count("relu", {}, 1));
  EXPECT_THROW(operation_count("no_such", {}, 1), std::invalid_argument);
}

}  // namespace
}  // namespace actbench::reference
