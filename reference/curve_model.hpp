// SPDX-License-Identifier: Apache-2.0
//
// A curve (curve.hpp) as jets: what the proofs about curves are made from.
#pragma once

#include "reference/curve.hpp"
#include "reference/enclose.hpp"

namespace actbench::reference {

/// The curve's Taylor coefficients over an open interval. forked: as in Enclosed; then only the value holds.
struct CurveModel {
  Jet jet;
  bool forked = false;
};
CurveModel model_of(const Curve&, const Interval& x);

/// The interval that is one number.
inline Interval point(double x) { return {Bound(x), Bound(x)}; }

}  // namespace actbench::reference
