// SPDX-License-Identifier: Apache-2.0
//
// What the conventions say of NaN, infinities, zeros and subnormals, for every kernel that promises something. The
// limits are written down here, by hand, from the specified definitions: not taken from the reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

/// forward at the ends and at 0, with default parameters.
struct Limits {
  double at_minus_infinity, at_infinity;  ///< a negative zero means that its sign is the convention's, +0 any zero
  double at_zero;
  bool zero_keeps_sign;  ///< f(±0) = ±0
};

const std::map<std::string, Limits>& limits() {
  constexpr double selu_floor = -1.758099340847376860;  // -λα
  static const std::map<std::string, Limits> all{
      {"celu", {-1, inf, 0, false}},
      {"elu", {-1, inf, 0, false}},
      {"gelu", {-0.0, inf, 0, true}},
      {"gelu_normal", {-0.0, inf, 0, true}},
      {"gelu_tanh", {-0.0, inf, 0, true}},
      {"hard_sigmoid", {0, 1, 0.5, false}},
      {"hard_swish", {-0.0, inf, 0, true}},
      {"hardshrink", {-inf, inf, 0, false}},
      {"hardtanh", {-1, 1, 0, true}},
      {"identity", {-inf, inf, 0, true}},
      {"leaky_relu", {-inf, inf, 0, false}},
      {"log_sigmoid", {-inf, 0, -std::log(2.0), false}},
      {"mish", {-0.0, inf, 0, true}},
      {"new_gelu", {-0.0, inf, 0, true}},
      {"prelu", {-inf, inf, 0, false}},
      {"quick_gelu", {-0.0, inf, 0, true}},
      {"relu", {0, inf, 0, false}},
      {"relu6", {0, 6, 0, false}},
      {"rrelu", {-inf, inf, 0, false}},
      {"scaled_sigmoid", {0, 100, 50, false}},
      {"scaled_tanh", {-5, 5, 0, true}},
      {"selu", {selu_floor, inf, 0, false}},
      {"sigmoid", {0, 1, 0.5, false}},
      {"silu", {-0.0, inf, 0, true}},
      {"softplus", {0, inf, std::log(2.0), false}},
      {"softshrink", {-inf, inf, 0, false}},
      {"softsign", {-1, 1, 0, true}},
      {"squared_relu", {0, inf, 0, false}},
      {"step", {0, 1, 1, false}},
      {"swish", {-0.0, inf, 0, true}},
      {"tanh", {-1, 1, 0, true}},
      {"tanhshrink", {-inf, inf, 0, true}},
      {"threshold", {20, inf, 20, false}},
  };
  return all;
}

std::uint64_t at(const Kernel& kernel, std::uint64_t x, std::uint64_t dy) {
  std::uint64_t y = 0;
  run(kernel, &x, &dy, &y, 1, default_parameters(kernel));
  return y;
}
double forward_at(const Kernel& kernel, std::uint64_t x) { return to_double(kernel.type, at(kernel, x, 0)); }

std::vector<const Kernel*> promising_kernels() {
  std::vector<const Kernel*> found;
  for (const Kernel* k : runnable_kernels()) {
    if (k->promised_ulp < inf) found.push_back(k);
  }
  return found;
}

TEST(Special, NaNInGivesNaNOut) {
  for (const Kernel* k : promising_kernels()) {
    const Layout l = layout(k->type);
    const std::uint64_t nans[] = {l.quiet_nan(), l.quiet_nan() | l.sign(), l.infinity() + 1,
                                  (l.infinity() + 1) | l.sign(), l.sign() - 1};
    for (const std::uint64_t nan : nans) {
      EXPECT_TRUE(l.is_nan(at(*k, nan, l.one()))) << identity(*k) << std::hex << " of 0x" << nan;
      if (multipliers_of(*k).count() > 0) {
        EXPECT_TRUE(l.is_nan(at(*k, l.one(), nan))) << identity(*k) << std::hex << " times 0x" << nan;
      }
    }
  }
}

TEST(Special, LimitsAreThoseOfKernels) {
  std::set<std::string> present;
  for (const Kernel& k : kernels()) present.insert(k.activation->name);
  for (const auto& [activation, known] : limits()) EXPECT_TRUE(present.count(activation)) << activation;
}

TEST(Special, InfinitiesGiveTheLimits) {
  for (const Kernel* k : promising_kernels()) {
    if (k->direction != Direction::forward) continue;
    const auto known = limits().find(k->activation->name);
    if (known == limits().end()) continue;
    const Layout l = layout(k->type);
    const auto check = [&](std::uint64_t x, double limit, const char* where) {
      const double got = forward_at(*k, x);
      EXPECT_EQ(got, round_to(k->type, limit)) << identity(*k) << " at " << where;
      if (limit == 0 && std::signbit(limit)) {
        EXPECT_TRUE(std::signbit(got)) << identity(*k) << " at " << where;
      }
    };
    check(l.infinity() | l.sign(), known->second.at_minus_infinity, "-inf");
    check(l.infinity(), known->second.at_infinity, "inf");
  }
}

TEST(Special, ZerosKeepTheirSignWhereTheConventionsSaySo) {
  for (const Kernel* k : promising_kernels()) {
    if (k->direction != Direction::forward) continue;
    const auto found = limits().find(k->activation->name);
    if (found == limits().end()) continue;
    const Limits& known = found->second;
    const Layout l = layout(k->type);
    for (const std::uint64_t zero : {std::uint64_t{0}, l.sign()}) {
      const double got = forward_at(*k, zero);
      EXPECT_EQ(got, round_to(k->type, known.at_zero)) << identity(*k) << (zero == 0 ? " at 0" : " at -0");
      if (known.zero_keeps_sign) {
        EXPECT_EQ(std::signbit(got), zero != 0) << identity(*k) << (zero == 0 ? " at 0" : " at -0");
      }
    }
  }
}

/// Functions that are x itself near 0, and those of slope 1/2 there: what becomes of the largest subnormal, s, an odd
/// number of spacings. Slope 1/2 gives a tie, which the next term decides upwards.
TEST(Special, SubnormalsAreKept) {
  const std::string like_x[] = {"identity", "tanh", "softsign", "hardtanh"};
  const std::string halved[] = {"gelu", "gelu_tanh", "new_gelu", "quick_gelu", "silu", "gelu_normal", "hard_swish"};
  for (const Kernel* k : promising_kernels()) {
    if (k->direction != Direction::forward) continue;
    const Layout l = layout(k->type);
    const std::uint64_t s = l.smallest_normal() - 1;
    const std::string activation = k->activation->name;
    if (std::ranges::count(like_x, activation)) {
      EXPECT_EQ(at(*k, 1, 0), 1u) << identity(*k);
      EXPECT_EQ(at(*k, s, 0), s) << identity(*k);
      EXPECT_EQ(at(*k, s | l.sign(), 0), s | l.sign()) << identity(*k);
    }
    if (std::ranges::count(halved, activation) && k->promised_ulp == 0.5) {
      EXPECT_EQ(at(*k, s, 0), (s + 1) / 2) << identity(*k);
      EXPECT_EQ(at(*k, s | l.sign(), 0), ((s - 1) / 2) | l.sign()) << identity(*k);
      EXPECT_EQ(at(*k, 1, 0), 1u) << identity(*k);
      EXPECT_EQ(at(*k, 1 | l.sign(), 0), l.sign()) << identity(*k);
    }
  }
}

TEST(Special, TheLargestNumbersNeitherOverflowNorTurnNaN) {
  for (const Kernel* k : promising_kernels()) {
    if (k->direction != Direction::forward) continue;
    const auto found = limits().find(k->activation->name);
    if (found == limits().end()) continue;
    const Limits& known = found->second;
    const Layout l = layout(k->type);
    const std::uint64_t largest = l.infinity() - 1;
    const double up = forward_at(*k, largest);
    const double down = forward_at(*k, largest | l.sign());
    EXPECT_FALSE(std::isnan(up)) << identity(*k);
    EXPECT_FALSE(std::isnan(down)) << identity(*k);
    if (std::isfinite(known.at_infinity)) {
      EXPECT_TRUE(std::isfinite(up)) << identity(*k) << ": " << up;
    }
    if (std::isfinite(known.at_minus_infinity)) {
      EXPECT_TRUE(std::isfinite(down)) << identity(*k) << ": " << down;
    }
  }
}

}  // namespace
}  // namespace actbench::test
