// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/properties/properties.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Extreme;
using reference::Stretch;
using reports::Cell;
using reports::Column;

constexpr const char* side_names[] = {"−∞", "+∞"};

/// So many significant digits, ∞ as people write it.
std::string number(double v, int digits = 10) {
  if (std::isinf(v)) return v > 0 ? "∞" : "−∞";
  if (v == 0) return "0";
  return fmt::format("{:.{}g}", v, digits);
}

std::string name_with_parameters(const Properties& p) {
  std::string text = p.activation->name;
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? " " : ", ", p.activation->parameters[i].name, p.parameters[i]);
  }
  return text;
}

std::string parameter_text(const Properties& p) {
  std::string text;
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    text += fmt::format("{}{}={}", i > 0 ? ", " : "", p.activation->parameters[i].name,
                        decimal(Type::f64, p.parameters[i]));
  }
  return text;
}

std::string range_text(const Extreme& least, const Extreme& greatest) {
  return fmt::format("{}{}, {}{}", least.attained ? '[' : '(', number(least.value, 6), number(greatest.value, 6),
                     greatest.attained ? ']' : ')');
}

std::string open_text(double from, double to) { return fmt::format("({}, {})", number(from, 6), number(to, 6)); }

double outermost(double x) { return std::abs(x) >= reference::Profile::reach ? std::copysign(HUGE_VAL, x) : x; }

const char* text_of(Symmetry s) {
  constexpr const char* names[] = {"odd", "even", "neither"};
  return names[static_cast<int>(s)];
}

const char* text_of(Course c) {
  constexpr const char* names[] = {"constant", "rising", "falling", "neither"};
  return names[static_cast<int>(c)];
}

/// "rising", "rises not strictly", or where it falls.
std::string course_text(const Properties& p) {
  if (p.course == Course::constant) return "constant but for jumps";
  if (p.course != Course::neither) return fmt::format("{}{}", text_of(p.course), p.strictly ? "" : ", with flat parts");
  std::string falls;
  for (const Stretch& s : p.slopes) {
    if (s.sign < 0)
      falls += fmt::format("{}{}", falls.empty() ? "" : " ", open_text(outermost(s.from), outermost(s.to)));
  }
  if (!falls.empty()) return "no: falls in " + falls;
  for (const auto& b : p.breaks) {
    if (b.order == 0) return fmt::format("no: jumps down at {}", number(b.at, 6));
  }
  return "no";
}

std::string turns_text(const Properties& p) {
  std::string text;
  for (const Turn& t : p.turns) {
    text += fmt::format("{}{} {} at {}", text.empty() ? "" : "; ", t.minimum ? "min" : "max", number(t.value),
                        number(t.at));
  }
  return text;
}

std::string smoothness_text(const Properties& p) {
  if (p.breaks.empty()) return "smooth (analytic)";
  return p.smoothness < 0 ? "jumps" : fmt::format("C{}", p.smoothness);
}

std::string breaks_text(const Properties& p) {
  std::string text;
  for (const auto& b : p.breaks) {
    constexpr const char* marks[] = {"f", "f′", "f″"};
    const std::string what = b.order < 3 ? marks[b.order] : fmt::format("f^({})", b.order);
    const auto side = [&](const reference::Derivatives& d) { return number(d[b.order].middle(), 6); };
    text += fmt::format("{}at {}: {} from {} to {}", text.empty() ? "" : "; ", number(b.at, 6), what, side(b.left),
                        side(b.right));
  }
  return text;
}

std::string dead_text(const Properties& p) {
  std::string text;
  for (const Stretch& s : p.dead) text += fmt::format("{}{}", text.empty() ? "" : " ", open_text(s.from, s.to));
  return text;
}

std::string extreme_text(const Extreme& e) {
  if (e.over_range()) return "in " + open_text(e.at, e.until);
  if (std::isinf(e.at)) return fmt::format("towards {}", side_names[e.at > 0]);
  return fmt::format("{} {}", e.attained ? "at" : "beside", number(e.at));
}

Cell place_cell(const Place& place, int digits) {
  if (!place) return Cell("never");
  if (std::isinf(*place)) return Cell("everywhere");
  return Cell(*place).as(number(*place, digits));
}

Cell depth_cell(const std::optional<double>& depth) {
  return depth ? Cell(*depth).as(fmt::format("{:.0f}", *depth)) : Cell("never");
}

std::string type_heading(const char* what, Type type) { return fmt::format("{} {}", what, name(type)); }

}  // namespace

std::string bounded_text(const Bracket& v, int digits) {
  if (v.is_point()) return number(v.middle(), digits);
  return fmt::format("{} ± {:.0e}", number(std::abs(v.middle()) <= v.radius() ? 0 : v.middle(), digits), v.radius());
}

std::vector<reports::Table> properties_tables(std::span<const Properties> all) {
  const auto text = [](const char* name) { return Column{.name = name}; };
  const auto right = [](std::string name) { return Column{.name = std::move(name), .right = true}; };
  const Column key{.name = "activation", .key = true};

  reports::Table shape{.name = "shape", .title = "Range and course"};
  shape.columns = {key,           text("range"), text("turns"), text("monotone"), text("symmetry"), right("f(−∞)"),
                   right("f(+∞)")};
  reports::Table normal{.name = "normal", .title = "Of a standard normal input Z"};
  normal.columns = {key,
                    right("E f(Z)"),
                    right("E f(Z)²"),
                    right("Var f(Z)"),
                    right("P(f(Z) = 0)"),
                    right("E f′(Z)²"),
                    text("zero-centred"),
                    {.name = "bound", .heading = "off by less than", .right = true}};
  reports::Table slope{.name = "slope", .title = "Slope"};
  slope.columns = {key,
                   right("inf f′"),
                   text("where"),
                   right("sup f′"),
                   text("where "),
                   right("sup |f′|"),
                   right("Lipschitz"),
                   right("f′(−∞)"),
                   right("f′(+∞)")};
  reports::Table smooth{.name = "smoothness", .title = "Smoothness and dead zones"};
  smooth.columns = {key, text("class"), text("where pieces meet"), text("dead zone: f′ = 0")};
  reports::Table saturation{.name = "saturation", .title = "Saturation: where |f′| becomes small for good"};
  saturation.columns = {key, {.name = "towards", .key = true}, right("< 0.01")};
  for (Type type : every_type) saturation.columns.push_back(right(type_heading("< ε", type)));
  for (Type type : every_type) saturation.columns.push_back(right(type_heading("rounds to 0,", type)));
  reports::Table depth{.name = "depth", .title = "Layers until a chain's gradient rounds to 0"};
  depth.columns = {key, right("sup |f′|")};
  for (Type type : every_type) depth.columns.push_back(right(type_heading("by sup,", type)));
  depth.columns.push_back(right("√E f′(Z)²"));
  for (Type type : every_type) depth.columns.push_back(right(type_heading("typical,", type)));

  for (const Properties& p : all) {
    const std::string name = name_with_parameters(p);
    const auto decimals = [](const Bracket& v) {
      return Cell(v.middle()).as(std::abs(v.middle()) <= v.radius() ? "0" : fmt::format("{:.12g}", v.middle()));
    };
    shape.rows.push_back({name, range_text(p.least, p.greatest), turns_text(p), course_text(p), text_of(p.symmetry),
                          Cell(p.limit[0]).as(number(p.limit[0], 6)), Cell(p.limit[1]).as(number(p.limit[1], 6))});
    const double bound =
        std::max({p.mean.radius(), p.mean_square.radius(), p.variance.radius(), p.slope_square.radius()});
    normal.rows.push_back({name, decimals(p.mean), decimals(p.mean_square), decimals(p.variance),
                           Cell(p.zero_probability).as(number(p.zero_probability, 6)), decimals(p.slope_square),
                           p.zero_centred() ? "yes" : "no", Cell(bound).as(fmt::format("{:.0e}", bound))});
    slope.rows.push_back({name, Cell(p.least_slope.value).as(number(p.least_slope.value)), extreme_text(p.least_slope),
                          Cell(p.greatest_slope.value).as(number(p.greatest_slope.value)),
                          extreme_text(p.greatest_slope), Cell(p.steepest.value).as(number(p.steepest.value)),
                          p.jumps() ? Cell("none: it jumps") : Cell(p.lipschitz()).as(number(p.lipschitz())),
                          Cell(p.slope_limit[0]).as(number(p.slope_limit[0], 6)),
                          Cell(p.slope_limit[1]).as(number(p.slope_limit[1], 6))});
    smooth.rows.push_back({name, smoothness_text(p), breaks_text(p), dead_text(p)});
    for (const std::size_t side : {0u, 1u}) {
      const Saturation& s = p.saturation[side];
      std::vector<Cell> row{name, side_names[side], place_cell(s.hundredth, 6)};
      for (const Place& place : s.epsilon) row.push_back(place_cell(place, 6));
      for (const Place& place : s.zero) row.push_back(place_cell(place, 6));
      saturation.rows.push_back(std::move(row));
    }
    const double typical = std::sqrt(p.slope_square.middle());
    std::vector<Cell> row{name, Cell(p.steepest.value).as(number(p.steepest.value, 6))};
    for (Type type : every_type) row.push_back(depth_cell(vanishing_depth(p.steepest.value, type)));
    row.push_back(Cell(typical).as(number(typical, 6)));
    for (Type type : every_type) row.push_back(depth_cell(vanishing_depth(typical, type)));
    depth.rows.push_back(std::move(row));
  }
  shape.notes = {
      "Range: [ and ] where the end is taken on, ( and ) where it is only approached. Places of turns are within a few "
      "units in a double's last place, their values correctly rounded. Where |f′| is below 10⁻²⁹⁰ its sign is taken "
      "for "
      "that beside it."};
  normal.notes = {
      "Z ~ N(0, 1). Integrals by Taylor polynomials with Lagrange's remainder in interval arithmetic, divided where "
      "pieces meet: the bound is proven. E f′(Z)² is the factor by which the variance of a gradient changes in a "
      "layer whose inputs are standard normal."};
  slope.notes = {"Beside: approached from one side of a kink. Jumps are left out of sup |f′|."};
  smooth.notes = {"Where pieces meet: the first derivative that jumps, and its values on the left and on the right."};
  saturation.notes = {
      "Going outwards from 0: the first number of the type from which on |f′| stays below the bound; ε is the distance "
      "from 1 to the type's next number. Never: it does not. Everywhere: all along."};
  depth.notes = {
      "By sup: sup |f′|^L is the most that a chain of L layers with weights of size 1 leaves of a gradient; typical: "
      "√E f′(Z)² in its place. The first L that rounds to 0."};
  return {std::move(shape),  std::move(normal),     std::move(slope),
          std::move(smooth), std::move(saturation), std::move(depth)};
}

reports::Table properties_records(std::span<const Properties> all) {
  reports::Table table{.name = "properties"};
  for (const char* column : {"activation", "parameters", "property", "detail", "value", "low", "high", "at", "text"})
    table.columns.push_back({.name = column});
  for (const Properties& p : all) {
    const auto add = [&](const char* property, const std::string& detail, std::vector<Cell> cells) {
      std::vector<Cell> row{p.activation->name, parameter_text(p), property, detail};
      row.insert(row.end(), cells.begin(), cells.end());
      row.resize(table.columns.size());
      table.rows.push_back(std::move(row));
    };
    const auto add_extreme = [&](const char* property, const Extreme& e) {
      add(property, "",
          {e.value, Cell(), Cell(), e.at,
           e.over_range() ? "up to " + decimal(Type::f64, e.until)
           : e.attained   ? "taken on"
                          : "approached"});
    };
    const auto add_bounded = [&](const char* property, const Bracket& v) {
      add(property, "", {v.middle(), v.low, v.high});
    };
    const auto add_text = [&](const char* property, const std::string& text) {
      add(property, "", {Cell(), Cell(), Cell(), Cell(), text});
    };
    add_extreme("least", p.least);
    add_extreme("greatest", p.greatest);
    for (const Turn& t : p.turns) add("turn", t.minimum ? "minimum" : "maximum", {t.value, Cell(), Cell(), t.at});
    for (const Stretch& s : p.slopes) {
      add("course", s.sign > 0 ? "rises" : s.sign < 0 ? "falls" : "flat", {s.sign, outermost(s.from), outermost(s.to)});
    }
    add_text("monotone", text_of(p.course));
    add_text("symmetry", text_of(p.symmetry));
    add_text("zero_centred", p.zero_centred() ? "yes" : "no");
    add_bounded("mean", p.mean);
    add_bounded("mean_square", p.mean_square);
    add_bounded("variance", p.variance);
    add("zero_probability", "", {p.zero_probability});
    add_bounded("mean_square_slope", p.slope_square);
    add_extreme("least_slope", p.least_slope);
    add_extreme("greatest_slope", p.greatest_slope);
    add_extreme("steepest", p.steepest);
    add("lipschitz", "", {p.lipschitz()});
    for (const std::size_t side : {0u, 1u}) {
      const std::string end = side == 0 ? "-inf" : "inf";
      add("limit", end, {p.limit[side]});
      add("slope_limit", end, {p.slope_limit[side]});
      const Saturation& s = p.saturation[side];
      const auto add_place = [&](const std::string& property, const std::string& detail, const Place& place) {
        add(property.c_str(), end + detail,
            {Cell(), Cell(), Cell(), place && std::isfinite(*place) ? Cell(*place) : Cell(),
             !place               ? "never"
             : std::isinf(*place) ? "everywhere"
                                  : ""});
      };
      add_place("slope_below_0.01", "", s.hundredth);
      for (std::size_t t = 0; t < type_count; ++t) {
        add_place("slope_below_epsilon", std::string(" ") + name(every_type[t]), s.epsilon[t]);
        add_place("slope_rounds_to_0", std::string(" ") + name(every_type[t]), s.zero[t]);
      }
    }
    add_text("smoothness", smoothness_text(p));
    for (const auto& b : p.breaks) {
      for (const bool on_right : {false, true}) {
        const reference::Derivatives& derivatives = on_right ? b.right : b.left;
        for (int order = 0; order <= std::max(1, b.order); ++order) {
          const Bracket& v = derivatives[order];
          add("break", fmt::format("derivative {} on the {}", order, on_right ? "right" : "left"),
              {v.middle(), v.low, v.high, b.at});
        }
      }
    }
    for (const Stretch& s : p.dead) add("dead_zone", "", {Cell(), s.from, s.to});
    for (Type type : every_type) {
      const auto add_depth = [&](const char* property, double factor) {
        const auto depth = vanishing_depth(factor, type);
        add(property, name(type), {depth ? Cell(*depth) : Cell(), Cell(), Cell(), Cell(), depth ? "" : "never"});
      };
      add_depth("depth_by_steepest", p.steepest.value);
      add_depth("depth_typical", std::sqrt(p.slope_square.middle()));
    }
  }
  return table;
}

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
  // A bounded function is seen between its bounds.
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

std::string properties_in_short(std::span<const Properties> all) {
  std::vector<std::string> bounded, unbounded, steep, centred, falls;
  const Properties *quickest = nullptr, *slowest = nullptr;
  for (const Properties& p : all) {
    if (p.zero_centred()) centred.emplace_back(p.activation->name);
    if (p.steepest.value > 1 && std::isfinite(p.steepest.value)) steep.emplace_back(p.activation->name);
    if (p.course == Course::neither) falls.emplace_back(p.activation->name);
    const double factor = p.slope_square.middle();
    if (factor <= 0) continue;
    if (quickest == nullptr || factor < quickest->slope_square.middle()) quickest = &p;
    if (slowest == nullptr || factor > slowest->slope_square.middle()) slowest = &p;
  }
  const auto list = [](const std::vector<std::string>& names) {
    return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "));
  };
  std::string text = fmt::format(
      "- Of a standard normal input, {} of {} keep the mean 0: {}.\n- Not monotone: {}.\n- Steeper than 1 somewhere, "
      "so "
      "that a chain's gradient can grow: {}.\n",
      centred.size(), reports::counted(all.size(), "activation"), list(centred), list(falls), list(steep));
  if (quickest != nullptr) {
    const auto depth = vanishing_depth(std::sqrt(quickest->slope_square.middle()), Type::f16);
    text += fmt::format(
        "- The variance of a gradient changes in a layer by a factor between {:.4g} ({}) and {:.4g} ({}); at the "
        "least, "
        "a gradient of 1 rounds to 0 in f16 after {} layers.\n",
        quickest->slope_square.middle(), quickest->activation->name, slowest->slope_square.middle(),
        slowest->activation->name, depth ? fmt::format("{:.0f}", *depth) : "no number of");
  }
  return text;
}

namespace {

struct PropertiesOptions : Options {
  std::string out;
  unsigned threads = 0;
};

/// The activations that any of the patterns matches by name; all without patterns. Throws UsageError as matching().
std::vector<const Activation*> chosen_activations(const std::vector<std::string>& patterns) {
  const std::vector<const Activation*> all = every_activation();
  std::vector<std::string> names;
  for (const Activation* a : all) names.emplace_back(a->name);
  std::set<std::string> wanted;
  for (const std::string& pattern : patterns) {
    const Filter filter(pattern);
    bool any = false;
    for (const std::string& name : names) {
      if (!filter.matches(name)) continue;
      wanted.insert(name);
      any = true;
    }
    if (any) continue;
    for (const Kernel& kernel : kernels()) {
      if (filter.matches(kernel.activation->name))
        throw UsageError(
            fmt::format("properties are of functions of one number, which {} is not", kernel.activation->name));
    }
    const auto near = near_misses(pattern, names);
    throw UsageError(fmt::format("no activation matches '{}'{}", pattern,
                                 near.empty() ? "; actbench list shows them all" : did_you_mean(near)));
  }
  std::vector<const Activation*> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Activation* a) { return patterns.empty() || wanted.count(a->name) != 0; });
  return found;
}

int run_properties(const PropertiesOptions& options) {
  const std::vector<const Activation*> activations = chosen_activations(options.filters);
  std::vector<const Kernel*> of_these;
  for (const Kernel& kernel : kernels()) {
    if (std::any_of(activations.begin(), activations.end(),
                    [&](const Activation* a) { return std::string_view(a->name) == kernel.activation->name; }))
      of_these.push_back(&kernel);
  }
  const std::vector<Setting> set = settings(options.parameters, of_these);
  std::vector<std::vector<double>> parameters;
  for (const Activation* activation : activations) {
    parameters.push_back(unrounded_parameters(*activation, set));
    const std::string error = parameter_error(*activation, parameters.back());
    if (!error.empty()) throw UsageError(error);
  }
  std::optional<reports::Folder> folder;  // before the work: it would be a pity afterwards
  if (!options.out.empty()) folder.emplace(options.out);
  std::vector<Properties> all;
  {
    Progress progress("properties");
    all = properties_of(activations, parameters, options.threads, [&](double fraction) { progress.update(fraction); });
  }
  check_interrupted();
  if (folder) {
    for (const Properties& p : all)
      folder->add(fmt::format("properties-{}.svg", p.activation->name), reports::svg(properties_figure(p)));
    folder->add("properties.md", "# What the functions are like\n\n" +
                                     reports::write(properties_tables(all), reports::Format::markdown));
    folder->add("properties.csv", reports::write(properties_records(all), reports::Format::csv));
  }
  write_and_show(
      [&] {
        if (folder) folder->commit();
      },
      [&] {
        if (options.output.for_people()) {
          options.output.print(properties_tables(all));
        } else {
          options.output.print(properties_records(all));
        }
      });
  return exit_fine;
}

}  // namespace

Command add_properties(CLI::App& program) {
  const auto options = std::make_shared<PropertiesOptions>();
  CLI::App* app = program.add_subcommand(
      "properties", "What the functions are like: range, slope, smoothness, saturation, and what becomes of N(0, 1)");
  app->add_option("FILTER", options->filters,
                  "Which activations: a glob (gelu, 'gelu*', '{relu,elu}') or a regular expression; all without one")
      ->type_name("");
  app->add_option("--out", options->out, "A folder for tables (Markdown, CSV) and pictures (SVG)")->type_name("DIR");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_output_options(*app, *options);
  app->footer("Example: actbench properties '{gelu,silu,mish}' --out properties");
  return {app, [options] { return run_properties(*options); }};
}

}  // namespace actbench::bench
