// SPDX-License-Identifier: Apache-2.0
//
// Numbers and places of a gap as text, for its tables and its sentence.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/gap/gap.hpp"

namespace actbench::bench {

/// The most digits that a gap's tables show.
inline constexpr int most_digits = 12;

/// Whether every place has its mirror image among them.
template <class Item>
bool symmetric(const std::vector<Item>& items) {
  return std::all_of(items.begin(), items.end(), [&](const Item& item) {
    return std::any_of(items.begin(), items.end(), [&](const Item& other) {
      const double scale = std::max(1.0, std::abs(item.at.low));
      return std::abs(item.at.low + other.at.high) < 1e-9 * scale &&
             std::abs(item.at.high + other.at.low) < 1e-9 * scale;
    });
  });
}

/// "2.69894138638", "0 (within 2e-06)". mirrored: the place stands for its mirror image, too, and begins with ±.
std::string place_text(const reference::Bracket& at, bool mirrored);

/// Where the size of a gap is largest. Symmetric places are named once, with ±.
std::string places_text(const reference::Analysis&);

/// The largest size: "0.000473235520687", "unbounded".
std::string largest_text(const reference::Analysis&, int digits = most_digits);

/// "beta=1.702" of an activation, "a=1, c=0.044715" of a form.
std::string coefficients_text(const Contender&);

}  // namespace actbench::bench
