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

/// A mark of a series, in the order that they are drawn in: where it is, and its look.
struct Drawn {
  double x, y;
  std::size_t look;
  bool hollow;
};

/// The places of circles and squares, which the looks 0 and 1 have.
std::vector<Drawn> marks_of(const std::string& svg) {
  static const std::regex mark(
      "<(?:circle class=\"d(\\d+)( hollow)?\" cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"|"
      "path class=\"d(\\d+)( hollow)?\" d=\"M([0-9.]+) ([0-9.]+)h6.4)[^>]*><title>");
  std::vector<Drawn> marks;
  for (std::sregex_iterator m(svg.begin(), svg.end(), mark), end; m != end; ++m) {
    const std::smatch& found = *m;
    if (found[1].matched) {
      marks.push_back({std::stod(found[3]), std::stod(found[4]), std::stoul(found[1]), found[2].matched});
    } else {
      marks.push_back({std::stod(found[7]) + 3.2, std::stod(found[8]) + 3.2, std::stoul(found[5]), found[6].matched});
    }
  }
  return marks;
}

/// The left end, the baseline and the text of each text of that class.
struct Written {
  double x, y;
  std::string text;
};
std::vector<Written> texts_of(const std::string& svg, const std::string& classes) {
  const std::regex text("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\" class=\"" + classes + "\">([^<]*)</text>");
  std::vector<Written> texts;
  for (std::sregex_iterator t(svg.begin(), svg.end(), text), end; t != end; ++t)
    texts.push_back({std::stod((*t)[1]), std::stod((*t)[2]), (*t)[3]});
  return texts;
}

Axis ulp_axis() {
  return {
      .label = "error", .unit = "ULP", .scale = Scale::logarithmic, .low = 0.1, .above = "infinite", .below = "< 0.1"};
}

TEST(Plot, PlacesMarksByTheLogarithm) {
  Figure figure = figure_of({{.name = "a", .marks = {{0.1, 1}, {1, 100}, {10, 10000}}}}, ulp_axis());
  figure.panels[0].x.scale = Scale::logarithmic;
  const std::vector<Drawn> marks = marks_of(svg(figure));
  ASSERT_EQ(marks.size(), 3u);
  EXPECT_NEAR(marks[1].x, (marks[0].x + marks[2].x) / 2, 0.2);
  EXPECT_NEAR(marks[1].y, (marks[0].y + marks[2].y) / 2, 0.2);
  EXPECT_LT(marks[0].x, marks[2].x);
  EXPECT_GT(marks[0].y, marks[2].y);
}

TEST(Plot, DrawsInABandWhatLiesBeyondTheEnd) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const std::vector<Point> points{{0, 1}, {1, infinite}, {2, 0}, {3, 0.01}, {4, 50}};
  const Figure figure = figure_of({{.name = "a", .points = points}}, ulp_axis());
  const std::string text = svg(figure);
  expect_well_formed(text);
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 1u);  // no break
  ASSERT_EQ(lines[0].size(), 5u);
  EXPECT_LT(lines[0][1].y, lines[0][4].y - 5);  // above the largest number
  EXPECT_GT(lines[0][2].y, lines[0][0].y + 5);  // below the axis' end
  EXPECT_EQ(lines[0][2].y, lines[0][3].y);
  const auto labels = texts_of(text, "e");
  const auto label_at = [&](const std::string& label) {
    const auto found = std::find_if(labels.begin(), labels.end(), [&](const Written& w) { return w.text == label; });
    return found == labels.end() ? -1 : found->y - 4;  // the baseline is below the middle
  };
  EXPECT_NEAR(label_at("infinite"), lines[0][1].y, 0.2);
  EXPECT_NEAR(label_at("&lt; 0.1"), lines[0][2].y, 0.2);
  // Without such values there is no band.
  const std::string other = svg(figure_of({{.name = "a", .points = {{0, 1}, {1, 2}}}}, ulp_axis()));
  EXPECT_EQ(other.find("infinite"), std::string::npos);
}

TEST(Plot, ShowsIntervalsAndLevels) {
  Figure figure = figure_of({{.name = "a", .marks = {{.x = 1, .y = 2, .low = 1, .high = 4}, {.x = 2, .y = 3}}}},
                            {.label = "y", .low = 0, .high = 5});
  figure.panels[0].levels = {{2, "a level"}};
  const std::string text = svg(figure);
  expect_well_formed(text);
  const std::vector<Drawn> marks = marks_of(text);
  ASSERT_EQ(marks.size(), 2u);
  std::smatch m;
  ASSERT_TRUE(std::regex_search(text, m, std::regex("class=\"whisker s0\" d=\"M([0-9.]+) ([0-9.]+)V([0-9.]+)\"")));
  EXPECT_NEAR(std::stod(m[1]), marks[0].x, 0.1);
  const double unit = marks[0].y - marks[1].y;  // px
  EXPECT_NEAR(std::stod(m[2]), marks[0].y + unit, 0.3);
  EXPECT_NEAR(std::stod(m[3]), marks[0].y - 2 * unit, 0.3);
  ASSERT_TRUE(std::regex_search(text, m, std::regex("class=\"level\" d=\"M([0-9.]+) ([0-9.]+)h")));
  EXPECT_NEAR(std::stod(m[2]), marks[0].y, 0.1);
  EXPECT_EQ(texts_of(text, "e note").size(), 1u);
}

TEST(Plot, LabelsCoverNeitherEachOtherNorTheFramesEdge) {
  Series crowd{.name = "crowd"};
  for (int i = 0; i < 12; ++i)
    crowd.marks.push_back({0.3 + 0.002 * i, 2 + 0.01 * i, "library_" + std::to_string(10 + i)});
  crowd.marks.push_back({0.01, 1e6, "far"});
  crowd.marks.push_back({1, 1e6, "far right"});
  Figure figure = figure_of({crowd}, ulp_axis());
  figure.panels[0].x.scale = Scale::logarithmic;
  const std::string text = svg(figure);
  const std::vector<Drawn> marks = marks_of(text);
  std::vector<Written> labels = texts_of(text, "l");
  ASSERT_EQ(labels.size(), crowd.marks.size() + 1);  // the legend's
  labels.erase(labels.begin());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double width = text_width(labels[i].text);
    EXPECT_LE(labels[i].x + width, 640) << labels[i].text;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      if (i == k) continue;
      EXPECT_TRUE(std::abs(labels[i].y - labels[k].y) >= 12 || labels[k].x >= labels[i].x + width ||
                  labels[i].x >= labels[k].x + text_width(labels[k].text))
          << labels[i].text << " and " << labels[k].text;
    }
    for (const Drawn& mark : marks) {
      EXPECT_FALSE(mark.x > labels[i].x && mark.x < labels[i].x + width && mark.y < labels[i].y &&
                   mark.y > labels[i].y - 10)
          << labels[i].text;
    }
  }
}

TEST(Plot, LooksThatAreAskedForAreKept) {
  const Figure figure = figure_of({{.name = "other", .points = {{0, 0}, {1, 1}}},
                                   {.name = "fast", .points = {{0, 1}, {1, 2}}, .look = 0},
                                   {.name = "more", .marks = {{.x = 1, .y = 1, .hollow = true}}}});
  const std::string text = svg(figure);
  EXPECT_TRUE(std::regex_search(text, std::regex("class=\"line s0\" d=\"[^\"]*\"><title>fast<")));
  EXPECT_EQ(count(text, "class=\"line s1\""), 2u);    // "other", and its legend
  EXPECT_EQ(count(text, "class=\"d2 hollow\""), 2u);  // "more", and its legend
}

TEST(Plot, TicksMayBeGiven) {
  Figure figure = figure_of({{.name = "a", .points = {{1, 1}, {1000, 2}}}});
  figure.panels[0].x = {
      .label = "bytes", .scale = Scale::logarithmic, .ticks = {{1, "L1"}, {1000, "memory"}, {1e9, "no"}}};
  const std::string text = svg(figure);
  const auto lines = lines_of(text);
  const std::vector<Written> ticks = texts_of(text, "m");
  const auto at = [&](const std::string& label) {
    return std::find_if(ticks.begin(), ticks.end(), [&](const Written& w) { return w.text == label; });
  };
  ASSERT_NE(at("L1"), ticks.end());
  EXPECT_NEAR(at("L1")->x, lines[0][0].x, 0.1);
  EXPECT_NEAR(at("memory")->x, lines[0][1].x, 0.1);
  EXPECT_EQ(at("no"), ticks.end());
  EXPECT_EQ(count(text, ">10</text>"), 0u);
}

TEST(Plot, CaptionsWrapAndSmallPanelsShareTheirLabels) {
  Figure figure = figure_of({{.name = "a", .points = {{0, 0}, {1, 1}}}}, {.label = "time", .unit = "ns"});
  figure.panels.assign(6, figure.panels[0]);
  figure.columns = 3, figure.panel_width = 200, figure.panel_height = 150, figure.compact = true;
  for (int i = 0; i < 60; ++i) figure.caption += "words and more ";
  const std::string text = svg(figure);
  expect_well_formed(text);
  EXPECT_EQ(count(text, ">time (ns)</text>"), 1u);
  const std::vector<Written> caption = texts_of(text, "note");
  ASSERT_GT(caption.size(), 5u);
  for (const Written& line : caption) EXPECT_LE(line.x + text_width(line.text), 640) << line.text;
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
