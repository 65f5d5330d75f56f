// SPDX-License-Identifier: Apache-2.0
#include "reports/scatter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "reports/xml.hpp"

namespace actbench::reports {
namespace {

constexpr double width = 760, height = 420, left = 80, right = 24, top = 60, bottom = 56, edge = 22;
constexpr double letter = 6.6, line_height = 13;  // of labels of 11 px

constexpr const char* style = R"(text{font:11px sans-serif;fill:#222}.t{font-size:14px;font-weight:bold}
.g{stroke:#ddd}.a{stroke:#888}.f{fill:none;stroke:#d55e00;stroke-dasharray:4 3}
.o{fill:#0072b2;stroke:#0072b2}.p{fill:none;stroke:#0072b2;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#333}.f{stroke:#ff9d5c}
.o{fill:#56b4e9;stroke:#56b4e9}.p{stroke:#56b4e9}}
)";

struct Box {
  double x, y, w, h;
  bool meets(const Box& o) const { return x < o.x + o.w && o.x < x + w && y < o.y + o.h && o.y < y + h; }
};

/// Whole powers of ten around the positive, finite ones of the numbers, as exponents.
struct Range {
  int low = 0, high = 1;
  template <class Get>
  Range(const std::vector<Dot>& dots, Get get) {
    bool any = false;
    for (const Dot& dot : dots) {
      const double v = get(dot);
      if (!(v > 0) || std::isinf(v)) continue;
      const int below = static_cast<int>(std::floor(std::log10(v))), above = static_cast<int>(std::ceil(std::log10(v)));
      low = any ? std::min(low, below) : below;
      high = any ? std::max(high, above) : above;
      any = true;
    }
    if (high == low) ++high;
  }
  double part(double v) const { return (std::log10(v) - low) / (high - low); }
};

/// Where numbers come to lie in a panel that begins at `offset`.
struct Places {
  Range x, y;
  double offset;
  double across(double v) const { return left + edge + x.part(v) * (width - left - right - 2 * edge); }
  double up(double v) const {
    const double low = offset + height - bottom, high = offset + top;
    if (!(v > 0)) return low;
    if (std::isinf(v)) return high;
    return low - edge - y.part(v) * (low - high - 2 * edge);
  }
};

std::string power(int exponent) {
  return exponent >= -3 && exponent <= 3 ? fmt::format("{:g}", std::pow(10, exponent)) : fmt::format("1e{}", exponent);
}

void draw_axes(std::string& out, const Scatter& panel, const Places& places) {
  auto to = std::back_inserter(out);
  const double low = places.offset + height - bottom, high = places.offset + top;
  fmt::format_to(to, "<text class=\"t\" x=\"{:g}\" y=\"{:g}\">{}</text>\n", left, places.offset + 22,
                 in_xml(panel.title));
  for (int e = places.x.low; e <= places.x.high; ++e) {
    const double at = places.across(std::pow(10, e));
    fmt::format_to(
        to,
        "<path class=\"g\" d=\"M{0:.1f} {1:g}V{2:g}\"/><text x=\"{0:.1f}\" y=\"{3:g}\" text-anchor=\"middle\">{4}</text>\n",
        at, high, low, low + 16, power(e));
  }
  for (int e = places.y.low; e <= places.y.high; ++e) {
    const double at = places.up(std::pow(10, e));
    fmt::format_to(
        to,
        "<path class=\"g\" d=\"M{0:g} {1:.1f}H{2:g}\"/><text x=\"{3:g}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
        left, at, width - right, left - 6, at + 4, power(e));
  }
  const auto has = [&](auto test) { return std::any_of(panel.dots.begin(), panel.dots.end(), test); };
  if (has([](const Dot& d) { return std::isinf(d.y); }))
    fmt::format_to(to, "<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"end\">infinite</text>\n", left - 6, high + 4);
  if (has([](const Dot& d) { return !(d.y > 0); }))
    fmt::format_to(to, "<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"end\">0</text>\n", left - 6, low + 4);
  fmt::format_to(to, "<path class=\"a\" fill=\"none\" d=\"M{:g} {:g}V{:g}H{:g}\"/>\n", left, high, low, width - right);
  fmt::format_to(to, "<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"middle\">{}</text>\n", (left + width - right) / 2,
                 low + 36, in_xml(panel.x_label));
  fmt::format_to(to, "<text transform=\"translate(16 {:g}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                 (low + high) / 2, in_xml(panel.y_label));
}

/// Beside the dot where there is room: to the right, the left, above, below, then further away.
Box place_label(double x, double y, double w, const std::vector<Box>& taken) {
  for (int lines = 0; lines < 10; ++lines) {
    const double away = lines, d = 8 + away * line_height;
    const std::array<Box, 4> tries{{{x + 8, y - line_height / 2 - away * line_height, w, line_height},
                                    {x - 8 - w, y - line_height / 2 - away * line_height, w, line_height},
                                    {x - w / 2, y - d - line_height, w, line_height},
                                    {x - w / 2, y + d, w, line_height}}};
    for (const Box& box : tries) {
      if (box.x < left || box.x + box.w > width) continue;
      if (std::none_of(taken.begin(), taken.end(), [&](const Box& t) { return t.meets(box); })) return box;
    }
  }
  return {x + 8, y - line_height / 2, w, line_height};
}

void draw_dots(std::string& out, const Scatter& panel, const Places& places) {
  auto to = std::back_inserter(out);
  std::vector<Dot> front;
  std::copy_if(panel.dots.begin(), panel.dots.end(), std::back_inserter(front),
               [](const Dot& d) { return d.on_front; });
  std::sort(front.begin(), front.end(), [](const Dot& a, const Dot& b) { return a.x < b.x; });
  for (std::size_t i = 0; i < front.size(); ++i) {
    fmt::format_to(to, "{}{:.1f} {:.1f}", i == 0 ? "<path class=\"f\" d=\"M" : "L", places.across(front[i].x),
                   places.up(front[i].y));
  }
  if (!front.empty()) out += "\"/>\n";
  std::vector<Box> taken;
  for (const Dot& dot : panel.dots) taken.push_back({places.across(dot.x) - 5, places.up(dot.y) - 5, 10, 10});
  for (const Dot& dot : panel.dots) {
    const double x = places.across(dot.x), y = places.up(dot.y);
    fmt::format_to(to, "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\"/>\n", dot.filled ? "o" : "p", x, y);
    const Box box = place_label(x, y, letter * static_cast<double>(dot.label.size()), taken);
    taken.push_back(box);
    fmt::format_to(to, "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", box.x, box.y + line_height - 3,
                   in_xml(dot.label));
  }
}

}  // namespace

std::string scatter_svg(std::span<const Scatter> panels, const std::string& description) {
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 {0:g} {1:g}\" "
      "role=\"img\">\n<desc>{2}</desc>\n<style>{3}</style>\n",
      width, height * static_cast<double>(panels.size()), in_xml(description), style);
  double offset = 0;
  for (const Scatter& panel : panels) {
    const Places places{Range(panel.dots, [](const Dot& d) { return d.x; }),
                        Range(panel.dots, [](const Dot& d) { return d.y; }), offset};
    draw_axes(out, panel, places);
    draw_dots(out, panel, places);
    offset += height;
  }
  return out + "</svg>\n";
}

}  // namespace actbench::reports
