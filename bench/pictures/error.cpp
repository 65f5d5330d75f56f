// SPDX-License-Identifier: Apache-2.0
//
// Errors over the input. The axis of x has a place for each sign and exponent of the type; those near 1, where
// functions bend, are wide, and the many beyond are narrow.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "bench/certificates/certificate.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/pictures/pictures.hpp"
#include "reports/text.hpp"

namespace actbench::bench::pictures {
namespace {

constexpr double least_ulp = 0.1;  // less is drawn below it

/// Where the binades of a type lie.
class Binades {
 public:
  explicit Binades(Type type) : exponents_(1 << exponent_bits(type)), bias_(exponents_ / 2 - 1) {
    // A type with few binades has room for all of them.
    if (exponents_ <= 64) return;
    first_near_ = bias_ - 12, end_near_ = bias_ + 10;
    constexpr double far = 11;  // the width of all that are beyond, on either side
    below_ = far / first_near_, above_ = far / (exponents_ - end_near_);
  }

  int exponents() const { return exponents_; }
  /// Where the binade of that exponent field begins, from 0 outwards; exponents() is the end of the last.
  double from(int exponent) const {
    if (end_near_ == 0) return exponent;
    if (exponent <= first_near_) return below_ * exponent;
    const double near = below_ * first_near_ + std::min(exponent, end_near_) - first_near_;
    return near + above_ * std::max(0, exponent - end_near_);
  }
  double end() const { return from(exponents_); }

  std::vector<reports::Tick> ticks() const {
    std::vector<reports::Tick> ticks{{0, "0"}};
    const auto add = [&](int power, const std::string& label) {
      const double at = from(power + bias_);
      ticks.push_back({at, label});
      ticks.push_back({-at, label.empty() ? label : "−" + label});
    };
    const int half = (bias_ + 1) / 2;
    if (end_near_ != 0) add(-half, two_to(-half)), add(half, two_to(half));
    for (int power = -12; power <= 9; power += 1) {
      if (power + bias_ <= 0) continue;
      const std::string label = power < 0 ? two_to(power) : fmt::format("{}", 1 << power);
      add(power, power % 4 == 0 ? label : "");
    }
    add(exponents_ - 1 - bias_, "∞");
    return ticks;
  }

 private:
  static std::string two_to(int power) { return "2" + reports::power_of_ten(power).substr(2); }

  int exponents_, bias_, first_near_ = 0, end_near_ = 0;
  double below_ = 1, above_ = 1;
};

/// The largest errors of one kernel as steps, binade after binade.
std::vector<reports::Point> steps(const std::vector<double>& by_region, const Binades& binades) {
  const int exponents = binades.exponents();
  std::vector<reports::Point> points;
  const auto add = [&](double from, double to, double ulp) {
    const double y = ulp < 0 ? std::numeric_limits<double>::quiet_NaN() : ulp;
    points.push_back({from, y});
    points.push_back({to, y});
  };
  for (int e = exponents - 1; e >= 0; --e)
    add(-binades.from(e + 1), -binades.from(e), by_region[static_cast<std::size_t>(exponents + e)]);
  for (int e = 0; e < exponents; ++e) add(binades.from(e), binades.from(e + 1), by_region[static_cast<std::size_t>(e)]);
  return points;
}

/// What is known of a kernel's largest error, and how.
std::string evidence(const SweepRow& row) {
  const Kernel& kernel = *row.subject.kernel;
  const KernelName named = name_of(kernel);
  const std::string who = named.is_own() ? fmt::format("{} ({})", named.tier, named.backend) : named.backend;
  const Certificate* proof =
      named.is_own() ? Certificates::built_in().find(kernel, describe_parameters(kernel, row.subject.parameters))
                     : nullptr;
  // A naive kernel's outputs are those of the C library here, and not those that were certified elsewhere.
  const bool promises = std::isfinite(row.subject.promised_ulp());
  const std::string all = fmt::format("all 2^{} inputs", input_bits(kernel));
  if (proof != nullptr && promises && row.ulp == reference::Ulp::goldberg && row.max_ulp <= proof->max_ulp)
    return fmt::format("{}: proven over {}, at most {} ULP (certificate).", who, all, ulp_text(proof->max_ulp));
  const std::string largest = std::isinf(row.max_ulp) ? "infinite" : ulp_text(row.max_ulp) + " ULP";
  if (row.exhaustive) return fmt::format("{}: {} at most, over {}.", who, largest, all);
  return fmt::format("{}: {} is the largest found, in {} inputs{}.", who, largest,
                     reports::compact_count(row.tally.inputs),
                     row.searched.inputs > 0 ? " and a search around the worst" : "");
}

}  // namespace

reports::Figure error_figure(std::span<const SweepRow> rows) {
  reports::Figure figure{.panel_width = 900, .panel_height = 340};
  std::map<std::string, std::size_t> panels;
  bool infinite = false;
  std::string caption;
  for (const SweepRow& row : rows) {
    if (row.by_region.empty()) continue;
    const Kernel& kernel = *row.subject.kernel;
    const KernelName named = name_of(kernel);
    const Binades binades(kernel.type);
    const auto [place, is_new] = panels.emplace(named.function(), figure.panels.size());
    if (is_new) {
      reports::Panel& panel = figure.panels.emplace_back();
      panel.title = named.function();
      panel.x = {.label = "x, by binade; those from 2⁻¹² to 2⁹ are drawn wider", .ticks = binades.ticks()};
      if (binades.from(1) == 1) panel.x.label = "x, by binade";
      panel.x.low = -binades.end(), panel.x.high = binades.end();
      panel.y = {.label = "largest error",
                 .unit = "ULP",
                 .scale = reports::Scale::logarithmic,
                 .low = least_ulp,
                 .above = "infinite",
                 .below = fmt::format("< {:g}", least_ulp)};
      panel.levels.push_back({0.5, "correctly rounded"});
    }
    reports::Panel& panel = figure.panels[place->second];
    panel.series.push_back({.name = series_of(named), .points = steps(row.by_region, binades), .look = look_of(named)});
    infinite = infinite || std::isinf(row.max_ulp);
    figure.description +=
        fmt::format("{}{}: {}", figure.description.empty() ? "" : " ", named.function(), evidence(row));
    caption += fmt::format("{}{}", caption.empty() ? "" : " ", evidence(row));
  }
  figure.title =
      figure.panels.size() == 1 ? fmt::format("The error of {}", figure.panels[0].title) : "Errors over the input";
  if (figure.panels.size() == 1) {
    figure.panels[0].title.clear();
    figure.caption = caption;
  }
  if (infinite)
    figure.caption +=
        fmt::format("{}Infinite: NaN or an infinity for a number, or the reverse.", figure.caption.empty() ? "" : " ");
  return figure;
}

}  // namespace actbench::bench::pictures
