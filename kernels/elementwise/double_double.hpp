// SPDX-License-Identifier: Apache-2.0
//
// Accurate f64: the function as a DoubleDouble to about 2^-62, rounded once; 0.5001 ULP at worst so far as was found,
// and below the promise of 0.502.
//
// f64 has no room for the lower part of a DoubleDouble next to its smallest numbers, nor for products above its
// largest. So the exponential comes scaled by 2^±128 where it is very small or very large (kernels/math/exp.hpp), and
// with it what is proportional to it. ExactStep takes results in the middle of the exponent range as they are; a
// register with any other goes through exact_path_f64().
#pragma once

#include "kernels/elementwise/direct.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// |x| beyond this counts as this: the activation has reached its limit or its asymptote.
template <class D>
constexpr double saturation_bound() {
  if constexpr (requires { D::saturation_bound; }) {
    return D::saturation_bound;
  } else {
    return 0x1p60;
  }
}

/// a·scale rounded once, subnormal numbers included, for a power of two that leaves a itself normal.
inline F64 rounded_at(DoubleDouble<F64> a, F64 scale) {
  const F64 smallest_normal = F64(0x1p-1022) / scale;
  const F64 anchor = xor_sign(smallest_normal, a.hi);  // the spacing of its sums with a is, scaled, 2^-1074
  const DoubleDouble<F64> shifted = two_sum(anchor, a.hi);
  const F64 subnormal = ((shifted.hi + (shifted.lo + a.lo)) - anchor) * scale;
  return select(abs(a.hi) < smallest_normal, subnormal, a.hi * scale);
}

/// 2^n for whole n; 0 below -1022.
inline F64 power(F64 n) {
  return select(n < F64(-1022.0), F64(0.0), power_of_two(max(F64(-1022.0), n) + F64(0x1.8p52)));
}

// ---- The exact path of f64. Each lane goes its own way, by selections.

/// The last word on F64::lanes results of which one is zero, near the ends of the exponent range or not finite, or
/// whose x is beyond the saturation bound:
/// - An x next to zero, or far out where f falls off as 1/x², is evaluated at x·2^shift in between, and the result is
///   scaled back by the order of f, which two Rough values tell.
/// - What e^x was scaled by is taken off.
/// - An x beyond the saturation bound lies on the asymptote c·x, at a limit, or at an infinity.
/// - A zero has the sign of the Rough value, which is zero only where f is.
/// One function: g++ makes other machine code of it in parts.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 exact_path_f64(F64 x, F64 dy, const double* parameters) {
  const F64 input = limited(x, saturation_bound<D>()), size = abs(input);
  const auto tiny = (size < F64(0x1p-300)) & (size > F64(0.0)), huge = size > F64(0x1p300);
  // Where f is evaluated: near = x·2^shift, in the middle of the exponent range.
  const F64 inner = select(size < F64(0x1p-600), select(size < F64(0x1p-900), F64(700.0), F64(400.0)), F64(128.0));
  const F64 outer = select(size > F64(0x1p700), select(size > F64(0x1p900), F64(-800.0), F64(-600.0)),
                           select(size > F64(0x1p500), F64(-400.0), F64(-200.0)));
  const F64 shift = select(tiny, inner, select(huge, outer, F64(0.0)));
  const F64 near = input * power(shift), near_r = rough_out_of_line<D, direction>(near, parameters);
  // By how much f changes where x changes by 2^100, at 2^±300.
  const F64 middle = select(tiny, xor_sign(F64(0x1p-300), input), limited(input, 0x1p300));
  const F64 inwards = middle * select(tiny, F64(0x1p100), select(huge, F64(0x1p-100), F64(1.0)));
  const F64 middle_r = rough_out_of_line<D, direction>(middle, parameters);
  const F64 change = abs(rough_out_of_line<D, direction>(inwards, parameters)) / abs(middle_r);
  DoubleDouble<F64> value = full<D, direction>(near, parameters);
  // Where terms cancel, the Rough value may have either sign.
  const F64 r = select(abs(value.hi) > F64(0.0), xor_sign(abs(middle_r), value.hi), middle_r);
  // The k of f ~ C·x^k.
  const F64 order =
      select(change > F64(0x1p50),
             select(change > F64(0x1p150), select(change > F64(0x1p250), F64(3.0), F64(2.0)), F64(1.0)), F64(0.0));
  // What e^x was scaled by: the ratio to the Rough value tells, whose own exponential ends at e^±708.
  const F64 ratio = abs(value.hi) / abs(near_r);
  const auto constant = order == F64(0.0);
  const auto raised = (ratio > F64(0x1p64)) | (constant & (abs(near_r) < F64(0x1p-950)));
  const auto lowered = (ratio < F64(0x1p-64)) | (constant & (abs(near_r) > F64(0x1p900)));
  const F64 unscale = select(raised, F64(-128.0), select(lowered, F64(128.0), F64(0.0)));
  F64 exponent = unscale - order * abs(shift);
  if constexpr (takes_dy(direction)) {
    // f'(x)·dy: dy goes to the middle of the exponent range, too.
    auto large = ((abs(dy) > F64(0x1p400)) & (abs(value.hi) > F64(0x1p-700))) | (abs(dy) > F64(0x1p900)) |
                 (abs(value.hi) > F64(0x1p500));
    const auto small = abs(dy) < F64(0x1p-400);
    const auto below = constant & (abs(near_r) < F64(0x1p-900)) & (abs(dy) > F64(0x1p-30));
    if (any(below)) {  // f' is below all doubles, and a large dy may bring it back
      const DoubleDouble<F64> deep = full<D, direction, Deep>(near, parameters);
      const auto scaled_up = below & ((xor_sign(deep.hi, r) > F64(0.0)) | (deep.hi == F64(0.0)));
      value = select(scaled_up, deep, value);
      exponent = select(scaled_up, F64(-1040.0), exponent);
      large = large | scaled_up;
    }
    const F64 moved = dy * select(small, F64(0x1p600), select(large, F64(0x1p-600), F64(1.0)));
    exponent = exponent + select(small, F64(-600.0), select(large, F64(600.0), F64(0.0)));
    // A product that so small a scale does not make a zero is so large that it can give some of the scale away.
    const auto very_small = exponent < F64(-1000.0);
    const F64 part = select(very_small, F64(0x1p-400), F64(1.0));
    exponent = select(very_small, exponent + F64(400.0), exponent);
    const DoubleDouble<F64> product = normalized(value * Exact<F64>(moved));
    const auto in_range = exponent >= F64(-1000.0);
    const F64 scaled = rounded_at(DoubleDouble<F64>(product.hi * part, product.lo * part),
                                  power(select(in_range, exponent, F64(0.0))));
    const F64 result = select(in_range, scaled, F64(0.0)), slope_there = at_infinity(x, r), plain = slope_there * dy;
    const F64 with_sign = select(result == F64(0.0), xor_sign(F64(0.0), plain), result);
    const auto multiplied = (abs(dy) > F64(0.0)) & (abs(dy) < F64(__builtin_inf())) & (abs(slope_there) > F64(0.0));
    return select(multiplied, with_sign, plain);
  } else {
    // f(x) itself, or where it lies on its asymptote.
    const F64 inverse = xor_sign(F64(1 / saturation_bound<D>()), input);
    const DoubleDouble<F64> incline(value.hi * inverse, value.lo * inverse);
    const F64 scaled = x * F64(0x1p-64);
    const DoubleDouble<F64> along = incline * Exact<F64>(scaled);
    const F64 line = select(abs(x) < F64(__builtin_inf()), along.hi + along.lo, incline.hi * scaled) * F64(0x1p64);
    const auto on_line = (abs(x) > F64(saturation_bound<D>())) &
                         (abs(value.hi) > F64(0x1p-18 * saturation_bound<D>())) & (abs(value.hi) < F64(0x1p600));
    const auto in_range = exponent >= F64(-1000.0);
    const F64 scaled_back = select(in_range, rounded_at(value, power(select(in_range, exponent, F64(0.0)))), F64(0.0));
    F64 result = select(on_line, line, scaled_back);
    result = select(result == F64(0.0), xor_sign(F64(0.0), r), result);
    result = select(value.hi == value.hi, result, r);  // beyond all numbers, and what that rounds off is none
    return select(x == x, result, x);
  }
}

// ---- The step

/// Whether a is in the middle of the exponent range: not scaled, and not where a product might lose bits.
inline Mask<F64> in_the_middle(F64 a, double least, double most) {
  return (abs(a) >= F64(least)) & (abs(a) <= F64(most));
}
/// The largest |x| for which that can be told: none where parameters are so large or small that they may hide a scale.
template <class D>
inline double largest_plain_input(const double* p) {
  for (std::size_t i = 0; i < D::facts.parameter_count; ++i) {
    const double size = __builtin_fabs(p[i]);
    if (size > 0x1p30 || (size < 0x1p-30 && size > 0)) return -1;
  }
  return 0x1p60;
}

/// What ExactStep does, in the body of a function, as take_body_steps (loop.hpp) takes it: its results, where it takes
/// them as they are.
template <class D, Direction d, class V = F64>
class ExactBodyStep {
 public:
  using Function = D;
  using Element = double;
  static constexpr Direction direction = d;
  static constexpr int lanes = body_registers * F64::lanes;

  static bool suits(const double* parameters) { return usual_parameters(parameters); }
  explicit ExactBodyStep(const double* parameters) : inputs_(parameters, 50, 50, 0x1p-60, 0x1p60), p_(parameters) {}

  __attribute__((always_inline)) bool put(double* y, const double* x, MultiplierPointers<double> m) const {
    if (!inputs_.hold(x, m)) [[unlikely]]
      return false;
    Outliers<V> outliers(0x1p-80, 0x1p80);
    DoubleDouble<Both> value = normalized(DoubleDouble<Both>(factor<D, d>(Exact<Both>(both(x)), p_)));
    for (const F64& one : value.hi.v) outliers.see(one);
    const auto multiply = [&](const double* multiplier) __attribute__((always_inline)) {
      value = normalized(value * Exact<Both>(both(multiplier)));
      for (const F64& one : value.hi.v) outliers.see(one);
    };
    if constexpr (takes_dy(d)) multiply(m.dy);
    if constexpr (with_a<D, d>) multiply(m.a);
    if (!outliers.none()) [[unlikely]]
      return false;
    for (int i = 0; i < body_registers; ++i) store(y + i * F64::lanes, value.hi.v[i]);
    return true;
  }

 private:
  using Both = Body<F64>;
  __attribute__((always_inline)) static Both both(const double* p) {
    Both all;
    for (int i = 0; i < body_registers; ++i) all.v[i] = load(p + i * F64::lanes);
    return all;
  }

  BodyInputs<D, d, F64, body_registers> inputs_;
  Parameters<D, Exact<Both>> p_;
};

template <class D, Direction d>
class ExactStep {
 public:
  using Function = D;
  using Element = double;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = Watch::always;
  using BodyStep = ExactBodyStep<D, d>;
  static constexpr bool has_body = HasBody<D> && !Light<D> && !on_device && lanes > 1;
  using Inputs = Numbers<F64>;
  struct Attempt {
    F64 value;
    Mask<F64> plain;
  };

  explicit ExactStep(const double* parameters)
      : parameters_(parameters),
        farthest_(saturation_bound<D>() < 0x1p60 ? saturation_bound<D>() : largest_plain_input<D>(parameters)) {}

  Inputs load(const double* x, MultiplierPointers<double> m) const { return load_numbers<D, F64, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    DoubleDouble<F64> value = full<D, d>(limited(in.x, saturation_bound<D>()), parameters_);
    auto plain = (abs(in.x) <= farthest_) & in_the_middle(value.hi, least, most);
    const auto multiply = [&](F64 multiplier) {
      value = normalized(value * Exact<F64>(multiplier));
      plain = plain & in_the_middle(value.hi, least, most) & in_the_middle(multiplier, least, most);
    };
    if constexpr (takes_dy(d)) multiply(in.dy);
    if constexpr (with_a<D, d>) multiply(in.a);
    return {value.hi, plain};
  }
  bool put(double* y, const Attempt& a) const {
    store(y, a.value);
    return all(a.plain);
  }
  __attribute__((always_inline)) void recompute(double* y, const Inputs& in, const Attempt& a) const {
    F64 last;
    if constexpr (D::facts.shape == Shape::gated) {
      last = gate_exact_path_f64<D, d>(in.x, in.dy, in.a, parameters_);
    } else {
      last = exact_path_f64<D, d>(in.x, in.dy, parameters_);
    }
    store(y, select(a.plain, a.value, last));
  }

 private:
  /// A value that is neither scaled, nor so times parameters.
  static constexpr bool with_parameters = D::facts.parameter_count > 0;
  static constexpr double least = with_parameters ? 0x1p-80 : 0x1p-150, most = with_parameters ? 0x1p80 : 0x1p200;

  const double* parameters_;
  F64 farthest_;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
