// SPDX-License-Identifier: Apache-2.0
//
// Properties as text, for their tables and records.
#pragma once

#include <cmath>
#include <string>

#include "bench/properties/properties.hpp"

namespace actbench::bench {

/// The two sides, in the order of the arrays that have one entry for each.
inline constexpr const char* side_names[] = {"−∞", "+∞"};

/// So many significant digits; infinities as ∞ and −∞.
std::string number_text(double v, int digits = 10);

/// "elu alpha=1".
std::string name_with_parameters(const Properties&);

/// An open interval: "(−∞, 0.5)".
std::string open_text(double from, double to);

/// x, or infinity where x is as far out as series reach.
inline double outermost(double x) { return std::abs(x) >= reference::Profile::reach ? std::copysign(HUGE_VAL, x) : x; }

const char* text_of(Symmetry);
const char* text_of(Course);

/// "[-0.169971, ∞)": a bracket at an end that the function attains, a parenthesis at one that it approaches.
std::string range_text(const reference::Extreme& least, const reference::Extreme& greatest);

/// "smooth (analytic)", "C1", "jumps".
std::string smoothness_text(const Properties&);

}  // namespace actbench::bench
