// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "bench/properties/properties_text.hpp"

namespace actbench::bench {

reports::Figure properties_figure(const Properties& p) {
  double from = -5, to = 5;
  const auto include = [&](double x) {
    from = std::min(from, x - 1);
    to = std::max(to, x + 1);
  };
  for (const auto& b : p.breaks) include(b.at);
  for (const Turn& t : p.turns) include(t.at);
  const reference::Profile profile(p.activation->name, p.parameters);
  reports::Series value{.name = "f"}, slope{.name = "f′"};
  constexpr int steps = 400;
  const auto add = [&](double x, int side) {
    const reference::Derivatives d = profile.at(x, side, 2);
    value.points.push_back({x, d[0].middle()});
    slope.points.push_back({x, d[1].middle()});
  };
  const double gap = std::numeric_limits<double>::quiet_NaN();
  std::size_t next = 0;
  for (int i = 0; i <= steps; ++i) {
    const double x = from + (to - from) * i / steps;
    for (; next < p.breaks.size() && p.breaks[next].at <= x; ++next) {
      const auto& b = p.breaks[next];
      add(b.at, -1);
      if (b.order == 0) value.points.push_back({b.at, gap});
      if (b.order <= 1) slope.points.push_back({b.at, gap});
      add(b.at, 1);
    }
    if (!profile.is_break(x)) add(x, 1);
  }
  for (const Turn& t : p.turns) value.marks.push_back({t.at, t.value});
  reports::Figure figure;
  figure.title = name_with_parameters(p);
  figure.description = fmt::format("{} = {} and its derivative from {:.3g} to {:.3g}; range {}", p.activation->name,
                                   p.activation->formula, from, to, range_text(p.least, p.greatest));
  for (reports::Series* series : {&value, &slope}) {
    figure.panels.push_back({.title = "",
                             .x = {.label = "x", .low = from, .high = to},
                             .y = {.label = series == &value ? "f(x)" : "f′(x)"},
                             .series = {std::move(*series)}});
  }
  // A bounded function is drawn between its bounds.
  const double height = p.greatest.value - p.least.value;
  if (height < 1e3) {
    figure.panels[0].y.low = p.least.value - 0.05 * height;
    figure.panels[0].y.high = p.greatest.value + 0.05 * height;
  }
  figure.columns = 2;
  figure.panel_width = 320;
  figure.panel_height = 200;
  return figure;
}

}  // namespace actbench::bench
