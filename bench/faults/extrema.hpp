// SPDX-License-Identifier: Apache-2.0
//
// Where a function turns, and its slope in between.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/faults/oracle.hpp"
#include "bench/faults/shape.hpp"

namespace actbench::bench::faults {

template <class U>
struct Turns {
  std::vector<Stretch> stretches;
  std::vector<std::uint64_t> turning_points;  ///< inputs
  std::vector<U> ends;                        ///< magnitudes at which extrema begin and end
};

/// The extrema of a half-axis, from the plateaus of equal results in the sample: a plateau above both its neighbours,
/// or below both, holds an extremum or lies next to one.
template <class U>
Turns<U> find_turns(const Sample<U>&, bool negative, const Layout&, Oracle&);

}  // namespace actbench::bench::faults
