// SPDX-License-Identifier: Apache-2.0
#include "reports/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "reports/text.hpp"
#include "reports/xml.hpp"

namespace actbench::reports {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Looks of series: after Okabe and Ito's palette, which the common kinds of colour blindness keep apart, darkened for
/// white and lightened for dark until each has a contrast above 4 with its background.
struct Colour {
  const char *light, *dark;
};
constexpr std::array<Colour, 6> colours{{{"#0072b2", "#56b4e9"},
                                         {"#c04f00", "#ff9d57"},
                                         {"#00795a", "#3ccf9f"},
                                         {"#a3487f", "#e79cc8"},
                                         {"#4d4d4d", "#c8c8c8"},
                                         {"#7a6400", "#f0e442"}}};
constexpr std::array<const char*, 4> dashes{"", "7 3", "2 2.5", "9 3 2 3"};

constexpr double text_size = 12, line_height = 18;  // px
constexpr double left_margin = 72, right_margin = 16, top_margin = 30, bottom_margin = 46;
constexpr double visible = 0.1;  // px: what a line may be off by

/// A width that text of the usual fonts stays below, nearly always.
double text_width(std::string_view text, double size) { return 0.56 * size * static_cast<double>(display_width(text)); }

/// A coordinate: one decimal at most, none for show.
std::string px(double v) {
  std::string text = fmt::format("{:.1f}", v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string with_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "\u2212");
  return text;
}

/// 10 to that power: "10⁻⁴".
std::string power_of_ten(int exponent) {
  constexpr std::array<const char*, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "10";
  for (const char c : fmt::format("{}", exponent)) text += c == '-' ? "⁻" : digits[static_cast<std::size_t>(c - '0')];
  return text;
}

struct Tick {
  double at;          ///< in the axis' coordinate
  std::string label;  ///< empty: a lesser one
};

/// An axis with its ends settled. Coordinates are values, or their decimal logarithms.
struct Ruler {
  Scale scale;
  double low, high;
  int exponent = 0;  ///< of the power of ten that labels leave out
  std::vector<Tick> ticks;

  double coordinate(double v) const {
    if (scale == Scale::linear) return v;
    return v > 0 ? std::log10(v) : std::numeric_limits<double>::quiet_NaN();
  }
};

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

void add_logarithmic_ticks(Ruler& ruler, double wanted) {
  const double decades = ruler.high - ruler.low;
  const auto stride = static_cast<int>(std::max(1.0, std::ceil(decades / wanted)));
  for (auto e = static_cast<int>(std::floor(ruler.low)); e <= ruler.high; ++e) {
    const bool labelled = ((e % stride) + stride) % stride == 0;
    for (int digit = 1; digit <= 9; ++digit) {
      if (digit > 1 && decades > 6) break;
      const double at = e + std::log10(digit);
      if (at < ruler.low - 1e-9 || at > ruler.high + 1e-9) continue;
      const bool few = decades < 1.5 && (digit == 2 || digit == 5);
      std::string label;
      if (digit == 1 && labelled) label = power_of_ten(e);
      if (few) label = fmt::format("{}·{}", digit, power_of_ten(e));
      ruler.ticks.push_back({at, std::move(label)});
    }
  }
}

/// The ends: as asked for, or around the values that are shown.
Ruler ruler_of(const Axis& axis, const std::vector<double>& values, double padding, double wanted_ticks) {
  Ruler ruler{axis.scale, infinity, -infinity, 0, {}};
  for (const double value : values) {
    const double v = ruler.coordinate(value);
    if (!std::isfinite(v)) continue;
    ruler.low = std::min(ruler.low, v);
    ruler.high = std::max(ruler.high, v);
  }
  if (ruler.low > ruler.high) ruler.low = 0, ruler.high = 1;
  if (ruler.low == ruler.high) {
    const double around = axis.scale == Scale::linear && ruler.low != 0 ? std::abs(ruler.low) / 2 : 0.5;
    ruler.low -= around;
    ruler.high += around;
  }
  const double pad = padding * (ruler.high - ruler.low);
  ruler.low = axis.low ? ruler.coordinate(*axis.low) : ruler.low - pad;
  ruler.high = axis.high ? ruler.coordinate(*axis.high) : ruler.high + pad;
  if (!(ruler.low < ruler.high) || !std::isfinite(ruler.high - ruler.low)) {
    throw std::invalid_argument(fmt::format("the axis '{}' must end after it begins, both {}", axis.label,
                                            axis.scale == Scale::linear ? "finite" : "positive"));
  }
  if (axis.scale == Scale::linear) {
    add_linear_ticks(ruler, wanted_ticks);
  } else {
    add_logarithmic_ticks(ruler, wanted_ticks);
  }
  return ruler;
}

std::string axis_text(const Axis& axis, const Ruler& ruler) {
  std::string unit = ruler.exponent != 0 ? "×" + power_of_ten(ruler.exponent) : "";
  if (!axis.unit.empty()) unit += (unit.empty() ? "" : " ") + axis.unit;
  return unit.empty() ? axis.label : fmt::format("{} ({})", axis.label, unit);
}

/// Of an unbroken line in pixels what must stay so that no point moves by more than can be seen (Douglas and Peucker).
std::vector<Point> thinned(const std::vector<Point>& line) {
  std::vector<char> kept(line.size(), 0);
  kept.front() = kept.back() = 1;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    const Point a = line[first], b = line[last];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    double farthest = visible;
    std::size_t split = first;
    for (std::size_t i = first + 1; i < last; ++i) {
      const Point p = line[i];
      // From the segment, not from the line that it is on: what doubles back must stay too.
      const double along = length > 0 ? ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length : 0;
      const double t = length > 0 ? std::clamp(along / length, 0.0, 1.0) : 0;
      const double off = std::hypot(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y));
      if (off > farthest) farthest = off, split = i;
    }
    if (split == first) continue;
    kept[split] = 1;
    open.emplace_back(first, split);
    open.emplace_back(split, last);
  }
  std::vector<Point> rest;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (kept[i]) rest.push_back(line[i]);
  }
  return rest;
}

/// A panel's frame in pixels and what its two axes show there.
struct Frame {
  double left, top, width, height;
  Ruler x, y;

  double at_x(double coordinate) const { return left + width * (coordinate - x.low) / (x.high - x.low); }
  double at_y(double coordinate) const { return top + height * (y.high - coordinate) / (y.high - y.low); }
  /// In pixels. What lies far outside is brought nearer: the edge cuts it off.
  Point place(Point p) const {
    const double far = 20 * (width + height);
    return {std::clamp(at_x(x.coordinate(p.x)), -far, far), std::clamp(at_y(y.coordinate(p.y)), -far, far)};
  }
  bool shows(Point p) const {
    const double cx = x.coordinate(p.x), cy = y.coordinate(p.y);
    return cx >= x.low && cx <= x.high && cy >= y.low && cy <= y.high;
  }
};

std::string path_of(const Frame& frame, const std::vector<Point>& points) {
  std::string path;
  std::vector<Point> line;
  const auto end_line = [&] {
    if (line.empty()) return;
    bool first = true;
    for (const Point& p : thinned(line)) {
      path += fmt::format("{}{} {}", std::exchange(first, false) ? "M" : "L", px(p.x), px(p.y));
    }
    line.clear();
  };
  for (const Point& p : points) {
    const Point placed = frame.place(p);
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || std::isnan(placed.x) || std::isnan(placed.y)) {
      end_line();
      continue;
    }
    // One point beyond each edge is enough.
    const double edge = frame.left + frame.width;
    if (line.size() == 1 && placed.x < frame.left && line[0].x < frame.left) line.clear();
    if (!line.empty() && line.back().x > edge && placed.x > edge) continue;
    line.push_back(placed);
  }
  end_line();
  return path;
}

std::string text_at(double x, double y, std::string_view classes, std::string_view text, std::string_view more = {}) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}>{}</text>\n", px(x), px(y), classes, more, in_xml(text));
}

std::string line_at(double x1, double y1, double x2, double y2, std::string_view classes) {
  return fmt::format("<path d=\"M{} {}L{} {}\" class=\"{}\"/>\n", px(x1), px(y1), px(x2), px(y2), classes);
}

std::string axes(const Frame& frame, const Panel& panel) {
  const double bottom = frame.top + frame.height, right = frame.left + frame.width;
  std::string out;
  for (const Tick& tick : frame.x.ticks) {
    const double x = frame.at_x(tick.at);
    const bool zero = frame.x.scale == Scale::linear && tick.at == 0;
    if (!tick.label.empty()) out += line_at(x, frame.top, x, bottom, zero ? "zero" : "grid");
    out += line_at(x, bottom, x, bottom + (tick.label.empty() ? 3 : 5), "axis");
    if (!tick.label.empty()) out += text_at(x, bottom + 18, "m", tick.label);
  }
  for (const Tick& tick : frame.y.ticks) {
    const double y = frame.at_y(tick.at);
    const bool zero = frame.y.scale == Scale::linear && tick.at == 0;
    if (!tick.label.empty()) out += line_at(frame.left, y, right, y, zero ? "zero" : "grid");
    out += line_at(frame.left - (tick.label.empty() ? 3 : 5), y, frame.left, y, "axis");
    if (!tick.label.empty()) out += text_at(frame.left - 8, y + 4, "e", tick.label);
  }
  out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"axis\"/>\n", px(frame.left),
                     px(frame.top), px(frame.width), px(frame.height));
  out += text_at(frame.left + frame.width / 2, bottom + 38, "m", axis_text(panel.x, frame.x));
  const double y = frame.top + frame.height / 2, x = frame.left - left_margin + 15;
  out += text_at(x, y, "m", axis_text(panel.y, frame.y), fmt::format(" transform=\"rotate(-90 {} {})\"", px(x), px(y)));
  return out;
}

std::string style(std::size_t looks) {
  std::string text =
      "<style>\n"
      "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px;fill:#1b1f24}\n"
      ".t{font-size:15px;font-weight:600}.p{font-size:13px;font-weight:600}.m{text-anchor:middle}.e{text-anchor:end}\n"
      ".paper{fill:#ffffff}.axis{fill:none;stroke:#57606a}.grid{stroke:#e4e7eb}.zero{stroke:#a9b1ba}\n"
      ".line{fill:none;stroke-width:1.8;stroke-linejoin:round}\n";
  std::string dark =
      "text{fill:#e6e9ed}.paper{fill:#14171c}.axis{stroke:#98a1ab}.grid{stroke:#2c323a}.zero{stroke:#626b76}\n";
  for (std::size_t i = 0; i < looks; ++i) {
    const Colour& colour = colours[i % colours.size()];
    const std::string_view dash = dashes[i % dashes.size()];
    text += fmt::format(".s{0}{{stroke:{1}{2}{3}}}.d{0}{{fill:{1}}}\n", i, colour.light,
                        dash.empty() ? "" : ";stroke-dasharray:", dash);
    dark += fmt::format(".s{0}{{stroke:{1}}}.d{0}{{fill:{1}}}\n", i, colour.dark);
  }
  return text + "@media (prefers-color-scheme:dark){\n" + dark + "}\n</style>\n";
}

/// A panel with its upper left corner there.
std::string draw(const Figure& figure, const Panel& panel, std::size_t number, double left, double top,
                 const std::vector<std::string>& names) {
  Frame frame{left + left_margin,
              top + top_margin,
              figure.panel_width - left_margin - right_margin,
              figure.panel_height - top_margin - bottom_margin,
              {},
              {}};
  std::vector<double> xs, ys;
  for (const Series& series : panel.series) {
    for (const Point& p : series.points) {
      if (std::isfinite(p.y)) xs.push_back(p.x);
    }
  }
  frame.x = ruler_of(panel.x, xs, 0, frame.width / 55);
  for (const Series& series : panel.series) {
    for (const Point& p : series.points) {
      const double x = frame.x.coordinate(p.x);
      if (x >= frame.x.low && x <= frame.x.high) ys.push_back(p.y);
    }
  }
  frame.y = ruler_of(panel.y, ys, 0.05, frame.height / 36);
  std::string out = text_at(frame.left, frame.top - 10, "p", panel.title);
  out += axes(frame, panel);
  out += fmt::format("<clipPath id=\"c{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n", number,
                     px(frame.left), px(frame.top), px(frame.width), px(frame.height));
  out += fmt::format("<g clip-path=\"url(#c{})\">\n", number);
  for (const Series& series : panel.series) {
    const auto look = static_cast<std::size_t>(std::find(names.begin(), names.end(), series.name) - names.begin());
    const std::string path = path_of(frame, series.points);
    if (!path.empty()) {
      out +=
          fmt::format("<path class=\"line s{}\" d=\"{}\"><title>{}</title></path>\n", look, path, in_xml(series.name));
    }
    for (const Point& mark : series.marks) {
      if (!frame.shows(mark)) continue;
      const Point p = frame.place(mark);
      out += fmt::format("<circle class=\"d{}\" cx=\"{}\" cy=\"{}\" r=\"3.2\"><title>{}</title></circle>\n", look,
                         px(p.x), px(p.y), in_xml(fmt::format("{}: {:.6g}, {:.6g}", series.name, mark.x, mark.y)));
    }
  }
  return out + "</g>\n";
}

}  // namespace

std::string svg(const Figure& figure) {
  std::vector<std::string> names;
  for (const Panel& panel : figure.panels) {
    for (const Series& series : panel.series) {
      if (std::find(names.begin(), names.end(), series.name) == names.end()) names.push_back(series.name);
    }
  }
  const std::size_t columns =
      std::clamp<std::size_t>(figure.columns, 1, std::max<std::size_t>(1, figure.panels.size()));
  const double width = figure.panel_width * static_cast<double>(columns);
  std::string body = text_at(16, 24, "t", figure.title);
  double y = 24 + line_height, x = 16;
  constexpr double swatch = 30, gap = 18;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double entry = swatch + text_width(names[i], text_size) + gap;
    if (x > 16 && x + entry > width) x = 16, y += line_height;
    body += fmt::format("<path class=\"line s{}\" d=\"M{} {}h24\"/>\n", i, px(x), px(y - 4));
    body += text_at(x + swatch, y, "l", names[i]);
    x += entry;
  }
  const double top = y + 6;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const std::size_t row = i / columns, column = i % columns;
    body += draw(figure, figure.panels[i], i, figure.panel_width * static_cast<double>(column),
                 top + figure.panel_height * static_cast<double>(row), names);
  }
  const std::size_t rows = (figure.panels.size() + columns - 1) / columns;
  const double height = top + figure.panel_height * static_cast<double>(rows);
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
             "role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{2}</title>\n<desc "
             "id=\"desc\">{3}</desc>\n",
             px(width), px(height), in_xml(figure.title), in_xml(figure.description)) +
         style(names.size()) +
         fmt::format("<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n", px(width), px(height)) + body + "</svg>\n";
}

}  // namespace actbench::reports
