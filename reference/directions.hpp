// SPDX-License-Identifier: Apache-2.0
//
// The directions, made from an activation's definition, over any real number type R as in forms.hpp. A direction's
// inputs are x and its multipliers: the gradient dy that arrives from above, the other input a of a gated unit, or
// both.
#pragma once

#include <cstddef>
#include <limits>
#include <tuple>

#include "reference/forms.hpp"
#include "reference/reference.hpp"

namespace actbench::reference::directions {

/// dy·slope, where slope belongs to a definition at x. A slope that is zero or infinite is exact and follows IEEE
/// arithmetic (0·infinity is NaN); elsewhere dy multiplies the anchor and the rest. slope is finite where x is, also
/// where R cannot hold it.
template <class R>
Anchored<R> gradient(const R& x, const R& dy, const Anchored<R>& slope) {
  const R whole = slope.anchor + slope.rest;
  const bool vanishes = whole == 0;
  const bool negative = is_negative(vanishes ? slope.anchor : whole) != is_negative(dy);
  const bool unbounded = is_infinite(x) && is_infinite(whole);
  if (is_infinite(dy) || unbounded) {
    if (vanishes || dy == 0) return exactly(R(std::numeric_limits<double>::quiet_NaN()));
    const R infinity = std::numeric_limits<double>::infinity();
    return exactly(negative ? R(-infinity) : infinity);
  }
  if (vanishes || dy == 0) return exactly(signed_zero<R>(negative));
  return {R(dy * slope.anchor), R(dy * slope.rest)};
}

using QuickForm = Quick (*)(double x, const double* parameters);

/// An activation that has the definition of f, for a·f(b).
template <class Activation>
constexpr bool gated = requires {
  requires Activation::gated;
};

/// Every direction is `factor`, which depends on x, times the multipliers. Their product must be exact in R, which
/// takes twice the bits of the format.
template <class Self, std::size_t multiplier_count>
struct Direction {
  static constexpr std::size_t multipliers = multiplier_count;

  template <class Activation, class R>
  static Anchored<R> value(const R* in, const R* p) {
    Anchored<R> factor = Self::template factor<Activation>(in[0], p);
    if constexpr (multipliers == 0) {
      return factor;
    } else if constexpr (multipliers == 1) {
      return gradient(in[0], in[1], factor);
    } else {
      if ((is_infinite(in[1]) && in[2] == 0) || (is_infinite(in[2]) && in[1] == 0))
        return exactly(R(std::numeric_limits<double>::quiet_NaN()));
      return gradient(in[0], R(in[1] * in[2]), factor);
    }
  }
};

/// f itself, and its derivative, as the factor.
template <class Self, std::size_t multipliers>
struct OfValue : Direction<Self, multipliers> {
  template <class Activation, class R>
  static Anchored<R> factor(const R& x, const R* p) {
    return Activation::forward(x, p);
  }
  template <class Activation>
  static constexpr QuickForm quick_factor() {
    return &Activation::quick_forward;
  }
};
template <class Self, std::size_t multipliers>
struct OfDerivative : Direction<Self, multipliers> {
  template <class Activation, class R>
  static Anchored<R> factor(const R& x, const R* p) {
    return Activation::derivative(x, p);
  }
  template <class Activation>
  static constexpr QuickForm quick_factor() {
    return &Activation::quick_derivative;
  }
};

struct forward : OfValue<forward, 0> {
  static constexpr const char* name = "forward";
  template <class Activation>
  static constexpr bool defined = !gated<Activation>;
};
struct derivative : OfDerivative<derivative, 0> {
  static constexpr const char* name = "derivative";
  template <class Activation>
  static constexpr bool defined = !gated<Activation>;
};
struct backward : OfDerivative<backward, 1> {
  static constexpr const char* name = "backward";
  template <class Activation>
  static constexpr bool defined = !gated<Activation>;
};

/// For an activation with a learned parameter.
struct alpha_gradient : Direction<alpha_gradient, 1> {
  static constexpr const char* name = "alpha_gradient";
  template <class Activation>
  static constexpr bool defined = requires(double v) {
    Activation::parameter_derivative(v, &v);
  };

  template <class Activation, class R>
  static Anchored<R> factor(const R& x, const R* p) {
    return Activation::parameter_derivative(x, p);
  }
  template <class Activation>
  static constexpr QuickForm quick_factor() {
    return &Activation::quick_parameter_derivative;
  }
};

/// The directions of gated units: a·f(b), dy·f(b) and dy·a·f'(b).
struct gated_forward : OfValue<gated_forward, 1> {
  static constexpr const char* name = "forward";
  template <class Activation>
  static constexpr bool defined = gated<Activation>;
};
struct gradient_a : OfValue<gradient_a, 1> {
  static constexpr const char* name = "gradient_a";
  template <class Activation>
  static constexpr bool defined = gated<Activation>;
};
struct gradient_b : OfDerivative<gradient_b, 2> {
  static constexpr const char* name = "gradient_b";
  template <class Activation>
  static constexpr bool defined = gated<Activation>;
};

using All = std::tuple<forward, derivative, backward, alpha_gradient, gated_forward, gradient_a, gradient_b>;
inline constexpr std::size_t count = std::tuple_size_v<All>;

}  // namespace actbench::reference::directions
