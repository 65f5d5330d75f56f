// SPDX-License-Identifier: Apache-2.0
//
// The body of the generated evaluate_<digits>.cpp: the table ACTBENCH_EVALUATORS of every activation in every direction
// at the working precision ACTBENCH_DIGITS.
#include <iterator>

#include "reference/activations.hpp"
#include "reference/evaluator.hpp"

namespace actbench::reference {
namespace {

using Real = RealOf<ACTBENCH_DIGITS>;
static_assert(std::numeric_limits<Real>::digits <= bits_of(ACTBENCH_DIGITS));

struct Maker {
  template <class Direction, class Activation>
  static constexpr Evaluator make() {
    return &evaluate<Real, Direction, Activation>;
  }
};

}  // namespace

#define ACTBENCH_ROW(name) each_direction<Evaluator, Maker, activations::name>(),
extern const EachDirection<Evaluator> ACTBENCH_EVALUATORS[];
const EachDirection<Evaluator> ACTBENCH_EVALUATORS[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

}  // namespace actbench::reference
