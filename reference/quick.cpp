// SPDX-License-Identifier: Apache-2.0
//
// The quick forms as loops.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "reference/activations.hpp"
#include "reference/function.hpp"

namespace actbench::reference {
namespace {

/// f(±infinity): what the definition says, in double. Only selu's limit -λα is not exact there.
template <class Activation>
Quick limit(double x, const double* parameters) {
  const Sum<double> sum = Activation::forward(x, parameters);
  if (!std::isfinite(sum.anchor + sum.rest)) return {sum.anchor + sum.rest, 0, 0};
  return {sum.anchor, sum.rest, std::abs(sum.rest) * 0x1p-48};
}

template <class Activation>
void forward(const double* x, Quick* out, std::size_t n, const double* parameters) {
  double p[Activation::parameters + 1];
  std::copy_n(parameters, Activation::parameters, p);
  bool all_finite = true;
  constexpr std::size_t block = 64;
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t count = std::min(block, n - start);
    double argument[block], hi[block], lo[block], error[block];
    std::copy_n(x + start, count, argument);
    std::fill(argument + count, argument + block, 0.0);
    for (std::size_t i = 0; i < block; ++i) {
      const Quick q = Activation::quick_forward(argument[i], p);
      hi[i] = q.hi;
      lo[i] = q.lo;
      error[i] = q.error;
    }
    for (std::size_t i = 0; i < count; ++i) {
      out[start + i] = {hi[i], lo[i], error[i]};
      all_finite = all_finite && std::isfinite(argument[i]);
    }
  }
  if (all_finite) return;
  const double infinity = std::numeric_limits<double>::infinity();
  const Quick above = limit<Activation>(infinity, p), below = limit<Activation>(-infinity, p);
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(x[i])) out[i] = {x[i], 0, 0};
    if (std::isinf(x[i])) out[i] = x[i] > 0 ? above : below;
  }
}

}  // namespace

#define ACTBENCH_ROW(name) &forward<activations::name>,
extern void (*const forward_quick[])(const double* x, Quick* out, std::size_t n, const double* parameters);
void (*const forward_quick[])(const double* x, Quick* out, std::size_t n,
                              const double* parameters) = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_ROW)};
#undef ACTBENCH_ROW

void quick(const Function& f, const Format& format, const double* x, Quick* out, std::size_t n,
           std::span<const double> parameters) {
  assert(parameters.size() == f.parameter_count);
  const bool narrow = f.quick != nullptr && format.precision <= f32.precision;
  (narrow ? f.quick : f.quick_wide)(x, out, n, parameters.data());
}

}  // namespace actbench::reference
