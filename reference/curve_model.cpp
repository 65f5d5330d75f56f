// SPDX-License-Identifier: Apache-2.0
#include "reference/curve_model.hpp"

#include <utility>

namespace actbench::reference {

CurveModel model_of(const Curve& curve, const Interval& x) {
  const Enclosed f = enclose(*curve.f.function, curve.f.parameters, x);
  if (curve.kind == Curve::Kind::single) return {f.sum.anchor + f.sum.rest, f.forked};
  const Enclosed g = enclose(*curve.g.function, curve.g.parameters, x);
  // Anchors are subtracted by themselves, so that equal ones cancel exactly.
  Jet apart = (f.sum.anchor - g.sum.anchor) + (f.sum.rest - g.sum.rest);
  if (curve.kind == Curve::Kind::relative) {
    const Jet &anchor = f.sum.anchor, &rest = f.sum.rest;
    const bool vanishes = !f.forked && anchor == Jet(0) && rest == Jet(0);
    // (0 - g)/g, which a quotient of intervals would not see.
    apart = vanishes ? Jet(-1) : apart / (g.sum.anchor + g.sum.rest);
  }
  return {std::move(apart), f.forked || g.forked};
}

}  // namespace actbench::reference
