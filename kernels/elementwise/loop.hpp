// SPDX-License-Identifier: Apache-2.0
//
// The loop over an array. A kernel goes through an array by steps of one register each. A step has four parts:
//
//   load()       reads the inputs of one register;
//   attempt()    computes a result without any branch, so that a device can have several under way at once;
//   put()        stores the attempt and says whether that is the result in all lanes;
//   recompute()  stores the result where put() says no. This is out of line.
//
// A result depends on nothing but its inputs: not on its place in the array, nor on its neighbours.
#pragma once

#include "kernels/elementwise/multipliers.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// When a step looks for subnormal inputs x, whose registers go a way of their own (kernels/elementwise/subnormal.hpp):
/// always, where it would multiply them; or only where its attempt decides nothing.
enum class Watch : unsigned char { never, always, unsettled };

/// For a step in the working type. Subnormal numbers of f16 are normal in f32, and one product does no harm.
template <class D, class T>
inline constexpr Watch watch_products = D::rounds_once || is_f16<T> ? Watch::never : Watch::always;

/// Calls step(x, multipliers, y) for whole registers of y[i], x[i] and, where the direction takes them, dy[i] and a[i].
/// The last elements go through registers of their own by the same code. Inputs are loaded before results are stored:
/// y may be one of the inputs.
template <class D, int Lanes, class T, Direction direction, class Step>
inline void for_each(const Arguments& arguments, Step step) {
  constexpr bool with_dy = takes_dy(direction), with_a = ACTBENCH_ISA::with_a<D, direction>;
  const T* x = static_cast<const T*>(arguments.x);
  const T* dy = static_cast<const T*>(arguments.dy);
  const T* a = static_cast<const T*>(arguments.a);
  T* y = static_cast<T*>(arguments.y);
  const std::size_t n = arguments.n;
  std::size_t i = 0;
  for (; i + Lanes <= n; i += Lanes)
    step(x + i, MultiplierPointers<T>{with_dy ? dy + i : nullptr, with_a ? a + i : nullptr}, y + i);
  if (i < n) {
    T part[Lanes] = {}, dy_part[Lanes] = {}, a_part[Lanes] = {};
    __builtin_memcpy(part, x + i, (n - i) * sizeof(T));
    if constexpr (with_dy) __builtin_memcpy(dy_part, dy + i, (n - i) * sizeof(T));
    if constexpr (with_a) __builtin_memcpy(a_part, a + i, (n - i) * sizeof(T));
    step(part, MultiplierPointers<T>{dy_part, a_part}, part);
    __builtin_memcpy(y + i, part, (n - i) * sizeof(T));
  }
}

/// Whether one of n numbers is subnormal in what they are computed with.
template <class T>
inline bool any_subnormal(const T* x, std::size_t n) {
  using V = Working<T>;
  constexpr std::size_t lanes = V::lanes;
  const std::size_t whole = n / lanes * lanes;
  T part[lanes];  // the last ones, filled up
  if (whole < n) {
    for (T& one : part) from_float(one, 1);
    __builtin_memcpy(part, x + whole, (n - whole) * sizeof(T));
  }
  Lookout<V> one, other;
  std::size_t i = 0;
  for (; i + 4 * lanes <= whole; i += 4 * lanes) {
    one.see(load_working(x + i));
    one.see(load_working(x + i + lanes));
    other.see(load_working(x + i + 2 * lanes));
    other.see(load_working(x + i + 3 * lanes));
  }
  for (; i < whole; i += lanes) one.see(load_working(x + i));
  if (whole < n) other.see(load_working(part));
  if (one.clear() && other.clear()) [[likely]]
    return false;
  auto found = whole < n ? subnormal(load_working(part)) : subnormal(V(0));
  for (i = 0; i < whole; i += lanes) found = found | subnormal(load_working(x + i));
  return any(found);
}

/// By integers: what is left of a bf16's bits when its sign is shifted out, less 1, is below 0xFE for subnormal numbers
/// alone.
inline bool any_subnormal(const BF16* x, std::size_t n) {
  uint16_t least = 0xFFFF;
  for (std::size_t i = 0; i < n; ++i) {
    const auto size = static_cast<uint16_t>((x[i].bits << 1) - 1);
    least = size < least ? size : least;
  }
  return least < 0xFE;
}

template <class Step, class T>
__attribute__((always_inline)) inline void finish_step(const Step& step, const typename Step::Inputs& inputs, T* y) {
  const auto attempt = step.attempt(inputs);
  if (!step.put(y, attempt)) [[unlikely]]
    step.recompute(y, inputs, attempt);
}

template <class Step>
class SubnormalInputs;

/// Takes a call through its array by steps.
template <class Step>
inline void take_steps(const Step& step, const Arguments& a) {
  using T = typename Step::Element;
  using D = typename Step::Function;
  constexpr Watch watch = on_device ? Watch::never : Step::watch;
  const auto walk = [&](const Arguments& part) {
    for_each<D, Step::lanes, T, Step::direction>(
        part, [step](const T* x, MultiplierPointers<T> m, T* y) { finish_step(step, step.load(x, m), y); });
  };
  if constexpr (watch == Watch::never) {
    walk(a);
  } else if constexpr (watch == Watch::unsettled) {
    SubnormalInputs<Step> rare(step, a.parameters);
    for_each<D, Step::lanes, T, Step::direction>(a, [step, &rare](const T* x, MultiplierPointers<T> m, T* y) {
      const auto inputs = step.load(x, m);
      const auto attempt = step.attempt(inputs);
      if (step.put(y, attempt)) [[likely]]
        return;
      if (!rare.settled(y, inputs)) step.recompute(y, inputs, attempt);
    });
  } else {
    // The search runs ahead of the loop, a block at a time: a test within the loop takes several times as long.
    constexpr std::size_t block = 128 * Step::lanes;
    SubnormalInputs<Step> rare(step, a.parameters);
    Arguments part = a;
    for (std::size_t begin = 0; begin < a.n; begin += block) {
      const auto from = [begin](const void* array) { return array ? static_cast<const T*>(array) + begin : nullptr; };
      part.x = from(a.x);
      part.dy = from(a.dy);
      part.a = from(a.a);
      part.y = static_cast<T*>(a.y) + begin;
      part.n = a.n - begin < block ? a.n - begin : block;
      if (any_subnormal(static_cast<const T*>(part.x), part.n)) [[unlikely]] {
        rare.walk(part);
      } else {
        walk(part);
      }
    }
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
