// SPDX-License-Identifier: Apache-2.0
//
// Times by size and by the length of rows, beside copying. From the bottom: the series of a function's panel, panels of
// all functions, the figure.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "bench/performance/performance.hpp"
#include "bench/pictures/pictures.hpp"

namespace actbench::bench::pictures {
namespace {

using Times = std::vector<const Time*>;

/// Of one function what a panel shows: the times of each series, in the order naive, fast, accurate, plug-ins.
struct Function {
  std::string name;
  KernelName any;  ///< a kernel of it
  std::vector<std::pair<KernelName, Times>> series;
};

double bytes_of(const Time& time) {
  return static_cast<double>(time.elements) * static_cast<double>(time.bytes_per_element);
}

/// Of each function and tier the backend that is fastest at its first place; of plug-ins all.
std::vector<Function> functions_of(std::span<const Time> times) {
  std::vector<std::pair<KernelName, Times>> kernels;
  for (const Time& time : times) {
    if (time.is_copy()) continue;
    auto place = std::find_if(kernels.begin(), kernels.end(), [&](const auto& k) { return k.first == time.kernel; });
    if (place == kernels.end()) place = kernels.insert(place, {time.kernel, {}});
    place->second.push_back(&time);
  }
  std::vector<Function> functions;
  for (auto& [kernel, of_kernel] : kernels) {
    const std::string name = kernel.function();
    auto function = std::find_if(functions.begin(), functions.end(), [&](const Function& f) { return f.name == name; });
    if (function == functions.end()) function = functions.insert(function, {name, kernel, {}});
    const auto same = std::find_if(function->series.begin(), function->series.end(), [&](const auto& s) {
      return s.first.is_own() && kernel.is_own() && s.first.tier == kernel.tier;
    });
    if (same == function->series.end()) {
      function->series.emplace_back(kernel, std::move(of_kernel));
    } else if (of_kernel[0]->ns < same->second[0]->ns) {
      *same = {kernel, std::move(of_kernel)};
    }
  }
  return functions;
}

/// The better way of copying so many bytes an element at that size; NaN where none was timed.
double copying(std::span<const Time> times, const std::string& size, std::size_t bytes_per_element) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const Time& time : times) {
    if (time.is_copy() && time.size == size && time.bytes_per_element == bytes_per_element && !(time.ns >= best))
      best = time.ns;
  }
  return best;
}

/// A kernel's times over what `along` says of each.
template <class Along>
reports::Series series(const KernelName& kernel, const Times& times, Along along) {
  reports::Series s{.name = series_of(kernel), .look = look_of(kernel)};
  for (const Time* time : times) {
    const double x = along(*time);
    s.points.push_back({x, time->ns});
    s.marks.push_back({.x = x, .y = time->ns, .low = time->low, .high = time->high, .hollow = !kernel.is_own()});
    s.marks.back().about = fmt::format("{}, {}{}: {} ns ({} – {})", kernel.identity(), size_text(time->size),
                                       time->row > 0 ? fmt::format(", rows of {}", time->row) : "", ns_text(time->ns),
                                       ns_text(time->low), ns_text(time->high));
  }
  return s;
}

/// Panels that are compared with each other have the same ends.
void share_axes(std::vector<reports::Panel>& panels) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double least_x = infinity, most_x = 0, least_y = infinity, most_y = 0;
  for (const reports::Panel& panel : panels) {
    for (const reports::Series& s : panel.series) {
      for (const reports::Point& p : s.points) {
        least_x = std::min(least_x, p.x), most_x = std::max(most_x, p.x);
        if (std::isfinite(p.y)) least_y = std::min(least_y, p.y), most_y = std::max(most_y, p.y);
      }
    }
  }
  if (!(least_x <= most_x) || !(least_y <= most_y)) return;
  const double room = least_x == most_x ? 2 : std::pow(most_x / least_x, 0.06);  // for what is written at the ends
  for (reports::Panel& panel : panels) {
    panel.x.low = least_x / room, panel.x.high = most_x * room;
    panel.y.low = least_y / 1.3, panel.y.high = most_y * 1.3;
  }
}

/// One panel is large; many are small, beside each other. What their names have in common goes to the title.
void lay_out(reports::Figure& figure, const std::vector<Function>& functions) {
  share_axes(figure.panels);
  figure.panel_width = 720, figure.panel_height = 380;
  if (figure.panels.size() == 1) {
    figure.title += fmt::format(", {}", std::exchange(figure.panels[0].title, {}));
    return;
  }
  const auto variant = [](const Function& f) { return fmt::format(", {} {}", f.any.direction, f.any.type); };
  if (std::all_of(functions.begin(), functions.end(),
                  [&](const Function& f) { return variant(f) == variant(functions[0]); })) {
    if (!functions.empty()) figure.title += variant(functions[0]);
    for (std::size_t i = 0; i < functions.size(); ++i) figure.panels[i].title = functions[i].any.activation;
  }
  figure.compact = true;
  figure.columns = std::min<std::size_t>(4, figure.panels.size());
  figure.panel_width = 256, figure.panel_height = 190;
}

/// "naive 7.9, fast 0.29" of each function, for who cannot see it. where: what the first and the last place are.
std::string described(const std::vector<Function>& functions) {
  std::string text;
  for (const Function& function : functions) {
    text += fmt::format(" {}:", function.name);
    for (const auto& [kernel, times] : function.series) {
      text += fmt::format("{} {} {} to {} ns", &times == &function.series[0].second ? "" : ",", series_of(kernel),
                          ns_text(times.front()->ns), ns_text(times.back()->ns));
    }
    text += ".";
  }
  return text;
}

constexpr char copy_name[] = "copying the same bytes";

}  // namespace

reports::Figure sizes_figure(std::span<const Time> times) {
  reports::Figure figure{.title = "Time by size of the arrays"};
  const std::vector<Function> functions = functions_of(times);
  for (const Function& function : functions) {
    reports::Panel panel{
        .title = function.name,
        .x = {.label = "bytes of all arrays together, which lie in", .scale = reports::Scale::logarithmic},
        .y = {.label = "time of an element", .unit = "ns", .scale = reports::Scale::logarithmic}};
    reports::Series copy{.name = copy_name, .look = grey_look};
    std::map<double, std::string> sizes;
    for (const auto& [kernel, of_kernel] : function.series) {
      for (const Time* time : of_kernel) {
        if (!sizes.emplace(bytes_of(*time), size_text(time->size)).second) continue;
        copy.points.push_back({bytes_of(*time), copying(times, time->size, time->bytes_per_element)});
      }
      panel.series.push_back(series(kernel, of_kernel, bytes_of));
    }
    std::sort(copy.points.begin(), copy.points.end(), [](auto a, auto b) { return a.x < b.x; });
    panel.series.insert(panel.series.begin(), std::move(copy));
    for (const auto& [bytes, size] : sizes) panel.x.ticks.push_back({bytes, size});
    figure.panels.push_back(std::move(panel));
  }
  figure.description = "Nanoseconds an element from the smallest size to the largest." + described(functions);
  figure.caption =
      "Of each tier the fastest backend; the line through a mark is the interval of its median. No kernel that reads and "
      "writes its arrays once is faster than copying; what lies on that line is bound by memory.";
  lay_out(figure, functions);
  return figure;
}

reports::Figure rows_figure(std::span<const Time> times) {
  std::map<std::string, std::set<std::size_t>> lengths;
  std::vector<std::string> sizes;
  for (const Time& time : times) {
    if (time.row == 0) continue;
    if (lengths[time.size].empty()) sizes.push_back(time.size);
    lengths[time.size].insert(time.row);
  }
  const auto most = std::max_element(sizes.begin(), sizes.end(), [&](const std::string& a, const std::string& b) {
    return lengths[a].size() < lengths[b].size();
  });
  const std::string size = most == sizes.end() ? std::string() : *most;
  std::vector<Time> at_size;
  for (const Time& time : times) {
    if (time.size == size && (time.is_copy() || time.row > 0)) at_size.push_back(time);
  }
  reports::Figure figure{.title = "Time by length of the rows"};
  const std::vector<Function> functions = functions_of(at_size);
  for (const Function& function : functions) {
    reports::Panel panel{.title = function.name,
                         .x = {.label = "elements of a row", .scale = reports::Scale::logarithmic},
                         .y = {.label = "time of an element", .unit = "ns", .scale = reports::Scale::logarithmic}};
    const double copy = copying(at_size, size, function.series[0].second[0]->bytes_per_element);
    reports::Series ceiling{.name = copy_name, .look = grey_look};
    for (const std::size_t length : lengths[size]) {
      const auto x = static_cast<double>(length);
      ceiling.points.push_back({x, copy});
      panel.x.ticks.push_back({x, fmt::format("{}", length)});
    }
    panel.series.push_back(std::move(ceiling));
    for (const auto& [kernel, of_kernel] : function.series)
      panel.series.push_back(series(kernel, of_kernel, [](const Time& t) { return static_cast<double>(t.row); }));
    figure.panels.push_back(std::move(panel));
  }
  figure.description = fmt::format("Nanoseconds an element from the shortest rows to the longest, at the size {}.{}",
                                   size_text(size), described(functions));
  figure.caption = fmt::format(
      "Arrays of the size {}; of each tier the fastest backend; the line through a mark is the interval of its median.",
      size_text(size));
  lay_out(figure, functions);
  return figure;
}

}  // namespace actbench::bench::pictures
