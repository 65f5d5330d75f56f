// SPDX-License-Identifier: Apache-2.0
//
// What pictures in SVG are made of: text, lines, marks, a frame with its axes, and the looks that all pictures share,
// on light and on dark screens. All lengths are in px.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/axis.hpp"

namespace actbench::reports {

struct Point {
  double x, y;
};

inline constexpr double text_size = 12, line_height = 18;

/// A coordinate: one decimal at most, none for show.
std::string px(double);
/// A width that text of the usual fonts stays below, nearly always.
double text_width(std::string_view, double size = text_size);

std::string text_at(double x, double y, std::string_view classes, std::string_view text, std::string_view more = {});

/// The style sheet: of everything, and of series with these looks. A look is a colour, a dash and a mark, so that
/// series can be told apart without colour.
std::string style(const std::vector<std::size_t>& looks);
/// Looks beyond so many repeat others.
inline constexpr std::size_t distinct_looks = 12;

/// The mark of a look, around a place, with what stands within its element, such as a <title>.
std::string mark_at(double x, double y, std::size_t look, bool hollow, std::string_view within = {});
inline constexpr double mark_reach = 5;  ///< a mark is within so much of its place

/// A panel's frame and what its two axes show there.
struct Frame {
  double left, top, width, height;
  Ruler x, y;

  double at_x(double coordinate) const;
  double at_y(double coordinate) const;
  /// In pixels. What lies far outside is brought nearer: the edge cuts it off. NaN where it has no place.
  Point place(Point) const;
  bool shows(Point) const;
};

/// The frame, its grid and the labels of its ticks.
std::string grid(const Frame&, const Axis& x, const Axis& y);

/// The commands of a path through points, in their order, which breaks where a point has no place. What differs from
/// the line through its neighbours by less than can be seen is left out.
std::string path_of(const Frame&, const std::vector<Point>&);

/// A label beside a mark.
struct Label {
  double x, y;  ///< of the mark
  std::string text;
};
/// Where the labels go so that they cover neither each other nor a mark, within the frame: the left ends of their
/// baselines.
std::vector<Point> place_labels(const Frame&, const std::vector<Label>&, const std::vector<Point>& marks);

/// The whole file around a picture of that size.
std::string document(double width, double height, std::string_view title, std::string_view description,
                     const std::string& style, const std::string& body);

}  // namespace actbench::reports
