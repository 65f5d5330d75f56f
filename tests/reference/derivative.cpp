// SPDX-License-Identifier: Apache-2.0
//
// Derivatives against what knows nothing of their formulas: the numerical differentiation of the definitions of f,
// values computed with another program (mpmath), and the specification's choices at kinks, limits and ties, written
// down by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/multiprecision/mpfr.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/activations.hpp"
#include "reference/directions.hpp"
#include "tests/reference/support.hpp"

namespace {

using namespace actbench::reference;
using Real =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<300, boost::multiprecision::allocate_stack>,
                                  boost::multiprecision::et_off>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What a comparison with numerical differentiation found.
struct Verdict {
  int compared = 0, kinks = 0, wrong = 0;
  double first = 0;  ///< the first wrong input
};

Real difference(const Anchored<Real>& a, const Anchored<Real>& b) { return (a.anchor - b.anchor) + (a.rest - b.rest); }

/// Compares derivative(x) with the central difference of f over ±h, a fraction of x so small that f's curvature does
/// not matter in 100 digits, and so large that 300 digits leave as many of the difference; about 0, where values are as
/// precise as they are small, it is smaller still. Where the two one-sided differences differ, there is a kink.
template <class Function, class Derivative>
void differentiate(Verdict& verdict, const Function& f, const Derivative& derivative, double at) {
  const Real x = at, h = at == 0 ? ldexp(Real(1), -900) : ldexp(Real(std::abs(at)), -330);
  const Anchored<Real> middle = f(x), above = f(Real(x + h)), below = f(Real(x - h)), claimed = derivative(x);
  const Real right = difference(above, middle) / h, left = difference(middle, below) / h;
  const Real central = difference(above, below) / (2 * h);
  if (!isfinite(central) || !isfinite(right) || !isfinite(left)) return;
  // Such small values are no longer the definition's: kept_positive raises them.
  const Real least = ldexp(Real(1), -(1 << 28));
  for (const Anchored<Real>* s : {&middle, &claimed})
    if (s->rest != 0 && abs(s->rest) < least) return;
  if (abs(Real(right - left)) > Real(1e-30) * abs(central)) {
    ++verdict.kinks;
    return;
  }
  ++verdict.compared;
  // The rest by itself, as its digits are promised, down to where the anchor's drown them.
  const Real error = abs(Real(central - claimed.anchor - claimed.rest));
  const Real noise = abs(claimed.anchor) * pow(Real(10), -180) + ldexp(Real(abs(middle.rest) / h), -985);
  const Real bound = abs(claimed.rest) * Real(1e-40) + noise + (at == 0 ? h : Real(0));
  if (error > bound && verdict.wrong++ == 0) verdict.first = at;
}

template <class Activation>
Verdict differentiate(const std::vector<double>& parameters, const std::vector<double>& inputs) {
  std::array<Real, Activation::parameters + 1> p;
  for (std::size_t i = 0; i < parameters.size(); ++i) p[i] = parameters[i];
  Verdict verdict;
  for (double x : inputs) {
    differentiate(
        verdict, [&](const Real& at) { return Activation::forward(at, p.data()); },
        [&](const Real& at) { return Activation::derivative(at, p.data()); }, x);
  }
  return verdict;
}

std::vector<double> moderate(std::size_t n, std::uint64_t seed) {
  std::vector<double> all;
  for (double x : stratified(f32, n, seed))
    if (std::abs(x) < 4096) all.push_back(x);
  return all;
}

template <class Activation>
void compare(const char* name) {
  std::size_t count = 600;
  for (const std::vector<double>& parameters : parameter_cases(name)) {
    std::vector<double> inputs = moderate(count, 17);
    // Where x is a parameter, the specification chooses: at 0 the slope of softshrink with λ = 0, which is x, is 0.
    std::erase_if(inputs, [&](double x) {
      return std::any_of(parameters.begin(), parameters.end(), [&](double p) { return std::abs(x) == std::abs(p); });
    });
    const Verdict verdict = differentiate<Activation>(parameters, inputs);
    const auto first = parameters.empty() ? 0.0 : parameters[0];
    EXPECT_EQ(verdict.wrong, 0) << name << " first at " << verdict.first << ", first parameter " << first;
    // Kinks are at 0, which is there with both signs, and at small integers and parameters, met by chance.
    EXPECT_LE(verdict.kinks, 8) << name << ", first parameter " << first;
    if (count == 600) {
      EXPECT_GT(verdict.compared, 300) << name;
    }
    count = 100;
  }
}

#define ACTBENCH_TEST(name) \
  TEST(Differentiation, name) { compare<activations::name>(#name); }
ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_TEST)

TEST(Differentiation, ByParameter) {
  for (double x : moderate(300, 18)) {
    Verdict verdict;
    const Real input = x;
    differentiate(
        verdict, [&](const Real& alpha) { return activations::prelu::forward(input, &alpha); },
        [&](const Real& alpha) { return activations::prelu::parameter_derivative(input, &alpha); }, 0.25);
    ASSERT_EQ(verdict.compared, 1) << x;
    ASSERT_EQ(verdict.wrong, 0) << x;
  }
}

/// The defects that the comparison must see: a digit of the rest, a sign, a formula.
struct RoughRest : activations::gelu {
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    Anchored<R> sum = activations::gelu::derivative(x, p);
    sum.rest += sum.rest * R(1e-35);
    return sum;
  }
};
struct WrongSide : activations::sigmoid {
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    const Anchored<R> sum = activations::sigmoid::derivative(x, p);
    return {sum.anchor, R(-sum.rest)};
  }
};
struct Another : activations::new_gelu {
  template <class R>
  static Anchored<R> derivative(const R& x, const R* p) {
    return activations::gelu_tanh::derivative(x, p);
  }
};

TEST(Differentiation, DefectsAreSeen) {
  const std::vector<double> inputs = moderate(300, 19);
  const int count = static_cast<int>(inputs.size());
  EXPECT_GT(differentiate<RoughRest>({}, inputs).wrong, count / 2);
  EXPECT_GT(differentiate<WrongSide>({}, inputs).wrong, count / 2);
  EXPECT_GT(differentiate<Another>({}, inputs).wrong, count / 2);
  EXPECT_EQ(differentiate<activations::step>({}, {0.0}).kinks, 1);
  EXPECT_EQ(differentiate<activations::relu>({}, {0.0, 1.0}).kinks, 1);
}

Exact exact(const char* activation, const char* direction, const Format& format, std::vector<double> inputs,
            std::vector<double> parameters = {}) {
  const Function* f = find(activation, direction);
  if (f == nullptr) throw std::invalid_argument(std::string(activation) + " " + direction);
  return {*f, format, inputs, parameters};
}
double derivative(const char* activation, double x, std::vector<double> parameters = {}) {
  return exact(activation, "derivative", f32, {x}, std::move(parameters)).rounded();
}
double backward(const char* activation, double x, double dy, std::vector<double> parameters = {}) {
  return exact(activation, "backward", f32, {x, dy}, std::move(parameters)).rounded();
}

/// EXPECT_EQ that tells -0 from +0.
#define EXPECT_SAME(a, b) \
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b)) << (a) << " " << (b)

/// mpmath, 200 digits, differences of five points. The first column is the f64 number next to the derivative's zero,
/// where all but the last digits of its terms cancel.
TEST(Derivative, NearItsZero) {
  struct Row {
    const char* name;
    double x;
    const char* value;
    double x32;
    const char* value32;
  };
  for (const Row& row :
       {Row{"gelu", -0x1.80ead197f00b4p-1, "-6.45375172936775322e-18", -0x1.80ead2p-1, "-5.22731210457515498e-09"},
        Row{"silu", -0x1.474973c84120bp+0, "2.38438347552431145e-17", -0x1.474974p+0, "-2.82703966835543667e-09"},
        Row{"mish", -0x1.31432c0d12d84p+0, "1.29429241909784975e-17", -0x1.31432cp+0, "8.12572793365831988e-10"},
        Row{"gelu_tanh", -0x1.81429f9e97e4dp-1, "-1.56474557408936932e-17", -0x1.8142ap-1, "-4.88057699095494339e-09"},
        Row{"new_gelu", -0x1.859b6ada9af42p-1, "1.16771087466658967e-17", -0x1.859b6ap-1, "1.05604939037506937e-08"},
        Row{"quick_gelu", -0x1.80974a62be3dfp-1, "-1.74105840101008526e-17", -0x1.80974ap-1,
            "4.26145414672801389e-09"}}) {
    EXPECT_EQ(exact(row.name, "derivative", f64, {row.x}).decimal(18), row.value) << row.name;
    EXPECT_EQ(exact(row.name, "derivative", f32, {row.x32}).decimal(18), row.value32) << row.name;
    const double nearest = std::strtod(row.value32, nullptr);
    EXPECT_EQ(derivative(row.name, row.x32), static_cast<double>(static_cast<float>(nearest))) << row.name;
    EXPECT_EQ(backward(row.name, row.x32, -4), -4 * static_cast<double>(static_cast<float>(nearest))) << row.name;
    EXPECT_NEAR(exact(row.name, "derivative", f32, {row.x32}).ulp_error(0), std::ldexp(1.0, 23), std::ldexp(1.0, 23));
  }
}

TEST(Derivative, KnownValues) {
  const auto decimal = [](const char* name, double x) { return exact(name, "derivative", f32, {x}).decimal(18); };
  EXPECT_EQ(decimal("gelu", -20), "-1.10143604831334640e-86");
  EXPECT_EQ(decimal("gelu", -5.5), "-5.73347239873992480e-07");
  EXPECT_EQ(decimal("gelu", static_cast<double>(-3.7f)), "-1.46388703077827126e-03");
  EXPECT_EQ(decimal("gelu", 1.25), "1.12266158306942212e+00");
  EXPECT_EQ(decimal("silu", -20), "-3.91619186606467833e-08");
  EXPECT_EQ(decimal("silu", 9), "1.00098701957189741e+00");
  EXPECT_EQ(decimal("mish", -5.5), "-1.83069644260740112e-02");
  EXPECT_EQ(decimal("mish", 1.25), "1.08046309314823112e+00");
  EXPECT_EQ(decimal("gelu_tanh", -5.5), "-4.67655281080741526e-08");
  EXPECT_EQ(decimal("gelu_tanh", 1.25), "1.12249263224964863e+00");
  EXPECT_EQ(decimal("new_gelu", -5.5), "-4.29748957708494036e-07");
  EXPECT_EQ(decimal("quick_gelu", -20), "-5.44071371879175286e-14");
  EXPECT_EQ(decimal("hard_sigmoid", 1), "1.66666666666666667e-01");
  EXPECT_EQ(decimal("selu", 1), "1.05070098735548049e+00");
  EXPECT_EQ(decimal("mish", 0), "6.00000000000000000e-01");
}

TEST(Derivative, Kinks) {
  for (double zero : {0.0, -0.0}) {
    EXPECT_SAME(derivative("relu", zero), 0.0);
    EXPECT_SAME(derivative("relu6", zero), 0.0);
    EXPECT_SAME(derivative("squared_relu", zero), 0.0);
    EXPECT_SAME(derivative("step", zero), 0.0);
    EXPECT_EQ(derivative("leaky_relu", zero, {0.5}), 0.5);
    EXPECT_EQ(derivative("prelu", zero, {-2}), -2);
    EXPECT_EQ(derivative("rrelu", zero, {0.125, 0.375}), 0.25);
    EXPECT_EQ(derivative("elu", zero, {3}), 3);
    EXPECT_EQ(derivative("celu", zero, {3}), 1);
    EXPECT_EQ(derivative("selu", zero), static_cast<double>(1.75809934f));
    EXPECT_SAME(derivative("threshold", zero, {0, 5}), 0.0);
    EXPECT_SAME(derivative("softshrink", zero, {0}), 0.0);
    EXPECT_SAME(derivative("hardshrink", zero, {0}), 0.0);
  }
  const double least = 0x1p-149;
  for (const char* name : {"relu", "relu6"}) EXPECT_EQ(derivative(name, least), 1);
  EXPECT_EQ(derivative("relu6", std::nextafter(6.0f, 0.0f)), 1);
  EXPECT_SAME(derivative("relu6", 6), 0.0);
  EXPECT_SAME(derivative("hard_sigmoid", -3), 0.0);
  EXPECT_SAME(derivative("hard_sigmoid", 3), 0.0);
  EXPECT_EQ(derivative("hard_sigmoid", std::nextafter(3.0f, 0.0f)), static_cast<double>(1.0f / 6));
  EXPECT_SAME(derivative("hard_swish", -3), 0.0);
  EXPECT_EQ(derivative("hard_swish", 3), 1);
  EXPECT_LT(derivative("hard_swish", std::nextafter(-3.0f, 0.0f)), -0.49);
  EXPECT_GT(derivative("hard_swish", std::nextafter(3.0f, 0.0f)), 1.49);
  EXPECT_SAME(derivative("hard_swish", -1.5), 0.0);
  for (double end : {-1.0, 0.25}) EXPECT_SAME(derivative("hardtanh", end, {-1, 0.25}), 0.0);
  EXPECT_EQ(derivative("hardtanh", 0.125, {-1, 0.25}), 1);
  for (const char* name : {"softshrink", "hardshrink"}) {
    for (double end : {-0.5, 0.5}) {
      EXPECT_SAME(derivative(name, end, {0.5}), 0.0);
      EXPECT_EQ(derivative(name, 2 * end, {0.5}), 1);
    }
  }
  EXPECT_SAME(derivative("threshold", 0.5, {0.5, 7}), 0.0);
  EXPECT_EQ(derivative("threshold", 0.625, {0.5, 7}), 1);
}

TEST(Derivative, Limits) {
  for (const char* name : {"gelu", "gelu_tanh", "new_gelu", "quick_gelu", "silu", "mish"}) {
    EXPECT_EQ(derivative(name, infinity), 1) << name;
    EXPECT_SAME(derivative(name, -infinity), -0.0);
    EXPECT_SAME(derivative(name, -1e38f), -0.0);  // from below
  }
  for (const char* name : {"identity", "relu", "tanhshrink", "hard_swish"}) EXPECT_EQ(derivative(name, infinity), 1);
  for (const char* name : {"sigmoid", "tanh", "softsign", "hard_sigmoid", "step", "relu6"}) {
    EXPECT_SAME(derivative(name, infinity), 0.0);
    EXPECT_SAME(derivative(name, -infinity), 0.0);
  }
  EXPECT_EQ(derivative("squared_relu", infinity), infinity);
  EXPECT_SAME(derivative("squared_relu", -infinity), 0.0);
  EXPECT_EQ(derivative("tanhshrink", -infinity), 1);
  EXPECT_EQ(derivative("log_sigmoid", -infinity), 1);
  EXPECT_SAME(derivative("log_sigmoid", infinity), 0.0);
  EXPECT_EQ(derivative("softplus", infinity, {2}), 1);
  EXPECT_SAME(derivative("softplus", -infinity, {2}), 0.0);
  EXPECT_SAME(derivative("softplus", infinity, {-2}), 0.0);
  EXPECT_SAME(derivative("elu", -infinity, {2}), 0.0);
  EXPECT_SAME(derivative("celu", -infinity, {2}), 0.0);
  EXPECT_EQ(derivative("celu", -infinity, {-2}), infinity);
  EXPECT_EQ(derivative("celu", -1e30f, {-2}), infinity);
  EXPECT_SAME(derivative("selu", -infinity), 0.0);
  EXPECT_EQ(derivative("selu", infinity), static_cast<double>(1.05070099f));
  EXPECT_EQ(derivative("swish", infinity, {0}), 0.5);
  EXPECT_EQ(derivative("swish", -infinity, {0}), 0.5);
  EXPECT_EQ(derivative("swish", -infinity, {-1}), 1);
  EXPECT_EQ(derivative("gelu_normal", infinity, {1, 2}), 1);
  EXPECT_SAME(derivative("gelu_normal", -infinity, {1, 2}), -0.0);
  EXPECT_EQ(derivative("rrelu", -infinity, {0.25, 0.75}), 0.5);
  EXPECT_SAME(derivative("scaled_tanh", infinity, {-5, 5}), 0.0);
  EXPECT_SAME(derivative("scaled_sigmoid", -infinity, {0, 100}), 0.0);
}

/// A slope that tends to 1 keeps its side, however near: below 1 the spacing is half of that above.
TEST(Derivative, SaturatedValuesKeepTheirSide) {
  const double neighbour = 1 - 0x1p-24;
  const auto error = [&](const char* name, double x, std::vector<double> parameters = {}) {
    return exact(name, "derivative", f32, {x}, std::move(parameters)).ulp_error(neighbour);
  };
  for (double x : {40.0, 1e3, 1e6, static_cast<double>(1e30f), largest(f32)}) {
    for (const char* name : {"gelu", "gelu_tanh", "new_gelu", "quick_gelu", "silu", "mish"}) {
      EXPECT_GT(error(name, x), 0.5) << name << x;
      EXPECT_LT(error(name, x), 0.5001) << name << x;
    }
    EXPECT_GT(error("gelu_normal", x, {-3, 0.5}), 0.5) << x;
    EXPECT_NEAR(error("softplus", x, {1}), 1.0, 1e-8) << x;
    EXPECT_NEAR(error("log_sigmoid", -x), 1.0, 1e-8) << x;
    EXPECT_NEAR(error("tanhshrink", x), 1.0, 1e-8) << x;
    EXPECT_NEAR(error("tanhshrink", -x), 1.0, 1e-8) << x;
    // w = x/σ is smaller than Φ(-z)/φ(z): Φ(z) falls short of 1 by more than w·φ(z).
    EXPECT_NEAR(error("gelu_normal", 0x1p-149, {-x, 0.5}), 1.0, 1e-8) << x;
  }
  for (double x : {0x1p-40, 0x1p-149}) {
    EXPECT_NEAR(error("tanh", x), 1.0, 1e-4) << x;
    EXPECT_NEAR(error("softsign", x), 1.0, 1e-4) << x;
    EXPECT_NEAR(error("celu", -x, {1}), 1.0, 1e-4) << x;
    EXPECT_GT(error("celu", -x, {-1}), 0.5) << x;
  }
}

/// The slopes whose anchors are 1/2, 1/4 and a parameter: with an odd multiple of the smallest number they give ties,
/// and the exact value lies beside them by as little as 2^-149, or 2^-298, of itself.
TEST(Backward, TiesAndTheirSides) {
  for (const Format* f : {&f16, &bf16, &f32, &f64}) {
    const double least = std::ldexp(1.0, f->min_exponent - f->precision + 1);
    const auto rounded = [&](const char* name, double x, double dy, std::vector<double> parameters = {}) {
      return exact(name, "backward", *f, {x, dy}, std::move(parameters)).rounded();
    };
    for (double sign : {1.0, -1.0}) {
      for (double k : {1.0, 3.0, 5.0, 7.0, 101.0}) {
        const double dy = sign * k * least, up = sign * (k + 1) / 2 * least, down = sign * (k - 1) / 2 * least;
        const double even = std::fmod(k, 4) == 1 ? down : up;
        for (const char* name : {"gelu", "silu", "gelu_tanh", "new_gelu", "quick_gelu", "hard_swish"}) {
          EXPECT_SAME(rounded(name, least, dy), up) << name << f->name;
          EXPECT_SAME(rounded(name, -least, dy), down) << name << f->name;
          EXPECT_SAME(rounded(name, 0, dy), even) << name << f->name;
        }
        EXPECT_SAME(rounded("log_sigmoid", least, dy), down);
        EXPECT_SAME(rounded("log_sigmoid", -least, dy), up);
        EXPECT_SAME(rounded("softplus", least, dy, {1}), up);
        EXPECT_SAME(rounded("softplus", least, dy, {-1}), down);
        EXPECT_SAME(rounded("swish", least, dy, {-1}), down);
        EXPECT_SAME(rounded("swish", least, dy, {0}), even);
        EXPECT_SAME(rounded("gelu_normal", least, dy, {0, 1}), up);
        EXPECT_SAME(rounded("scaled_tanh", least, dy, {-0.5, 0.5}), down);
        EXPECT_SAME(rounded("scaled_tanh", 0, dy, {-0.5, 0.5}), even);
        EXPECT_SAME(rounded("elu", -least, dy, {0.5}), down);
        EXPECT_SAME(rounded("elu", 0, dy, {0.5}), even);
        EXPECT_SAME(rounded("leaky_relu", -1, dy, {0.5}), even);
        EXPECT_SAME(rounded("rrelu", -1, dy, {0.25, 0.75}), even);
        EXPECT_SAME(rounded("tanhshrink", 0.0625, 128 * dy), down);
        EXPECT_SAME(rounded("squared_relu", 0.25, dy), even);
        EXPECT_SAME(rounded("sigmoid", least, 2 * dy), down);
        EXPECT_SAME(rounded("sigmoid", 0, 2 * dy), even);
        EXPECT_SAME(rounded("scaled_sigmoid", -least, dy, {-1, 1}), down);
        EXPECT_SAME(rounded("hard_sigmoid", 1, 3 * dy), even);
      }
    }
    // 1/2 + φ(0)·(2x - μ)/σ + ... at x = μ/2: what remains is of the third order, and negative.
    EXPECT_SAME(rounded("gelu_normal", 32 * least, 3 * least, {64 * least, 1}), least);
    EXPECT_SAME(rounded("gelu_normal", 33 * least, 3 * least, {64 * least, 1}), 2 * least);
  }
}

TEST(Backward, RoundsOnce) {
  // dy·f' where f' alone, rounded, would lead to another number: of products like these every tenth is one.
  int differ = 0, count = 0;
  for (double x : stratified(f32, 200, 31)) {
    if (std::abs(x) > 8) continue;
    ++count;
    differ += backward("gelu", x, 1.7f) != static_cast<double>(1.7f * static_cast<float>(derivative("gelu", x)));
  }
  EXPECT_GT(differ, count / 50);
  EXPECT_EQ(backward("tanh", 0x1p-12, 1), 1 - 0x1p-24);
  EXPECT_EQ(backward("squared_relu", 0x1p100, 0x1p-149), 0x1p-48);
  EXPECT_EQ(backward("squared_relu", 0x1p127, 0x1p127), infinity);
  EXPECT_EQ(backward("identity", 5, 0x1p-149), 0x1p-149);
  // f'(-12) is below 10^-30, times 10^30 it is an ordinary number.
  EXPECT_NEAR(backward("gelu", -12, 1e30f) / (derivative("gelu", -12) * 1e30f), 1, 1e-6);
  EXPECT_NE(backward("gelu", -16, 0x1p127), 0);
  EXPECT_SAME(derivative("gelu", -16), -0.0);
}

TEST(Backward, ZerosInfinitiesAndNan) {
  const double zero = 0.0;
  for (double sign : {1.0, -1.0}) {
    EXPECT_EQ(backward("gelu", -1, sign * infinity), -sign * infinity);
    EXPECT_EQ(backward("gelu", 1, sign * infinity), sign * infinity);
    EXPECT_EQ(backward("gelu", -0.875, sign * infinity), -sign * infinity);  // 1/2 + rest is negative
    EXPECT_SAME(backward("gelu", -0.875, sign * zero), -sign * zero);
    EXPECT_EQ(backward("gelu", -50, sign * infinity), -sign * infinity);  // tiny, not zero
    EXPECT_EQ(backward("sigmoid", 1e30f, sign * infinity), sign * infinity);
    EXPECT_TRUE(std::isnan(backward("gelu", -infinity, sign * infinity)));
    EXPECT_TRUE(std::isnan(backward("relu", -1, sign * infinity)));
    EXPECT_TRUE(std::isnan(backward("hard_swish", -1.5, sign * infinity)));
    EXPECT_TRUE(std::isnan(backward("step", 1, sign * infinity)));
    EXPECT_TRUE(std::isnan(backward("squared_relu", infinity, sign * zero)));
    EXPECT_EQ(backward("squared_relu", infinity, sign * 1e-40), sign * infinity);
    EXPECT_SAME(backward("gelu", -1, sign * zero), -sign * zero);
    EXPECT_SAME(backward("gelu", 1, sign * zero), sign * zero);
    EXPECT_SAME(backward("gelu", -infinity, sign), -sign * zero);
    EXPECT_SAME(backward("relu", -1, sign), sign * zero);
    EXPECT_SAME(backward("celu", -1e30f, sign * zero, {-1}), sign * zero);  // f' is beyond any number, not infinite
    EXPECT_EQ(backward("celu", -1e30f, sign * 1e-40, {-1}), sign * infinity);
    EXPECT_SAME(backward("leaky_relu", -1, sign, {0}), sign * zero);
    EXPECT_SAME(backward("sigmoid", -1e30f, sign * 1e-30f), sign * zero);
    EXPECT_EQ(backward("tanh", infinity, sign), 0);
  }
  for (const Function* f : functions()) {
    if (multiplier_count(*f) != 1) continue;
    const double ones[4] = {1, 1, 1, 1};
    for (std::array<double, 2> in : {std::array{nan, 1.0}, std::array{1.0, nan}, std::array{nan, infinity},
                                     std::array{-infinity, nan}, std::array{nan, 0.0}}) {
      EXPECT_TRUE(std::isnan(Exact(*f, f32, in, {ones, parameter_count(*f)}).rounded())) << activation_of(*f);
    }
  }
}

TEST(AlphaGradient, IsTheNegativePartTimesDy) {
  const auto rounded = [](double x, double dy) {
    return exact("prelu", "alpha_gradient", f32, {x, dy}, {0.25}).rounded();
  };
  EXPECT_EQ(rounded(-3, 5), -15);
  EXPECT_EQ(rounded(-3, -5), 15);
  EXPECT_SAME(rounded(3, 5), 0.0);
  EXPECT_SAME(rounded(3, -5), -0.0);
  EXPECT_SAME(rounded(-0.0, 5), -0.0);
  EXPECT_EQ(rounded(-infinity, 5), -infinity);
  EXPECT_TRUE(std::isnan(rounded(-infinity, 0)));
  EXPECT_TRUE(std::isnan(rounded(infinity, infinity)));
  EXPECT_EQ(rounded(-0x1p-149, 0.5), -0.0);
  EXPECT_EQ(rounded(-0x1p-149, 0x1.000002p-1), -0x1p-149);
  EXPECT_EQ(rounded(-0x1p127, 2), -infinity);
}

}  // namespace
