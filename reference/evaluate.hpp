// SPDX-License-Identifier: Apache-2.0
//
// The body of the generated evaluate_<digits>.cpp: the table ACTBENCH_FORWARD of every definition at the working
// precision ACTBENCH_DIGITS.
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

template <class Activation>
void forward(const double* inputs, const double* parameters, mpfr_t anchor, mpfr_t rest) {
  Real p[Activation::parameters + 1];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  const Sum<Real> sum = Activation::forward(Real(inputs[0]), p);
  mpfr_set(anchor, sum.anchor.backend().data(), MPFR_RNDN);
  mpfr_set(rest, sum.rest.backend().data(), MPFR_RNDN);
}

}  // namespace

#define ACTBENCH_ROW(name) &forward<activations::name>,
extern const Evaluator ACTBENCH_FORWARD[];
const Evaluator ACTBENCH_FORWARD[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

}  // namespace actbench::reference
