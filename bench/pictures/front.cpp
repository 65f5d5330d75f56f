// SPDX-License-Identifier: Apache-2.0
//
// Error against time. What counts of the kernels of one function is the front: those that no other is both faster and
// more accurate than.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "bench/numbers/ulp.hpp"
#include "bench/performance/performance.hpp"
#include "bench/pictures/pictures.hpp"

namespace actbench::bench::pictures {
namespace {

constexpr char front_name[] = "front: no other is both faster and more accurate";

std::string error_text(double ulp) { return std::isinf(ulp) ? "an infinite error" : ulp_text(ulp) + " ULP"; }

/// A kernel's place in the picture.
struct Dot {
  KernelName kernel;
  Standing at;
};

reports::Panel empty_panel(const std::string& title, const std::string& size) {
  return {.title = title,
          .x = {.label = fmt::format("ns an element, arrays of the size {}", size_text(size)),
                .scale = reports::Scale::logarithmic},
          .y = {.label = "largest error",
                .unit = "ULP",
                .scale = reports::Scale::logarithmic,
                .low = 0.2,
                .above = "infinite",
                .below = "< 0.2"}};
}

reports::Mark mark_of(const Dot& dot, std::string label) {
  return {.x = dot.at.ns,
          .y = dot.at.ulp,
          .label = std::move(label),
          .about = fmt::format("{}: {} ns, {}", dot.kernel.identity(), ns_text(dot.at.ns), error_text(dot.at.ulp)),
          .hollow = !dot.kernel.is_own()};
}

void add_mark(reports::Panel& panel, const KernelName& kernel, reports::Mark mark) {
  const std::string name = series_of(kernel);
  auto place = std::find_if(panel.series.begin(), panel.series.end(), [&](const auto& s) { return s.name == name; });
  if (place == panel.series.end())
    place = panel.series.insert(place, reports::Series{.name = name, .look = look_of(kernel)});
  place->marks.push_back(std::move(mark));
}

reports::Panel front_panel(const std::string& title, const std::string& size, const std::vector<Dot>& dots) {
  reports::Panel panel = empty_panel(title, size);
  std::vector<Standing> standings;
  for (const Dot& dot : dots) standings.push_back(dot.at);
  const std::vector<bool> on_front = front_of(standings);
  reports::Series front{.name = front_name, .look = grey_look};
  for (std::size_t i = 0; i < dots.size(); ++i) {
    if (on_front[i]) front.points.push_back({dots[i].at.ns, dots[i].at.ulp});
  }
  std::sort(front.points.begin(), front.points.end(), [](auto a, auto b) { return a.x < b.x; });
  panel.series.push_back(std::move(front));
  for (const Dot& dot : dots) add_mark(panel, dot.kernel, mark_of(dot, series_of(dot.kernel)));
  return panel;
}

reports::Figure figure_of(std::vector<reports::Panel> panels) {
  reports::Figure figure{.title = "Largest error against time", .panels = std::move(panels)};
  figure.description =
      "A mark a kernel: time from left to right, largest error from below, both axes logarithmic. On the front:";
  for (const reports::Panel& panel : figure.panels) {
    for (const reports::Point& p : panel.series[0].points)
      figure.description += fmt::format(" {} at {} ns and {};", panel.title, ns_text(p.x), error_text(p.y));
  }
  figure.description.back() = '.';
  figure.caption = "Filled: kernels of actbench. Hollow: plug-ins. Lower and further left is better.";
  figure.panel_width = 720, figure.panel_height = 380;
  if (figure.panels.size() > 3) figure.columns = 2, figure.panel_width = 560, figure.panel_height = 320;
  return figure;
}

/// The times at that size with their errors.
std::vector<Dot> joined(std::span<const Time> times, std::span<const Error> errors, const std::string& size) {
  std::map<std::string, double> ulp;
  for (const Error& error : errors) ulp[error.kernel.identity()] = error.max_ulp;
  std::vector<Dot> dots;
  for (const Time& time : times) {
    const auto found = ulp.find(time.kernel.identity());
    if (!time.is_copy() && time.size == size && found != ulp.end())
      dots.push_back({time.kernel, {time.ns, found->second}});
  }
  return dots;
}

/// Of each function and tier the fastest backend, and all plug-ins.
std::vector<Dot> best_of(const std::vector<Dot>& dots) {
  std::vector<Dot> best;
  for (const Dot& dot : dots) {
    const auto same = std::find_if(best.begin(), best.end(), [&](const Dot& other) {
      return dot.kernel.is_own() && other.kernel.is_own() && other.kernel.function() == dot.kernel.function() &&
             other.kernel.tier == dot.kernel.tier;
    });
    if (same == best.end()) {
      best.push_back(dot);
    } else if (dot.at.ns < same->at.ns) {
      *same = dot;
    }
  }
  return best;
}

}  // namespace

std::string telling_size(std::span<const Time> times) {
  const bool l2 = std::any_of(times.begin(), times.end(), [](const Time& t) { return !t.is_copy() && t.size == "l2"; });
  const auto first = std::find_if(times.begin(), times.end(), [](const Time& t) { return !t.is_copy(); });
  return l2 ? "l2" : first == times.end() ? std::string() : first->size;
}

reports::Figure front_figure(std::span<const Comparison> comparisons) {
  std::vector<reports::Panel> panels;
  for (const Comparison& comparison : comparisons) {
    std::vector<Dot> dots;
    for (const Compared& each : comparison.kernels) {
      dots.push_back({name_of(*each.errors.subject.kernel),
                      {each.times[comparison.front_size].ns_per_element.median, each.errors.max_ulp}});
    }
    panels.push_back(front_panel(dots[0].kernel.function(), comparison.sizes[comparison.front_size].name, dots));
  }
  return figure_of(std::move(panels));
}

reports::Figure front_figure(std::span<const Time> times, std::span<const Error> errors, const std::string& size) {
  std::vector<std::pair<std::string, std::vector<Dot>>> functions;
  for (const Dot& dot : best_of(joined(times, errors, size))) {
    const std::string function = dot.kernel.function();
    auto place = std::find_if(functions.begin(), functions.end(), [&](const auto& f) { return f.first == function; });
    if (place == functions.end()) place = functions.insert(place, {function, {}});
    place->second.push_back(dot);
  }
  std::vector<reports::Panel> panels;
  for (const auto& [function, dots] : functions) panels.push_back(front_panel(function, size, dots));
  return figure_of(std::move(panels));
}

reports::Figure overview_figure(std::span<const Time> times, std::span<const Error> errors, const std::string& size) {
  // Names for all would cover each other: a pointer on a mark shows it.
  constexpr std::array named{"gelu", "mish", "sigmoid", "softmax", "tanh"};
  const std::vector<Dot> dots = best_of(joined(times, errors, size));
  reports::Panel panel = empty_panel("", size);
  for (const Dot& dot : dots) {
    const bool shown = std::find(named.begin(), named.end(), dot.kernel.activation) != named.end();
    add_mark(panel, dot.kernel, mark_of(dot, shown ? dot.kernel.activation : ""));
  }
  panel.levels.push_back({0.5, "correctly rounded"});
  reports::Figure figure{.title = "Largest error against time, all functions"};
  if (!dots.empty()) figure.title += fmt::format(", {} {}", dots[0].kernel.direction, dots[0].kernel.type);
  figure.description =
      fmt::format("{} kernels by time and largest error, both axes logarithmic, told apart by tier.", dots.size());
  figure.caption = "Of each function and tier the fastest backend. Lower and further left is better.";
  figure.panels.push_back(std::move(panel));
  figure.panel_width = 820, figure.panel_height = 420;
  return figure;
}

}  // namespace actbench::bench::pictures
