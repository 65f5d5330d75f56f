// SPDX-License-Identifier: Apache-2.0
#include "reports/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace actbench::reports {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string with_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "\u2212");
  return text;
}

void add_linear_ticks(Ruler& ruler, double wanted) {
  const double span = ruler.high - ruler.low;
  const double raw = span / wanted, magnitude = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * magnitude;
  for (const double nice : {5.0, 2.0, 1.0}) {
    if (nice * magnitude >= raw * 0.8) step = nice * magnitude;
  }
  const double largest = std::max(std::abs(ruler.low), std::abs(ruler.high));
  const int exponent = static_cast<int>(std::floor(std::log10(largest)));
  if (exponent >= 4 || exponent <= -2) ruler.exponent = exponent;
  const double unit = std::pow(10, ruler.exponent);
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step / unit) - 1e-9)), 0, 15);
  const double first = std::ceil(ruler.low / step - 1e-9);
  for (double i = first; i * step <= ruler.high + 1e-9 * span; ++i) {
    const double value = i * step == 0 ? 0.0 : i * step;
    ruler.ticks.push_back({value, with_minus(fmt::format("{:.{}f}", value / unit, decimals))});
  }
}

/// Beside 1 people read plain numbers; powers of ten elsewhere, and on axes that go far.
std::string logarithmic_label(int digit, int exponent, double decades) {
  if (decades <= 4 && exponent >= -3 && exponent <= 3)
    return fmt::format("{:.{}f}", digit * std::pow(10, exponent), std::max(0, -exponent));
  return digit == 1 ? power_of_ten(exponent) : fmt::format("{}·{}", digit, power_of_ten(exponent));
}

void add_logarithmic_ticks(Ruler& ruler, double wanted) {
  const double decades = ruler.high - ruler.low;
  const auto stride = static_cast<int>(std::max(1.0, std::ceil(decades / wanted)));
  const bool few = 3 * decades <= wanted || decades < 1.5;
  for (auto e = static_cast<int>(std::floor(ruler.low)); e <= ruler.high; ++e) {
    const bool labelled = ((e % stride) + stride) % stride == 0;
    for (int digit = 1; digit <= 9; ++digit) {
      if (digit > 1 && decades > 6) break;
      const double at = e + std::log10(digit);
      if (at < ruler.low - 1e-9 || at > ruler.high + 1e-9) continue;
      const bool shown = digit == 1 ? labelled : few && (digit == 2 || digit == 5);
      ruler.ticks.push_back({at, shown ? logarithmic_label(digit, e, decades) : std::string()});
    }
  }
}

void add_given_ticks(Ruler& ruler, const std::vector<Tick>& ticks) {
  for (const Tick& tick : ticks) {
    const double at = ruler.coordinate(tick.at);
    if (at >= ruler.low - 1e-9 && at <= ruler.high + 1e-9) ruler.ticks.push_back({at, tick.label});
  }
  std::stable_sort(ruler.ticks.begin(), ruler.ticks.end(), [](const Tick& a, const Tick& b) { return a.at < b.at; });
}

}  // namespace

std::string power_of_ten(int exponent) {
  constexpr std::array<const char*, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "10";
  for (const char c : fmt::format("{}", exponent)) text += c == '-' ? "⁻" : digits[static_cast<std::size_t>(c - '0')];
  return text;
}

double Ruler::coordinate(double value) const {
  if (scale == Scale::linear) return value;
  if (value > 0) return std::log10(value);
  return below && value == 0 ? -infinity : std::numeric_limits<double>::quiet_NaN();
}

bool Ruler::holds(double coordinate) const {
  return (coordinate >= low || below) && (coordinate <= high || above) && !std::isnan(coordinate);
}

Ruler ruler_of(const Axis& axis, const std::vector<double>& values, double padding, double wanted_ticks) {
  Ruler ruler{.scale = axis.scale, .low = infinity, .high = -infinity};
  for (const double value : values) {
    const double v = ruler.coordinate(value);
    if (!std::isfinite(v)) continue;
    ruler.low = std::min(ruler.low, v);
    ruler.high = std::max(ruler.high, v);
  }
  if (ruler.low > ruler.high) ruler.low = 0, ruler.high = 1;
  if (axis.low) ruler.low = ruler.coordinate(*axis.low);
  if (axis.high) ruler.high = ruler.coordinate(*axis.high);
  if (ruler.low >= ruler.high && !(axis.low && axis.high)) {
    // A single value, or values that lie beyond the one end that was asked for.
    const double at = axis.low ? ruler.low : ruler.high;
    const double around = axis.scale == Scale::linear && at != 0 ? std::abs(at) / 2 : 0.5;
    if (!axis.low) ruler.low = at - around;
    if (!axis.high) ruler.high = at + around;
  }
  const double pad = padding * (ruler.high - ruler.low);
  if (!axis.low) ruler.low -= pad;
  if (!axis.high) ruler.high += pad;
  if (!(ruler.low < ruler.high) || !std::isfinite(ruler.high - ruler.low)) {
    throw std::invalid_argument(fmt::format("the axis '{}' must end after it begins, both {}", axis.label,
                                            axis.scale == Scale::linear ? "finite" : "positive"));
  }
  const bool logarithmic = axis.scale == Scale::logarithmic;
  const double low = logarithmic ? std::pow(10, ruler.low) : ruler.low;
  const double high = logarithmic ? std::pow(10, ruler.high) : ruler.high;
  constexpr double rounding = 1e-9;
  for (const double value : values) {
    ruler.above = ruler.above || (!axis.above.empty() && value > high + rounding * std::abs(high));
    ruler.below = ruler.below || (!axis.below.empty() && value < low - rounding * std::abs(low));
  }
  if (!axis.ticks.empty()) {
    add_given_ticks(ruler, axis.ticks);
  } else if (logarithmic) {
    add_logarithmic_ticks(ruler, wanted_ticks);
  } else {
    add_linear_ticks(ruler, wanted_ticks);
  }
  return ruler;
}

std::string axis_text(const Axis& axis, const Ruler& ruler) {
  std::string unit = ruler.exponent != 0 ? "×" + power_of_ten(ruler.exponent) : "";
  if (!axis.unit.empty()) unit += (unit.empty() ? "" : " ") + axis.unit;
  return unit.empty() ? axis.label : fmt::format("{} ({})", axis.label, unit);
}

}  // namespace actbench::reports
