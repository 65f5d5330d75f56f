// SPDX-License-Identifier: Apache-2.0
//
// What each direction makes of an activation's definition, over any real number type R as in forms.hpp. A direction's
// inputs are {x}, or {x, dy} where it takes the gradient dy that arrives from above.
#pragma once

#include <cstddef>
#include <limits>
#include <tuple>

#include "reference/forms.hpp"

namespace actbench::reference::directions {

/// dy·slope, where slope belongs to a definition at x: exact where it is zero or infinite, as IEEE arithmetic has it
/// (0·infinity is NaN), each half of the sum times dy elsewhere. slope is finite where x is, also where R cannot hold
/// it.
template <class R>
Sum<R> gradient(const R& x, const R& dy, const Sum<R>& slope) {
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

struct forward {
  static constexpr const char* name = "forward";
  static constexpr std::size_t inputs = 1;
  template <class Activation>
  static constexpr bool defined = true;

  template <class Activation, class R>
  static Sum<R> value(const R* in, const R* p) {
    return Activation::forward(in[0], p);
  }
};

struct derivative {
  static constexpr const char* name = "derivative";
  static constexpr std::size_t inputs = 1;
  template <class Activation>
  static constexpr bool defined = true;

  template <class Activation, class R>
  static Sum<R> value(const R* in, const R* p) {
    return Activation::derivative(in[0], p);
  }
};

struct backward {
  static constexpr const char* name = "backward";
  static constexpr std::size_t inputs = 2;
  template <class Activation>
  static constexpr bool defined = true;

  template <class Activation, class R>
  static Sum<R> value(const R* in, const R* p) {
    return gradient(in[0], in[1], Activation::derivative(in[0], p));
  }
};

/// Where the activation has a parameter that is learned.
struct alpha_gradient {
  static constexpr const char* name = "alpha_gradient";
  static constexpr std::size_t inputs = 2;
  template <class Activation>
  static constexpr bool defined = requires(double v) {
    Activation::parameter_derivative(v, &v);
  };

  template <class Activation, class R>
  static Sum<R> value(const R* in, const R* p) {
    return gradient(in[0], in[1], Activation::parameter_derivative(in[0], p));
  }
};

using All = std::tuple<forward, derivative, backward, alpha_gradient>;
inline constexpr std::size_t count = std::tuple_size_v<All>;

}  // namespace actbench::reference::directions
