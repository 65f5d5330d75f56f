// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/groups.hpp"

namespace actbench::bench {

std::span<const Claim> claims() {
  static const std::vector<Claim> all = [] {
    std::vector<Claim> found;
    const auto add = [&](std::span<const Claim> group) { found.insert(found.end(), group.begin(), group.end()); };
#define ACTBENCH_CLAIM_GROUP(name) add(claim_parts::name());
#include "bench/claims/groups.def"
#undef ACTBENCH_CLAIM_GROUP
    return found;
  }();
  return all;
}

}  // namespace actbench::bench
