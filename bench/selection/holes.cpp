// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/holes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "kernels/registry/foreign.hpp"

namespace actbench::bench {

std::vector<Hole> holes(std::span<const Kernel> table) {
  using Variant = std::tuple<Direction, Type, Tier, Backend, Shape>;
  std::map<Variant, double> variants;
  std::map<std::string, std::pair<const Activation*, std::set<Variant>>> has;
  for (const Kernel& k : table) {
    if (is_foreign(k.backend)) continue;  // of which nobody expects them all
    const Variant variant{k.direction, k.type, k.tier, k.backend, k.activation->shape};
    variants.emplace(variant, k.promised_ulp);
    auto& [activation, present] = has[k.activation->name];
    activation = k.activation;
    present.insert(variant);
  }
  std::vector<Hole> found;
  for (const auto& [activation_name, what] : has) {
    const auto& [activation, present] = what;
    const bool learns = std::any_of(present.begin(), present.end(),
                                    [](const Variant& v) { return std::get<0>(v) == Direction::alpha_gradient; });
    for (const auto& [variant, promised] : variants) {
      const auto& [direction, type, tier, backend, shape] = variant;
      if (shape != activation->shape) continue;
      if (present.count(variant) != 0 || (direction == Direction::alpha_gradient && !learns)) continue;
      found.push_back({{activation, direction, type, tier, backend, HUGE_VAL, nullptr},
                       fmt::format("{} was not built for {} {} {} {}, which other activations have", activation_name,
                                   name(direction), name(type), name(tier), name(backend))});
    }
  }
  return found;
}

}  // namespace actbench::bench
