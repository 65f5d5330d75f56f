// SPDX-License-Identifier: Apache-2.0
//
// The body of the generated evaluate_<digits>.cpp: the table ACTBENCH_EVALUATORS of every activation in every direction
// at the working precision ACTBENCH_DIGITS.
#include <boost/multiprecision/mpfr.hpp>
#include <iterator>

#include "reference/activations.hpp"
#include "reference/function.hpp"

namespace actbench::reference {
namespace {

using Real = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<ACTBENCH_DIGITS, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;
static_assert(std::numeric_limits<Real>::digits <= bits_of(ACTBENCH_DIGITS));

template <class Direction, class Activation>
void evaluate(const double* inputs, const double* parameters, mpfr_t anchor, mpfr_t rest) {
  Real in[Direction::inputs], p[Activation::parameters + 1];
  for (std::size_t i = 0; i < Direction::inputs; ++i) in[i] = inputs[i];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  const Sum<Real> sum = Direction::template value<Activation>(in, p);
  mpfr_set(anchor, sum.anchor.backend().data(), MPFR_RNDN);
  mpfr_set(rest, sum.rest.backend().data(), MPFR_RNDN);
}

struct Maker {
  template <class Direction, class Activation>
  static constexpr Evaluator make() {
    return &evaluate<Direction, Activation>;
  }
};

}  // namespace

#define ACTBENCH_ROW(name) each_direction<Evaluator, Maker, activations::name>(),
extern const EachDirection<Evaluator> ACTBENCH_EVALUATORS[];
const EachDirection<Evaluator> ACTBENCH_EVALUATORS[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

}  // namespace actbench::reference
