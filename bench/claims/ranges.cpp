// SPDX-License-Identifier: Apache-2.0
//
// Claims about ranges.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "bench/claims/exact.hpp"
#include "bench/claims/groups.hpp"
#include "bench/claims/kernel_results.hpp"
#include "bench/numbers/types.hpp"

namespace actbench::bench::claim_parts {
namespace {

Parts r1(Evidence& e) {
  const auto& s = e.properties("sigmoid");
  const auto& t = e.properties("tanh");
  const auto taken = [](const reference::Extreme& x) { return x.attained ? 1.0 : 0.0; };
  Parts parts{part("inf σ", essential, s.least.value, Relation::at_least, 0),
              part("sup σ", essential, s.greatest.value, Relation::at_most, 1),
              part("inf tanh", essential, t.least.value, Relation::at_least, -1),
              part("sup tanh", essential, t.greatest.value, Relation::at_most, 1),
              part("exact values: how many of the four ends are taken on", condition,
                   taken(s.least) + taken(s.greatest) + taken(t.least) + taken(t.greatest), Relation::equals, 0)};
  struct End {
    const char *activation, *text;
    int side;
    double limit;
  };
  for (const End& end : {End{"sigmoid", "σ is 0", -1, 0}, End{"sigmoid", "σ is 1", 1, 1},
                         End{"tanh", "tanh is 1", 1, 1}, End{"tanh", "tanh is −1", -1, -1}}) {
    for (const Type type : {Type::f32, Type::f16, Type::bf16}) {
      for (const Tier tier : tiers) {
        const Result first = first_of(
            kernel_of(end.activation, type, tier), end.side, 0,
            [&](const Result& r) { return r.got == end.limit && std::isfinite(r.x); }, false);
        parts.push_back(part(fmt::format("|x| from which {}, {} {}", end.text, name(type), name(tier)), condition,
                             std::abs(first.x), Relation::equals, none));
      }
    }
  }
  return parts;
}

Parts r2(Evidence& e) {
  return {part("inf leaky_relu", essential, e.properties("leaky_relu").least.value, Relation::at_least, 0),
          information("leaky_relu(−1)", exact("leaky_relu", "forward", -1, {0.01}))};
}

Parts r3(Evidence& e) {
  const auto& p = e.properties("softplus");
  Parts parts{part("inf softplus", essential, p.least.value, Relation::equals, 0),
              part("sup softplus", essential, p.greatest.value, Relation::equals, infinity),
              part("exact values: whether 0 is taken on", condition, p.least.attained, Relation::equals, 0)};
  for (const Tier tier : tiers) {
    const Kernel& kernel = kernel_of("softplus", Type::f32, tier);
    const auto zero = [](const Result& r) { return r.got == 0 && std::isfinite(r.x); };
    const Result first = first_of(kernel, -1, 0, zero, false);
    parts.push_back(part(fmt::format("|x| from which f32 {} gives 0", name(tier)), condition, std::abs(first.x),
                         Relation::equals, none));
    if (std::isinf(first.x)) continue;
    const double before = -value_of(Type::f32, pattern_of(Type::f32, -first.x) - 1);
    parts.push_back(
        information(fmt::format("least positive result, f32 {}", name(tier)), results(kernel, {&before, 1})[0].got));
  }
  return parts;
}

Parts r4(Evidence& e) {
  const auto& p = e.properties("mish");
  return {part("min mish", essential, p.least.value, Relation::equals, -0.31, 0.005),
          part("the minimum is taken on", essential, p.least.attained, Relation::equals, 1),
          part("sup mish", essential, p.greatest.value, Relation::equals, infinity), information("at x", p.least.at)};
}

Parts r5(Evidence& e) {
  const auto& p = e.properties("relu6");
  return {part("inf relu6", essential, p.least.value, Relation::at_least, 0),
          part("sup relu6", essential, p.greatest.value, Relation::at_most, 6)};
}

Parts r6(Evidence& e) {
  const auto& p = e.properties("gelu");
  return {part("inf gelu", essential, p.least.value, Relation::equals, -infinity),
          part("sup gelu", essential, p.greatest.value, Relation::equals, infinity), information("at x", p.least.at)};
}

Parts r7(Evidence& e) {
  // The worst of all backends, for each type, length and tier.
  std::map<std::tuple<Type, std::size_t, Tier>, double> worst;
  for (const RowResult& result : e.rows()) {
    const Kernel& k = *result.kernel;
    if (!sums_to_one(k) || std::string_view(k.activation->name) != "softmax") continue;
    for (const auto& [key, cell] : result.cells) {
      double& off = worst[{k.type, std::get<0>(key), k.tier}];
      off = std::max(off, cell.sum_deviation);
    }
  }
  Parts parts;
  for (const auto& [key, off] : worst) {
    const auto& [type, length, tier] = key;
    parts.push_back(part(fmt::format("worst |Σ − 1| in ε, {} {}, rows of {}", name(type), name(tier), length),
                         condition, off, Relation::at_most, 1));
  }
  if (parts.empty()) parts.push_back(missing("worst |Σ − 1| in ε", condition, Relation::at_most, 1));
  return parts;
}

constexpr Claim list[] = {
    {"R1", "T1, T2", "sigmoid's outputs lie in (0, 1), tanh's in (−1, 1)",
     "ranges, and from which inputs kernels give 0 or ±1", Timed::no, r1},
    {"R2", "T1", "leaky ReLU's output is never negative", "its infimum", Timed::no, r2},
    {"R3", "T2", "softplus's range is (0, ∞)", "its range, and from which input kernels give 0", Timed::no, r3},
    {"R4", "T2", "Mish's range is [−0.31, ∞)", "its minimum", Timed::no, r4},
    {"R5", "T2", "ReLU6 lies in [0, 6]", "its range", Timed::no, r5},
    {"R6", "T2", "GELU's range is (−∞, ∞)", "its minimum", Timed::no, r6},
    {"R7", "T2", "softmax outputs sum to 1", "the sum's distance from 1 in ε", Timed::no, r7},
};

}  // namespace

std::span<const Claim> ranges() { return list; }

}  // namespace actbench::bench::claim_parts
