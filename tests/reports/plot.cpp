// SPDX-License-Identifier: Apache-2.0
//
// Plots against what a reader must find in them.
#include "reports/plot.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace actbench::reports {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Figure figure_of(std::vector<Series> series, Axis y = {.label = "y"}) {
  Figure figure{.title = "Title", .description = "What it shows"};
  figure.panels = {{.title = "Panel", .x = {.label = "x"}, .y = std::move(y), .series = std::move(series)}};
  return figure;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

/// The corners of every line that is drawn, in pixels, lines one after the other.
std::vector<std::vector<Point>> lines_of(const std::string& svg) {
  static const std::regex path("<path class=\"line s\\d+\" d=\"(M[^h\"]*)\"><title>");
  static const std::regex corner("([ML])(-?[0-9.]+) (-?[0-9.]+)");
  std::vector<std::vector<Point>> lines;
  for (std::sregex_iterator p(svg.begin(), svg.end(), path), end; p != end; ++p) {
    const std::string data = (*p)[1];
    for (std::sregex_iterator c(data.begin(), data.end(), corner); c != end; ++c) {
      if ((*c)[1] == "M") lines.emplace_back();
      lines.back().push_back({std::stod((*c)[2]), std::stod((*c)[3])});
    }
  }
  return lines;
}

/// Elements open and close in order, and nothing stands between that XML reserves.
void expect_well_formed(const std::string& svg) {
  static const std::regex tag("<(/?)([a-zA-Z]+)((?:\\s+[a-zA-Z-]+=\"[^\"<&]*\")*)\\s*(/?)>");
  std::vector<std::string> open;
  std::string between;
  auto last = svg.begin();
  for (std::sregex_iterator t(svg.begin(), svg.end(), tag), end; t != end; ++t) {
    between.append(last, svg.begin() + t->position());
    last = svg.begin() + t->position() + t->length();
    if ((*t)[1] == "/") {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), (*t)[2]);
      open.pop_back();
    } else if ((*t)[4] != "/") {
      open.push_back((*t)[2]);
    }
  }
  EXPECT_TRUE(open.empty());
  static const std::regex entity("&(amp|lt|gt|quot);");
  const std::string bare = std::regex_replace(between, entity, "");
  EXPECT_EQ(bare.find_first_of("<&"), std::string::npos);
}

TEST(Plot, DrawsALineFromCornerToCorner) {
  Figure figure = figure_of({{.name = "line", .points = {{0, 0}, {1, 1}}}}, {.label = "y", .low = 0, .high = 1});
  const std::string text = svg(figure);
  expect_well_formed(text);
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);
  ASSERT_EQ(lines[0].size(), 2u);
  // The frame is the one rectangle with the axis' look.
  static const std::regex frame(
      "<rect x=\"([0-9.]+)\" y=\"([0-9.]+)\" width=\"([0-9.]+)\" height=\"([0-9.]+)\" class=\"axis\"/>");
  std::smatch m;
  ASSERT_TRUE(std::regex_search(text, m, frame));
  const double left = std::stod(m[1]), top = std::stod(m[2]), width = std::stod(m[3]), height = std::stod(m[4]);
  EXPECT_NEAR(lines[0][0].x, left, 0.11);
  EXPECT_NEAR(lines[0][0].y, top + height, 0.11);
  EXPECT_NEAR(lines[0][1].x, left + width, 0.11);
  EXPECT_NEAR(lines[0][1].y, top, 0.11);
}

TEST(Plot, LogarithmicAxesPutPowersOfTenAtEqualDistances) {
  const Figure figure = figure_of({{.name = "powers", .points = {{0, 1e-6}, {1, 1e-3}, {2, 1}}}},
                                  {.label = "size", .unit = "ns", .scale = Scale::logarithmic});
  const std::string text = svg(figure);
  // Equal steps of x and of the exponent: the middle is on the line and left out.
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].size(), 2u);
  EXPECT_EQ(count(text, ">10⁻³</text>"), 1u);
  EXPECT_EQ(count(text, ">size (ns)</text>"), 1u);
}

TEST(Plot, BreaksLinesAtWhatIsNoNumberOrNotPositiveOnALogarithmicAxis) {
  const std::vector<Point> points{{0, 1}, {1, 3}, {2, nan}, {3, 2}, {4, 1}, {5, 0}, {6, 5}, {7, 2}};
  EXPECT_EQ(lines_of(svg(figure_of({{.name = "a", .points = points}}))).size(), 2u);
  EXPECT_EQ(
      lines_of(svg(figure_of({{.name = "a", .points = points}}, {.label = "y", .scale = Scale::logarithmic}))).size(),
      3u);
}

TEST(Plot, ThinsWhatCannotBeSeenAndKeepsWhatCan) {
  Series smooth{.name = "smooth"}, spike{.name = "spike"};
  for (int i = 0; i <= 20000; ++i) {
    const double x = i * 1e-3;
    smooth.points.push_back({x, std::sin(x)});
    spike.points.push_back({x, i == 7001 ? 1.0 : 0.0});
  }
  const Figure figure = figure_of({smooth, spike}, {.label = "y", .low = -1, .high = 1});
  const auto lines = lines_of(svg(figure));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_LT(lines[0].size(), 400u);
  EXPECT_GT(lines[0].size(), 40u);
  // No point of the curve is further than a fraction of a pixel from the line that is drawn.
  const double left = lines[0].front().x, right = lines[0].back().x;
  double top = 1e9, bottom = -1e9;
  for (const Point& p : lines[0]) top = std::min(top, p.y), bottom = std::max(bottom, p.y);
  std::size_t at = 0;
  for (const Point& p : smooth.points) {
    const double x = left + (right - left) * p.x / 20, y = (top + bottom) / 2 - (bottom - top) / 2 * p.y;
    while (at + 2 < lines[0].size() && lines[0][at + 1].x < x) ++at;
    const Point a = lines[0][at], b = lines[0][at + 1];
    const double off = ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / std::hypot(b.x - a.x, b.y - a.y);
    EXPECT_LT(std::abs(off), 0.25);
  }
  const auto highest = [](const std::vector<Point>& line) {
    return std::min_element(line.begin(), line.end(), [](Point a, Point b) { return a.y < b.y; })->y;
  };
  EXPECT_NEAR(highest(lines[1]), highest(lines[0]), 0.2);  // the spike reaches up to 1
}

TEST(Plot, LabelsTicksWithoutNoise) {
  const std::string text = svg(figure_of({{.name = "a", .points = {{-0.3, -2e-5}, {0.3, 4e-5}}}}));
  EXPECT_EQ(count(text, ">0.10</text>"), 1u);
  EXPECT_EQ(count(text, ">\u22120.30</text>"), 1u);
  EXPECT_EQ(count(text, ">y (×10⁻⁵)</text>"), 1u);  // the power goes to the axis
  EXPECT_FALSE(std::regex_search(text, std::regex("[0-9]e[-+][0-9]")));
}

TEST(Plot, EscapesText) {
  Figure figure = figure_of({{.name = "a<b & \"c\"", .points = {{0, 0}, {1, 1}}, .marks = {{0.5, 0.5}}}});
  figure.title = "</title><script>\x01";
  figure.description = "\"]]>";
  const std::string text = svg(figure);
  expect_well_formed(text);
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find('\x01'), std::string::npos);
  EXPECT_NE(text.find("a&lt;b &amp; &quot;c&quot;"), std::string::npos);
}

TEST(Plot, TheSameNameLooksTheSameInEveryPanelAndIsInTheLegendOnce) {
  Figure figure = figure_of({{.name = "a", .points = {{0, 0}, {1, 1}}}, {.name = "b", .points = {{0, 1}, {1, 0}}}});
  figure.panels.push_back(figure.panels[0]);
  std::reverse(figure.panels[1].series.begin(), figure.panels[1].series.end());
  figure.columns = 2;
  const std::string text = svg(figure);
  expect_well_formed(text);
  EXPECT_EQ(count(text, "class=\"l\">a</text>"), 1u);
  EXPECT_EQ(count(text, "class=\"line s0\""), 3u);  // two lines and the legend
  EXPECT_EQ(count(text, "class=\"line s1\""), 3u);
  EXPECT_NE(text.find("prefers-color-scheme:dark"), std::string::npos);
  EXPECT_EQ(text, svg(figure));
}

TEST(Plot, DrawsWhatIsEmptyConstantOrFarBeyondItsAxis) {
  for (const Figure& figure :
       {Figure{.title = "none"}, figure_of({}), figure_of({{.name = "a", .points = {{1, 7}, {2, 7}}}}),
        figure_of({{.name = "a", .points = {{1, 7}}}}), figure_of({{.name = "a", .points = {{nan, 1}, {1, nan}}}}),
        figure_of({{.name = "a", .points = {{0, -1e300}, {1, 1e300}}}}, {.label = "y", .low = -1, .high = 1})}) {
    const std::string text = svg(figure);
    expect_well_formed(text);
    for (const char* wrong : {"nan", "inf"}) EXPECT_EQ(text.find(wrong), std::string::npos);
    for (const auto& line : lines_of(text)) {
      for (const Point& p : line) EXPECT_LT(std::abs(p.x) + std::abs(p.y), 1e5);
    }
  }
}

TEST(Plot, RefusesAxesThatMakeNoSense) {
  const std::vector<Series> series{{.name = "a", .points = {{0, 1}, {1, 2}}}};
  EXPECT_THROW(svg(figure_of(series, {.label = "y", .low = 1, .high = 1})), std::invalid_argument);
  EXPECT_THROW(svg(figure_of(series, {.label = "y", .low = 1, .high = nan})), std::invalid_argument);
  EXPECT_THROW(svg(figure_of(series, {.label = "y", .scale = Scale::logarithmic, .low = 0, .high = 1})),
               std::invalid_argument);
}

}  // namespace
}  // namespace actbench::reports
