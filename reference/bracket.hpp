// SPDX-License-Identifier: Apache-2.0
//
// The result of a proof: two doubles around the truth.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace actbench::reference {

/// low <= truth <= high.
struct Bracket {
  double low = 0, high = 0;
  double middle() const { return low + (high - low) / 2; }
  double radius() const { return std::max(high - middle(), middle() - low); }
  double size() const { return std::max(std::abs(low), std::abs(high)); }
  bool is_point() const { return low == high; }
  bool contains(double v) const { return low <= v && v <= high; }
};

/// f, f', f'', … at a place.
using Derivatives = std::array<Bracket, 9>;

template <class R>
struct Anchored;
struct Jet;
/// A definition over jets (jet.hpp).
using Encloser = Anchored<Jet> (*)(const Jet& x, const Jet* parameters);

}  // namespace actbench::reference
