// SPDX-License-Identifier: Apache-2.0
//
// Axes of plots: where they end, where their ticks are and what is written there.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace actbench::reports {

enum class Scale : unsigned char { linear, logarithmic };

struct Tick {
  double at;            ///< a value
  std::string label{};  ///< empty: a lesser one
};

struct Axis {
  std::string label{};
  std::string unit{};  ///< "ns"; may be empty
  Scale scale = Scale::linear;
  std::optional<double> low{}, high{};  ///< of what is shown; from the points where not given
  std::vector<Tick> ticks{};            ///< instead of those at round numbers
  /// Of a vertical axis: where not empty, what lies above or below its ends, infinities and zeros of a logarithmic axis
  /// too, is drawn in a band beyond the end, which has this label: "infinite", "0".
  std::string above{}, below{};
};

/// An axis with its ends settled. Coordinates are values, or their decimal logarithms.
struct Ruler {
  Scale scale = Scale::linear;
  double low = 0, high = 1;           ///< coordinates
  int exponent = 0;                   ///< of the power of ten that labels leave out
  std::vector<Tick> ticks{};          ///< at coordinates, from the lowest
  bool above = false, below = false;  ///< something lies in the band beyond that end

  /// NaN where a logarithmic axis has no place for it: of negative numbers; -infinity of 0 where there is a band for
  /// it.
  double coordinate(double value) const;
  bool holds(double coordinate) const;  ///< between the ends, or in a band
};

/// The ends: as asked for, or around the values that are shown, and padding times the distance between them beyond.
/// wanted_ticks: about how many labels have room. Throws std::invalid_argument for an axis that ends before it begins,
/// or whose end is not positive where logarithmic.
Ruler ruler_of(const Axis&, const std::vector<double>& values, double padding, double wanted_ticks);

/// "ns an element (×10⁻³ ns)": the label with the unit and the power of ten.
std::string axis_text(const Axis&, const Ruler&);

/// 10 to that power: "10⁻⁴".
std::string power_of_ten(int exponent);

}  // namespace actbench::reports
