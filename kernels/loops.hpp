// SPDX-License-Identifier: Apache-2.0
//
// Turns one activation's Definition into kernels for the instruction set being compiled: the loops over arrays, the
// steps from a type to its working number and back, and the table for the registry.
#pragma once

#include "kernels/math/deep.hpp"
#include "kernels/math/working.hpp"
#include "kernels/math/working_exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// The parameters of one call as numbers of the type that computes with them.
template <class N>
struct Parameters {
  N value[max_parameters] = {N(0), N(0), N(0), N(0)};
  explicit Parameters(const double* p) {
    using Element = decltype(element(N(0)));
    for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) value[i] = N(static_cast<Element>(p[i]));
  }
  N operator[](int i) const { return value[i]; }

 private:
  static float element(F32) { return 0; }
  static double element(F64) { return 0; }
  template <class V>
  static double element(Exact<V>) {
    return 0;
  }
  static double element(Rough<F64>) { return 0; }
  template <class V>
  static typename V::Element element(Given<V>) {
    return 0;
  }
};

/// What a direction's factor is multiplied with: the gradient dy, the other input a of a gated unit, or both.
template <Direction direction>
inline constexpr bool with_a = takes_a(Definition::facts.shape, direction);
template <Direction direction>
inline constexpr bool multiplied = takes_dy(direction) || with_a<direction>;

/// Where a step finds them; null what the direction does not take.
template <class T>
struct MultiplierPointers {
  const T* dy;
  const T* a;
};

/// What fast kernels compute a type in.
template <class T>
using Working = decltype(load_working(static_cast<const T*>(nullptr)));

/// Walks y[i], x[i] and, where the direction takes them, dy[i] and a[i] by whole registers. The last ones go through
/// registers of their own by the same code, so that a result depends on nothing but its inputs. Loaded before stored: y
/// may be one of the inputs.
template <int Lanes, class T, Direction direction, class Step>
inline void for_each(const Arguments& arguments, Step step) {
  constexpr bool with_dy = takes_dy(direction), with_a = ACTBENCH_ISA::with_a<direction>;
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

/// What a factor in f64 is multiplied with, from a narrower type: the product of two of its numbers is exact.
template <Direction direction, class T>
inline F64 multiplier(MultiplierPointers<T> m) {
  if constexpr (takes_dy(direction) && with_a<direction>) {
    return load_wide(m.dy) * load_wide(m.a);
  } else if constexpr (with_a<direction>) {
    return load_wide(m.a);
  } else {
    return load_wide(m.dy);
  }
}

// ---- One direction's function of x

/// The factor that a direction takes of x alone: what it is, or what dy and a are multiplied with.
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

/// The same times dy, or what stands in its place.
template <class D, Direction direction, class N, class P>
inline auto product(N dy, N x, const P& p) {
  if constexpr (requires { D::backward(dy, x, p); } && direction == Direction::backward) {
    return D::backward(dy, x, p);
  } else {
    return factor<D, direction>(x, p) * dy;
  }
}

template <class D, Direction direction>
inline auto rough(F64 x, const Parameters<Rough<F64>>& p) {
  return factor<D, direction>(Rough<F64>(x), p);
}
/// What a Rough result's error is relative to, beside the result.
inline F64 slack_of(Rough<F64>) { return 0.0; }
inline F64 slack_of(Slack<F64> a) { return a.slack; }

/// As precisely as it gets; where the result is next to nothing or very large perhaps lifted (kernels/math/exp.hpp).
template <class D, Direction direction, class V = F64>
__attribute__((noinline)) Sum<F64> full(F64 x, const double* parameters) {
  const auto result = normalized(Sum<V>(factor<D, direction>(Exact<V>(V(x)), Parameters<Exact<V>>(parameters))));
  return {plain(result.hi), plain(result.lo)};
}
template <class D, Direction direction>
inline Sum<F64> full_product(F64 dy, F64 x, const double* parameters) {
  if constexpr (requires(Exact<F64> e, Parameters<Exact<F64>> p) { D::backward(e, e, p); }) {
    return normalized(D::backward(Exact<F64>(dy), Exact<F64>(x), Parameters<Exact<F64>>(parameters)));
  } else {
    return normalized(full<D, direction>(x, parameters) * Exact<F64>(dy));
  }
}

// Of gated units (kernels/gates.hpp): the factor times a multiplier of f32 or a half type, or the product of two, as
// last_step has it; and the last word on f64.
template <class D, Direction direction>
inline F64 gate_product(F64 multiplier, F64 x, const double* parameters);
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 gate_in_full_f64(F64 x, F64 dy, F64 a, const double* parameters);

/// A factor of dy, which for an infinite x is a limit: an infinite dy makes NaN of a limit that is 0.
inline F64 at_infinity(F64 x, F64 value) {
  return select((abs(x) == F64(__builtin_inf())) & (abs(value) < F64(0x1p-150)), flip_sign(F64(0.0), value), value);
}
inline F64 limited(F64 x, double reach) { return max(F64(-reach), min(F64(reach), x)); }

// ---- accurate, f32 and the half types: in f64, rounded once

constexpr double power(int exponent) {
  return exponent < 0 ? 0.5 * power(exponent + 1) : exponent > 0 ? 2 * power(exponent - 1) : 1;
}

/// a rounded to so many significant bits, as few as subnormal numbers have below the smallest exponent: the sum with a
/// number whose spacing is that of the result is rounded to it.
template <int precision, int min_exponent>
inline F64 rounded(F64 a) {
  const F64 finite = max(F64(-0x1p200), min(F64(0x1p200), a));
  const F64 anchor = max(F64(power(min_exponent)), binade(finite)) * F64(1.5 * power(53 - precision));
  return flip_sign(abs((finite + anchor) - anchor), a);
}
inline F64 narrowed(const float*, F64 a) { return a; }
inline F64 narrowed(const F16*, F64 a) { return rounded<11, -14>(a); }
inline F64 narrowed(const BF16*, F64 a) { return rounded<8, -126>(a); }

template <class T>
inline bool store_narrow_if_alike(T* p, F64 a, F64 b) {
  const F64 low = narrowed(p, a), high = narrowed(p, b);
  if (any((low < high) | (low > high))) return false;
  store_narrow(p, low);
  return true;
}

/// The last word on F64::lanes numbers, for where a Rough result leaves the rounding of one of them open, ready to be
/// rounded to any type of at most 51 bits. What is far beyond such a type keeps the Rough result, and so does a zero
/// its sign: what an element becomes must not depend on whether its neighbours came here.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 in_full(F64 x, F64 dy, F64 value, F64 size, const double* parameters) {
  F64 last;
  if constexpr (Definition::facts.shape == Shape::gated) {
    last = gate_product<D, direction>(dy, x, parameters);
  } else if constexpr (takes_dy(direction)) {
    last = last_step(full_product<D, direction>(limited(dy, 0x1p300), x, parameters));
    value = select((abs(value) == F64(__builtin_inf())) & (abs(last) > F64(0.0)), flip_sign(abs(value), last), value);
  } else {
    last = last_step(full<D, direction>(x, parameters));
  }
  last = select(last == F64(0.0), flip_sign(F64(0.0), value), last);
  return select((size > F64(0x1p-160)) & (size < F64(0x1p160)), last, value);
}

/// One step of for_each: tries the Rough result.
template <class D, Direction direction, class T>
inline void accurate_step(F64 x, MultiplierPointers<T> m, T* y, const Parameters<Rough<F64>>& p,
                          const double* parameters) {
  const F64 input = limited(x, 0x1p200);
  const auto r = rough<D, direction>(input, p);
  F64 gradient = 0.0, value = r.v, slack = slack_of(r);
  if constexpr (multiplied<direction>) {
    gradient = multiplier<direction>(m);
    value = at_infinity(x, value);
    if constexpr (Definition::facts.shape == Shape::gated) value = select(abs(value) < F64(0x1p150), value, x);
    value = value * gradient;
    slack = at_infinity(x, slack) * abs(gradient);
  }
  F64 low = value * F64(1 - rough_error), high = value * F64(1 + rough_error);
  if constexpr (requires { r.slack; }) {
    const F64 error = min(abs(value) + slack, F64(0x1p1000)) * F64(rough_error);  // finite, whatever the result
    low = value - error;
    high = value + error;
    if constexpr (takes_dy(direction)) {
      const auto either_sign = (slack == F64(__builtin_inf())) & (abs(r.v) <= r.slack * F64(rough_error));
      high = select(either_sign, -low, high);
    }
  }
  if constexpr (takes_dy(direction) && with_a<direction>) {
    // Two multipliers reach further down a tail than Rough is that precise.
    const F64 error = min(abs(value), F64(0x1p1000)) * select(abs(r.v) < F64(0x1p-280), F64(0x1p-20), F64(rough_error));
    low = value - error;
    high = value + error;
  }
  if (!store_narrow_if_alike(y, low, high)) [[unlikely]]
    store_narrow(y, narrowed(y, in_full<D, direction>(input, gradient, value, abs(value) + slack, parameters)));
}

template <class D, Direction direction>
__attribute__((noinline)) F64 rough_out_of_line(F64 x, const double* parameters) {
  return rough<D, direction>(x, Parameters<Rough<F64>>(parameters)).v;
}

/// An infinite input is taken as ±2^200, whose result rounds to the limit.
template <class D, Direction direction, class T>
void accurate_narrow(const Arguments& a) noexcept {
  if constexpr (D::rounds_once) {
    const Parameters<F64> p(a.parameters);
    for_each<F64::lanes, T, direction>(a, [p](const T* x, MultiplierPointers<T> m, T* y) {
      if constexpr (multiplied<direction>) {
        store_narrow(y, narrowed(y, product<D, direction>(multiplier<direction>(m), load_wide(x), p)));
      } else {
        store_narrow(y, narrowed(y, factor<D, direction>(load_wide(x), p)));
      }
    });
  } else {
    const double* const parameters = a.parameters;
    const Parameters<Rough<F64>> p(parameters);
    for_each<F64::lanes, T, direction>(a, [=](const T* x, MultiplierPointers<T> m, T* y) {
      accurate_step<D, direction>(load_wide(x), m, y, p, parameters);
    });
  }
}

/// An activation that rounds once at most, in the type's own arithmetic. Of a gated unit the factor is 0, 1 or x. The
/// half types round once more: accurate kernels have another way for these.
template <class D, Direction direction, class T>
void rounding_once(const Arguments& a) noexcept {
  using V = Working<T>;
  const Parameters<V> p(a.parameters);
  for_each<V::lanes, T, direction>(a, [p](const T* x, MultiplierPointers<T> m, T* y) {
    const V input = load_working(x);
    if constexpr (takes_dy(direction) && with_a<direction>) {
      store_working(y, product<D, direction>(load_working(m.dy), input, p) * load_working(m.a));
    } else if constexpr (with_a<direction>) {
      store_working(y, product<D, direction>(load_working(m.a), input, p));
    } else if constexpr (takes_dy(direction)) {
      store_working(y, product<D, direction>(load_working(m.dy), input, p));
    } else {
      store_working(y, factor<D, direction>(input, p));
    }
  });
}

template <class D, Direction direction>
void accurate_f32(const Arguments& a) noexcept {
  if constexpr (D::rounds_once) {
    rounding_once<D, direction, float>(a);
  } else {
    accurate_narrow<D, direction, float>(a);
  }
}

// ---- accurate, f64: from Exact, below 1 ULP

/// Beyond this, |x| counts as this: the activation has reached its limit or its asymptote.
template <class D>
constexpr double reach() {
  if constexpr (requires { D::reach; }) {
    return D::reach;
  } else {
    return 0x1p60;
  }
}

/// a·scale rounded once, subnormal numbers included, for a power of two that leaves a itself normal.
inline F64 rounded_at(Sum<F64> a, F64 scale) {
  const F64 smallest_normal = F64(0x1p-1022) / scale;
  const F64 anchor = flip_sign(smallest_normal, a.hi);  // the spacing of its sums with a is, scaled, 2^-1074
  const Sum<F64> shifted = two_sum(anchor, a.hi);
  const F64 subnormal = ((shifted.hi + (shifted.lo + a.lo)) - anchor) * scale;
  return select(abs(a.hi) < smallest_normal, subnormal, a.hi * scale);
}

/// 2^n for whole n; 0 below -1022.
inline F64 power(F64 n) {
  return select(n < F64(-1022.0), F64(0.0), power_of_two(max(F64(-1022.0), n) + F64(0x1.8p52)));
}

/// For where one of F64::lanes results is zero, near the ends of the exponent range or not finite, or x is beyond
/// reach. Each lane by itself:
/// - x next to zero, or far out where f falls off as 1/x², is evaluated at x·2^shift, in between, and the result scaled
///   back. How, two Rough values tell: f may be constant, linear, quadratic or cubic at 0.
/// - What e^x lifted, the ratio to the Rough value tells, which ends at e^±708.
/// - x beyond reach: the asymptote, c·x, a limit, or something as large as one likes.
/// - A zero has the sign of the Rough value, which is zero only where f is.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 in_full_f64(F64 x, F64 dy, const double* parameters) {
  const F64 input = limited(x, reach<D>()), size = abs(input);
  const auto tiny = (size < F64(0x1p-300)) & (size > F64(0.0)), huge = size > F64(0x1p300);
  const F64 inner = select(size < F64(0x1p-600), select(size < F64(0x1p-900), F64(700.0), F64(400.0)), F64(128.0));
  const F64 outer = select(size > F64(0x1p700), select(size > F64(0x1p900), F64(-800.0), F64(-600.0)),
                           select(size > F64(0x1p500), F64(-400.0), F64(-200.0)));
  const F64 shift = select(tiny, inner, select(huge, outer, F64(0.0)));
  const F64 near = input * power(shift), near_r = rough_out_of_line<D, direction>(near, parameters);
  const F64 middle = select(tiny, flip_sign(F64(0x1p-300), input), limited(input, 0x1p300));
  const F64 inwards = middle * select(tiny, F64(0x1p100), select(huge, F64(0x1p-100), F64(1.0)));
  const F64 middle_r = rough_out_of_line<D, direction>(middle, parameters);
  const F64 change = abs(rough_out_of_line<D, direction>(inwards, parameters)) / abs(middle_r);
  Sum<F64> value = full<D, direction>(near, parameters);
  // Where terms cancel, the Rough value may have either sign.
  const F64 r = select(abs(value.hi) > F64(0.0), flip_sign(abs(middle_r), value.hi), middle_r);
  const F64 slope =
      select(change > F64(0x1p50),
             select(change > F64(0x1p150), select(change > F64(0x1p250), F64(3.0), F64(2.0)), F64(1.0)), F64(0.0));
  const F64 ratio = abs(value.hi) / abs(near_r);
  const auto constant = slope == F64(0.0);
  const auto raised = (ratio > F64(0x1p64)) | (constant & (abs(near_r) < F64(0x1p-950)));
  const auto lowered = (ratio < F64(0x1p-64)) | (constant & (abs(near_r) > F64(0x1p900)));
  const F64 lift = select(raised, F64(-128.0), select(lowered, F64(128.0), F64(0.0)));
  F64 exponent = lift - slope * abs(shift);
  if constexpr (takes_dy(direction)) {
    auto large = ((abs(dy) > F64(0x1p400)) & (abs(value.hi) > F64(0x1p-700))) | (abs(dy) > F64(0x1p900)) |
                 (abs(value.hi) > F64(0x1p500));
    const auto small = abs(dy) < F64(0x1p-400);
    const auto below = constant & (abs(near_r) < F64(0x1p-900)) & (abs(dy) > F64(0x1p-30));
    if (any(below)) {
      const Sum<F64> deep = full<D, direction, Deep>(near, parameters);
      const auto lifted = below & ((flip_sign(deep.hi, r) > F64(0.0)) | (deep.hi == F64(0.0)));
      value = select(lifted, deep, value);
      exponent = select(lifted, F64(-1040.0), exponent);
      large = large | lifted;
    }
    const F64 moved = dy * select(small, F64(0x1p600), select(large, F64(0x1p-600), F64(1.0)));
    exponent = exponent + select(small, F64(-600.0), select(large, F64(600.0), F64(0.0)));
    // A product that so small a scale does not make a zero is so large that it can give some of the scale away.
    const auto very_small = exponent < F64(-1000.0);
    const F64 part = select(very_small, F64(0x1p-400), F64(1.0));
    exponent = select(very_small, exponent + F64(400.0), exponent);
    const Sum<F64> product = normalized(value * Exact<F64>(moved));
    const auto in_range = exponent >= F64(-1000.0);
    const F64 scaled =
        rounded_at(Sum<F64>(product.hi * part, product.lo * part), power(select(in_range, exponent, F64(0.0))));
    const F64 result = select(in_range, scaled, F64(0.0)), slope_there = at_infinity(x, r), plain = slope_there * dy;
    const F64 with_sign = select(result == F64(0.0), flip_sign(F64(0.0), plain), result);
    const auto multiplied = (abs(dy) > F64(0.0)) & (abs(dy) < F64(__builtin_inf())) & (abs(slope_there) > F64(0.0));
    return select(multiplied, with_sign, plain);
  } else {
    const F64 inverse = flip_sign(F64(1 / reach<D>()), input);
    const Sum<F64> incline(value.hi * inverse, value.lo * inverse);
    const F64 scaled = x * F64(0x1p-64);
    const Sum<F64> along = incline * Exact<F64>(scaled);
    const F64 line = select(abs(x) < F64(__builtin_inf()), along.hi + along.lo, incline.hi * scaled) * F64(0x1p64);
    const auto on_line =
        (abs(x) > F64(reach<D>())) & (abs(value.hi) > F64(0x1p-18 * reach<D>())) & (abs(value.hi) < F64(0x1p600));
    const auto in_range = exponent >= F64(-1000.0);
    const F64 scaled_back = select(in_range, rounded_at(value, power(select(in_range, exponent, F64(0.0)))), F64(0.0));
    F64 result = select(on_line, line, scaled_back);
    result = select(result == F64(0.0), flip_sign(F64(0.0), r), result);
    result = select(value.hi == value.hi, result, r);  // beyond all numbers, and what that rounds off is none
    return select(x == x, result, x);
  }
}

/// Neither lifted, perhaps times parameters, nor where a product might lose bits.
inline Mask<F64> in_the_middle(F64 a) {
  constexpr bool with_parameters = Definition::facts.parameter_count > 0;
  return (abs(a) >= F64(with_parameters ? 0x1p-80 : 0x1p-150)) & (abs(a) <= F64(with_parameters ? 0x1p80 : 0x1p200));
}
/// The largest |x| for which that is so: none where parameters are large or small enough to hide a lift.
inline double plain_reach(const double* p) {
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) {
    const double size = __builtin_fabs(p[i]);
    if (size > 0x1p30 || (size < 0x1p-30 && size > 0)) return -1;
  }
  return 0x1p60;
}

template <class D, Direction direction>
void accurate_f64(const Arguments& a) noexcept {
  if constexpr (D::rounds_once) {
    rounding_once<D, direction, double>(a);
  } else {
    const double* const parameters = a.parameters;
    const F64 farthest = reach<D>() < 0x1p60 ? reach<D>() : plain_reach(parameters);
    for_each<F64::lanes, double, direction>(a, [=](const double* x, MultiplierPointers<double> m, double* y) {
      const F64 input = load(x);
      F64 gradient = 1.0, other = 1.0;
      Sum<F64> value = full<D, direction>(limited(input, reach<D>()), parameters);
      auto plain = (abs(input) <= farthest) & in_the_middle(value.hi);
      if constexpr (takes_dy(direction)) {
        gradient = load(m.dy);
        value = normalized(value * Exact<F64>(gradient));
        plain = plain & in_the_middle(value.hi) & in_the_middle(gradient);
      }
      if constexpr (with_a<direction>) {
        other = load(m.a);
        value = normalized(value * Exact<F64>(other));
        plain = plain & in_the_middle(value.hi) & in_the_middle(other);
      }
      if (!all(plain)) [[unlikely]] {
        if constexpr (Definition::facts.shape == Shape::gated) {
          value.hi = select(plain, value.hi, gate_in_full_f64<D, direction>(input, gradient, other, parameters));
        } else {
          value.hi = select(plain, value.hi, in_full_f64<D, direction>(input, gradient, parameters));
        }
      }
      store(y, value.hi);
    });
  }
}

// ---- fast: in the type's own precision, f32 for the half types

template <class D, Direction direction>
void accurate(const float*, const Arguments& a) noexcept {
  accurate_f32<D, direction>(a);
}
template <class D, Direction direction>
void accurate(const double*, const Arguments& a) noexcept {
  accurate_f64<D, direction>(a);
}
template <class D, Direction direction, class T>
void accurate(const T*, const Arguments& a) noexcept {
  accurate_narrow<D, direction, T>(a);
}

/// A register of the accurate kernel's results.
template <class D, Direction direction, class T>
__attribute__((noinline, cold)) Working<T> accurately(Working<T> x, Working<T> dy, Working<T> other,
                                                      const double* parameters) {
  constexpr int lanes = Working<T>::lanes;
  T inputs[lanes], gradients[lanes], others[lanes], results[lanes];
  store_working(inputs, x);
  store_working(gradients, dy);
  store_working(others, other);
  accurate<D, direction>(inputs, {inputs, gradients, results, lanes, parameters, others});
  return load_working(results);
}

/// Whether parameters are as fast kernels take them (kernels/math/fast.hpp); for others there is the accurate one.
inline bool usual_parameters(const double* p) {
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) {
    const bool in_range = __builtin_fabs(p[i]) >= 0x1p-7 && __builtin_fabs(p[i]) <= 0x1p7;
    if (!(in_range || p[i] == 0) || (p[i] < 0 && Definition::facts.parameters[i].domain != Domain::any)) return false;
  }
  return true;
}

/// Whether a result is a sum of two terms that may cancel: by one of them, at 0.
template <class D, Direction direction, class V>
inline bool may_cancel(const Parameters<Given<V>>& p) {
  if constexpr (requires { factor<D, direction>(Given<V>(0.0), p).term; }) {
    return !all(factor<D, direction>(Given<V>(0.0), p).term == number<V>(0));
  } else {
    return false;
  }
}

template <class T>
inline constexpr bool is_f16 = false;
template <>
inline constexpr bool is_f16<F16> = true;

/// Where inputs are beyond what the type's own precision can do, the accurate kernel's result takes the place of the
/// fast one, lane by lane: x is huge, infinite or NaN, or so small that parameters might lose its bits; multipliers are
/// huge. So it does where a product may be infinite, and may not: in f16, with the other types' limits never.
template <class D, Direction direction, class T>
inline void fast_step(Working<T> input, MultiplierPointers<T> m, T* y,
                      const Parameters<Given<typename FastNumber<T>::V>>& p, const double* parameters) {
  using V = typename FastNumber<T>::V;
  using Range = FastRange<V>;
  constexpr bool two = takes_dy(direction) && with_a<direction>;
  V x = input, dy = number<V>(1), other = number<V>(1);
  if constexpr (takes_dy(direction)) dy = V(load_working(m.dy));
  if constexpr (with_a<direction>) other = V(load_working(m.a));

  auto usual = abs(x) < V(Definition::facts.shape == Shape::gated ? Range::multiplier : Range::input);
  constexpr bool with_parameters = Definition::facts.parameter_count > 0;
  if constexpr (with_parameters) usual = usual & ((abs(x) > V(Range::tiny)) | (x == number<V>(0)));
  if constexpr (takes_dy(direction))
    usual = usual & (abs(dy) < V(two || with_parameters ? Range::multiplier : Range::multipliers));
  if constexpr (with_a<direction>) usual = usual & (abs(other) < V(Range::multiplier));

  V value;
  if constexpr (direction == Direction::backward && requires(Given<V> g) { D::backward(g, g, p); }) {
    value = plain(D::backward(Given<V>(dy), Given<V>(x), p));
  } else {
    const auto result = factor<D, direction>(Given<V>(x), p);
    value = value_of(result);
    if constexpr (two && precise<V>) {
      const V both = dy * other;
      value = fma(value, both, value * fma(dy, other, -both));
    } else {
      if constexpr (takes_dy(direction)) value = value * dy;
      if constexpr (with_a<direction>) value = value * other;
    }
    value = scaled_back(result, value);
  }
  if constexpr (is_f16<T> && multiplied<direction>) {
    // Next to half a unit beyond the largest number, from where on results are infinite.
    usual = usual & (abs(abs(value) - number<V>(65520)) > number<V>(64));
  }
  if (!all(usual)) [[unlikely]]
    value = select(usual, value, V(accurately<D, direction, T>(bare(x), bare(dy), bare(other), parameters)));
  store_working(y, bare(value));
}

/// Whether a Definition says of a direction that the type's own precision does not keep it within 4 ULP.
template <class D, Direction direction, class T>
constexpr bool falls_short() {
  if constexpr (sizeof(T) > 2 && requires { D::falls_short(direction, true); }) {
    return D::falls_short(direction, sizeof(T) == sizeof(double));
  } else {
    return false;
  }
}

template <class D, Direction direction, class T>
void fast(const Arguments& a) noexcept {
  if constexpr (D::rounds_once) {
    rounding_once<D, direction, T>(a);
  } else if constexpr (falls_short<D, direction, T>()) {
    accurate<D, direction>(static_cast<const T*>(nullptr), a);
  } else {
    using V = typename FastNumber<T>::V;
    const double* const parameters = a.parameters;
    const Parameters<Given<V>> p(parameters);
    if (!usual_parameters(parameters) || may_cancel<D, direction>(p))
      return accurate<D, direction>(static_cast<const T*>(nullptr), a);
    for_each<Working<T>::lanes, T, direction>(a, [=](const T* x, MultiplierPointers<T> m, T* y) {
      fast_step<D, direction>(load_working(x), m, y, p, parameters);
    });
  }
}

// ---- naive: the loop that anybody would write, for the compiler to make of it what it can

/// Half types as frameworks do it on a CPU: computed in float, rounded once.
template <class D, Direction direction, class T>
void naive(const Arguments& a) noexcept {
  using Number = Platform<T>;
  typedef decltype(stored(T())) Unaligned __attribute__((aligned(1), may_alias));
  const Unaligned* x = static_cast<const Unaligned*>(a.x);
  const Unaligned* dy = static_cast<const Unaligned*>(a.dy);
  const Unaligned* other = static_cast<const Unaligned*>(a.a);
  Unaligned* y = static_cast<Unaligned*>(a.y);
  const std::size_t n = a.n;
  Number p[max_parameters] = {};
  for (std::size_t i = 0; i < D::facts.parameter_count; ++i) p[i] = static_cast<Number>(a.parameters[i]);
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const Number input = to_float(T{x[i]});
    Number result;
    if constexpr (direction == Direction::forward || direction == Direction::gradient_a) {
      result = D::naive(input, p);
    } else if constexpr (direction == Direction::alpha_gradient) {
      result = D::naive_parameter_derivative(input, p);
    } else {
      result = D::naive_derivative(input, p);
    }
    if constexpr (with_a<direction>) result = to_float(T{other[i]}) * result;
    if constexpr (takes_dy(direction)) result = to_float(T{dy[i]}) * result;
    T rounded;
    from_float(rounded, result);
    y[i] = stored(rounded);
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

/// Hands an array of Kernel rows to the registry, as actbench::ACTBENCH_ISA::<activation>_kernels.
#define ACTBENCH_JOIN_(a, b) a##b
#define ACTBENCH_JOIN(a, b) ACTBENCH_JOIN_(a, b)
#define ACTBENCH_EXPORT(rows, count)                                                                 \
  namespace actbench::ACTBENCH_ISA {                                                                 \
  extern const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels);                             \
  const KernelTable ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernels) = {rows, count, required_features}; \
  }
