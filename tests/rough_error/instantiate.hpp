// SPDX-License-Identifier: Apache-2.0
//
// In place of kernels/instantiate.hpp: "kernels" whose result is the error of the Rough result.
#pragma once

#include "kernels/loops.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline double value(Sum<F64> a) { return a.hi.v; }
inline double error(double rough, Sum<F64> full) { return __builtin_fabs((rough - full.hi.v) - full.lo.v); }
inline double error(double rough, Exact<F64> full) { return error(rough, Sum<F64>(full)); }
inline double value(Exact<F64> a) { return a.v.v; }

/// y[i]: the error of the Rough result for x[i], over the result's size (and that of the term it may cancel). A zero
/// stands for itself and for no error.
template <class D>
void rough_error_of(const Arguments& a) noexcept {
  if constexpr (!D::rounds_once) {
    const Parameters<Rough<F64>> rough_parameters(a.parameters);
    const Parameters<Exact<F64>> parameters(a.parameters);
    for_each<1, float>(a, [=](const float* x, float* y) {
      const F64 input = load_wide(x);
      const double rough = D::forward(Rough<F64>(input), rough_parameters).v.v;
      const auto full = D::forward(Exact<F64>(input), parameters);
      double size = __builtin_fabs(value(full));
      if constexpr (requires { D::cancelling(rough_parameters); })
        size += __builtin_fabs(D::cancelling(rough_parameters).v.v);
      const double off = error(rough, full);
      const bool zeros = size < 0x1p-151 && __builtin_fabs(rough) < 0x1p-151 &&
                         __builtin_signbit(rough) == __builtin_signbit(value(full));
      store(y, F32(static_cast<float>(off == 0 || zeros ? 0 : off / size)));
    });
  } else {
    for_each<1, float>(a, [](const float*, float* y) { store(y, F32(0)); });
  }
}

constexpr Kernel rows[] = {
    {&Definition::facts, Direction::forward, Type::f32, Tier::accurate, backend, 0, rough_error_of<Definition>}};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(rows)
