// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "bench/gap/gap.hpp"

namespace actbench::bench {
namespace {

/// f at x, as two doubles that add up to it.
struct Parts {
  double head, tail;
};
double operator-(const Parts& a, const Parts& b) { return (a.head - b.head) + (a.tail - b.tail); }

std::vector<Parts> values_of(const reference::Term& term, const std::vector<double>& x) {
  std::vector<reference::Quick> quick(x.size());
  reference::quick(*term.function, reference::f64, {x.data()}, quick.data(), x.size(), term.parameters);
  std::vector<Parts> parts;
  for (const reference::Quick& q : quick) parts.push_back({std::ldexp(q.hi, q.scale), std::ldexp(q.lo, q.scale)});
  return parts;
}

/// Curves are drawn over x from -drawn to drawn.
constexpr double drawn = 6;

std::vector<double> drawn_inputs() {
  std::vector<double> x;
  for (int i = -1200; i <= 1200; ++i) x.push_back(drawn * i / 1200);
  return x;
}

/// The panels of a figure.
struct Panels {
  reports::Panel value, gap, size, slope;
};

Panels empty_panels(const std::string& exact) {
  const reports::Axis along{.label = "x", .low = -drawn, .high = drawn};
  return {
      .value = {.title = "Value", .x = along, .y = {.label = "f(x)"}},
      .gap = {.title = "Gap", .x = along, .y = {.label = fmt::format("f(x) − {}(x)", exact)}},
      .size = {.title = "Size of the gap",
               .x = along,
               .y = {.label = fmt::format("|f(x) − {}(x)|", exact), .scale = reports::Scale::logarithmic}},
      .slope = {.title = "Gap of the derivatives", .x = along, .y = {.label = fmt::format("f′(x) − {}′(x)", exact)}}};
}

/// Draws the value only where asked; the gap, its size, and the gap of the derivatives always.
reports::Figure figure_of(const GapFindings& findings, const std::vector<const ContenderGap*>& shown, bool with_value) {
  const std::vector<double> x = drawn_inputs();
  const std::string exact = findings.exact.name;
  Panels panels = empty_panels(exact);
  const auto right = values_of(findings.exact.terms[0], x), right_slope = values_of(findings.exact.terms[1], x);
  double largest = 0;
  const auto series = [&](const std::string& name, const std::function<double(std::size_t)>& y) {
    reports::Series s{.name = name};
    for (std::size_t i = 0; i < x.size(); ++i) s.points.push_back({x[i], y(i)});
    return s;
  };
  std::string described;
  for (const ContenderGap* each : shown) {
    const std::string& name = each->contender.name;
    const auto f = values_of(each->contender.terms[0], x), slopes = values_of(each->contender.terms[1], x);
    panels.value.series.push_back(series(name, [&](std::size_t i) { return f[i].head; }));
    panels.gap.series.push_back(series(name, [&](std::size_t i) { return f[i] - right[i]; }));
    panels.size.series.push_back(series(name, [&](std::size_t i) { return std::abs(f[i] - right[i]); }));
    panels.slope.series.push_back(series(name, [&](std::size_t i) { return slopes[i] - right_slope[i]; }));
    for (const reports::Point& p : panels.size.series.back().points) largest = std::max(largest, p.y);
    if (!each->line[0].analysis || each->line[0].analysis->at_end) continue;
    described += fmt::format(" {}: at most {}.", name, certain_digits(each->line[0].analysis->largest, 6));
    for (const reference::Peak& peak : each->line[0].analysis->peaks) {
      panels.gap.series.back().marks.push_back({peak.at.middle(), peak.value.middle()});
    }
  }
  panels.value.series.push_back(series(exact, [&](std::size_t i) { return right[i].head; }));
  // Sizes are of interest down to where rounding in f32 hides them.
  panels.size.y.low = std::max(largest, 1e-300) * 1e-9;
  panels.size.y.high = std::max(largest, 1e-300) * 2;
  reports::Figure figure{
      .title = fmt::format("The gap to {}", exact), .columns = 2, .panel_width = 560, .panel_height = 300};
  figure.description = fmt::format("Curves over x from {} to {}, of the difference between approximations and {}.{}",
                                   -drawn, drawn, exact, described);
  if (with_value) figure.panels.push_back(std::move(panels.value));
  figure.panels.push_back(std::move(panels.gap));
  figure.panels.push_back(std::move(panels.size));
  figure.panels.push_back(std::move(panels.slope));
  return figure;
}

}  // namespace

std::vector<GapPlot> gap_plots(const GapFindings& findings) {
  std::vector<const ContenderGap*> named, close;
  double least = std::numeric_limits<double>::infinity();
  for (const ContenderGap& gap : findings.contenders) {
    if (gap.contender.activation != nullptr) named.push_back(&gap);
    if (gap.line[0].analysis) least = std::min(least, gap.line[0].analysis->largest.high);
  }
  for (const ContenderGap& gap : findings.contenders) {
    if (gap.line[0].analysis && gap.line[0].analysis->largest.high < 3 * least) close.push_back(&gap);
  }
  std::vector<GapPlot> plots{{"gap.svg", figure_of(findings, named, true)}};
  // Close curves cannot be told apart beside the others, so they have a figure of their own.
  if (close.size() > 1) {
    plots.push_back({"gap-close.svg", figure_of(findings, close, false)});
    plots.back().figure.title = fmt::format("The gap to {}: what comes closest", findings.exact.name);
  }
  return plots;
}

}  // namespace actbench::bench
