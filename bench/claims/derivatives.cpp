// SPDX-License-Identifier: Apache-2.0
//
// Claims about derivatives.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "bench/claims/exact.hpp"
#include "bench/claims/groups.hpp"
#include "reference/profile.hpp"

namespace actbench::bench::claim_parts {
namespace {

Parts slope_between(const char* activation, const char* text, double reach, double low, double high) {
  const auto [least, greatest] = slope_range(activation, -reach, reach);
  return {
      part(fmt::format("min {} on [−{:g}, {:g}]", text, reach, reach), essential, least, Relation::at_least, low),
      part(fmt::format("max {} on [−{:g}, {:g}]", text, reach, reach), essential, greatest, Relation::at_most, high)};
}

Parts d1(Evidence&) { return slope_between("sigmoid", "σ′", 3, 0.1, 0.25); }
Parts d2(Evidence&) { return slope_between("tanh", "tanh′", 1, 0.5, 1); }
Parts d3(Evidence&) { return slope_between("sigmoid", "σ′", 1, 0.195, 0.255); }
Parts d4(Evidence&) { return slope_between("gelu", "GELU′", 3, 0.2, 0.8); }

Parts d5(Evidence& e) {
  const auto sup = [&](const char* activation) { return e.properties(activation).steepest.value; };
  Parts parts{part("sup |tanh′|", condition, sup("tanh"), Relation::equals, 1),
              part("sup |σ′|", condition, sup("sigmoid"), Relation::equals, 0.25),
              part("sup |ReLU′|", condition, sup("relu"), Relation::equals, infinity),
              part("sup |identity′|", condition, sup("identity"), Relation::equals, infinity)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("sup |f′|, {}", p.activation->name), p.steepest.value));
  return parts;
}

Parts d6(Evidence& e) {
  Parts parts;
  for (const char* activation : {"relu", "gelu", "swish", "mish"}) {
    const auto& p = e.properties(activation);
    for (const int side : {0, 1}) {
      parts.push_back(part(fmt::format("|f′| of {} towards {}", activation, side == 0 ? "−∞" : "+∞"), condition,
                           std::abs(p.slope_limit[side]), Relation::above, 0));
    }
  }
  for (const Properties& p : e.all_properties()) {
    for (const int side : {0, 1})
      parts.push_back(information(fmt::format("f′ towards {}, {}", side == 0 ? "−∞" : "+∞", p.activation->name),
                                  p.slope_limit[side]));
  }
  return parts;
}

Parts d7(Evidence& e) {
  Parts parts;
  const auto distance = [](const Place& place) { return place ? std::abs(*place) : none; };
  for (const auto& [activation, text] : {std::pair("sigmoid", "σ′"), std::pair("tanh", "tanh′")}) {
    for (const int side : {0, 1}) {
      const Saturation& s = e.properties(activation).saturation[side];
      const char* sign = side == 0 ? "x < 0" : "x > 0";
      parts.push_back(part(fmt::format("|x| from which {} < 0.01, {}", text, sign), essential, distance(s.hundredth),
                           Relation::below, none));
      for (std::size_t t = 0; t < type_count; ++t) {
        const char* type = name(every_type[t]);
        parts.push_back(
            information(fmt::format("|x| from which {} < ε, {}, {}", text, type, sign), distance(s.epsilon[t])));
        parts.push_back(part(fmt::format("|x| from which {} rounds to 0, {}, {}", text, type, sign), essential,
                             distance(s.zero[t]), Relation::below, none));
      }
    }
  }
  return parts;
}

Parts d8(Evidence& e) {
  Parts parts;
  const auto& hard = e.properties("hard_swish");
  parts.push_back(
      part("kinks of hard_swish", essential, static_cast<double>(hard.breaks.size()), Relation::at_least, 1));
  for (const auto& b : hard.breaks) {
    const double left = b.left[1].middle(), right = b.right[1].middle();
    parts.push_back(information(fmt::format("left derivative at {:g}", b.at), left));
    parts.push_back(information(fmt::format("right derivative at {:g}", b.at), right));
    parts.push_back(part(fmt::format("its jump at {:g}", b.at), essential, std::abs(right - left), Relation::above, 0));
  }
  for (const char* activation : {"softplus", "gelu", "silu", "mish"}) {
    parts.push_back(part(fmt::format("places where {} is not smooth", activation), essential,
                         static_cast<double>(e.properties(activation).breaks.size()), Relation::equals, 0));
  }
  return parts;
}

Parts d9(Evidence& e) {
  const double sup = e.properties("sigmoid").steepest.value;
  double worst = 0;
  for (const Properties& p : e.all_properties()) {
    if (p.steepest.value <= 1) worst = std::max(worst, std::pow(p.steepest.value, 100));
  }
  Parts parts{part("sup |σ′|", essential, sup, Relation::at_most, 0.25),
              part("most that 100 layers with sup |f′| ≤ 1 leave", essential, worst, Relation::at_most, 1)};
  for (const int layers : {1, 10, 50, 100})
    parts.push_back(information(fmt::format("sup |σ′|^{}", layers), std::pow(sup, layers)));
  for (const Type type : {Type::f32, Type::f16, Type::bf16})
    parts.push_back(information(fmt::format("layers until it rounds to 0, {}", name(type)),
                                vanishing_depth(sup, type).value_or(none)));
  return parts;
}

constexpr Claim list[] = {
    {"D1", "T2", "σ′ lies between 0.1 and 0.25 on [−3, 3]", "its least and greatest there", Timed::no, d1},
    {"D2", "T2", "tanh′ lies between 0.5 and 1 on [−1, 1]", "its least and greatest there", Timed::no, d2},
    {"D3", "T2", "σ′ is about 0.2 to 0.25 on [−1, 1]", "its least and greatest there, to two digits", Timed::no, d3},
    {"D4", "T2", "GELU′ stays within 0.2 to 0.8 on [−3, 3]", "its least and greatest there", Timed::no, d4},
    {"D5", "T2", "sup |f′|: tanh 1, sigmoid 0.25; ReLU's and the identity's derivative is unbounded", "sup |f′|",
     Timed::no, d5},
    {"D6", "T2", "ReLU, GELU, Swish and Mish do not saturate: f′ does not go to 0 at ±∞", "both limits of f′",
     Timed::no, d6},
    {"D7", "T2", "σ and tanh saturate: far from 0 their derivatives are near 0",
     "where they fall under 0.01 and ε, and round to 0", Timed::no, d7},
    {"D8", "T2",
     "hard_swish is not differentiable at isolated points; softplus, gelu, silu and mish are smooth everywhere",
     "one-sided derivatives where pieces meet", Timed::no, d8},
    {"D9", "T2", "a chain of L sigmoids shrinks the gradient at least by 0.25^L; with sup |f′| ≤ 1 it cannot grow",
     "sup |f′|^L", Timed::no, d9},
};

}  // namespace

std::span<const Claim> derivatives() { return list; }

}  // namespace actbench::bench::claim_parts
