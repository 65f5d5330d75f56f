// SPDX-License-Identifier: Apache-2.0
//
// The functions in the table of kernels, by tier: which step a call takes, and the textbook's loop.
#pragma once

#include "kernels/elementwise/own_precision.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Whether a Definition says of a direction that the type's own precision does not keep it within 4 ULP.
template <class D, Direction direction, class V>
constexpr bool fast_misses_bound() {
  if constexpr (precise<V> && requires { D::fast_misses_bound(direction, true); }) {
    return D::fast_misses_bound(direction, sizeof(typename V::Element) == sizeof(double));
  } else {
    return false;
  }
}

/// Hands the step that an accurate kernel takes to `use`.
template <class D, Direction direction, class T, class Use>
inline void with_accurate_step(const double* parameters, Use use) {
  if constexpr (selects_halves<D, direction, T>()) {
    use(SelectingStep<D, direction, T>(parameters));
  } else if constexpr (sizeof(T) < sizeof(float)) {
    if constexpr (D::rounds_once && is_f16<T>) {
      // In f32 products of two numbers of f16 are exact, and never subnormal.
      use(DirectStep<D, direction, T>(parameters));
    } else if constexpr (D::rounds_once) {
      use(HalfViaF32Step<D, direction, T, Parameters<D, F32>>(parameters));
    } else {
      if (usual_parameters(parameters) && !may_cancel<D, direction, F32>(parameters))
        return use(HalfViaF32Step<D, direction, T, Parameters<D, Input<F32>>>(parameters));
      with_wide_step<D, direction, T>(parameters, use);
    }
  } else {
    with_wide_step<D, direction, T>(parameters, use);
  }
}
/// Hands the step that a fast kernel takes to `use`.
template <class D, Direction direction, class T, class Use>
inline void with_fast_step(const double* parameters, Use use) {
  using V = typename FastNumber<T>::V;
  if constexpr (selects_halves<D, direction, T>()) {
    use(SelectingStep<D, direction, T>(parameters));
  } else if constexpr (D::rounds_once) {
    use(DirectStep<D, direction, T>(parameters));
  } else {
    if constexpr (!fast_misses_bound<D, direction, V>()) {
      if (usual_parameters(parameters) && !may_cancel<D, direction, V>(parameters))
        return use(FastStep<D, direction, T>(parameters));
    }
    with_accurate_step<D, direction, T>(parameters, use);
  }
}

template <class D, Direction direction, class T>
void accurate(const Arguments& a) noexcept {
  with_accurate_step<D, direction, T>(a.parameters, [&](const auto& step) { take_steps(step, a); });
}
template <class D, Direction direction, class T>
void fast(const Arguments& a) noexcept {
  with_fast_step<D, direction, T>(a.parameters, [&](const auto& step) { take_steps(step, a); });
}

/// naive: the loop that anybody would write, for the compiler to make of it what it can. Half types are computed in
/// float and rounded once, as frameworks do it on a CPU.
template <class D, Direction direction, class T>
void naive(const Arguments& a) noexcept {
  using Number = Platform<T>;
  // In two steps: g++ 14 for aarch64 ends with an internal error where one type does both and is a function's argument.
  typedef decltype(stored(T())) Aliasing __attribute__((may_alias));
  typedef Aliasing Unaligned __attribute__((aligned(1)));
  const Unaligned* x = static_cast<const Unaligned*>(a.x);
  const Unaligned* dy = static_cast<const Unaligned*>(a.dy);
  const Unaligned* other = static_cast<const Unaligned*>(a.a);
  Unaligned* y = static_cast<Unaligned*>(a.y);
  const std::size_t n = a.n;
  Number p[max_parameters] = {};
  for (std::size_t i = 0; i < D::facts.parameter_count; ++i) p[i] = static_cast<Number>(a.parameters[i]);
#ifndef __clang__  // which has no such pragma, and looks at run time whether the arrays overlap
#pragma GCC ivdep
#endif
  for (std::size_t i = 0; i < n; ++i) {
    const Number input = to_float(T{x[i]});
    Number result;
    if constexpr (direction == Direction::forward || direction == Direction::gradient_a) {
      result = D::naive(input, p);
    } else if constexpr (direction == Direction::alpha_gradient) {
      result = D::naive_parameter_derivative(input, p);
    } else {
      result = D::naive_derivative(input, p);
    }
    if constexpr (with_a<D, direction>) result = to_float(T{other[i]}) * result;
    if constexpr (takes_dy(direction)) result = to_float(T{dy[i]}) * result;
    T rounded;
    from_float(rounded, result);
    y[i] = stored(rounded);
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

/// Hands an array of Kernel rows to the registry, as actbench::ACTBENCH_ISA::<activation>_kernels.
#define ACTBENCH_JOIN_(a, b) a##b
#define ACTBENCH_JOIN(a, b) ACTBENCH_JOIN_(a, b)
#define ACTBENCH_EXPORT(rows, count)                                                                 \
  namespace actbench::ACTBENCH_ISA {                                                                 \
  extern const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels);                             \
  const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels) = {rows, count, required_features}; \
  }
