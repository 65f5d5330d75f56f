// SPDX-License-Identifier: Apache-2.0
//
// What a direction's factor is multiplied with: the gradient dy, the other input a of a gated unit, both, or nothing;
// and how a step loads a register of them and of x.
#pragma once

#include "kernels/elementwise/function.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class D, Direction direction>
inline constexpr bool with_a = takes_a(D::facts.shape, direction);
template <class D, Direction direction>
inline constexpr bool multiplied = takes_dy(direction) || with_a<D, direction>;

/// Where a step finds its multipliers; null where the direction takes none.
template <class T>
struct MultiplierPointers {
  const T* dy;
  const T* a;
};

template <class T>
inline constexpr bool is_f16 = false;
template <>
inline constexpr bool is_f16<F16> = true;

/// What fast kernels compute a type in.
template <class T>
using Working = decltype(load_working(static_cast<const T*>(nullptr)));

/// What a step in the working type computes with: the input and the multipliers, 1 where the direction takes none.
template <class V>
struct Numbers {
  V x, dy, a;
};
template <class D, class V, Direction direction, class T>
inline Numbers<V> load_numbers(const T* x, MultiplierPointers<T> m) {
  Numbers<V> n{V(load_working(x)), V(1), V(1)};
  if constexpr (takes_dy(direction)) n.dy = V(load_working(m.dy));
  if constexpr (with_a<D, direction>) n.a = V(load_working(m.a));
  return n;
}

/// What a step in f64 computes a narrower type with. The multiplier may be the product of two numbers of that type,
/// which is exact.
struct WideNumbers {
  F64 x, multiplier;
};
template <class D, Direction direction, class T>
inline F64 multiplier(MultiplierPointers<T> m) {
  if constexpr (takes_dy(direction) && with_a<D, direction>) {
    return load_wide(m.dy) * load_wide(m.a);
  } else if constexpr (with_a<D, direction>) {
    return load_wide(m.a);
  } else {
    return load_wide(m.dy);
  }
}
template <class D, Direction direction, class T>
inline WideNumbers load_wide_numbers(const T* x, MultiplierPointers<T> m) {
  if constexpr (multiplied<D, direction>) {
    return {load_wide(x), multiplier<D, direction>(m)};
  } else {
    return {load_wide(x), F64(1.0)};
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
