// SPDX-License-Identifier: Apache-2.0
//
// The quick forms keep their bounds, and what judge() says by them is what Exact says. ACTBENCH_QUICK_TEST_INPUTS sets
// how many inputs each function is tried on (default 15000, spread over all binades).
#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "reference/function.hpp"
#include "tests/reference/support.hpp"

namespace {

using namespace actbench::reference;

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t input_count() {
  const char* text = std::getenv("ACTBENCH_QUICK_TEST_INPUTS");
  return text == nullptr ? 15000 : std::strtoull(text, nullptr, 10);
}

struct Number {
  explicit Number(mpfr_prec_t bits) { mpfr_init2(value, bits); }
  ~Number() { mpfr_clear(value); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  mpfr_t value;
};

/// What a function is tried on.
struct Inputs {
  std::vector<double> x, dy, a;  ///< empty where the function takes none; dy, of a gated unit's forward, is its a
  InputArrays arrays(std::size_t first = 0) const {
    return {x.data() + first, {dy.empty() ? nullptr : dy.data() + first, a.empty() ? nullptr : a.data() + first}};
  }
  std::array<double, 3> at(std::size_t i) const { return {x[i], dy.empty() ? 0.0 : dy[i], a.empty() ? 0.0 : a[i]}; }
};

/// A tenth of the inputs crowd around points where derivatives are zero or cross their anchors, as near as 2^-30 of
/// them.
Inputs inputs(const Function& f, const Format& format, std::size_t n, std::uint64_t seed) {
  Inputs in{stratified(format, n - n / 10, seed), {}, {}};
  Random random(seed + 50);
  constexpr double centres[] = {0.7517915, 0.7524614, 0.7609514, 0.7511543, 1.2784645, 1.1924312, 1.5, 1};
  while (in.x.size() < n) {
    const std::uint64_t bits = random.bits();
    const double offset = std::ldexp(static_cast<double>(bits >> 12), -52 - static_cast<int>(bits % 30));
    in.x.push_back(
        round_to(format, ((bits & 64) != 0 ? 1 : -1) * centres[bits >> 8 & 7] + ((bits & 32) != 0 ? offset : -offset)));
  }
  if (multiplier_count(f) > 0) in.dy = gradients(format, in.x.size(), seed + 100);
  if (multiplier_count(f) > 1) in.a = gradients(format, in.x.size(), seed + 200);
  return in;
}

std::string text(const Function& f, const Format& format, const std::array<double, 3>& at,
                 const std::vector<double>& parameters) {
  char line[200];
  std::snprintf(line, sizeof line, "%s %s %s(%.17g), dy %.17g, a %.17g, first parameter %g", f.activation, f.direction,
                format.name, at[0], at[1], at[2], parameters.empty() ? 0.0 : parameters[0]);
  return line;
}

struct Verdict {
  std::size_t violations = 0, undecided = 0;
  std::array<double, 3> first{};  ///< the inputs of the first violation
  double tightest = 0;            ///< largest |exact - hi - lo|/error
};

/// Holds hi + lo and its bound against the definition at 50 digits. Its own error, 10^-48 of the rest, is neglected.
Verdict check(const Function& f, const Inputs& in, const std::vector<Quick>& quick,
              const std::vector<double>& parameters) {
  Verdict verdict;
  Number anchor(bits_of(50)), rest(bits_of(50)), distance(6000), off(6000);
  for (std::size_t i = 0; i < in.x.size(); ++i) {
    const Quick& q = quick[i];
    if (q.error == infinity) {
      ++verdict.undecided;
      continue;
    }
    f.evaluate[0](in.at(i).data(), parameters.data(), anchor.value, rest.value);
    mpfr_mul_2si(anchor.value, anchor.value, -q.scale, MPFR_RNDN);
    mpfr_mul_2si(rest.value, rest.value, -q.scale, MPFR_RNDN);
    // The anchor's distance is exact; a rest that is too small to change it still has a side.
    mpfr_sub_d(off.value, anchor.value, q.hi, MPFR_RNDN);
    mpfr_sub_d(off.value, off.value, q.lo, MPFR_RNDN);
    mpfr_add(distance.value, off.value, rest.value, MPFR_RNDN);
    const bool inwards = mpfr_sgn(rest.value) * mpfr_sgn(off.value) < 0 && mpfr_equal_p(off.value, distance.value);
    mpfr_abs(distance.value, distance.value, MPFR_RNDN);
    const int side = mpfr_cmp_d(distance.value, q.error);
    const bool within = side < 0 || (side == 0 && (q.error == 0 || inwards));
    if (!within && verdict.violations++ == 0) verdict.first = in.at(i);
    // A clamped form's bound says no more than the sign, and is always nearly met.
    if (q.error > 0 && q.error < std::abs(q.lo)) {
      verdict.tightest = std::max(verdict.tightest, mpfr_get_d(distance.value, MPFR_RNDN) / q.error);
    }
  }
  return verdict;
}

std::vector<Quick> quick_of(const Function& f, const Format& format, const Inputs& in,
                            const std::vector<double>& parameters) {
  std::vector<Quick> out(in.x.size());
  quick(f, format, in.arrays(), out.data(), in.x.size(), parameters);
  return out;
}

class EveryFunction : public testing::TestWithParam<const Function*> {};
INSTANTIATE_TEST_SUITE_P(Quick, EveryFunction, testing::ValuesIn(functions().begin(), functions().end()),
                         [](const auto& tested) {
                           return std::string(activation_of(*tested.param)) + "_" +
                                  std::string(direction_of(*tested.param));
                         });

TEST_P(EveryFunction, KeepsItsBound) {
  const Function& f = *GetParam();
  std::size_t count = input_count();
  for (const std::vector<double>& parameters : parameter_cases(activation_of(f))) {
    for (const Format* format : {&f32, &bf16, &f16, &f64}) {
      const Inputs in = inputs(f, *format, format == &f32 ? count : count / 10, 2);
      const Verdict verdict = check(f, in, quick_of(f, *format, in, parameters), parameters);
      EXPECT_EQ(verdict.violations, 0u) << "first at " << text(f, *format, verdict.first, parameters);
      // With the default parameters nothing is left to Exact.
      if (count == input_count()) {
        EXPECT_EQ(verdict.undecided, 0u) << activation_of(f) << " " << direction_of(f);
      }
      if (format == &f32 && count == input_count())
        std::printf("%-15s %-14s largest share of the bound used: %.3f\n", f.activation, f.direction, verdict.tightest);
    }
    count = input_count() / 10;
  }
}

/// What judge() says of right and wrong values is what Exact says. Returns for how many values judge() had to ask it.
std::size_t judge_like_exact(const Function& f, const Format& format, const Inputs& in,
                             const std::vector<double>& parameters) {
  std::size_t asked = 0;
  const std::vector<Quick> quick = quick_of(f, format, in, parameters);
  const double least = std::ldexp(1.0, format.min_exponent - format.precision + 1);
  for (std::size_t i = 0; i < in.x.size(); ++i) {
    const Exact exact(f, format, {in.at(i).data(), 1 + multiplier_count(f)}, parameters);
    const double expected = exact.rounded();
    const double spacing = std::isfinite(expected) && expected != 0
                               ? std::ldexp(1.0, spacing_exponent(format, std::ilogb(expected)))
                               : least;
    for (double computed : {expected, expected + spacing, expected - spacing, expected + 40 * spacing, -expected, 0.0,
                            largest(format), infinity, std::numeric_limits<double>::quiet_NaN()}) {
      computed = round_to(format, computed);
      Judgement j;
      judge(f, format, in.arrays(i), &quick[i], &computed, &j, 1, parameters);
      const double ulp = exact.ulp_error(computed);
      const bool both_nan = std::isnan(computed) && std::isnan(expected);
      const bool right = (j.expected == expected || std::isnan(expected)) &&
                         (std::isnan(expected) || std::signbit(j.expected) == std::signbit(expected)) &&
                         j.correctly_rounded == (computed == expected || both_nan) && (j.ulp > 0.5) == (ulp > 0.5) &&
                         (j.ulp < 0.5) == (ulp < 0.5) &&
                         (j.ulp == ulp || std::abs(j.ulp - ulp) <= 0x1p-20 * std::max(1.0, ulp)) && j.measured == j.ulp;
      for (const Ulp measure : {Ulp::kahan, Ulp::steps}) {
        Judgement other;
        judge(f, format, in.arrays(i), &quick[i], &computed, &other, 1, parameters, measure);
        const double error = exact.ulp_error(computed, measure);
        EXPECT_TRUE(other.measured == error || std::abs(other.measured - error) <= 0x1p-20 * std::max(1.0, error))
            << text(f, format, in.at(i), parameters) << ", computed " << computed << ": " << other.measured << ", not "
            << error;
        EXPECT_TRUE((other.ulp > 0.5) == (ulp > 0.5) && other.correctly_rounded == j.correctly_rounded);
      }
      EXPECT_TRUE(right) << text(f, format, in.at(i), parameters) << ", computed " << computed << ": expected "
                         << j.expected << ", not " << expected << "; " << j.ulp << " ULP, not " << ulp;
      if (!right) return asked;
      asked += j.from_exact;
    }
  }
  return asked;
}

TEST_P(EveryFunction, JudgesLikeExact) {
  const Function& f = *GetParam();
  std::size_t count = input_count() / 40;
  for (const std::vector<double>& parameters : parameter_cases(activation_of(f))) {
    for (const Format* format : {&f32, &bf16, &f16, &f64}) {
      Inputs in = inputs(f, *format, format == &f64 ? count / 3 : count, 3);
      const double nan = std::numeric_limits<double>::quiet_NaN();
      for (double x : {infinity, -infinity, nan, 0.0, -0.0, 1.0, -1.0}) {
        for (double dy : {1.5, infinity, -infinity, nan, 0.0, -0.0}) {
          in.x.push_back(x);
          if (multiplier_count(f) > 0) in.dy.push_back(dy);
          if (multiplier_count(f) > 1) in.a.push_back(in.x.size() % 2 == 0 ? dy : 2.5);
        }
      }
      judge_like_exact(f, *format, in, parameters);
    }
    count = input_count() / 400;
  }
}

/// In f64 Exact is asked for next to nothing but ties that no interval decides, or a sweep would take years.
TEST_P(EveryFunction, FewAreLeftToExact) {
  const Function& f = *GetParam();
  const Inputs in = inputs(f, f64, input_count() / 4, 6);
  const std::vector<double> parameters = parameter_cases(activation_of(f))[0];
  const std::vector<Quick> quick = quick_of(f, f64, in, parameters);
  std::vector<double> computed;
  for (const Quick& q : quick) computed.push_back(std::ldexp(q.hi + q.lo, q.scale));
  std::vector<Judgement> judged(computed.size());
  judge(f, f64, in.arrays(), quick.data(), computed.data(), judged.data(), computed.size(), parameters);
  std::size_t asked = 0, wrong = 0;
  for (const Judgement& j : judged) {
    asked += j.from_exact;
    wrong += j.ulp > 0.5001 && std::abs(j.expected) >= 0x1p-1022;
  }
  // A twelfth of the gradients are multiples of three smallest numbers, ties for hard_sigmoid's dy/6.
  EXPECT_LE(asked, computed.size() / (f.activation == std::string_view("hard_sigmoid") ? 15 : 1000)) << f.direction;
  EXPECT_LE(wrong, 0u) << f.direction;  // hi + lo in double is off by half a spacing and next to nothing
}

/// Where f64 is at its edges: exact ties and what lies a hair beside them, in all sizes from the subnormals to
/// infinity, and the sides of powers of two.
TEST(Quick, JudgesTheEdgesOfF64) {
  const double top = largest(f64), least = 0x1p-1074, normal = 0x1p-1022, next = 0x1.0000000000001p0;
  const auto both_signs = [](std::vector<double> x) {
    for (std::size_t i = 0, n = x.size(); i < n; ++i) x.push_back(-x[i]);
    return x;
  };
  const std::vector<double> edges = both_signs({least,
                                                2 * least,
                                                3 * least,
                                                5 * least,
                                                7 * least,
                                                0x1.8p-1073,
                                                normal,
                                                normal - least,
                                                normal + least,
                                                2 * normal,
                                                2 * normal - least,
                                                top,
                                                top / 2,
                                                top / 3,
                                                1,
                                                next,
                                                2 - 0x1p-52,
                                                3,
                                                0x1p53,
                                                0x1p53 + 2,
                                                0x1p54 + 4,
                                                0x1.fffffffffffffp-1,
                                                0x1.fffffffffffffp52,
                                                0x1.8p600,
                                                0x1.8p-600});
  std::size_t asked = 0, tried = 0;
  const auto judged = [&](const char* name, const char* direction, const std::vector<double>& x,
                          const std::vector<double>& dy, const std::vector<double>& parameters) {
    Inputs in{x, {}, {}};
    if (!dy.empty()) {
      in.x.clear();
      for (double a : x) {
        for (double b : dy) {
          in.x.push_back(a);
          in.dy.push_back(b);
        }
      }
    }
    asked += judge_like_exact(*find(name, direction), f64, in, parameters);
    tried += 9 * in.x.size();
  };
  // Products of two doubles, for x < 0.
  for (double slope : {0.5, 0x1.0000000000001p-1, 0x1.fffffffffffffp-2, 0.25, 0.75, 1.5, 2.0, next, 0x1.8p-52, 0x1p-600,
                       0x1.0000000000001p-600, 0x1p-1074, 0x1p1023})
    judged("leaky_relu", "forward", edges, {}, {slope});
  // Sums of two.
  for (double lambda :
       {0x1p-1000, 0x1p-53, 0x1.0000000000001p-53, 0.5, 0x1.fffffffffffffp-1, 1.0, next, 2.0, least, normal})
    judged("softshrink", "forward", edges, {}, {lambda});
  // Above the largest number by less than half its spacing, half, and more: top + λ for λ < 0.
  for (double lambda : {0x1.fffffffffffffp969, 0x1p970, 0x1.0000000000001p970, 0x1p971})
    judged("softshrink", "forward", {top, -top, top / 2}, {}, {-lambda});
  // Tangents and limits, which ties and powers of two lie next to.
  for (const char* name : {"gelu", "silu", "gelu_tanh", "quick_gelu", "hard_swish", "tanh", "tanhshrink", "sigmoid",
                           "mish", "log_sigmoid", "softsign", "hard_sigmoid"}) {
    judged(name, "forward", edges, {}, {});
    judged(name, "derivative", edges, {}, {});
    judged(name, "backward", {least, -least, normal, 0x1p-600, 0.5, -0.5, 3, 40, -40, top, -top},
           {least, -3 * least, 5 * least, normal - least, 1, next, 3, top}, {});
  }
  judged("scaled_tanh", "forward", edges, {}, {-5, 5});
  judged("scaled_tanh", "forward", edges, {}, {-0.5, 0.5});
  judged("elu", "forward", edges, {}, {0.5});
  judged("squared_relu", "forward",
         {0x1p-537, 0x1.0000000000001p-537, 0x1.6a09e667f3bccp-538, 0x1.6a09e667f3bcdp-538, 0x1.6a09e667f3bcdp511,
          0x1p512, 0x1.fffffffffffffp511, top, least},
         {}, {});
  EXPECT_LE(asked, tried / 20);
}

/// A bound that is too small, and a quick form that is off by a little, are found.
TEST(Quick, DefectsAreSeen) {
  for (const Function* tested : functions()) {
    const Function& f = *tested;
    const std::string_view name = activation_of(f), direction = direction_of(f);
    constexpr std::string_view names[] = {"gelu", "sigmoid", "tanh", "silu", "selu", "tanhshrink", "mish", "swiglu"};
    if (std::find(std::begin(names), std::end(names), name) == std::end(names)) continue;
    for (const Format* format : {&f32, &f64}) {
      const bool narrow = format == &f32;
      Inputs x = inputs(f, *format, 2000, 4);
      x.x[700] = 1.25;
      if (!x.dy.empty()) x.dy[700] = 0x1.9p-3;
      if (!x.a.empty()) x.a[700] = 0x1.bp2;
      const std::vector<Quick> good = quick_of(f, *format, x, {});
      EXPECT_EQ(check(f, x, good, {}).violations, 0u) << name << " " << direction;
      std::vector<Quick> bad = good;
      for (Quick& q : bad) q.error *= 0x1p-8;
      EXPECT_GT(check(f, x, bad, {}).violations, 0u) << name << " " << direction;
      bad = good;
      for (Quick& q : bad) q.lo += std::ldexp(q.hi + q.lo, narrow ? -44 : -90);
      EXPECT_GT(check(f, x, bad, {}).violations, 0u) << name << " " << direction;
      bad = good;
      bad[700].hi += std::ldexp(1.0, std::ilogb(bad[700].hi + bad[700].lo) - (narrow ? 30 : 52));
      EXPECT_EQ(check(f, x, bad, {}).violations, 1u) << name << " " << direction;
    }
  }
}

/// Even a wrong quick form with an honest bound leads to right judgements, if slowly.
TEST(Quick, WideBoundsGoToExact) {
  const Function& f = *find("gelu");
  const std::vector<double> x = stratified(f32, 300, 5);
  std::vector<Quick> wide = quick_of(f, f32, {x, {}, {}}, {});
  for (Quick& q : wide) q.error = infinity;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double computed = Exact(f, f32, {&x[i], 1}, {}).rounded();
    Judgement j;
    judge(f, f32, {&x[i]}, &wide[i], &computed, &j, 1, {});
    EXPECT_TRUE(j.from_exact);
    EXPECT_TRUE(j.correctly_rounded);
  }
}

}  // namespace
