// SPDX-License-Identifier: Apache-2.0
//
// Line plots as SVG: one file with all its style, legible on light and dark screens (it follows prefers-color-scheme),
// told apart by dashes as well as by colour. The same figure gives the same bytes everywhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace actbench::reports {

enum class Scale : unsigned char { linear, logarithmic };

struct Axis {
  std::string label{};
  std::string unit{};  ///< "ns"; may be empty
  Scale scale = Scale::linear;
  std::optional<double> low{}, high{};  ///< of what is shown; from the points where not given
};

struct Point {
  double x, y;
};

/// A line through the points, in their order. What is NaN or infinite, or not positive on a logarithmic axis, breaks
/// it.
struct Series {
  std::string name{};  ///< in the legend; the same name has the same look in every panel
  std::vector<Point> points{};
  std::vector<Point> marks{};  ///< dots on it: extrema, zeros
};

struct Panel {
  std::string title{};
  Axis x{}, y{};
  std::vector<Series> series{};
};

/// Panels beside and below each other, under one title and one legend.
struct Figure {
  std::string title{};
  std::string description{};  ///< for who cannot see it
  std::vector<Panel> panels{};
  std::size_t columns = 1;
  double panel_width = 640, panel_height = 320;  ///< px
};

/// The whole file. Points that differ from the line through their neighbours by less than can be seen are left out.
/// Throws std::invalid_argument for an axis that ends before it begins, or whose end is not positive where logarithmic.
std::string svg(const Figure&);

}  // namespace actbench::reports
