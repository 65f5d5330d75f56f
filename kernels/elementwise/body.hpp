// SPDX-License-Identifier: Apache-2.0
//
// The shorter way of fast kernels through registers whose inputs all lie in the body of their function
// (kernels/numbers/body.hpp), with the results of FastStep (own_precision.hpp) and less to do for them.
#pragma once

#include "kernels/elementwise/multipliers.hpp"
#include "kernels/math/working_exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// As store_working, of numbers that are no NaN. A vocabulary may have a shorter way.
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

/// Whether D says where its body ends: D::body_end(reach, parameters) is an |x| below which no exponential of D, nor of
/// its derivative, has an argument beyond ±reach.
template <class D>
concept HasBody = requires(const double* p) {
  D::body_end(1.0, p);
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
template <class D, Direction d, class T>
class BodyStep {
 public:
  using Function = D;
  using Element = T;
  using V = typename FastNumber<T>::V;
  static constexpr Direction direction = d;
  static constexpr int lanes = body_registers * V::lanes;

  /// Fast kernels take no other parameters.
  static bool suits(const double*) { return true; }
  explicit BodyStep(const double* parameters) : p_(parameters) {
    const double end = D::body_end(multiplied<D, d> ? Range::product_reach : Range::reach, parameters);
    if (end < static_cast<double>(x_.end)) x_.end = static_cast<typename V::Element>(end);
  }

  /// Stores results, if all inputs lie in the body, and says whether they do.
  __attribute__((always_inline)) bool put(T* y, const T* x, MultiplierPointers<T> m) const {
    constexpr bool with_dy = takes_dy(d), with_a = ACTBENCH_ISA::with_a<D, d>;
    Numbers<Body<V>> in{load(x), Body<V>(1), Body<V>(1)};
    bool here = within(in.x.v, x_);
    if constexpr (with_dy) {
      in.dy = load(m.dy);
      here = within(in.dy.v, dy_) && here;
    }
    if constexpr (with_a) {
      in.a = load(m.a);
      here = within(in.a.v, a_) && here;
    }
    if (!here) [[unlikely]]
      return false;
    const Body<V> value = own_value<D, d>(in, p_);
    if constexpr (is_f16<T> && multiplied<D, d>) {
      // Next to half a unit beyond the largest number, from where on results are infinite.
      if (!all(abs(abs(value) - number<Body<V>>(65520)) > number<Body<V>>(64))) [[unlikely]]
        return false;
    }
    for (int i = 0; i < body_registers; ++i) store_number(y + i * V::lanes, bare(value.v[i]));
    return true;
  }

 private:
  using Range = FastRange<V>;
  using Limit = typename V::Element;
  static constexpr bool two = takes_dy(d) && with_a<D, d>, with_parameters = D::facts.parameter_count > 0;
  static constexpr Limit least_multiplier = two ? Range::least_of_two : Range::least_factor;

  __attribute__((always_inline)) static Body<V> load(const T* p) {
    Body<V> all;
    for (int i = 0; i < body_registers; ++i) all.v[i] = V(load_working(p + i * V::lanes));
    return all;
  }
  Parameters<D, Input<Body<V>>> p_;
  Span<V> x_{multiplied<D, d> ? Range::least_factor : is_f16<T> ? 0 : Range::least_input, Range::input};
  Span<V> dy_{least_multiplier, two || with_parameters ? Range::multiplier : Range::multipliers};
  Span<V> a_{least_multiplier, Range::multiplier};
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
