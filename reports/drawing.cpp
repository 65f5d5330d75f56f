// SPDX-License-Identifier: Apache-2.0
#include "reports/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "reports/text.hpp"
#include "reports/xml.hpp"

namespace actbench::reports {
namespace {

/// After Okabe and Ito's palette, which the common kinds of colour blindness keep apart, darkened for white and
/// lightened for dark until each has a contrast above 4 with its background.
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

constexpr double visible = 0.1;  // what a line may be off by
constexpr double band = 18;      // beyond an end of the vertical axis
constexpr double label_height = 14;

std::string line_commands(double x1, double y1, double x2, double y2) {
  return fmt::format("M{} {}L{} {}", px(x1), px(y1), px(x2), px(y2));
}

std::string paths(std::string_view commands, std::string_view classes) {
  return commands.empty() ? "" : fmt::format("<path d=\"{}\" class=\"{}\"/>\n", commands, classes);
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

struct Box {
  double x, y, width, height;
  bool meets(const Box& o) const {
    return x < o.x + o.width && o.x < x + width && y < o.y + o.height && o.y < y + height;
  }
};

/// Beside the mark where there is room: to the right, the left, above, below, then further away.
Box place_label(const Frame& frame, const Label& label, const std::vector<Box>& taken) {
  const double width = text_width(label.text), away = mark_reach + 3;
  for (int lines = 0; lines < 10; ++lines) {
    const double further = lines * label_height, middle = label.y - label_height / 2;
    const std::array<Box, 6> tries{{{label.x + away, middle - further, width, label_height},
                                    {label.x - away - width, middle - further, width, label_height},
                                    {label.x + away, middle + further, width, label_height},
                                    {label.x - away - width, middle + further, width, label_height},
                                    {label.x - width / 2, label.y - away - further - label_height, width, label_height},
                                    {label.x - width / 2, label.y + away + further, width, label_height}}};
    for (const Box& box : tries) {
      if (box.x < frame.left || box.x + box.width > frame.left + frame.width || box.y < frame.top ||
          box.y + box.height > frame.top + frame.height)
        continue;
      if (std::none_of(taken.begin(), taken.end(), [&](const Box& t) { return t.meets(box); })) return box;
    }
  }
  return {label.x + away, label.y - label_height / 2, width, label_height};
}

}  // namespace

double text_width(std::string_view text, double size) { return 0.56 * size * static_cast<double>(display_width(text)); }

std::string px(double v) {
  std::string text = fmt::format("{:.1f}", v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string text_at(double x, double y, std::string_view classes, std::string_view text, std::string_view more) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}>{}</text>\n", px(x), px(y), classes, more, in_xml(text));
}

std::string style(const std::vector<std::size_t>& looks) {
  std::string text =
      "<style>\n"
      "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;font-size:12px;fill:#1b1f24}\n"
      ".t{font-size:15px;font-weight:600}.p{font-size:13px;font-weight:600}.m{text-anchor:middle}.e{text-anchor:end}\n"
      ".paper{fill:#ffffff}.axis{fill:none;stroke:#57606a}.grid{fill:none;stroke:#e4e7eb}.zero{stroke:#a9b1ba}\n"
      ".level{stroke:#57606a;stroke-dasharray:4 3}.note{fill:#57606a}\n"
      ".line{fill:none;stroke-width:1.8;stroke-linejoin:round}\n";
  std::string dark =
      "text{fill:#e6e9ed}.paper{fill:#14171c}.axis{stroke:#98a1ab}.grid{stroke:#2c323a}.zero{stroke:#626b76}"
      ".level{stroke:#98a1ab}.note{fill:#98a1ab}\n";
  for (const std::size_t look : looks) {
    const Colour& colour = colours[look % colours.size()];
    const std::string_view dash = dashes[look % dashes.size()];
    text += fmt::format(".s{0}{{stroke:{1}{2}{3}}}.d{0}{{fill:{1};stroke:{1}}}\n", look, colour.light,
                        dash.empty() ? "" : ";stroke-dasharray:", dash);
    dark += fmt::format(".s{0}{{stroke:{1}}}.d{0}{{fill:{1};stroke:{1}}}\n", look, colour.dark);
  }
  // After the looks, which they change.
  text += ".whisker{fill:none;stroke-width:1.2;stroke-dasharray:none}.hollow{fill:none;stroke-width:1.6}\n";
  return text + "@media (prefers-color-scheme:dark){\n" + dark + ".hollow{fill:none}\n}\n</style>\n";
}

std::string mark_at(double x, double y, std::size_t look, bool hollow, std::string_view within) {
  const std::string end =
      within.empty() ? "/>\n" : fmt::format(">{}</{}>\n", within, look % 4 == 0 ? "circle" : "path");
  const std::string classes = fmt::format("d{}{}", look, hollow ? " hollow" : "");
  switch (look % 4) {
    case 0:
      return fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"3.4\"{}", classes, px(x), px(y), end);
    case 1:
      return fmt::format("<path class=\"{}\" d=\"M{} {}h6.4v6.4h-6.4z\"{}", classes, px(x - 3.2), px(y - 3.2), end);
    case 2:
      return fmt::format("<path class=\"{}\" d=\"M{} {}l4 7h-8z\"{}", classes, px(x), px(y - 4.3), end);
    default:
      return fmt::format("<path class=\"{}\" d=\"M{} {}l4.2 4.2l-4.2 4.2l-4.2 -4.2z\"{}", classes, px(x), px(y - 4.2),
                         end);
  }
}

double Frame::at_x(double coordinate) const { return left + width * (coordinate - x.low) / (x.high - x.low); }

double Frame::at_y(double coordinate) const {
  const double from = top + (y.above ? band : 0), to = top + height - (y.below ? band : 0);
  if (y.above && coordinate > y.high) return top + band / 2;
  if (y.below && coordinate < y.low) return top + height - band / 2;
  return from + (to - from) * (y.high - coordinate) / (y.high - y.low);
}

Point Frame::place(Point p) const {
  const double far = 20 * (width + height), none = std::numeric_limits<double>::quiet_NaN();
  const bool infinite = std::isinf(p.x) || (std::isinf(p.y) && !(p.y > 0 ? y.above : y.below));
  if (infinite || std::isnan(p.x) || std::isnan(p.y)) return {none, none};
  const double cx = x.coordinate(p.x), cy = y.coordinate(p.y);
  if (std::isnan(cx) || std::isnan(cy)) return {none, none};
  return {std::clamp(at_x(cx), -far, far), std::clamp(at_y(cy), -far, far)};
}

bool Frame::shows(Point p) const {
  const double cx = x.coordinate(p.x);
  return cx >= x.low && cx <= x.high && y.holds(y.coordinate(p.y));
}

std::string grid(const Frame& frame, const Axis& x_axis, const Axis& y_axis) {
  const double bottom = frame.top + frame.height, right = frame.left + frame.width;
  std::string lines, zeros, ticks, texts;
  double written_to = -HUGE_VAL;  // a label that would cover the one before it is left out
  for (const Tick& tick : frame.x.ticks) {
    const double x = frame.at_x(tick.at);
    const bool zero = frame.x.scale == Scale::linear && tick.at == 0 && x_axis.ticks.empty();
    if (!tick.label.empty()) (zero ? zeros : lines) += line_commands(x, frame.top, x, bottom);
    ticks += line_commands(x, bottom, x, bottom + (tick.label.empty() ? 3 : 5));
    const double half = text_width(tick.label) / 2;
    if (tick.label.empty() || x - half < written_to) continue;
    texts += text_at(x, bottom + 18, "m", tick.label);
    written_to = x + half;
  }
  const auto across = [&](double y, const std::string& label, bool zero) {
    if (!label.empty()) (zero ? zeros : lines) += line_commands(frame.left, y, right, y);
    ticks += line_commands(frame.left - (label.empty() ? 3 : 5), y, frame.left, y);
    if (!label.empty()) texts += text_at(frame.left - 8, y + 4, "e", label);
  };
  const double above = frame.top + band / 2, below = bottom - band / 2;
  for (const Tick& tick : frame.y.ticks) {
    const double y = frame.at_y(tick.at);
    const bool covered = (frame.y.above && y - above < label_height) || (frame.y.below && below - y < label_height);
    across(y, covered ? std::string() : tick.label, frame.y.scale == Scale::linear && tick.at == 0);
  }
  if (frame.y.above) across(above, y_axis.above, false);
  if (frame.y.below) across(below, y_axis.below, false);
  return paths(lines, "grid") + paths(zeros, "grid zero") + paths(ticks, "axis") + texts +
         fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"axis\"/>\n", px(frame.left),
                     px(frame.top), px(frame.width), px(frame.height));
}

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
    if (std::isnan(placed.x)) {
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

std::vector<Point> place_labels(const Frame& frame, const std::vector<Label>& labels, const std::vector<Point>& marks) {
  std::vector<Box> taken;
  for (const Point& mark : marks)
    taken.push_back({mark.x - mark_reach, mark.y - mark_reach, 2 * mark_reach, 2 * mark_reach});
  std::vector<Point> places;
  for (const Label& label : labels) {
    taken.push_back(place_label(frame, label, taken));
    places.push_back({taken.back().x, taken.back().y + label_height - 3});
  }
  return places;
}

std::string document(double width, double height, std::string_view title, std::string_view description,
                     const std::string& style, const std::string& body) {
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
             "role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{2}</title>\n<desc "
             "id=\"desc\">{3}</desc>\n",
             px(width), px(height), in_xml(title), in_xml(description)) +
         style + fmt::format("<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n", px(width), px(height)) + body +
         "</svg>\n";
}

}  // namespace actbench::reports
