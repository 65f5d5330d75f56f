// SPDX-License-Identifier: Apache-2.0
//
// Claims about overflow.
#include <fmt/format.h>

#include <cmath>

#include "bench/claims/groups.hpp"
#include "bench/claims/kernel_results.hpp"

namespace actbench::bench::claim_parts {
namespace {

Parts o1(Evidence&) {
  Parts parts;
  for (const Type type : every_type) {
    const Kernel& kernel = kernel_of("sigmoid", type, Tier::naive);
    const double overflow = exponential_overflow(type);
    const Result beyond = worst_of(kernel, -1, overflow);
    parts.push_back(part(fmt::format("worst ULP of the naive σ where e^−x overflows, {}", name(type)), condition,
                         beyond.ulp, Relation::above, 1));
    parts.push_back(information(fmt::format("−x from which e^−x overflows, {}", name(type)), overflow));
    parts.push_back(information(fmt::format("result at the worst, {}", name(type)), beyond.got));
    parts.push_back(information(fmt::format("right there, {}", name(type)), beyond.expected));
  }
  return parts;
}

Parts o2(Evidence&) {
  Parts parts;
  for (const Tier tier : tiers) {
    for (const Type type : every_type) {
      const double overflow = exponential_overflow(type);
      const Result first = first_of(
          kernel_of("softplus", type, tier), 1, 1,
          [](const Result& r) { return !std::isfinite(r.got) && std::isfinite(r.expected) && std::isfinite(r.x); },
          false);
      parts.push_back(
          part(fmt::format("x from which {} softplus overflows, {}; e^x from {:.6g}", name(tier), name(type), overflow),
               condition, first.x, Relation::above, overflow));
    }
  }
  return parts;
}

Parts o3(Evidence&) {
  Parts parts;
  for (const Type type : every_type) {
    const auto broken = [](const Result& r) { return std::isnan(r.got) || (r.got == 0 && r.expected != 0); };
    const Kernel& kernel = kernel_of("tanh", type, Tier::naive);
    const Result first = first_of(kernel, 1, 0x1p-6, broken, false);
    parts.push_back(part(fmt::format("|x| from which the quotient gives NaN or 0, {}", name(type)), condition,
                         std::abs(first.x), Relation::equals, none));
    parts.push_back(information(fmt::format("result there, {}", name(type)), first.got));
  }
  return parts;
}

constexpr Claim list[] = {
    {"O1", "T2", "e^−x overflows for very negative x and breaks the sigmoid's stability",
     "the naive kernel's worst error where e^−x overflows", Timed::no, o1},
    {"O2", "T2", "softplus is safer than e^x, which may overflow", "from where softplus kernels overflow, and e^x",
     Timed::no, o2},
    {"O3", "T1", "tanh by its quotient of exponentials works for every x", "from where the naive kernel gives NaN or 0",
     Timed::no, o3},
};

}  // namespace

std::span<const Claim> overflow() { return list; }

}  // namespace actbench::bench::claim_parts
