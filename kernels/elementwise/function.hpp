// SPDX-License-Identifier: Apache-2.0
//
// The function of x that a direction computes, taken from an activation's Definition D, in each number type:
//
//   rough()         Rough over F64, relative error below rough_error;
//   full()          DoubleDouble, about 2^-60;
//   full_product()  full() times dy.
//
// D is what kernels/activations/<name>.hpp defines: facts, rounds_once, forward(), derivative(), and what else an
// activation needs.
#pragma once

#include "kernels/math/working_exp.hpp"
#include "kernels/numbers/deep.hpp"
#include "kernels/numbers/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

#ifdef ACTBENCH_DEVICE
inline constexpr bool on_device = true;
#else
inline constexpr bool on_device = false;
#endif

/// The parameters of one call as numbers of the type that computes with them.
template <class D, class N>
struct Parameters {
  N value[max_parameters] = {N(0), N(0), N(0), N(0)};
  explicit Parameters(const double* p) {
    using Element = decltype(element(N(0)));
    for (std::size_t i = 0; i < D::facts.parameter_count; ++i) value[i] = N(static_cast<Element>(p[i]));
  }
  N operator[](int i) const { return value[i]; }

 private:
  static float element(F32) { return 0; }
  static double element(F64) { return 0; }
  template <class V>
  static double element(Exact<V>) {
    return 0;
  }
  template <class V>
  static double element(Rough<V>) {
    return 0;
  }
  template <class V>
  static typename V::Element element(Input<V>) {
    return 0;
  }
  template <class V>
  static typename V::Element element(Body<V>) {
    return 0;
  }
  template <class T>
  static float element(Halves<T>) {
    return 0;
  }
};

/// The factor that a direction takes of x alone: the result itself, or what dy and a are multiplied with.
template <class D, Direction direction, class N, class P>
inline auto factor(N x, const P& p) {
  if constexpr (direction == Direction::forward || direction == Direction::gradient_a) {
    return D::forward(x, p);
  } else if constexpr (direction == Direction::alpha_gradient) {
    return D::parameter_derivative(x, p);
  } else {
    return D::derivative(x, p);
  }
}

/// The factor times dy. A Definition may have a form of its own for backward.
template <class D, Direction direction, class N, class P>
inline auto product(N dy, N x, const P& p) {
  if constexpr (requires { D::backward(dy, x, p); } && direction == Direction::backward) {
    return D::backward(dy, x, p);
  } else {
    return factor<D, direction>(x, p) * dy;
  }
}

template <class D, Direction direction>
inline auto rough(F64 x, const Parameters<D, Rough<F64>>& p) {
  return factor<D, direction>(Rough<F64>(x), p);
}
/// The error of a Rough result is relative to its size plus this.
inline F64 slack_of(Rough<F64>) { return 0.0; }
inline F64 slack_of(Slack<F64> a) { return a.slack; }

/// The factor as a DoubleDouble. A result next to nothing or very large may come scaled (kernels/math/exp.hpp).
template <class D, Direction direction, class V = F64>
__attribute__((noinline)) DoubleDouble<F64> full(F64 x, const double* parameters) {
  const auto result =
      normalized(DoubleDouble<V>(factor<D, direction>(Exact<V>(V(x)), Parameters<D, Exact<V>>(parameters))));
  return {plain(result.hi), plain(result.lo)};
}
template <class D, Direction direction>
inline DoubleDouble<F64> full_product(F64 dy, F64 x, const double* parameters) {
  if constexpr (requires(Exact<F64> e, Parameters<D, Exact<F64>> p) { D::backward(e, e, p); }) {
    return normalized(D::backward(Exact<F64>(dy), Exact<F64>(x), Parameters<D, Exact<F64>>(parameters)));
  } else {
    return normalized(full<D, direction>(x, parameters) * Exact<F64>(dy));
  }
}

/// rough() as one function of the machine code, for paths that are seldom taken.
template <class D, Direction direction>
__attribute__((noinline)) F64 rough_out_of_line(F64 x, const double* parameters) {
  return rough<D, direction>(x, Parameters<D, Rough<F64>>(parameters)).v;
}

// Gated units define these two (kernels/gates.hpp): the factor times a multiplier of f32 or a half type, or times the
// product of two, rounded to odd as last_step() does it; and the exact path of f64.
template <class D, Direction direction>
inline F64 gate_product(F64 multiplier, F64 x, const double* parameters);
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 gate_exact_path_f64(F64 x, F64 dy, F64 a, const double* parameters);

/// The factor of dy at an infinite x is a limit. An infinite dy makes NaN of a limit that is 0.
inline F64 at_infinity(F64 x, F64 value) {
  return select((abs(x) == F64(__builtin_inf())) & (abs(value) < F64(0x1p-150)), xor_sign(F64(0.0), value), value);
}
inline F64 limited(F64 x, double bound) { return max(F64(-bound), min(F64(bound), x)); }
/// ±infinity as ±2^200; other numbers of f32 and the half types as they are. A vocabulary may have a shorter way.
template <class V>
inline V finite(V x) {
  return limited(x, 0x1p200);
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
