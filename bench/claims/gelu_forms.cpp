// SPDX-License-Identifier: Apache-2.0
//
// Claims about the forms of GELU.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "bench/claims/exact.hpp"
#include "bench/claims/groups.hpp"
#include "bench/claims/times.hpp"
#include "reference/curve.hpp"
#include "reference/profile.hpp"

namespace actbench::bench::claim_parts {
namespace {

using reference::Curve;

/// The largest |g/GELU - 1| over a sample of [-5, 5].
double relative_gap(const char* form, const char* direction) {
  double worst = 0;
  for (int i = 0; i <= 4000; ++i) {
    const double x = -5 + i * 0.0025;
    const Precise g = precise(form, direction, x), right = precise("gelu", direction, x);
    if (std::abs(right.value) > 1e-9L)
      worst = std::max(worst, static_cast<double>(std::abs(g.value / right.value - 1)));
  }
  return worst;
}

Parts g1(Evidence&) {
  Parts parts;
  const auto compare = [&](const char* what, double a, double b) {
    parts.push_back(part(fmt::format("{}: 0.0356774 over 0.044715", what), condition, b / a, Relation::below, 1));
    parts.push_back(information(fmt::format("{}, 0.044715", what), a));
    parts.push_back(information(fmt::format("{}, 0.0356774", what), b));
  };
  for (const char* direction : {"forward", "derivative"}) {
    const char* of = std::string_view(direction) == "forward" ? "value" : "derivative";
    const Curve usual = difference("gelu_tanh", "gelu", direction), changed = difference("new_gelu", "gelu", direction);
    const auto largest = [](const Curve& gap) { return reference::analyse(gap).largest.middle(); };
    const auto root_mean_square = [](const Curve& gap) {
      return std::sqrt(reference::normal_moments(gap).square.middle());
    };
    compare(fmt::format("max gap, {}", of).c_str(), largest(usual), largest(changed));
    compare(fmt::format("RMS gap under N(0, 1), {}", of).c_str(), root_mean_square(usual), root_mean_square(changed));
    compare(fmt::format("worst relative gap on [−5, 5], {}", of).c_str(), relative_gap("gelu_tanh", direction),
            relative_gap("new_gelu", direction));
  }
  return parts;
}

Parts g2(Evidence& e) {
  const double usual = operations("gelu_tanh"), changed = operations("new_gelu");
  Parts parts{
      part("operations of its definition over the usual form's", essential, changed / usual, Relation::below, 1),
      information("operations, 0.044715", usual), information("operations, 0.0356774", changed)};
  if (e.times() != nullptr) {
    add_time_ratios(parts, e, "new_gelu", "gelu_tanh", condition, Relation::below, 1);
  }
  return parts;
}

Parts g3(Evidence&) {
  const Curve gap = difference("gelu", "relu", "forward");
  constexpr double end = std::numeric_limits<double>::max();
  const reference::Analysis all = reference::analyse(gap);
  const double far =
      std::max(reference::analyse(gap, 3, end).largest.middle(), reference::analyse(gap, -end, -3).largest.middle());
  return {part("sup gap to ReLU, all x", condition, all.largest.middle(), Relation::at_most, 0.01),
          part("sup gap to ReLU, |x| ≥ 3", condition, far, Relation::at_most, 0.01),
          information("largest at ±x", std::abs(all.peaks.front().at.middle()))};
}

constexpr Claim list[] = {
    {"G1", "T2", "NewGELU (0.0356774) is an improvement over the usual tanh form", "gaps of both to the exact GELU",
     Timed::no, g1},
    {"G2", "T2", "the changed coefficient reduces the computation", "operations and time of both forms", Timed::partly,
     g2},
    {"G3", "T2", "GELU is close to 0 below 0 and close to linear above",
     "the largest gap to ReLU, up to 0.01 being close", Timed::no, g3},
};

}  // namespace

std::span<const Claim> gelu_forms() { return list; }

}  // namespace actbench::bench::claim_parts
