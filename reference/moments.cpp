// SPDX-License-Identifier: Apache-2.0
//
// Means under the normal distribution: ∫ hφ and ∫ h²φ cell by cell. Over a cell with middle m and half width w the
// integrands are in their Taylor forms c₀ + c₁t + … + cₙ₋₁tⁿ⁻¹ + Cₙtⁿ for t = x - m (curve.cpp), whose odd powers
// vanish in the integral from -w to w. A cell whose integral is not known well enough is halved.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "reference/curve_model.hpp"

namespace actbench::reference {
namespace {

constexpr std::size_t most_cells = 60000;
static_assert(highest_order % 2 == 0, "the remainder's power is even");

using Range = std::pair<double, double>;

/// Cells of the line: narrow ones where the density is large.
std::vector<Range> first_cells() {
  std::vector<Range> cells;
  for (double size : {0x1p512, 0x1p256, 0x1p128, 0x1p64, 0x1p32, 65536.0, 256.0}) {
    cells.emplace_back(std::max(64.0, std::sqrt(size)), size);
    cells.emplace_back(-size, -std::max(64.0, std::sqrt(size)));
  }
  for (int i = -64; i < 64; ++i) {
    if (i < -8 || i >= 8) {
      if (i % 4 == 0) cells.emplace_back(i, i + 4);
    } else {
      cells.emplace_back(i, i + 0.5);
      cells.emplace_back(i + 0.5, i + 1);
    }
  }
  return cells;
}

/// hφ and h²φ.
struct Integrands {
  Jet once, twice;
  bool forked;
};
Integrands integrands(const Curve& curve, const Interval& x) {
  const CurveModel model = model_of(curve, x);
  Jet square = model.jet * model.jet;
  if (model.jet.c[0].contains_zero()) square.c[0].low = 0;
  const Jet density = normal_density(Jet::variable(x));
  return {model.jet * density, square * density, model.forked};
}

/// The integral of a Taylor form from -half to half.
Interval integral(const Jet& at_middle, const Jet& over_all, const Interval& half) {
  Interval sum, power = half;
  for (int k = 0; k <= Jet::order; k += 2) {
    const auto i = static_cast<std::size_t>(k);
    sum = sum + (k == Jet::order ? over_all.c[i] : at_middle.c[i]) * power * Interval(2) / Interval(k + 1);
    power = power * half * half;
  }
  return sum;
}

}  // namespace

Moments normal_moments(const Curve& curve) {
  // What a cell's integral may be off by; the square of a small difference is much smaller.
  const double off_once = 1e-17, off_twice = curve.kind == Curve::Kind::single ? 1e-17 : 1e-20;
  Interval once, twice;
  std::size_t cells = 0;
  for (std::vector<Range> stack = first_cells(); !stack.empty();) {
    const auto [low, high] = stack.back();
    stack.pop_back();
    if (++cells > most_cells) throw Undecided("the mean takes too many pieces");
    const Interval width = point(high) - point(low), half = width / 2;
    const Integrands over = integrands(curve, Interval(Bound(low), Bound(high)));
    Interval parts[] = {over.once.c[0] * width, over.twice.c[0] * width};
    const auto is_near = [&] {
      return parts[0].high - parts[0].low <= off_once && parts[1].high - parts[1].low <= off_twice;
    };
    if (!over.forked && !is_near()) {
      const Integrands at = integrands(curve, point(low + (high - low) / 2));
      parts[0] = intersection(parts[0], integral(at.once, over.once, half));
      parts[1] = intersection(parts[1], integral(at.twice, over.twice, half));
    }
    if (!is_near() && high - low > 0x1p-60 * std::max(1.0, std::abs(low))) {
      const double middle = low < 0 && high > 0 ? 0.0 : low + (high - low) / 2;
      stack.emplace_back(low, middle);
      stack.emplace_back(middle, high);
      continue;
    }
    once = once + parts[0];
    twice = twice + parts[1];
  }
  return {bracket_of(once), bracket_of(twice), bracket_of(twice - once * once)};
}

}  // namespace actbench::reference
