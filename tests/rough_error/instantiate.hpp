// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/instantiate.hpp: "kernels" whose result is the error of the Rough result.
#pragma once

#include "kernels/elementwise.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// How far a Rough result is from the full one, over the size that it is relative to. No error is what lies far below
/// any float, or above, in both: there the full result may be scaled.
inline double error_of(double value, double slack, const DoubleDouble<F64>& exact) {
  const double size = __builtin_fabs(value) + slack, exact_size = __builtin_fabs(exact.hi.v);
  const double off = __builtin_fabs((value - exact.hi.v) - exact.lo.v);
  const bool zeros = size < 0x1p-151 && exact_size<0x1p-151, infinities = size> 0x1p160 && exact_size > 0x1p160;
  return off == 0 || zeros || infinities ? 0 : off / size;
}

/// The same of the shorter way, 0 where x does not take it (RoughBodyStep).
template <class D, Direction direction>
double body_error_of(F64 x, const double* parameters, const DoubleDouble<F64>& exact) {
  if constexpr (HasBody<D> && is_relative<D, direction> && !on_device) {
    const double size = __builtin_fabs(x.v);
    if (size >= 0x1p-30 && size < D::body_end(80, parameters) && usual_parameters(parameters)) {
      const Parameters<D, Rough<Body<F64>>> p(parameters);
      return error_of(factor<D, direction>(Rough<Body<F64>>(Body<F64>(x)), p).v.v[0].v, 0, exact);
    }
  }
  return 0;
}

/// y[i]: the larger of the two for x[i].
template <class D, Direction direction>
void rough_error_of(const Arguments& a) noexcept {
  if constexpr (!D::rounds_once) {
    const Parameters<D, Rough<F64>> p(a.parameters);
    for_each<D, 1, float, direction>(a, [&](const float* x, MultiplierPointers<float>, float* y) {
      const F64 input = load_wide(x);
      const auto result = rough<D, direction>(input, p);
      const DoubleDouble<F64> exact = full<D, direction>(input, a.parameters);
      const double error = error_of(result.v.v, slack_of(result).v, exact);
      const double body_error = body_error_of<D, direction>(input, a.parameters, exact);
      store(y, F32(static_cast<float>(error > body_error ? error : body_error)));
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
