// SPDX-License-Identifier: Apache-2.0
//
// What claims are computed from, where kernels have to be run.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench::claim_parts {

inline constexpr Tier tiers[] = {Tier::naive, Tier::fast, Tier::accurate};

/// The scalar kernel, as people write it: one number at a time.
const Kernel& kernel_of(const char* activation, Type, Tier, const char* direction = "forward");

struct Result {
  double x, got, expected, ulp;
};
std::vector<Result> results(const Kernel&, std::span<const double> xs);

/// Numbers of a type on one side (-1 or 1), from `from` outwards to infinity: every number of the 16-bit types, and of
/// the others so many that their patterns are evenly apart.
std::vector<double> outwards(Type, int side, double from = 0);

/// The first input, on the way outwards from `from`, whose result satisfies the condition; for_good: all results beyond
/// it do, too, as far as they are looked at. Between two inputs that are looked at it is found by halving. Infinity:
/// there is none.
Result first_of(const Kernel&, int side, double from, const std::function<bool(const Result&)>& condition,
                bool for_good);

/// The result with the largest error.
Result worst_of(const Kernel&, int side, double from = 0);

/// The first number of a type whose exponential, computed as the textbook formula computes it, rounds to infinity.
double exponential_overflow(Type);

}  // namespace actbench::bench::claim_parts
