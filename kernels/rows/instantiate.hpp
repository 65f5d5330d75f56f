// SPDX-License-Identifier: Apache-2.0
//
// Turns one row activation's Definition into kernels for the instruction set being compiled, as a table for the
// registry: forward, and backward from the result of forward, in every type and tier. ACTBENCH_ROWS_ONLY: as in
// kernels/instantiate.hpp.
#pragma once

#include "kernels/rows/accurate.hpp"
#include "kernels/rows/backward.hpp"
#include "kernels/rows/fast.hpp"
#include "kernels/rows/naive.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// Promises, in ULP. f64 in accurate: the final rounding, and what is carried into it.
constexpr double no_promise = __builtin_inf(), correctly_rounded = 0.5, nearly_rounded = 0.502;
constexpr double fast_promise = 4, fast_half_promise = 1;

struct Rows {
  Kernel kernel[2 * 4 * 3];
  std::size_t count;
};

template <class D, class T>
constexpr void add(Rows& rows, Type type) {
  constexpr bool wide = sizeof(T) == sizeof(double), half = sizeof(T) == 2;
  constexpr auto forward = Direction::forward, backward = Direction::backward;
  const auto row = [&](Direction direction, Tier tier, double promise, void (*run)(const Arguments&) noexcept) {
    rows.kernel[rows.count++] = {&D::facts, direction, type, tier, ACTBENCH_ISA::backend, promise, run};
  };
  const double fast = half ? fast_half_promise : fast_promise;
  row(forward, Tier::naive, no_promise, each_row<T, forward, naive_forward_row<D, T>>);
  row(forward, Tier::fast, fast, each_row_in_steps<T, forward, FastRow<D, T>>);
  row(backward, Tier::naive, no_promise, each_row<T, backward, naive_backward_row<D, T>>);
  // The logarithm's factor e^y asks for f64, so that fast differs from accurate in the last step alone, and in f64 in
  // how much may cancel, of which dy - e^y·Σdy may lose five bits before more digits are asked for.
  if constexpr (wide) {
    row(forward, Tier::accurate, nearly_rounded, each_row<T, forward, accurate_f64_row<D>>);
    row(backward, Tier::accurate, D::logarithm ? 0.52 : nearly_rounded,
        each_row<T, backward, f64_backward_row<D, Tier::accurate>>);
  } else {
    row(forward, Tier::accurate, correctly_rounded, each_row<T, forward, accurate_narrow_row<D, T>>);
    row(backward, Tier::accurate, correctly_rounded, each_row<T, backward, narrow_backward_row<D, T, Tier::accurate>>);
  }
  if constexpr (D::logarithm && wide) {
    row(backward, Tier::fast, fast, each_row<T, backward, f64_backward_row<D, Tier::fast>>);
  } else if constexpr (D::logarithm) {
    row(backward, Tier::fast, fast_half_promise, each_row<T, backward, narrow_backward_row<D, T, Tier::fast>>);
  } else {
    row(backward, Tier::fast, fast, each_row_in_steps<T, backward, FastBackwardRow<D, T>>);
  }
}

template <class D>
constexpr Rows all_rows() {
  Rows rows{};
  add<D, float>(rows, Type::f32);
  add<D, double>(rows, Type::f64);
  add<D, F16>(rows, Type::f16);
  add<D, BF16>(rows, Type::bf16);
  return rows;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

#ifndef ACTBENCH_ROWS_ONLY
namespace actbench::ACTBENCH_ISA {
namespace {
constexpr Rows rows = all_rows<Definition>();
}
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(rows.kernel, rows.count)
#endif
