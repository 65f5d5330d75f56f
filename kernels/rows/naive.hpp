// SPDX-License-Identifier: Apache-2.0
//
// Rows, naive: the textbook's loops. No maximum is subtracted; half types are computed in float, rounded once.
#pragma once

#include "kernels/math/platform.hpp"
#include "kernels/rows/row.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class D, class T>
void naive_forward_row(const Row<T>& row) {
  using Number = Platform<T>;
  const auto at = [&](std::size_t i) {
    T element;
    __builtin_memcpy(&element, row.x + i, sizeof(T));
    const Number x = to_float(element);
    return D::negated ? -x : x;
  };
  Number sum = 0;
  for (std::size_t i = row.first(1); i < row.n; i += row.step(1)) sum += platform::exp(at(i));
  sum = row.team.all(sum, [](Number a, Number b) { return a + b; });
  const Number logarithm = D::logarithm ? platform::log(sum) : 0;
  for (std::size_t i = row.first(1); i < row.n; i += row.step(1)) {
    T result;
    from_float(result, D::logarithm ? at(i) - logarithm : platform::exp(at(i)) / sum);
    __builtin_memcpy(row.y + i, &result, sizeof(T));
  }
}

template <class D, class T>
void naive_backward_row(const Row<T>& row) {
  using Number = Platform<T>;
  const auto at = [](const T* p, std::size_t i) {
    T element;
    __builtin_memcpy(&element, p + i, sizeof(T));
    return Number(to_float(element));
  };
  Number sum = 0;
  for (std::size_t i = row.first(1); i < row.n; i += row.step(1))
    sum += D::logarithm ? at(row.dy, i) : at(row.dy, i) * at(row.x, i);
  sum = row.team.all(sum, [](Number a, Number b) { return a + b; });
  for (std::size_t i = row.first(1); i < row.n; i += row.step(1)) {
    const Number y = at(row.x, i), dy = at(row.dy, i), value = y * (dy - sum);
    T result;
    from_float(result, D::logarithm ? dy - platform::exp(y) * sum : D::negated ? -value : value);
    __builtin_memcpy(row.y + i, &result, sizeof(T));
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
