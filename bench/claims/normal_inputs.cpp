// SPDX-License-Identifier: Apache-2.0
//
// Claims about outputs where inputs follow N(0, 1).
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "bench/claims/groups.hpp"

namespace actbench::bench::claim_parts {
namespace {

using reference::Bracket;

Part bounded(std::string label, Role role, const Bracket& v, Relation relation, double bound, double tolerance = 0) {
  Part p = part(std::move(label), role, v.middle(), relation, bound, tolerance);
  p.low = v.low;
  p.high = v.high;
  return p;
}

Parts z1(Evidence& e) {
  Parts parts{bounded("E tanh Z", essential, e.properties("tanh").mean, Relation::equals, 0, 1e-12),
              bounded("E σ(Z)", essential, e.properties("sigmoid").mean, Relation::equals, 0.5, 1e-12)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("E f(Z), {}", p.activation->name), p.mean.middle()));
  return parts;
}

Parts z2(Evidence& e) {
  const auto share = [](const Properties& p) { return std::abs(p.mean.middle()) / std::sqrt(p.mean_square.middle()); };
  const auto &gelu = e.properties("gelu"), &relu = e.properties("relu");
  return {part("|E f(Z)| over √E f(Z)², GELU", essential, share(gelu), Relation::at_most, 0.1),
          information("the same, ReLU", share(relu)), information("E GELU(Z)", gelu.mean.middle()),
          information("E ReLU(Z)", relu.mean.middle())};
}

Parts z3(Evidence& e) {
  const auto chance = [&](const char* activation) { return e.properties(activation).zero_probability; };
  Parts parts{part("P(f(Z) = 0), ReLU: a half", condition, chance("relu"), Relation::equals, 0.5, 1e-15),
              part("P(f(Z) = 0), leaky ReLU: in part", condition, chance("leaky_relu"), Relation::above, 0),
              part("P(f(Z) = 0), sigmoid: never", condition, chance("sigmoid"), Relation::equals, 0),
              part("P(f(Z) = 0), tanh: never", condition, chance("tanh"), Relation::equals, 0)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("P(f(Z) = 0), {}", p.activation->name), p.zero_probability));
  return parts;
}

constexpr Claim list[] = {
    {"Z1", "T2", "tanh's outputs have zero mean, sigmoid's have mean 0.5", "E f(Z), Z ~ N(0, 1)", Timed::no, z1},
    {"Z2", "T2", "GELU is approximately zero-mean", "|E f(Z)| against √E f(Z)², up to 0.1 being approximately zero",
     Timed::no, z2},
    {"Z3", "T2",
     "about half of a ReLU layer's outputs are 0; leaky ReLU's are sparse in part; sigmoid's and tanh's never",
     "P(f(Z) = 0)", Timed::no, z3},
};

}  // namespace

std::span<const Claim> normal_inputs() { return list; }

}  // namespace actbench::bench::claim_parts
