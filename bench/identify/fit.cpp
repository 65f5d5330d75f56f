// SPDX-License-Identifier: Apache-2.0
//
// Usual values are tried first, alone and together. Where none explains the outputs, each parameter in turn is searched
// for over its range, and what is found is made a round number as far as that costs nothing.
#include "bench/identify/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/types.hpp"
#include "reference/format.hpp"

namespace actbench::bench::identify {
namespace {

/// |value − output| over the spacing of the type's numbers at a number of that size.
double apart(const reference::Format& format, double value, double output, double size) {
  const int exponent = size == 0 ? format.min_exponent : std::ilogb(size);
  return std::ldexp(std::abs(value - output), -reference::spacing_exponent(format, exponent));
}

/// Where an output is smaller than this, an error counts as it would there: the search is for the formula, and what is
/// right of tiny outputs is mostly right of all formulas.
constexpr double least_size = 0x1p-10;

class Search {
 public:
  Search(const Formula& formula, const Data& sample, std::span<const double> outputs)
      : formula_(formula), sample_(sample), outputs_(outputs), values_(sample.n) {
    for (const double output : outputs) {
      if (!std::isfinite(output)) continue;
      least_ = std::min(least_, output);
      greatest_ = std::max(greatest_, output);
    }
  }

  Fit run() {
    try_usual();
    if (!best_.valid || formula_.parameters.empty() || explains_all()) return best_;
    const Fit usual = best_;
    const int rounds = formula_.parameters.size() == 1 ? 1 : 3;
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t k = 0; k < formula_.parameters.size(); ++k) improve(k, round == 0);
    }
    for (std::size_t k = 0; k < formula_.parameters.size(); ++k) make_round(k);
    best_.fitted = 0;
    for (std::size_t k = 0; k < formula_.parameters.size(); ++k) {
      const auto& known = formula_.parameters[k].usual;
      best_.fitted += std::find(known.begin(), known.end(), best_.parameters[k]) == known.end();
    }
    return no_better_than(usual) ? usual : best_;
  }

 private:
  bool explains_all() const { return best_.distance.exact == sample_.n; }
  /// A fitted parameter has to be worth it: programs that round badly are fitted best by odd numbers.
  bool no_better_than(const Fit& usual) const {
    return best_.distance.log_sum > usual.distance.log_sum - 0.1 * static_cast<double>(sample_.n) &&
           best_.distance.exact < usual.distance.exact + sample_.n / 20;
  }

  Fit at(const std::vector<double>& parameters) {
    Fit fit{.parameters = parameters};
    fit.valid = formula_.evaluate(sample_, parameters.data(), values_.data());
    if (fit.valid) fit.distance = distance(sample_.type, values_.data(), outputs_.data(), sample_.n);
    return fit;
  }
  double loss(std::size_t k, double value) {
    std::vector<double> parameters = best_.parameters;
    parameters[k] = value;
    const Fit fit = at(parameters);
    return fit.valid ? fit.distance.log_sum : HUGE_VAL;
  }
  void keep(const Fit& fit) {
    if (fit.valid && (!best_.valid || fit.distance.log_sum < best_.distance.log_sum)) best_ = fit;
  }

  /// Every combination of usual values.
  void try_usual() {
    std::vector<std::size_t> at_value(formula_.parameters.size(), 0);
    for (;;) {
      std::vector<double> parameters;
      for (std::size_t k = 0; k < at_value.size(); ++k) parameters.push_back(formula_.parameters[k].usual[at_value[k]]);
      keep(at(parameters));
      std::size_t k = 0;
      while (k < at_value.size() && ++at_value[k] == formula_.parameters[k].usual.size()) at_value[k++] = 0;
      if (k == at_value.size()) return;
    }
  }

  /// Searches for one parameter while the others stay. everywhere: over its whole range; otherwise near where it is.
  void improve(std::size_t k, bool everywhere) {
    const Free& free = formula_.parameters[k];
    std::vector<double> points;
    if (everywhere) {
      constexpr int steps = 24;
      for (int i = 0; i <= steps; ++i) {
        const double share = static_cast<double>(i) / steps;
        points.push_back(free.low > 0 ? free.low * std::pow(free.high / free.low, share)
                                      : free.low + (free.high - free.low) * share);
      }
    } else {
      const double reach = std::max(0.05 * std::abs(best_.parameters[k]), 1e-3);
      points = {std::max(free.low, best_.parameters[k] - reach), std::min(free.high, best_.parameters[k] + reach)};
    }
    points.push_back(best_.parameters[k]);
    for (const double bound : {least_, greatest_}) {  // what a clamp lets through
      if (everywhere && bound >= free.low && bound <= free.high) points.push_back(bound);
    }
    std::sort(points.begin(), points.end());
    std::size_t least = 0;
    std::vector<double> losses;
    for (const double point : points) losses.push_back(loss(k, point));
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (losses[i] < losses[least]) least = i;
    }
    golden_section(k, points[least > 0 ? least - 1 : 0], points[std::min(least + 1, points.size() - 1)]);
  }

  void golden_section(std::size_t k, double low, double high) {
    constexpr double ratio = 0.6180339887498949;
    double left = high - ratio * (high - low), right = low + ratio * (high - low);
    double at_left = loss(k, left), at_right = loss(k, right);
    for (int i = 0; i < 50 && high - low > 1e-8 * (std::abs(low) + std::abs(high)); ++i) {
      if (at_left <= at_right) {
        high = right, right = left, at_right = at_left;
        left = high - ratio * (high - low), at_left = loss(k, left);
      } else {
        low = left, left = right, at_left = at_right;
        right = low + ratio * (high - low), at_right = loss(k, right);
      }
    }
    std::vector<double> parameters = best_.parameters;
    parameters[k] = at_left <= at_right ? left : right;
    keep(at(parameters));
  }

  /// The number of fewest digits that does as well, or nearly.
  void make_round(std::size_t k) {
    std::vector<double> parameters = best_.parameters;
    const double found = parameters[k];
    for (int digits = 0; digits <= 9; ++digits) {
      if (digits == 0 && std::abs(found) > 1e-6) continue;
      parameters[k] = digits == 0 ? 0 : std::strtod(fmt::format("{:.{}g}", found, digits).c_str(), nullptr);
      const Fit fit = at(parameters);
      if (!fit.valid || fit.distance.log_sum > 1.05 * best_.distance.log_sum + 0.05 * static_cast<double>(sample_.n))
        continue;
      if (fit.distance.exact + (explains_all() ? 0 : sample_.n / 50) < best_.distance.exact) continue;
      best_ = fit;
      return;
    }
  }

  const Formula& formula_;
  const Data& sample_;
  std::span<const double> outputs_;
  std::vector<double> values_;
  double least_ = HUGE_VAL, greatest_ = -HUGE_VAL;  ///< outputs
  Fit best_;
};

/// In a type without infinities overflow gives NaN.
double finite_or_nan(Type type, double value) {
  return std::isinf(value) && !has_infinity(type) ? std::nan("") : value;
}

}  // namespace

double rounded(Type type, double value) {
  return type == Type::f32   ? static_cast<double>(static_cast<float>(value))
         : type == Type::f64 ? value
                             : finite_or_nan(type, round_to(type, value));
}

Distance distance(Type type, const double* values, const double* outputs, std::size_t n, std::uint64_t index) {
  const reference::Format& format = format_of(type);
  Distance d;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = values[i], output = outputs[i], as_type = rounded(type, value);
    if (as_type == output || (std::isnan(as_type) && std::isnan(output))) {
      ++d.exact;
      ++d.near;
      continue;
    }
    if (d.first == UINT64_MAX) d.first = index + i;
    double ulp = HUGE_VAL, counted = 0x1p60;
    bool near = false;
    if (std::isfinite(value) && std::isfinite(output)) {
      ulp = apart(format, value, output, std::max(std::abs(value), std::abs(output)));
      near = apart(format, value, output, std::max(std::abs(output), 1.0)) <= 4;
      counted = std::min(counted, apart(format, value, output, std::max(std::abs(output), least_size)));
      d.max_abs = std::max(d.max_abs, std::abs(value - output));
    }
    d.near += near;
    d.max_ulp = std::max(d.max_ulp, ulp);
    d.log_sum += std::log2(1 + counted);
  }
  return d;
}

void Distance::merge(const Distance& later) {
  exact += later.exact;
  near += later.near;
  log_sum += later.log_sum;
  max_ulp = std::max(max_ulp, later.max_ulp);
  max_abs = std::max(max_abs, later.max_abs);
  first = std::min(first, later.first);
}

Fit fit(const Formula& formula, const Data& sample, std::span<const double> outputs) {
  return Search(formula, sample, outputs).run();
}

}  // namespace actbench::bench::identify
