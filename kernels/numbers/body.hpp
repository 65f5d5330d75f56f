// SPDX-License-Identifier: Apache-2.0
//
// Body is a V for inputs in the body of a function: finite, not subnormal, and not so far down a tail that e^x, or what
// is multiplied with it, comes near the smallest normal number. There fast kernels need neither the least x of e^x nor
// the scale of a Scaled, and have the same bits without them, since a product with a power of two is exact.
//
// Accurate kernels take it for the same: in f64, with the same bits, and in f32, roughly.
//
// It is two registers side by side, so that a CPU has two chains of dependent operations under way.
#pragma once

#include "kernels/numbers/fast.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

inline constexpr int body_registers = 2;

template <class V>
struct Body {
  using Element = typename V::Element;
  V v[body_registers];
  Body() = default;
  Body(Element a) : Body(V(a)) {}
  /// The same in all registers.
  explicit Body(V a) { v[0] = v[1] = a; }
};
template <class V>
struct Mask<Body<V>> {
  Mask<V> v[body_registers];
};
template <class V>
inline constexpr bool is_body<Body<V>> = true;
template <class V>
inline constexpr bool precise<Body<V>> = precise<V>;
template <class V>
struct FastRange<Body<V>> : FastRange<V> {
  static constexpr int scale_exponent = 0;
};

/// What `operation` makes of each register.
template <class Result, class Operation, class... Numbers>
__attribute__((always_inline)) inline Result each(Operation operation, const Numbers&... numbers) {
  Result result;
  result.v[0] = operation(numbers.v[0]...);
  result.v[1] = operation(numbers.v[1]...);
  return result;
}

template <class V>
inline Body<V> operator+(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return x + y; }, a, b);
}
template <class V>
inline Body<V> operator-(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return x - y; }, a, b);
}
template <class V>
inline Body<V> operator*(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return x * y; }, a, b);
}
template <class V>
inline Body<V> operator/(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return x / y; }, a, b);
}
template <class V>
inline Body<V> quotient_of_any(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return quotient_of_any(x, y); }, a, b);
}
template <class V>
inline Body<V> operator-(Body<V> a) {
  return each<Body<V>>([](V x) { return -x; }, a);
}
template <class V>
inline Body<V> fma(Body<V> a, Body<V> b, Body<V> c) {
  return each<Body<V>>([](V x, V y, V z) { return fma(x, y, z); }, a, b, c);
}
template <class V>
inline Body<V> abs(Body<V> a) {
  return each<Body<V>>([](V x) { return abs(x); }, a);
}
template <class V>
inline Body<V> xor_sign(Body<V> a, Body<V> s) {
  return each<Body<V>>([](V x, V y) { return xor_sign(x, y); }, a, s);
}
template <class V>
inline Body<V> min(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return min(x, y); }, a, b);
}
template <class V>
inline Body<V> max(Body<V> a, Body<V> b) {
  return each<Body<V>>([](V x, V y) { return max(x, y); }, a, b);
}
template <class V>
inline Mask<Body<V>> operator<(Body<V> a, Body<V> b) {
  return each<Mask<Body<V>>>([](V x, V y) { return x < y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator<=(Body<V> a, Body<V> b) {
  return each<Mask<Body<V>>>([](V x, V y) { return x <= y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator>(Body<V> a, Body<V> b) {
  return each<Mask<Body<V>>>([](V x, V y) { return x > y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator>=(Body<V> a, Body<V> b) {
  return each<Mask<Body<V>>>([](V x, V y) { return x >= y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator==(Body<V> a, Body<V> b) {
  return each<Mask<Body<V>>>([](V x, V y) { return x == y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator&(Mask<Body<V>> a, Mask<Body<V>> b) {
  return each<Mask<Body<V>>>([](Mask<V> x, Mask<V> y) { return x & y; }, a, b);
}
template <class V>
inline Mask<Body<V>> operator|(Mask<Body<V>> a, Mask<Body<V>> b) {
  return each<Mask<Body<V>>>([](Mask<V> x, Mask<V> y) { return x | y; }, a, b);
}
template <class V>
inline bool all(Mask<Body<V>> m) {
  return all(m.v[0] & m.v[1]);
}
template <class V>
inline bool any(Mask<Body<V>> m) {
  return any(m.v[0] | m.v[1]);
}
template <class V>
inline Body<V> select(Mask<Body<V>> m, Body<V> a, Body<V> b) {
  return each<Body<V>>([](Mask<V> here, V x, V y) { return select(here, x, y); }, m, a, b);
}
template <class V>
inline Body<V> from_exponent(Body<V> z) {
  return each<Body<V>>([](V x) { return from_exponent(x); }, z);
}
template <class V>
inline Body<V> raised(Body<V> a, Body<V> z) {
  return each<Body<V>>([](V x, V y) { return raised(x, y); }, a, z);
}
template <class V>
inline Body<V> power_of_two(Body<V> z) {
  return each<Body<V>>([](V x) { return power_of_two(x); }, z);
}

inline Body<F32> from_eighths(const uint32_t (&table)[8], Body<F32> z) {
  return each<Body<F32>>([&table](F32 x) { return from_eighths(table, x); }, z);
}
/// Whether a vocabulary has a table of eight f64.
template <class V>
concept HasEighths = requires(const uint64_t (&table)[8], V z) {
  from_eighths(table, z);
};
template <HasEighths V>
inline Body<V> from_eighths(const uint64_t (&table)[8], Body<V> z) {
  return each<Body<V>>([&table](V x) { return from_eighths(table, x); }, z);
}
struct BodySegmentIndex {
  SegmentIndex v[body_registers];
};
inline BodySegmentIndex segment_index(Body<F32> u) {
  return each<BodySegmentIndex>([](F32 x) { return segment_index(x); }, u);
}
inline Body<F32> table_lookup(const float (&table)[16], BodySegmentIndex i) {
  return each<Body<F32>>([&table](SegmentIndex here) { return table_lookup(table, here); }, i);
}

template <class V>
inline Body<V> operator*(Body<V> a, NoScale) {
  return a;
}
template <class V>
inline Body<V> operator+(Body<V> a, NoScale) {
  return a + number<Body<V>>(1);
}
template <class V>
inline Body<V> operator-(NoScale, Body<V> a) {
  return number<Body<V>>(1) - a;
}
template <class V>
inline Body<V> fma(Body<V> a, NoScale, Body<V> c) {
  return a + c;
}
template <class V>
inline Body<V> fma(Body<V> a, NoScale, NoScale) {
  return a + number<Body<V>>(1);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
