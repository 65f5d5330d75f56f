// SPDX-License-Identifier: Apache-2.0
//
// Claims about values, and about functions that are others in disguise.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "bench/claims/exact.hpp"
#include "bench/claims/groups.hpp"
#include "bench/claims/kernel_results.hpp"
#include "bench/numbers/types.hpp"
#include "reference/profile.hpp"

namespace actbench::bench::claim_parts {
namespace {

using reference::Profile;

Parts v1(Evidence&) {
  const double form = exact("gelu_tanh", "forward", 1), value = exact("gelu", "forward", 1);
  return {part("the tanh inside", essential, 2 * form - 1, Relation::equals, 0.683675, 5e-7),
          part("the tanh form at 1", essential, form, Relation::equals, 0.8418375, 5e-8),
          information("GELU(1) = Φ(1)", value), information("claimed less exact", 0.8418375 - value)};
}

Parts v2(Evidence& e) {
  return {part("σ′(0)", essential, exact("sigmoid", "derivative", 0), Relation::equals, 0.25),
          part("sup σ′", essential, e.properties("sigmoid").greatest_slope.value, Relation::equals, 0.25),
          information("attained at", e.properties("sigmoid").greatest_slope.at)};
}

Parts v3(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    // Neither value is above 1, so their distance says enough.
    const Precise t = precise("tanh", "forward", x), s = precise("sigmoid", "forward", 2 * x);
    worst = std::max(worst, std::abs(t.value - (2 * s.value - 1)));
  }
  Parts parts{part("largest |tanh x − (2σ(2x) − 1)|, exact", condition, static_cast<double>(worst), Relation::at_most,
                   0x1p-60)};
  const reference::Function* tanh = reference::find("tanh");
  for (const Tier tier : tiers) {
    // The identity is computed in f32 from the tier's sigmoid, and held against the exact tanh.
    std::vector<double> xs = outwards(Type::f32, 1), doubled, computed;
    for (double x : xs) doubled.push_back(round_to(Type::f32, 2 * x));
    for (const Result& r : results(kernel_of("sigmoid", Type::f32, tier), doubled))
      computed.push_back(static_cast<double>(2 * static_cast<float>(r.got) - 1));
    std::vector<reference::Quick> quick(xs.size());
    std::vector<reference::Judgement> judged(xs.size());
    reference::quick(*tanh, reference::f32, {xs.data()}, quick.data(), xs.size(), {});
    reference::judge(*tanh, reference::f32, {xs.data()}, quick.data(), computed.data(), judged.data(), xs.size(), {});
    const auto largest_error =
        std::max_element(judged.begin(), judged.end(), [](const auto& a, const auto& b) { return a.ulp < b.ulp; });
    parts.push_back(part(fmt::format("worst ULP of 2σ(2x) − 1 in f32 with the {} σ", name(tier)), condition,
                         largest_error->ulp, Relation::at_most, 1));
    parts.push_back(information(fmt::format("at x, {}", name(tier)), xs[largest_error - judged.begin()]));
  }
  return parts;
}

Parts v4(Evidence& e) {
  const auto& p = e.properties("tanh");
  const double near = exact("tanh", "derivative", 0x1p-10);
  return {part("tanh′(0)", essential, exact("tanh", "derivative", 0), Relation::equals, 1),
          part("sup tanh′ over all x", condition, p.greatest_slope.value, Relation::below, 1),
          part("sup tanh′ over |x| ≥ 2⁻¹⁰", condition, near, Relation::below, 1),
          information("attained at", p.greatest_slope.at)};
}

Parts v5(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    const Precise slope = precise("softplus", "derivative", x, {1}), sigma = precise("sigmoid", "forward", x);
    worst = std::max(worst, std::abs(slope.value - sigma.value));
  }
  // softplus differentiated by the series of its own definition, beside σ.
  const Profile softplus("softplus", std::vector<double>{1}), sigmoid("sigmoid", {});
  double by_series = 0;
  for (double x : spread_inputs(-8, 5))
    by_series = std::max(by_series, std::abs(softplus.at(x, 1, 2)[1].middle() - sigmoid.at(x, 1, 2)[0].middle()));
  return {part("largest |softplus′ − σ|", essential, static_cast<double>(worst), Relation::at_most, 0x1p-60),
          part("the same from softplus's own series", essential, by_series, Relation::at_most, 1e-13),
          part("softplus′(0)", essential, exact("softplus", "derivative", 0, {1}), Relation::equals, 0.5)};
}

Parts v6(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    const Precise silu = precise("silu", "forward", x), sigma = precise("sigmoid", "forward", x);
    worst =
        std::max(worst, std::abs(silu.value - x * sigma.value) / std::max<long double>(1e-300L, std::abs(silu.value)));
  }
  const Kernel& kernel = kernel_of("silu", Type::f32, Tier::naive);
  const auto off = [](const Result& r) { return r.ulp > 1; };
  Parts parts{part("largest relative |SiLU − x·σ(x)|, exact", condition, static_cast<double>(worst), Relation::at_most,
                   0x1p-58)};
  for (const int side : {-1, 1}) {
    const Result first = first_of(kernel, side, 0.5, off, false), bad = worst_of(kernel, side);
    const char* where = side < 0 ? "x < 0" : "x > 0";
    parts.push_back(
        part(fmt::format("worst ULP of the naive f32 form, {}", where), condition, bad.ulp, Relation::at_most, 1));
    parts.push_back(information(fmt::format("at x, {}", where), bad.x));
    parts.push_back(information(fmt::format("first beyond 0.5 that is off by more than 1 ULP, {}", where), first.x));
    parts.push_back(information(fmt::format("result there, {}", where), first.got));
  }
  return parts;
}

Parts v7(Evidence& e) {
  double line = 0;
  for (double x : spread_inputs()) line = std::max(line, std::abs(exact("swish", "forward", x, {0}) - x / 2));
  Parts parts{part("largest |swish − x/2|, β = 0", essential, line, Relation::equals, 0)};
  double before = 0;
  for (const double beta : {1.0, 10.0, 100.0, 1000.0}) {
    // x − xσ(βx) = xσ(−βx), so the gap to ReLU is the same on both sides of 0, and largest where swish is least.
    const double gap = -e.properties("swish", {beta}).least.value;
    parts.push_back(information(fmt::format("sup gap to ReLU, β = {:g}", beta), gap));
    if (before > 0)
      parts.push_back(part(fmt::format("gap over that of a tenth of β, β = {:g}", beta), essential, gap / before,
                           Relation::at_most, 0.11));
    before = gap;
  }
  return parts;
}

Parts v8(Evidence&) {
  Parts parts;
  for (const double alpha : {0.01, 0.5, 1.0, 1.5}) {
    double worst = 0;
    for (double x : spread_inputs(-10, 3))
      worst = std::max(worst, std::abs(exact("leaky_relu", "forward", x, {alpha}) - std::max(alpha * x, x)));
    parts.push_back(
        part(fmt::format("largest difference in [−8, 8], α = {:g}", alpha), condition, worst, Relation::equals, 0));
  }
  return parts;
}

constexpr Claim list[] = {
    {"V1", "T2", "tanh inside GELU at x = 1 is 0.683675, so GELU(1) ≈ 0.8418375",
     "that tanh, the tanh form and the exact value at 1", Timed::no, v1},
    {"V2", "T1, T2", "σ′(0) = 0.25, and that is its maximum", "σ′(0) and sup σ′", Timed::no, v2},
    {"V3", "T2", "tanh(x) = 2σ(2x) − 1", "the difference, exactly and in f32 arithmetic", Timed::no, v3},
    {"V4", "T2", "tanh′(0) = 1; the derivative is always below 1", "tanh′(0) and sup tanh′", Timed::no, v4},
    {"V5", "T2", "softplus′(x) = σ(x), softplus′(0) = 0.5", "the difference, and the value at 0", Timed::no, v5},
    {"V6", "T2", "SiLU(x) = x/(1 + e^−x) for every x", "the difference, exactly and of the naive f32 kernel", Timed::no,
     v6},
    {"V7", "T2", "swish with β = 0 is a linear function; as β → ∞ it tends to ReLU",
     "the gap to x/2 and the largest to ReLU", Timed::no, v7},
    {"V8", "T1, T2", "leaky_relu(x) = max(αx, x)", "the largest difference for four α", Timed::no, v8},
};

}  // namespace

std::span<const Claim> values() { return list; }

}  // namespace actbench::bench::claim_parts
