// SPDX-License-Identifier: Apache-2.0
//
// Plots as SVG: lines and marks in panels, one file with all its style, legible on light and dark screens (it follows
// prefers-color-scheme), told apart by dashes and the shapes of marks as well as by colour. The same figure gives the
// same bytes everywhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/axis.hpp"
#include "reports/drawing.hpp"

namespace actbench::reports {

/// A mark at a place: an extremum, a zero, a measurement.
struct Mark {
  double x, y;
  std::string label{};                  ///< beside it; empty: none
  std::string about{};                  ///< what a pointer on it shows; empty: the series' name and the numbers
  std::optional<double> low{}, high{};  ///< of an interval of y: a line through the mark
  bool hollow = false;
};

/// A line through the points, in their order, and marks. What is NaN or infinite, or not positive on a logarithmic
/// axis, breaks the line, unless the axis has a band for it.
struct Series {
  std::string name{};  ///< in the legend; the same name has the same look in every panel
  std::vector<Point> points{};
  std::vector<Mark> marks{};
  std::optional<std::size_t> look{};  ///< the same in every figure; otherwise one that no other series has
};

/// A value of y that matters: a line across the panel with its name.
struct Level {
  double y;
  std::string label{};
};

struct Panel {
  std::string title{};
  Axis x{}, y{};
  std::vector<Series> series{};
  std::vector<Level> levels{};
};

/// Panels beside and below each other, under one title and one legend.
struct Figure {
  std::string title{};
  std::string description{};  ///< for who cannot see it
  std::vector<Panel> panels{};
  std::size_t columns = 1;
  double panel_width = 640, panel_height = 320;  ///< px
  std::string caption{};                         ///< sentences below the legend
  bool compact = false;                          ///< the axes' labels stand once for all panels, which share them
};

/// The whole file. Points that differ from the line through their neighbours by less than can be seen are left out.
/// Throws std::invalid_argument for an axis that ends before it begins, or whose end is not positive where logarithmic.
std::string svg(const Figure&);

}  // namespace actbench::reports
