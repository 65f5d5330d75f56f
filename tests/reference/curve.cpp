// SPDX-License-Identifier: Apache-2.0
//
// Proofs about curves: against numbers that are known from elsewhere, against a grid, and with claims that must not be
// provable.
#include "reference/curve.hpp"

#include <gtest/gtest.h>

#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "actbench/kernels.hpp"
#include "reference/approximations.hpp"
#include "reference/interval.hpp"
#include "reference/jet.hpp"
#include "reference/minimax.hpp"

namespace actbench::reference {
namespace {

Term activation(const char* name, const char* direction = "forward", std::vector<double> parameters = {}) {
  return {find(name, direction), std::move(parameters)};
}
Curve to_gelu(const char* name, const char* direction = "forward") {
  return difference(activation(name, direction), activation("gelu", direction));
}
Curve tanh_to_gelu(double a, double c) {
  return difference({find_approximation("tanh_form"), {a, c}}, activation("gelu"));
}
void expect_narrow(const Bracket& b, double relative) {
  EXPECT_LE(b.low, b.high);
  EXPECT_LE(b.high - b.low, relative * std::max(std::abs(b.low), std::abs(b.high)));
}

// Computed at 40 digits and more with mpmath 1.3 (findroot on the derivatives, from starting points on a fine grid).
struct KnownGap {
  const char* name;
  const char* direction;
  double largest, at;
};
constexpr KnownGap known_gaps[] = {
    {"gelu_tanh", "forward", 4.7323552068728488e-4, 2.6989413863772702},
    {"new_gelu", "forward", 5.5265603734436582e-3, 1.8147362950276270},
    {"quick_gelu", "forward", 2.0334872209239229e-2, 2.2703977371966100},
    {"gelu_tanh", "derivative", 8.6845183498591392e-4, 2.0186557597718369},
    {"new_gelu", "derivative", 6.1154700403429148e-3, 1.1483299933620005},
    {"quick_gelu", "derivative", 2.9072045515622982e-2, 1.4219475909648232},
};

TEST(Curve, FindsTheKnownGapsToTwelveDigits) {
  for (const KnownGap& known : known_gaps) {
    SCOPED_TRACE(std::string(known.name) + " " + known.direction);
    const Analysis found = analyse(to_gelu(known.name, known.direction));
    expect_narrow(found.largest, 1e-13);
    EXPECT_NEAR(found.largest.middle() / known.largest, 1, 1e-13);
    ASSERT_EQ(found.peaks.size(), 2u);  // even or odd
    expect_narrow(found.peaks[1].at, 1e-12);
    EXPECT_NEAR(found.peaks[1].at.middle(), known.at, 1e-12);
    EXPECT_NEAR(found.peaks[0].at.middle(), -known.at, 1e-12);
    EXPECT_FALSE(found.at_end);
    EXPECT_LT(found.beyond, 1e-30);  // the tails, to infinity
  }
}

TEST(Curve, RefusesClaimsThatAreWrongOrTooNarrow) {
  const Analysis found = analyse(to_gelu("gelu_tanh"));
  const double size = found.largest.middle();
  EXPECT_EQ(verdict(found, {size * (1 - 1e-12), size * (1 + 1e-12)}), 1);
  EXPECT_EQ(verdict(found, {4.73e-4, 4.74e-4}), 1);
  EXPECT_EQ(verdict(found, {4.73e-4, 4.7323e-4}), -1);                      // below
  EXPECT_EQ(verdict(found, {size * (1 + 1e-12), size * (1 + 2e-12)}), -1);  // just above
  EXPECT_EQ(verdict(found, {found.largest.low, found.largest.low}), 0);     // narrower than what is proven
  // What the proof says of another coefficient is another number: the last digit of 0.044715 shows.
  const Analysis other = analyse(tanh_to_gelu(1, 0.044716));
  EXPECT_EQ(verdict(other, {size * (1 - 1e-12), size * (1 + 1e-12)}), -1);
  EXPECT_EQ(verdict(analyse(tanh_to_gelu(1, 0.044715)), {size * (1 - 1e-12), size * (1 + 1e-12)}), 1);
}

TEST(Curve, HoldsEveryPointOfAGrid) {
  for (const auto& curve :
       {to_gelu("gelu_tanh"), to_gelu("quick_gelu", "derivative"),
        difference(activation("hard_swish"), activation("silu")),
        difference(activation("relu", "derivative"), activation("gelu", "derivative")), single(activation("mish")),
        difference(activation("softsign"), activation("tanh")), single(activation("selu", "derivative"))}) {
    const Analysis found = analyse(curve);
    double most = 0;
    int sign = 0;
    std::size_t changes = 0;
    for (int i = -2000; i <= 2000; ++i) {
      const double x = i * 0.004741;
      const Bracket v = value_at(curve, x);
      most = std::max(most, std::abs(v.middle()));
      const int now = v.low > 0 ? 1 : v.high < 0 ? -1 : 0;
      if (now != 0 && sign != 0 && now != sign) ++changes;
      if (now != 0) sign = now;
    }
    EXPECT_LE(most, found.largest.high);
    if (!found.at_end) {
      EXPECT_GE(most, found.largest.low * 0.99);
    }
    EXPECT_EQ(changes, found.sign_changes.size());
    // Between neighbouring extrema there is a step from one kind to the other.
    for (std::size_t i = 1; i < found.extrema.size(); ++i) {
      EXPECT_NE(found.extrema[i].maximum, found.extrema[i - 1].maximum);
      EXPECT_LE(found.extrema[i - 1].at.high, found.extrema[i].at.low);
    }
  }
}

TEST(Curve, EveryActivationCanBeProvenAndHoldsItsSamples) {
  std::string seen;
  for (const Kernel& kernel : kernels()) {
    const Activation& activation = *kernel.activation;
    if (seen == activation.name || activation.shape != Shape::elementwise) continue;
    seen = activation.name;
    std::vector<double> parameters;
    for (std::size_t i = 0; i < activation.parameter_count; ++i) {
      parameters.push_back(activation.parameters[i].default_value);
    }
    for (const char* direction : {"forward", "derivative"}) {
      SCOPED_TRACE(seen + " " + direction);
      const Curve curve = single({find(seen, direction), parameters});
      const Analysis found = analyse(curve, -1000, 1000);
      for (double x = 0x1p-12; x < 900; x *= 1.17) {
        for (const double at : {x, -x}) {
          const Bracket v = value_at(curve, at);
          EXPECT_LE(std::max(v.low, -v.high), found.largest.high) << at;
          for (const Extremum& e : found.extrema) {  // next to a maximum, nothing is larger
            if (std::abs(at - e.at.middle()) > 1e-3) continue;
            EXPECT_TRUE(e.maximum ? v.low <= e.value.high : v.high >= e.value.low) << at;
          }
        }
      }
      for (const Peak& peak : found.peaks) {
        EXPECT_LE(peak.value.low, peak.value.high);
        EXPECT_GE(std::max(std::abs(peak.value.low), std::abs(peak.value.high)), found.largest.low);
      }
    }
  }
}

TEST(Curve, SeesKinksStepsPlateausAndWhatHasNoBound) {
  // relu' - gelu' steps by 1 at 0, from -1/2 to 1/2, without reaching more on either side.
  const Analysis step = analyse(difference(activation("relu", "derivative"), activation("gelu", "derivative")));
  EXPECT_DOUBLE_EQ(step.largest.middle(), 0.5);
  ASSERT_EQ(step.peaks.size(), 1u);
  EXPECT_EQ(step.peaks[0].at.middle(), 0);
  // |hardshrink - softshrink| = λ outside [-λ, λ].
  const Analysis plateau =
      analyse(difference(activation("hardshrink", "forward", {0.5}), activation("softshrink", "forward", {0.5})));
  EXPECT_DOUBLE_EQ(plateau.largest.low, 0.5);
  EXPECT_DOUBLE_EQ(plateau.largest.high, 0.5);
  EXPECT_TRUE(plateau.at_end);
  // A kink at a parameter of many digits.
  const Analysis shrink = analyse(difference(activation("softshrink", "forward", {0.3}), activation("identity")));
  EXPECT_NEAR(shrink.largest.middle(), 0.3, 1e-14);
  const Analysis unbounded = analyse(difference(activation("relu"), activation("leaky_relu", "forward", {0.01})));
  EXPECT_TRUE(unbounded.at_end);
  EXPECT_GT(unbounded.largest.low, 1e300);
  EXPECT_THROW(analyse(difference(activation("swish", "forward", {1}), activation("silu"))), Undecided);
}

TEST(Curve, KnowsWhatActivationsAreLike) {
  const Analysis gelu = analyse(single(activation("gelu")), -100, 100);
  ASSERT_EQ(gelu.extrema.size(), 1u);
  EXPECT_NEAR(gelu.extrema[0].at.middle(), -0.75179152469356445, 1e-14);
  EXPECT_NEAR(gelu.extrema[0].value.middle(), -0.16997120747990367, 1e-15);
  const Analysis slope = analyse(single(activation("gelu", "derivative")));
  EXPECT_NEAR(slope.largest.middle(), 1.1289041451851548, 1e-14);  // at √2
  EXPECT_NEAR(slope.peaks.back().at.middle(), std::sqrt(2), 1e-13);
}

TEST(Curve, RelativeGapsHoldDownToACommonZero) {
  const Term f = activation("gelu_tanh"), g = activation("gelu");
  const Analysis found = analyse(relative(f, g), 0x1p-10, 3);
  double most = 0;
  for (int i = 1; i <= 3000; ++i) {
    const Bracket v = value_at(relative(f, g), i * 1e-3);
    most = std::max(most, std::abs(v.middle()));
  }
  EXPECT_LE(most, found.largest.high);
  EXPECT_GE(most, found.largest.low * 0.9999);
  const Bracket beside = relative_beside_zero(f, g, 0, 0x1p-10);
  for (double x = 0x1p-10; x > 0x1p-30; x /= 2) {
    const Bracket v = value_at(relative(f, g), x);
    EXPECT_LE(beside.low, v.high);
    EXPECT_GE(beside.high, v.low);
  }
  EXPECT_LT(std::max(std::abs(beside.low), std::abs(beside.high)), 1e-6);
}

TEST(Curve, NormalMeansAgreeWithClosedForms) {
  // E relu(Z) = 1/√(2π), E relu(Z)² = 1/2; E Z·Φ(Z) = 1/(2√π); E 1 = 1.
  const Moments relu = normal_moments(single(activation("relu")));
  const double inverse_root = 0.3989422804014326779;
  EXPECT_LE(relu.mean.low, inverse_root);
  EXPECT_GE(relu.mean.high, inverse_root);
  EXPECT_NEAR(relu.square.middle(), 0.5, 1e-15);
  const Moments gelu = normal_moments(single(activation("gelu")));
  EXPECT_NEAR(gelu.mean.middle(), 0.28209479177387814347, 1e-16);
  expect_narrow(gelu.mean, 1e-14);
  EXPECT_NEAR(normal_moments(single(activation("identity"))).square.middle(), 1, 1e-14);
  const Moments step = normal_moments(single(activation("step")));
  EXPECT_NEAR(step.mean.middle(), 0.5, 1e-15);
  EXPECT_NEAR(step.square.middle(), 0.5, 1e-15);
}

TEST(Curve, DerivesTheTaylorCoefficient) {
  // 2/(3π) - 1/6
  const double closed = 2 / (3 * std::acos(-1.0)) - 1.0 / 6;
  const Bracket taylor = cubic_coefficient(activation("gelu"));
  EXPECT_NEAR(taylor.middle(), closed, 1e-16);
  expect_narrow(taylor, 1e-15);
  EXPECT_NEAR(cubic_coefficient(activation("gelu_tanh")).middle(), 0.044715, 1e-16);
  EXPECT_NEAR(cubic_coefficient(activation("new_gelu")).middle(), 0.0356774, 1e-16);
  // With it the gap begins with x⁶, with another coefficient with x⁴.
  const Curve with = tanh_to_gelu(1, taylor.middle()), without = tanh_to_gelu(1, 0.044715);
  EXPECT_LT(std::abs(coefficient_at(with, 0, 4).middle()), 1e-16);
  EXPECT_GT(std::abs(coefficient_at(without, 0, 4).middle()), 1e-4);
  EXPECT_GT(std::abs(coefficient_at(with, 0, 6).middle()), 1e-5);
}

TEST(Minimax, ComesToTheKnownCoefficients) {
  // Computed at 40 digits with mpmath, from the conditions of a balanced gap.
  const Minimax one = best_coefficients("tanh_form", "c", false);
  EXPECT_NEAR(one.term.parameters[1], 0.044382943816734095, 1e-14);
  EXPECT_NEAR(one.level, 3.8741873831060774e-4, 1e-15);
  EXPECT_NEAR(one.proven_least / one.level, 1, 1e-11);
  const Minimax two = best_coefficients("tanh_form", "ac", false);
  EXPECT_NEAR(two.level, 2.7072747465797e-4, 1e-15);
  EXPECT_EQ(two.places.size(), 3u);
  const Minimax sigmoid = best_coefficients("sigmoid_form", "b", false);
  EXPECT_NEAR(sigmoid.term.parameters[0], 1.7729339656167546, 1e-13);
  EXPECT_THROW(best_coefficients("tanh_form", "", false), std::invalid_argument);
  EXPECT_THROW(best_coefficients("sigmoid_form", "c", false), std::invalid_argument);
}

TEST(Minimax, NothingNearbyOrFarIsBetter) {
  for (const bool derivative : {false, true}) {
    const Minimax best = best_coefficients("tanh_form", "ac", derivative);
    const std::vector<double> p = best.term.parameters;
    for (const double share : {1e-6, 1e-4, 1e-2}) {
      for (int i = 0; i < 16; ++i) {
        const double angle = i * std::acos(-1.0) / 8;
        EXPECT_GT(rough_largest_gap("tanh_form",
                                    {p[0] * (1 + share * std::cos(angle)), p[1] * (1 + share * 10 * std::sin(angle))},
                                    derivative),
                  best.level);
      }
    }
    for (double a = 0.9; a < 1.1; a += 0.02) {
      for (double c = 0.02; c < 0.08; c += 0.005) {
        EXPECT_GT(rough_largest_gap("tanh_form", {a, c}, derivative), best.level);
      }
    }
    const Minimax sigmoid = best_coefficients("sigmoid_form", "b", derivative);
    for (double b = 0.5; b < 4; b += 0.0103)
      EXPECT_GT(rough_largest_gap("sigmoid_form", {b}, derivative), sigmoid.level);
    const Minimax one = best_coefficients("tanh_form", "c", derivative);
    for (double c = 0.005; c < 0.3; c += 0.00107)
      EXPECT_GT(rough_largest_gap("tanh_form", {1, c}, derivative), one.level);
    // What the search finds is what the proof says.
    const Analysis proven = analyse(difference(one.term, activation("gelu", derivative ? "derivative" : "forward")));
    EXPECT_NEAR(proven.largest.middle() / one.level, 1, 1e-12);
  }
}

TEST(Interval, RoundsOutwards) {
  const Interval third = Interval(1) / Interval(3);
  EXPECT_LT(third.low, third.high);
  const Interval one = third * Interval(3);
  EXPECT_LE(one.low, 1);
  EXPECT_GE(one.high, 1);
  EXPECT_TRUE((Interval(1) / Interval(Bound(-1), Bound(1))).contains_zero());
  EXPECT_TRUE(isinf((Interval(1) / Interval(Bound(-1), Bound(1))).high));
  const Interval e = exp(Interval(1));
  using Wide = boost::multiprecision::cpp_bin_float_100;
  const Wide exact = boost::math::constants::e<Wide>();
  EXPECT_LE(Wide(e.low.str(60)), exact + Wide(1e-48));
  EXPECT_LT(e.low, e.high);
  EXPECT_LT(e.high - e.low, 1e-48);
  const Interval product = Interval(Bound(-2), Bound(3)) * Interval(Bound(-5), Bound(7));
  EXPECT_EQ(product.low, -15);
  EXPECT_EQ(product.high, 21);
}

TEST(Interval, EveryOperationHoldsTheExactResultAndNoPoint) {
  // In 500 bits, where sums and products of 50-digit numbers are exact and quotients nearly so.
  using Wide =
      boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<150>, boost::multiprecision::et_off>;
  const auto expect_around = [](const Interval& v, const Wide& exact) {
    EXPECT_LT(Wide(v.low), exact);
    EXPECT_GT(Wide(v.high), exact);
    EXPECT_LT(Wide(v.high) - Wide(v.low), abs(exact) * 1e-49);
  };
  // Thirds and sevenths: numbers with all 50 digits, of both signs, far apart and near.
  for (const int p : {1, -1}) {
    for (const int q : {1, -1}) {
      for (const double scale : {1e-3, 1e-7, 1e9}) {
        const Bound a = Bound(p) / 3, b = Bound(q) * scale / 7;
        const Interval x(a, a), y(b, b);
        expect_around(x + y, Wide(a) + Wide(b));
        expect_around(x - y, Wide(a) - Wide(b));
        expect_around(x * y, Wide(a) * Wide(b));
        expect_around(x / y, Wide(a) / Wide(b));
        expect_around(times(y, 13), Wide(b) * 13);
        expect_around(over(x, 11), Wide(a) / 11);
        expect_around(exp(x), exp(Wide(a)));
        expect_around(tanh(x), tanh(Wide(a)));
        expect_around(erf(x), erf(Wide(a)));
        expect_around(erfc(x), erfc(Wide(a)));
        expect_around(log1p(x), log1p(Wide(a)));
        expect_around(expm1(x), expm1(Wide(a)));
      }
    }
  }
}

TEST(Jet, HoldsTheTaylorCoefficientsOfWhatItIsMadeOf) {
  // Over an interval, the coefficients hold those at every point of it.
  const Interval x(Bound(0.4), Bound(0.6));
  const auto check = [&](auto&& f) {
    const Jet over = f(Jet::variable(x));
    for (double at : {0.4, 0.45, 0.5, 0.6}) {
      const Jet point = f(Jet::variable(Interval(at)));
      for (std::size_t k = 0; k <= Jet::order; ++k) {
        EXPECT_LE(over.c[k].low, point.c[k].high);
        EXPECT_GE(over.c[k].high, point.c[k].low);
      }
    }
    // The first ones against differences.
    const double h = 1e-5;
    const auto value = [&](double at) { return static_cast<double>(f(Jet::variable(Interval(at))).c[0].low); };
    const Jet middle = f(Jet::variable(Interval(0.5)));
    EXPECT_NEAR(static_cast<double>(middle.c[1].low), (value(0.5 + h) - value(0.5 - h)) / (2 * h), 1e-8);
    EXPECT_NEAR(static_cast<double>(middle.c[2].low), (value(0.5 + h) - 2 * value(0.5) + value(0.5 - h)) / (2 * h * h),
                1e-4);
  };
  check([](const Jet& v) { return exp(v * v); });
  check([](const Jet& v) { return expm1(v) / (Jet(1) + v); });
  check([](const Jet& v) { return tanh(Jet(3) * v); });
  check([](const Jet& v) {
    const Anchored<Jet> s = logistic(Jet(-5) * v);
    return s.anchor + s.rest;
  });
  check([](const Jet& v) {
    const Anchored<Jet> s = normal_cdf(Jet(4) * v);
    return s.anchor + s.rest;
  });
  check([](const Jet& v) { return log1p_decay(v * v); });
  check([](const Jet& v) { return exp_beyond_linear(-v); });
  check([](const Jet& v) { return magnitude(-v) / (Jet(1) + v); });
}

}  // namespace
}  // namespace actbench::reference
