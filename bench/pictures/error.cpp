// SPDX-License-Identifier: Apache-2.0
//
// Errors over the input. The axis of x has a place for each sign and exponent of the type; those near 1, where
// functions bend, are wide; the many beyond are narrow, and several of them share a step.
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
  /// The exponent fields with which steps begin, and the end of the last. 0 and infinities are by themselves.
  std::vector<int> steps() const {
    const int together = end_near_ == 0 ? 1 : exponents_ / 32;
    std::vector<int> begins{0};
    for (int e = 1; e < exponents_ - 1;) {
      begins.push_back(e);
      const bool below = e < first_near_, beyond = e >= end_near_;
      e += below || beyond ? together : 1;
      if (below) e = std::min(e, first_near_);
    }
    begins.push_back(exponents_ - 1);
    begins.push_back(exponents_);
    return begins;
  }
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

/// The largest errors of one kernel as steps.
std::vector<reports::Point> steps(const std::vector<double>& by_region, const Binades& binades) {
  const std::vector<int> begins = binades.steps();
  std::vector<reports::Point> points;
  const auto add = [&](double from, double to, int first, int last) {
    const double ulp = *std::max_element(by_region.begin() + first, by_region.begin() + last);
    const double y = ulp < 0 ? std::numeric_limits<double>::quiet_NaN() : ulp;
    points.push_back({from, y});
    points.push_back({to, y});
  };
  const int negative = binades.exponents();  // where those with a minus sign begin
  for (std::size_t i = begins.size() - 1; i > 0; --i)
    add(-binades.from(begins[i]), -binades.from(begins[i - 1]), negative + begins[i - 1], negative + begins[i]);
  for (std::size_t i = 0; i + 1 < begins.size(); ++i)
    add(binades.from(begins[i]), binades.from(begins[i + 1]), begins[i], begins[i + 1]);
  return points;
}

/// The certificate that proves a bound of the kernel's errors; null where none does.
const Certificate* proof_of(const SweepRow& row) {
  const Kernel& kernel = *row.subject.kernel;
  // A naive kernel's outputs are those of the C library here, and not those that were certified elsewhere.
  if (!name_of(kernel).is_own() || !std::isfinite(row.subject.promised_ulp()) || row.ulp != reference::Ulp::goldberg)
    return nullptr;
  const Certificate* proof = Certificates::built_in().find(kernel, describe_parameters(kernel, row.subject.parameters));
  return proof != nullptr && row.max_ulp <= proof->max_ulp ? proof : nullptr;
}

/// What is known of a kernel's largest error, and how.
std::string evidence(const SweepRow& row) {
  const Kernel& kernel = *row.subject.kernel;
  const KernelName named = name_of(kernel);
  const std::string who = named.is_own() ? fmt::format("{} ({})", named.tier, named.backend) : named.backend;
  const std::string all = fmt::format("all 2^{} inputs", input_bits(kernel));
  if (const Certificate* proof = proof_of(row))
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
  std::vector<std::string> proven;  // names, of each panel
  for (const SweepRow& row : rows) {
    if (row.by_region.empty()) continue;
    const Kernel& kernel = *row.subject.kernel;
    const KernelName named = name_of(kernel);
    const Binades binades(kernel.type);
    const auto [place, is_new] = panels.emplace(named.function(), figure.panels.size());
    if (is_new) {
      reports::Panel& panel = figure.panels.emplace_back();
      panel.title = named.function();
      panel.x = {.label = "x, by binade; beyond 2⁻¹² and 2⁹ several to a step", .ticks = binades.ticks()};
      if (binades.from(1) == 1) panel.x.label = "x, by binade";
      panel.x.low = -binades.end(), panel.x.high = binades.end();
      panel.y = {.label = "largest error",
                 .unit = "ULP",
                 .scale = reports::Scale::logarithmic,
                 .low = least_ulp,
                 .above = "infinite",
                 .below = fmt::format("< {:g}", least_ulp)};
      panel.levels.push_back({0.5, "correctly rounded"});
      proven.emplace_back();
    }
    if (proof_of(row) != nullptr) {
      std::string& names = proven[place->second];
      names += fmt::format("{}{}", names.empty() ? "" : ", ", series_of(named));
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
  } else {
    for (std::size_t i = 0; i < proven.size(); ++i) {
      if (!proven[i].empty()) figure.panels[i].title += fmt::format(" (proven over all inputs: {})", proven[i]);
    }
    figure.caption = "Proven: by a certificate. The rest is the largest that was found.";
  }
  if (infinite)
    figure.caption +=
        fmt::format("{}Infinite: NaN or an infinity for a number, or the reverse.", figure.caption.empty() ? "" : " ");
  return figure;
}

}  // namespace actbench::bench::pictures
