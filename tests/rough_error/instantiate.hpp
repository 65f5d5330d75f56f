// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/instantiate.hpp: "kernels" whose result is the error of the Rough result.
#pragma once

#include "kernels/elementwise.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// y[i]: the error of the Rough result for x[i], over the size that it is relative to. No error is what lies far below
/// any float, or above, in both: there the full result may be scaled.
template <class D, Direction direction>
void rough_error_of(const Arguments& a) noexcept {
  if constexpr (!D::rounds_once) {
    const Parameters<D, Rough<F64>> p(a.parameters);
    for_each<D, 1, float, direction>(a, [&](const float* x, MultiplierPointers<float>, float* y) {
      const F64 input = load_wide(x);
      const auto result = rough<D, direction>(input, p);
      const DoubleDouble<F64> exact = full<D, direction>(input, a.parameters);
      const double value = result.v.v, size = __builtin_fabs(value) + slack_of(result).v;
      const double off = __builtin_fabs((value - exact.hi.v) - exact.lo.v);
      const double exact_size = __builtin_fabs(exact.hi.v);
      const bool zeros = size < 0x1p-151 && exact_size<0x1p-151, infinities = size> 0x1p160 && exact_size > 0x1p160;
      store(y, F32(static_cast<float>(off == 0 || zeros || infinities ? 0 : off / size)));
    });
  } else {
    for_each<D, 1, float, direction>(a, [](const float*, MultiplierPointers<float>, float* y) { store(y, F32(0)); });
  }
}

constexpr Kernel rows[] = {
    {&Definition::facts, Direction::forward, Type::f32, Tier::accurate, backend, 0,
     rough_error_of<Definition, Direction::forward>},
    {&Definition::facts, Direction::derivative, Type::f32, Tier::accurate, backend, 0,
     rough_error_of<Definition, Direction::derivative>},
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(rows, sizeof rows / sizeof rows[0])
