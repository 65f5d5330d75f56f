// SPDX-License-Identifier: Apache-2.0
//
// Turns one row activation's Definition into kernels for the instruction set being compiled, as a table for the
// registry: forward, and backward from the result of forward, in every type and tier.
#pragma once

#include "kernels/row_loops.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Promises, in ULP. f64 in accurate: the final rounding, and what is carried into it.
constexpr double no_promise = __builtin_inf(), correctly_rounded = 0.5, nearly_rounded = 0.502;
constexpr double fast_promise = 4, fast_half_promise = 1;
/// dy - e^y·Σdy may lose five bits before more digits are asked for, and cancel by 200 bits then.
constexpr double f64_backward_promise = Definition::logarithm ? 0.52 : nearly_rounded;

constexpr auto forward = Direction::forward, backward = Direction::backward;
constexpr Kernel row_kernel(Direction direction, Type type, Tier tier, double promise,
                            void (*run)(const Arguments&) noexcept) {
  return {&Definition::facts, direction, type, tier, backend, promise, run};
}

template <class T>
constexpr auto naive_forward = each_row<T, forward, naive_forward_row<Definition, T>>;
template <class T>
constexpr auto naive_backward = each_row<T, backward, naive_backward_row<Definition, T>>;
template <class T>
constexpr auto fast_forward = each_row<T, forward, fast_row<Definition, T>>;
template <class T>
constexpr auto accurate_forward = each_row<T, forward, accurate_narrow_row<Definition, T>>;
template <class T, Tier tier>
constexpr auto narrow_backward = each_row<T, backward, narrow_backward_row<Definition, T, tier>>;
/// The logarithm's factor e^y asks for f64, so that fast differs from accurate in the last step alone, and in f64 in
/// how much may cancel.
template <class T>
constexpr auto fast_backward = [] {
  if constexpr (Definition::logarithm && sizeof(T) == sizeof(double)) {
    return each_row<T, backward, f64_backward_row<Definition, Tier::fast>>;
  } else if constexpr (Definition::logarithm) {
    return each_row<T, backward, narrow_backward_row<Definition, T, Tier::fast>>;
  } else {
    return each_row<T, backward, fast_backward_row<Definition, T>>;
  }
}();
constexpr auto f64_backward = each_row<double, backward, f64_backward_row<Definition, Tier::accurate>>;

constexpr Kernel rows[] = {
    row_kernel(forward, Type::f32, Tier::naive, no_promise, naive_forward<float>),
    row_kernel(forward, Type::f64, Tier::naive, no_promise, naive_forward<double>),
    row_kernel(forward, Type::f16, Tier::naive, no_promise, naive_forward<F16>),
    row_kernel(forward, Type::bf16, Tier::naive, no_promise, naive_forward<BF16>),
    row_kernel(forward, Type::f32, Tier::fast, fast_promise, fast_forward<float>),
    row_kernel(forward, Type::f64, Tier::fast, fast_promise, fast_forward<double>),
    row_kernel(forward, Type::f16, Tier::fast, fast_half_promise, fast_forward<F16>),
    row_kernel(forward, Type::bf16, Tier::fast, fast_half_promise, fast_forward<BF16>),
    row_kernel(forward, Type::f32, Tier::accurate, correctly_rounded, accurate_forward<float>),
    row_kernel(forward, Type::f64, Tier::accurate, nearly_rounded,
               each_row<double, forward, accurate_f64_row<Definition>>),
    row_kernel(forward, Type::f16, Tier::accurate, correctly_rounded, accurate_forward<F16>),
    row_kernel(forward, Type::bf16, Tier::accurate, correctly_rounded, accurate_forward<BF16>),

    row_kernel(backward, Type::f32, Tier::naive, no_promise, naive_backward<float>),
    row_kernel(backward, Type::f64, Tier::naive, no_promise, naive_backward<double>),
    row_kernel(backward, Type::f16, Tier::naive, no_promise, naive_backward<F16>),
    row_kernel(backward, Type::bf16, Tier::naive, no_promise, naive_backward<BF16>),
    row_kernel(backward, Type::f32, Tier::fast, Definition::logarithm ? fast_half_promise : fast_promise,
               fast_backward<float>),
    row_kernel(backward, Type::f64, Tier::fast, fast_promise, fast_backward<double>),
    row_kernel(backward, Type::f16, Tier::fast, fast_half_promise, fast_backward<F16>),
    row_kernel(backward, Type::bf16, Tier::fast, fast_half_promise, fast_backward<BF16>),
    row_kernel(backward, Type::f32, Tier::accurate, correctly_rounded, narrow_backward<float, Tier::accurate>),
    row_kernel(backward, Type::f64, Tier::accurate, f64_backward_promise, f64_backward),
    row_kernel(backward, Type::f16, Tier::accurate, correctly_rounded, narrow_backward<F16, Tier::accurate>),
    row_kernel(backward, Type::bf16, Tier::accurate, correctly_rounded, narrow_backward<BF16, Tier::accurate>),
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(rows, sizeof rows / sizeof rows[0])
