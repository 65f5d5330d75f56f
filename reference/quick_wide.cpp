// SPDX-License-Identifier: Apache-2.0
//
// The quick values of f64: the definitions themselves, over Wide.
#include <cmath>
#include <limits>

#include "reference/activations.hpp"
#include "reference/function.hpp"
#include "reference/wide.hpp"

namespace actbench::reference {
namespace {

/// Left to Exact: a sweep meets one of each sign.
constexpr Quick at_infinity{0, 0, std::numeric_limits<double>::infinity()};

template <class Activation>
void forward(const double* x, Quick* out, std::size_t n, const double* parameters) {
  Wide p[Activation::parameters + 1];
  for (std::size_t i = 0; i < Activation::parameters; ++i) p[i] = parameters[i];
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isfinite(x[i])) {
      out[i] = quick_of(Activation::forward(Wide(x[i]), p));
    } else {
      out[i] = std::isnan(x[i]) ? Quick{x[i], 0, 0} : at_infinity;
    }
  }
}

}  // namespace

#define ACTBENCH_ROW(name) &forward<activations::name>,
extern void (*const forward_wide[])(const double* x, Quick* out, std::size_t n, const double* parameters);
void (*const forward_wide[])(const double* x, Quick* out, std::size_t n,
                             const double* parameters) = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

}  // namespace actbench::reference
