// SPDX-License-Identifier: Apache-2.0
//
// Turns one activation's Definition into kernels for the instruction set being compiled, as a table for the registry:
// every direction that it has, in every type and tier. ACTBENCH_ROWS_ONLY: the rows are not for the registry.
#pragma once

#include "kernels/elementwise.hpp"
#ifndef ACTBENCH_DEVICE
#include "kernels/elementwise/subnormal.hpp"
#endif

namespace actbench::ACTBENCH_ISA {
namespace {

constexpr double no_promise = __builtin_inf(), correctly_rounded = 0.5, few_ulp = 4, one_ulp = 1;
/// What f64 kernels stay below: the final rounding, and what is carried into it.
constexpr double nearly_rounded = 0.502;

struct Rows {
  Kernel kernel[4 * 4 * 3];
  std::size_t count;
};

template <class D, Direction direction>
constexpr void add(Rows& rows) {
  constexpr auto row = [](Type type, Tier tier, double promise, void (*run)(const Arguments&) noexcept) {
    return Kernel{&D::facts, direction, type, tier, backend, promise, run};
  };
  const Kernel all[] = {
      row(Type::f32, Tier::naive, no_promise, naive<D, direction, float>),
      row(Type::f64, Tier::naive, no_promise, naive<D, direction, double>),
      row(Type::f16, Tier::naive, no_promise, naive<D, direction, F16>),
      row(Type::bf16, Tier::naive, no_promise, naive<D, direction, BF16>),
      row(Type::f32, Tier::fast, few_ulp, fast<D, direction, float>),
      row(Type::f64, Tier::fast, few_ulp, fast<D, direction, double>),
      row(Type::f16, Tier::fast, one_ulp, fast<D, direction, F16>),
      row(Type::bf16, Tier::fast, one_ulp, fast<D, direction, BF16>),
      row(Type::f32, Tier::accurate, correctly_rounded, accurate<D, direction, float>),
      row(Type::f64, Tier::accurate, D::rounds_once ? correctly_rounded : nearly_rounded,
          accurate<D, direction, double>),
      row(Type::f16, Tier::accurate, correctly_rounded, accurate<D, direction, F16>),
      row(Type::bf16, Tier::accurate, correctly_rounded, accurate<D, direction, BF16>),
  };
  for (const Kernel& kernel : all) rows.kernel[rows.count++] = kernel;
}

template <class D>
constexpr Rows all_rows() {
  Rows rows{};
  add<D, Direction::forward>(rows);
  if constexpr (D::facts.shape == Shape::gated) {
    add<D, Direction::gradient_a>(rows);
    add<D, Direction::gradient_b>(rows);
    return rows;
  }
  add<D, Direction::derivative>(rows);
  add<D, Direction::backward>(rows);
  if constexpr (requires(Rough<F64> x, Parameters<D, Rough<F64>> p) { D::parameter_derivative(x, p); })
    add<D, Direction::alpha_gradient>(rows);
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
