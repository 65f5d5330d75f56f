// SPDX-License-Identifier: Apache-2.0
//
// The shorter way of fast kernels through registers whose inputs all lie in the body of their function
// (kernels/numbers/body.hpp), with the results of FastStep (own_precision.hpp) and less to do for them.
#pragma once

#include "kernels/elementwise/multipliers.hpp"
#include "kernels/math/working_exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// As store_working, of numbers that are no NaN. Vocabularies have a shorter way for bf16.
template <class T, class V>
inline void store_number(T* p, V a) {
  store_working(p, a);
}

/// The result of an activation that does not round once, within 4 ULP where inputs are usual ones.
template <class D, Direction direction, class V>
__attribute__((always_inline)) inline V own_value(const Numbers<V>& n, const Parameters<D, Input<V>>& p) {
  if constexpr (direction == Direction::backward && requires(Input<V> g) { D::backward(g, g, p); }) {
    return plain(D::backward(Input<V>(n.dy), Input<V>(n.x), p));
  } else {
    const auto result = factor<D, direction>(Input<V>(n.x), p);
    V value = value_of(result);
    if constexpr (takes_dy(direction) && with_a<D, direction> && precise<V>) {
      const V both = n.dy * n.a,
              rest = select(both == V(0), both, fma(n.dy, n.a, -both));  // so that a zero keeps its sign
      value = fma(value, both, value * rest);
    } else {
      if constexpr (takes_dy(direction)) value = value * n.dy;
      if constexpr (with_a<D, direction>) value = value * n.a;
    }
    return scaled_back(result, value);
  }
}

/// By how many steps of an f32 a result of fast kernels may be off, the f32 that is nearest to it included: 4 ULP of a
/// factor. A product with it, whose steps may be half as large, is off by no more than twice that and half a step.
inline constexpr unsigned fast_steps = 9;

/// least < |number| < end, or a number that is 0.
template <class V>
struct Span {
  using Element = typename V::Element;
  Element least, end;
  Mask<V> holds(V a) const { return ((abs(a) > V(least)) & (abs(a) < V(end))) | (a == V(0)); }
  Mask<V> holds(const V (&a)[1]) const { return holds(a[0]); }
  Mask<V> holds(const V (&a)[2]) const { return holds(a[0]) & holds(a[1]); }
};
/// Whether a span holds all numbers of some registers.
template <class V, int Registers>
__attribute__((always_inline)) inline bool within(const V (&in)[Registers], const Span<V>& span) {
  Outliers<decltype(bare(V()))> outliers(span.least, span.end);
  for (const V& one : in) outliers.see(bare(one));
  if (outliers.none()) [[likely]]
    return true;
  return all(span.holds(in));  // zeros are doubted
}

/// Whether parameters are as fast kernels take them (kernels/numbers/fast.hpp). Others go through the accurate kernel.
/// No template, and so the one place that looks at the activation by the name of Definition: from a template g++ makes
/// other machine code of a kernel.
inline bool usual_parameters(const double* p) {
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) {
    const bool in_range = __builtin_fabs(p[i]) >= 0x1p-7 && __builtin_fabs(p[i]) <= 0x1p7;
    if (!(in_range || p[i] == 0) || (p[i] < 0 && Definition::facts.parameters[i].domain == Domain::nonzero))
      return false;
  }
  return true;
}

/// Loads two registers of numbers, and says whether all of them lie in a span.
template <class T, class V>
class BodyInput {
 public:
  using Limit = typename V::Element;
  BodyInput(Limit least, Limit end) : span_{least, end} {}
  __attribute__((always_inline)) bool load(Body<V>& in, const T* p) const {
    for (int i = 0; i < body_registers; ++i) in.v[i] = load_working(p + i * V::lanes);
    return within(in.v, span_);
  }

 private:
  Span<V> span_;
};
template <class T, class V>
requires two_at_a_time<T>
class BodyInput<T, V> {
 public:
  BodyInput(float least, float end) : span_{least, end}, outliers_(least, end) {}
  __attribute__((always_inline)) bool load(Body<V>& in, const T* p) const {
    F32 first, second;
    load_numbers(p, first, second);
    in.v[0] = first;
    in.v[1] = second;
    if (outliers_.none(load_bits(p))) [[likely]]
      return true;
    return all(span_.holds(in.v));
  }

 private:
  Span<V> span_;
  HalfOutliers<T> outliers_;
};

/// Whether D says where its body ends: D::body_end(reach, parameters) is an |x| below which no exponential of D, nor of
/// its derivative, has an argument beyond ±reach.
template <class D>
concept HasBody = requires(const double* p) {
  D::body_end(1.0, p);
};
/// Whether D says that its arithmetic takes about as long as loading and storing.
template <class D>
concept Light = requires {
  requires D::light;
};

/// Where the inputs of an accurate kernel lie in the body of D.
template <class D, Direction d, class V, int registers>
class BodyInputs {
 public:
  using Element = typename V::Element;
  /// reach as for HasBody, alone and where the factor is multiplied.
  BodyInputs(const double* parameters, double reach, double product_reach, Element least, Element end)
      : x_{least, end}, multipliers_{least, end} {
    const double body_end = D::body_end(multiplied<D, d> ? product_reach : reach, parameters);
    if (body_end < static_cast<double>(end)) x_.end = static_cast<Element>(body_end);
  }
  __attribute__((always_inline)) bool hold(const Element* x, MultiplierPointers<Element> m) const {
    bool here = within(x, x_);
    if constexpr (takes_dy(d)) here = within(m.dy, multipliers_) && here;
    if constexpr (with_a<D, d>) here = within(m.a, multipliers_) && here;
    return here;
  }

 private:
  __attribute__((always_inline)) static bool within(const Element* p, const Span<V>& span) {
    V all[registers];
    for (int i = 0; i < registers; ++i) all[i] = load(p + i * V::lanes);
    return ACTBENCH_ISA::within(all, span);
  }

  Span<V> x_, multipliers_;
};

/// A step as take_body_steps (loop.hpp) takes it. In the body no result, nor what it is computed from, may come near
/// the smallest normal number: products would round there.
/// Number: what it computes with. For a half type that is F32, for accurate kernels, or a Coarse one.
template <class D, Direction d, class T, class Number = typename FastNumber<T>::V>
class BodyStep {
 public:
  using Function = D;
  using Element = T;
  using V = Number;
  static constexpr Direction direction = d;
  static constexpr int lanes = body_registers * V::lanes;

  /// Fast kernels take no other parameters, and accurate ones of half types compute as these do.
  static bool suits(const double*) { return true; }
  explicit BodyStep(const double* parameters) : p_(parameters), x_(least_x, end_of_x(parameters)) {}

  /// Stores results, if all inputs lie in the body and all roundings are decided, and says whether that is so.
  __attribute__((always_inline)) bool put(T* y, const T* x, MultiplierPointers<T> m) const {
    constexpr bool with_dy = takes_dy(d), with_a = ACTBENCH_ISA::with_a<D, d>;
    Numbers<Body<V>> in{Body<V>(1), Body<V>(1), Body<V>(1)};
    bool here = x_.load(in.x, x);
    if constexpr (with_dy) here = dy_.load(in.dy, m.dy) && here;
    if constexpr (with_a) here = a_.load(in.a, m.a) && here;
    if (!here) [[unlikely]]
      return false;
    const Body<V> value = own_value<D, d>(in, p_);
    if constexpr (two_at_a_time<T> && precise<V>) {
      return store_if_rounding_decided(y, value.v[0], value.v[1], fast_steps);
    } else if constexpr (is_f16<T> && multiplied<D, d>) {
      // From half a unit beyond the largest number on, which is 65520, results are infinite.
      if (!all(max(abs(value.v[0]), abs(value.v[1])) < V(65456))) [[unlikely]]
        return false;
    }
    if constexpr (two_at_a_time<T>) {
      store_numbers(y, bare(value.v[0]), bare(value.v[1]));
    } else {
      for (int i = 0; i < body_registers; ++i) store_number(y + i * V::lanes, bare(value.v[i]));
    }
    return true;
  }

 private:
  using Range = FastRange<V>;
  using Limit = typename V::Element;
  static constexpr bool two = takes_dy(d) && with_a<D, d>, with_parameters = D::facts.parameter_count > 0;
  static constexpr Limit least_x = multiplied<D, d> ? Range::least_factor : is_f16<T> ? 0 : Range::least_input;
  static constexpr Limit least_multiplier = two ? Range::least_of_two : Range::least_factor;

  static Limit end_of_x(const double* parameters) {
    const double end = D::body_end(multiplied<D, d> ? Range::product_reach : Range::reach, parameters);
    return end < static_cast<double>(Range::input) ? static_cast<Limit>(end) : Range::input;
  }

  Parameters<D, Input<Body<V>>> p_;
  BodyInput<T, V> x_;
  BodyInput<T, V> dy_{least_multiplier, two || with_parameters ? Range::multiplier : Range::multipliers};
  BodyInput<T, V> a_{least_multiplier, Range::multiplier};
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
