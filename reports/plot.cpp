// SPDX-License-Identifier: Apache-2.0
//
// From the bottom: a figure is a title, a legend, a caption and panels; a panel is a frame, lines, marks and their
// labels.
#include "reports/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "reports/text.hpp"
#include "reports/xml.hpp"

namespace actbench::reports {
namespace {

/// The space around a panel's frame.
struct Margins {
  double left = 72, right = 16, top = 30, bottom = 46;
};
constexpr Margins usual{}, of_compact{.left = 46, .right = 10, .top = 24, .bottom = 28};
constexpr double outer = 16;  // around the whole

using Looks = std::map<std::string, std::size_t>;  // by the series' name

/// Those that were asked for, and for the others, in their order, the first that are left.
Looks looks_of(const Figure& figure, std::vector<std::string>& names) {
  Looks looks;
  std::set<std::size_t> taken;
  for (const Panel& panel : figure.panels) {
    for (const Series& series : panel.series) {
      if (std::find(names.begin(), names.end(), series.name) == names.end()) names.push_back(series.name);
      if (series.look && looks.emplace(series.name, *series.look % distinct_looks).second)
        taken.insert(*series.look % distinct_looks);
    }
  }
  std::size_t next = 0;
  for (const std::string& name : names) {
    if (looks.contains(name)) continue;
    while (taken.size() < distinct_looks && taken.contains(next)) ++next;
    taken.insert(next);
    looks[name] = next % distinct_looks;
    next = (next + 1) % distinct_looks;
  }
  return looks;
}

Frame frame_of(const Figure& figure, const Panel& panel, double left, double top) {
  const Margins& margins = figure.compact ? of_compact : usual;
  Frame frame{left + margins.left,
              top + margins.top,
              figure.panel_width - margins.left - margins.right,
              figure.panel_height - margins.top - margins.bottom,
              {},
              {}};
  const auto each = [&](const auto& take) {
    for (const Series& series : panel.series) {
      for (const Point& p : series.points) take(p);
      for (const Mark& mark : series.marks) {
        take(Point{mark.x, mark.y});
        for (const auto& end : {mark.low, mark.high}) {
          if (end) take(Point{mark.x, *end});
        }
      }
    }
  };
  std::vector<double> xs, ys;
  bool marks = false;
  each([&](Point p) {
    if (!std::isnan(p.y)) xs.push_back(p.x);
  });
  for (const Series& series : panel.series) marks = marks || (series.points.empty() && !series.marks.empty());
  frame.x = ruler_of(panel.x, xs, marks ? 0.05 : 0, frame.width / 55);
  each([&](Point p) {
    const double x = frame.x.coordinate(p.x);
    if (x >= frame.x.low && x <= frame.x.high) ys.push_back(p.y);
  });
  for (const Level& level : panel.levels) ys.push_back(level.y);
  frame.y = ruler_of(panel.y, ys, 0.05, frame.height / 36);
  return frame;
}

std::string draw_levels(const Frame& frame, const Panel& panel) {
  std::string out;
  for (const Level& level : panel.levels) {
    const double y = frame.at_y(frame.y.coordinate(level.y));
    if (std::isnan(y)) continue;
    out += fmt::format("<path class=\"level\" d=\"M{} {}h{}\"/>\n", px(frame.left), px(y), px(frame.width));
    if (!level.label.empty()) out += text_at(frame.left + frame.width - 6, y - 4, "e note", level.label);
  }
  return out;
}

std::string draw_mark(const Frame& frame, const Series& series, const Mark& mark, std::size_t look) {
  const Point at = frame.place({mark.x, mark.y});
  std::string out;
  if (mark.low && mark.high) {
    const Point low = frame.place({mark.x, *mark.low}), high = frame.place({mark.x, *mark.high});
    if (!std::isnan(low.x) && !std::isnan(high.x) && low.y - high.y > 1)
      out += fmt::format("<path class=\"whisker s{}\" d=\"M{} {}V{}\"/>\n", look, px(at.x), px(low.y), px(high.y));
  }
  const std::string about =
      mark.about.empty() ? fmt::format("{}: {:.6g}, {:.6g}", series.name, mark.x, mark.y) : mark.about;
  return out + mark_at(at.x, at.y, look, mark.hollow, fmt::format("<title>{}</title>", in_xml(about)));
}

/// A panel with its upper left corner there.
std::string draw(const Figure& figure, const Panel& panel, std::size_t number, double left, double top,
                 const Looks& looks) {
  const Frame frame = frame_of(figure, panel, left, top);
  std::string out;
  if (!panel.title.empty()) out += text_at(frame.left, frame.top - (figure.compact ? 6 : 10), "p", panel.title);
  out += grid(frame, panel.x, panel.y);
  if (!figure.compact) {
    out += text_at(frame.left + frame.width / 2, frame.top + frame.height + 38, "m", axis_text(panel.x, frame.x));
    const double y = frame.top + frame.height / 2, x = left + 15;
    out +=
        text_at(x, y, "m", axis_text(panel.y, frame.y), fmt::format(" transform=\"rotate(-90 {} {})\"", px(x), px(y)));
  }
  out += fmt::format("<clipPath id=\"c{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n", number,
                     px(frame.left), px(frame.top), px(frame.width), px(frame.height));
  out += fmt::format("<g clip-path=\"url(#c{})\">\n", number) + draw_levels(frame, panel);
  std::vector<Point> marks;
  std::vector<Label> labels;
  for (const Series& series : panel.series) {
    const std::size_t look = looks.at(series.name);
    const std::string path = path_of(frame, series.points);
    if (!path.empty()) {
      out +=
          fmt::format("<path class=\"line s{}\" d=\"{}\"><title>{}</title></path>\n", look, path, in_xml(series.name));
    }
  }
  std::string dots;
  for (const Series& series : panel.series) {
    for (const Mark& mark : series.marks) {
      if (!frame.shows({mark.x, mark.y})) continue;
      dots += draw_mark(frame, series, mark, looks.at(series.name));
      marks.push_back(frame.place({mark.x, mark.y}));
      if (!mark.label.empty()) labels.push_back({marks.back().x, marks.back().y, mark.label});
    }
  }
  out += dots;
  const std::vector<Point> places = place_labels(frame, labels, marks);
  for (std::size_t i = 0; i < labels.size(); ++i) out += text_at(places[i].x, places[i].y, "l", labels[i].text);
  return out + "</g>\n";
}

/// Names beside what the series look like, in as many lines as it takes. y: the first baseline; then the last.
std::string legend(const Figure& figure, const std::vector<std::string>& names, const Looks& looks, double width,
                   double& y) {
  constexpr double swatch = 30, gap = 18;
  double x = outer;
  std::string out;
  for (const std::string& name : names) {
    bool line = false, marked = false, filled = false;
    for (const Panel& panel : figure.panels) {
      for (const Series& series : panel.series) {
        if (series.name != name) continue;
        line = line || !series.points.empty();
        marked = marked || !series.marks.empty();
        filled =
            filled || std::any_of(series.marks.begin(), series.marks.end(), [](const Mark& m) { return !m.hollow; });
      }
    }
    const double entry = swatch + text_width(name) + gap;
    if (x > outer && x + entry > width) x = outer, y += line_height;
    const std::size_t look = looks.at(name);
    if (line || !marked) out += fmt::format("<path class=\"line s{}\" d=\"M{} {}h24\"/>\n", look, px(x), px(y - 4));
    if (marked) out += mark_at(x + 12, y - 4, look, !filled);
    out += text_at(x + swatch, y, "l", name);
    x += entry;
  }
  return out;
}

/// The labels that compact panels share: below them, and at their left.
std::string shared_labels(const Figure& figure, double top, double width, double height) {
  const Panel& any = figure.panels[0];
  const double x = outer - 2, y = top + height / 2;
  return text_at(width / 2, top + height + 14, "m", axis_text(any.x, {})) +
         text_at(x, y, "m", axis_text(any.y, {}), fmt::format(" transform=\"rotate(-90 {} {})\"", px(x), px(y)));
}

}  // namespace

std::string svg(const Figure& figure) {
  std::vector<std::string> names;
  const Looks looks = looks_of(figure, names);
  const std::size_t columns =
      std::clamp<std::size_t>(figure.columns, 1, std::max<std::size_t>(1, figure.panels.size()));
  const double left = figure.compact ? outer : 0;
  // The last tick's label of a small panel goes beyond its edge.
  const double width = 2 * left + figure.panel_width * static_cast<double>(columns);
  std::string body = text_at(outer, 24, "t", figure.title);
  double y = 24 + line_height;
  body += legend(figure, names, looks, width, y);
  if (!figure.caption.empty()) {
    const auto fits = static_cast<std::size_t>((width - 2 * outer) / text_width("x"));
    std::istringstream lines(wrap(figure.caption, fits));
    for (std::string line; std::getline(lines, line);) body += text_at(outer, y += line_height, "note", line);
  }
  const double top = y + 6;
  for (std::size_t i = 0; i < figure.panels.size(); ++i) {
    const std::size_t row = i / columns, column = i % columns;
    body += draw(figure, figure.panels[i], i, left + figure.panel_width * static_cast<double>(column),
                 top + figure.panel_height * static_cast<double>(row), looks);
  }
  const std::size_t rows = (figure.panels.size() + columns - 1) / columns;
  double height = figure.panel_height * static_cast<double>(rows);
  if (figure.compact && !figure.panels.empty()) {
    body += shared_labels(figure, top, width, height);
    height += 24;
  }
  std::set<std::size_t> seen;
  for (const auto& [name, look] : looks) seen.insert(look);
  return document(width, top + height, figure.title, figure.description, style({seen.begin(), seen.end()}), body);
}

}  // namespace actbench::reports
