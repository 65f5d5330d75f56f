// SPDX-License-Identifier: Apache-2.0
//
// Dots with their names beside them as SVG, both axes logarithmic: one file with all its style, legible on light and
// dark screens. The same figure gives the same bytes everywhere.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace actbench::reports {

struct Dot {
  double x, y;  ///< y infinite: at the upper edge; 0 or less: at the lower
  std::string label{};
  bool filled = false;    ///< or hollow
  bool on_front = false;  ///< a line leads through these
};

struct Scatter {
  std::string title{}, x_label{}, y_label{};
  std::vector<Dot> dots{};  ///< x above 0
};

/// The whole file: the panels below each other. The description is for who cannot see it.
std::string scatter_svg(std::span<const Scatter>, const std::string& description);

}  // namespace actbench::reports
