// SPDX-License-Identifier: Apache-2.0
//
// Turns one activation's Definition into kernels for the instruction set being compiled: the loops over arrays, the
// steps from a type to its working number and back, and the table for the registry.
#pragma once

#include "kernels/math/working.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// The parameters of one call as numbers of the type that computes with them.
template <class N>
struct Parameters {
  N value[max_parameters] = {N(0), N(0), N(0), N(0)};
  explicit Parameters(const double* p) {
    using Element = decltype(element(N(0)));
    for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) value[i] = N(static_cast<Element>(p[i]));
  }
  N operator[](int i) const { return value[i]; }

 private:
  static float element(F32) { return 0; }
  static double element(F64) { return 0; }
  static double element(Exact<F64>) { return 0; }
  static double element(Rough<F64>) { return 0; }
};

/// y[i] = step(x[i]) by whole registers. The last ones go through a register of their own by the same code, so that a
/// result depends on nothing but its input. Loaded before stored: y may be x.
template <int Lanes, class T, class Step>
inline void for_each(const Arguments& a, Step step) {
  const T* x = static_cast<const T*>(a.x);
  T* y = static_cast<T*>(a.y);
  std::size_t i = 0;
  for (; i + Lanes <= a.n; i += Lanes) step(x + i, y + i);
  if (i < a.n) {
    T part[Lanes] = {};
    __builtin_memcpy(part, x + i, (a.n - i) * sizeof(T));
    step(part, part);
    __builtin_memcpy(y + i, part, (a.n - i) * sizeof(T));
  }
}

/// The last word on F64::lanes numbers, for where a Rough result leaves the rounding of one of them open. A zero takes
/// its sign from the Rough result: what an element becomes must not depend on whether its neighbours came here.
template <class D>
__attribute__((noinline, cold)) F64 in_full(F64 x, F64 rough, const double* parameters) {
  const F64 full = last_step(D::forward(Exact<F64>(x), Parameters<Exact<F64>>(parameters)));
  return select(full == F64(0.0), flip_sign(F64(0.0), rough), full);
}

/// accurate, f32: in f64, rounded once. An infinite input is taken as ±2^200, whose result rounds to the limit.
template <class D>
void accurate_f32(const Arguments& a) noexcept {
  if constexpr (D::rounds_once) {
    const Parameters<F32> p(a.parameters);
    for_each<F32::lanes, float>(a, [p](const float* x, float* y) { store(y, D::forward(load(x), p)); });
  } else {
    const Parameters<Rough<F64>> p(a.parameters);
    F64 cancelled = 0.0;
    if constexpr (requires { D::cancelling(p); }) cancelled = abs(D::cancelling(p).v) * F64(rough_error);
    for_each<F64::lanes, float>(a, [=, parameters = a.parameters](const float* x, float* y) {
      const F64 limited = max(F64(-0x1p200), min(F64(0x1p200), load_wide(x)));
      const F64 rough = D::forward(Rough<F64>(limited), p).v;
      F64 low = rough * F64(1 - rough_error), high = rough * F64(1 + rough_error);
      if constexpr (requires { D::cancelling(p); }) low = low - cancelled, high = high + cancelled;
      if (!store_narrow_if_alike(y, low, high)) [[unlikely]]
        store_narrow(y, in_full<D>(limited, rough, parameters));
    });
  }
}

/// naive: the loop that anybody would write, for the compiler to make of it what it can.
template <class T>
void naive(const Arguments& a) noexcept {
  typedef T Unaligned __attribute__((aligned(1), may_alias));
  const Unaligned* x = static_cast<const Unaligned*>(a.x);
  Unaligned* y = static_cast<Unaligned*>(a.y);
  const std::size_t n = a.n;
  T p[max_parameters] = {};
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) p[i] = static_cast<T>(a.parameters[i]);
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] = Definition::naive(T(x[i]), p);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

/// Hands an array of Kernel rows to the registry, as actbench::ACTBENCH_ISA::<activation>_kernels.
#define ACTBENCH_JOIN_(a, b) a##b
#define ACTBENCH_JOIN(a, b) ACTBENCH_JOIN_(a, b)
#define ACTBENCH_EXPORT(rows)                                                                           \
  namespace actbench::ACTBENCH_ISA {                                                                    \
  extern const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels);                                \
  const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels) = {rows, sizeof rows / sizeof rows[0], \
                                                                    required_features};                 \
  }
