// SPDX-License-Identifier: Apache-2.0
//
// A definition at one working precision.
#pragma once

#include <boost/multiprecision/mpfr.hpp>

#include "reference/function.hpp"

namespace actbench::reference {

template <int digits>
using RealOf = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<digits, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

/// An Evaluator.
template <class Real, class Direction, class Activation>
void evaluate(const double* inputs, const double* parameters, mpfr_t anchor, mpfr_t rest) {
  constexpr std::size_t count = 1 + Direction::multipliers;
  Real in[count], p[Activation::parameters + 1];
  for (std::size_t i = 0; i < count; ++i) in[i] = inputs[i];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  const Anchored<Real> sum = Direction::template value<Activation>(in, p);
  mpfr_set(anchor, sum.anchor.backend().data(), MPFR_RNDN);
  mpfr_set(rest, sum.rest.backend().data(), MPFR_RNDN);
}

}  // namespace actbench::reference
