// SPDX-License-Identifier: Apache-2.0
//
// What gap finds and says, with coefficients that are wrong.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "bench/gap/gap.hpp"
#include "bench/numbers/types.hpp"
#include "reference/format.hpp"

namespace actbench::bench {
namespace {

Contender named(const char* name) { return contender_of(*find_activation(name), {}); }

const ContenderGap& only(const GapFindings& findings) { return findings.contenders.at(0); }

GapFindings against_gelu(Contender contender) {
  GapOptions options;
  options.contenders = {named("gelu"), std::move(contender)};
  return find_gaps(options);
}

std::string notes(const GapFindings& findings) {
  std::string text;
  for (const reports::Table& table : gap_tables(findings, true)) {
    for (const std::string& note : table.notes) text += note + "\n";
  }
  return text;
}

TEST(DoubleFactor, FollowsFromTheNumbers) {
  GapFindings findings;
  findings.exact = named("gelu");
  findings.factor = double_factor(named("gelu_tanh"), named("new_gelu"), findings.exact);
  EXPECT_TRUE(findings.factor->confirmed);
  EXPECT_EQ(findings.factor->decimals, 7);
  EXPECT_NEAR(findings.factor->product.middle(), 0.035677408136300124, 1e-16);
  EXPECT_NEAR(findings.factor->gap_twice / findings.factor->gap_once, 11.678, 1e-3);
  EXPECT_NEAR(findings.factor->gap_as_meant / findings.factor->gap_once, 1, 1e-5);
  EXPECT_NE(notes(findings).find("multiplies by it again"), std::string::npos);

  // One unit in the seventh decimal, or another coefficient to begin with, and it does not.
  for (const auto& [once, twice] :
       {std::pair(named("gelu_tanh"), with_coefficients("off", "tanh_form", {1, 0.0356775})),
        {with_coefficients("off", "tanh_form", {1, 0.0455}), named("new_gelu")}}) {
    findings.factor = double_factor(once, twice, findings.exact);
    EXPECT_FALSE(findings.factor->confirmed);
    EXPECT_EQ(notes(findings).find("multiplies by it again"), std::string::npos);
    EXPECT_NE(notes(findings).find("not related"), std::string::npos);
    EXPECT_EQ(gap_sentence(findings).find("applies again"), std::string::npos);
  }
}

TEST(Gap, AFormWithTheSameCoefficientIsTheSame) {
  const GapFindings ours = against_gelu(named("gelu_tanh"));
  const GapFindings form = against_gelu(with_coefficients("form", "tanh_form", {1, 0.044715}));
  const GapFindings wrong = against_gelu(with_coefficients("wrong", "tanh_form", {1, 0.0447}));
  for (std::size_t d = 0; d < 2; ++d) {
    const double largest = only(ours).line[d].analysis->largest.middle();
    EXPECT_NEAR(only(form).line[d].analysis->largest.middle() / largest, 1, 1e-13);
    EXPECT_GT(std::abs(only(wrong).line[d].analysis->largest.middle() / largest - 1), 1e-4);
    EXPECT_NEAR(only(ours).line[d].moments->square.middle(), only(form).line[d].moments->square.middle(), 1e-18);
    EXPECT_NE(only(ours).line[d].moments->square.middle(), only(wrong).line[d].moments->square.middle());
  }
  ASSERT_EQ(only(ours).halves.size(), 4u);
  for (std::size_t h = 0; h < 4; ++h) {
    const HalfGap &a = only(ours).halves[h], &b = only(form).halves[h], &c = only(wrong).halves[h];
    EXPECT_EQ(a.different, b.different);
    EXPECT_EQ(a.most_steps, b.most_steps);
    EXPECT_EQ(a.zero.count, b.zero.count);
    EXPECT_NE(a.different, c.different);
  }
}

TEST(Gap, CountsHalfTypesAsThePlatformsArithmeticDoes) {
  // In long double, which decides nearly all roundings rightly; forward, f16.
  const GapFindings found = against_gelu(named("gelu_tanh"));
  const HalfGap& half = only(found).halves[0];
  ASSERT_EQ(half.type, Type::f16);
  ASSERT_EQ(half.direction, Direction::forward);
  std::uint64_t different = 0, zeros = 0;
  double first_zero = -65504;
  for (std::uint64_t pattern = 0; pattern < 65536; ++pattern) {
    const double x = value_of(Type::f16, pattern);
    if (std::isnan(x)) continue;
    const long double l = x, root = std::sqrt(2 / std::acos(-1.0L));
    const long double u = root * (l + 0.044715L * l * l * l);
    // x·σ(2u), and x·Φ(x), both by their left tails.
    const long double ours = std::isinf(x) ? (x > 0 ? l : 0) : l / (1 + std::exp(-2 * u));
    const long double right = std::isinf(x) ? (x > 0 ? l : 0) : l / 2 * std::erfc(-l / std::sqrt(2.0L));
    const double a = reference::round_to(reference::f16, static_cast<double>(ours));
    const double b = reference::round_to(reference::f16, static_cast<double>(right));
    different += a != b;
    if (a == 0 && b != 0) {
      ++zeros;
      first_zero = std::max(first_zero, x);
    }
  }
  // Ties next to zero are beyond long double.
  EXPECT_NEAR(static_cast<double>(half.different), static_cast<double>(different), 600);
  EXPECT_GE(half.different, 1000u);
  EXPECT_EQ(half.zero.count, zeros);
  EXPECT_EQ(half.zero.nearest, first_zero);
}

TEST(Gap, ShowsNoMoreDigitsThanAreCertain) {
  EXPECT_EQ(certain_digits({0.12344999, 0.12345001}, 12), "0.12345");
  EXPECT_EQ(certain_digits({0.1, 0.2}, 12), "0.2");
  EXPECT_EQ(certain_digits({-1e-20, 1e-20}, 12), "0");
  EXPECT_EQ(certain_digits({2, 2}, 12), "2");
  EXPECT_EQ(certain_digits({1, std::numeric_limits<double>::infinity()}, 12), "unbounded");
}

TEST(Gap, RelativeGapsAndUlpCoverTheRangesTheySay) {
  const GapFindings found = against_gelu(named("gelu_tanh"));
  const reference::Term &f = only(found).contender.terms[0], &g = found.exact.terms[0];
  ASSERT_FALSE(only(found).ranges.empty());
  for (const RangeGap& range : only(found).ranges) {
    ASSERT_TRUE(range.relative) << range.from;
    double most = 0, most_ulp = 0;
    for (int i = 1; i < 400; ++i) {
      const double x = range.from + i * (range.to - range.from) / 400;
      const reference::Bracket relative = reference::value_at(reference::relative(f, g), x);
      const reference::Bracket apart = reference::value_at(reference::difference(f, g), x);
      const double exact = reference::value_at(reference::single(g), x).middle();
      const double spacing = std::ldexp(1.0, reference::spacing_exponent(reference::f32, std::ilogb(exact)));
      most = std::max(most, std::abs(relative.middle()));
      most_ulp = std::max(most_ulp, std::abs(apart.middle()) / spacing);
    }
    EXPECT_LE(most, range.relative->high) << range.from;
    EXPECT_GE(most, range.relative->low * 0.9) << range.from;
    EXPECT_LE(most_ulp, range.ulp * (1 + 1e-12)) << range.from;
    EXPECT_GE(most_ulp, range.ulp * 0.5) << range.from;  // a sample may miss the edge of a binade
  }
}

TEST(Gap, DrawsItsCurves) {
  const GapFindings found = against_gelu(named("quick_gelu"));
  const auto plots = gap_plots(found);
  ASSERT_EQ(plots.size(), 1u);
  ASSERT_EQ(plots[0].figure.panels.size(), 4u);
  const auto& gap = plots[0].figure.panels[1].series.at(0);
  double most = 0;
  for (const reports::Point& p : gap.points) most = std::max(most, std::abs(p.y));
  EXPECT_NEAR(most / only(found).line[0].analysis->largest.middle(), 1, 1e-4);
  EXPECT_EQ(gap.marks.size(), 2u);
  EXPECT_NE(reports::svg(plots[0].figure).find("quick_gelu"), std::string::npos);
}

}  // namespace
}  // namespace actbench::bench
