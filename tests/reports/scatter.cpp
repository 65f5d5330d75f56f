// SPDX-License-Identifier: Apache-2.0
//
// Dots lie where their numbers say, at the edges where they are infinite or 0, and names do not cover each other.
#include "reports/scatter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <regex>
#include <vector>

namespace actbench::reports {
namespace {

struct Placed {
  double x, y;
};

std::vector<Placed> circles(const std::string& svg) {
  std::vector<Placed> all;
  const std::regex circle("<circle class=\"[op]\" cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"");
  for (std::sregex_iterator i(svg.begin(), svg.end(), circle), end; i != end; ++i)
    all.push_back({std::stod((*i)[1]), std::stod((*i)[2])});
  return all;
}

std::map<std::string, Placed> texts(const std::string& svg) {
  std::map<std::string, Placed> all;
  const std::regex text("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\">([^<]+)</text>");
  for (std::sregex_iterator i(svg.begin(), svg.end(), text), end; i != end; ++i)
    all[(*i)[3]] = {std::stod((*i)[1]), std::stod((*i)[2])};
  return all;
}

TEST(Scatter, PlacesDotsByTheLogarithm) {
  const Scatter panel{"t", "x", "y", {{0.1, 1, "a"}, {1, 100, "b"}, {10, 10000, "c"}, {1, INFINITY, "d"}, {1, 0, "e"}}};
  const std::vector<Placed> dots = circles(scatter_svg({&panel, 1}, ""));
  ASSERT_EQ(dots.size(), 5u);
  EXPECT_NEAR(dots[1].x, (dots[0].x + dots[2].x) / 2, 0.2);
  EXPECT_NEAR(dots[1].y, (dots[0].y + dots[2].y) / 2, 0.2);
  EXPECT_LT(dots[0].x, dots[2].x);
  EXPECT_GT(dots[0].y, dots[2].y);
  EXPECT_LT(dots[3].y, dots[2].y - 10);  // above every number
  EXPECT_GT(dots[4].y, dots[0].y + 10);  // below every number
}

TEST(Scatter, NamesDoNotCoverEachOther) {
  Scatter panel{"t", "x", "y", {}};
  for (int i = 0; i < 12; ++i)
    panel.dots.push_back({0.3 + 0.002 * i, 2 + 0.01 * i, "library_" + std::to_string(10 + i)});
  panel.dots.push_back({0.01, 1e6, "far"});
  const std::map<std::string, Placed> names = texts(scatter_svg({&panel, 1}, ""));
  ASSERT_EQ(names.size(), panel.dots.size());
  for (const auto& [a, at] : names) {
    for (const auto& [b, other] : names) {
      if (a == b) continue;
      EXPECT_TRUE(std::fabs(at.y - other.y) >= 12 || std::fabs(at.x - other.x) >= 60) << a << " and " << b;
    }
  }
}

TEST(Scatter, EscapesTextAndIsTheSameEachTime) {
  const Scatter panel{"a < b", "x & y", "\"z\"", {{1, 1, "<&>", true, true}, {2, 3, "q", false, true}}};
  const std::string svg = scatter_svg({&panel, 1}, "d < e");
  EXPECT_EQ(svg, scatter_svg({&panel, 1}, "d < e"));
  for (const char* part : {"a &lt; b", "x &amp; y", "&quot;z&quot;", "&lt;&amp;&gt;", "<desc>d &lt; e</desc>"})
    EXPECT_NE(svg.find(part), std::string::npos) << part;
  EXPECT_NE(svg.find("<path class=\"f\" d=\"M"), std::string::npos);
  const Scatter two[] = {panel, panel};
  EXPECT_EQ(circles(scatter_svg(two, "")).size(), 4u);
}

}  // namespace
}  // namespace actbench::reports
