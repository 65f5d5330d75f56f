// SPDX-License-Identifier: Apache-2.0
//
// Accurate f32, f16 and bf16: Ziv's rounding test. A step computes the Rough result r in f64, whose relative error is
// below rough_error, and rounds both ends of the interval r(1 ± rough_error) to the type. Where the two agree, and that
// is nearly always, this is the correctly rounded result. Where they differ, exact_path() evaluates the function again
// as a DoubleDouble, rounds that to odd in f64, and then to the type: rounding twice cannot go wrong so (Boldo and
// Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).
//
// f32 takes a shorter way in the body of a function (RoughBodyStep), and this one where that leaves something open.
#pragma once

#include "kernels/elementwise/body.hpp"
#include "kernels/elementwise/loop.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

constexpr double power(int exponent) {
  return exponent < 0 ? 0.5 * power(exponent + 1) : exponent > 0 ? 2 * power(exponent - 1) : 1;
}

/// a rounded to a number of significant bits, and below the smallest exponent to as few as subnormal numbers have. The
/// sum with an anchor whose spacing is that of the result is rounded to that spacing.
template <int precision, int min_exponent>
inline F64 rounded(F64 a) {
  const F64 within = limited(a, 0x1p200);
  const F64 anchor = max(F64(power(min_exponent)), binade(within)) * F64(1.5 * power(53 - precision));
  return xor_sign(abs((within + anchor) - anchor), a);
}
/// What of a store_narrow() has yet to round: nothing for the half types, whose conversions are then exact.
inline F64 rounded_to(const float*, F64 a) { return a; }
inline F64 rounded_to(const F16*, F64 a) { return rounded<11, -14>(a); }
inline F64 rounded_to(const BF16*, F64 a) { return rounded<8, -126>(a); }

template <class T>
inline bool store_if_rounded_alike(T* p, F64 a, F64 b) {
  const F64 low = rounded_to(p, a), high = rounded_to(p, b);
  store_narrow(p, low);
  return !any((low < high) | (low > high));
}

/// Stores a rounded to T and says whether the rounding is decided in all lanes: whether all numbers whose relative
/// distance from a is below `error` round to the same T.
template <class T>
inline bool store_if_rounding_decided(T* p, F64 a, double error) {
  return store_if_rounded_alike(p, a * F64(1 - error), a * F64(1 + error));
}

/// A Rough result: the factor and the product, each with the slack that its error is relative to beside its size.
struct RoughProduct {
  F64 factor, factor_slack, value, slack;
};
template <class D, Direction direction>
inline RoughProduct rough_product(const WideNumbers& in, const Parameters<D, Rough<F64>>& p) {
  const auto r = rough<D, direction>(finite(in.x), p);
  F64 value = r.v, slack = slack_of(r);
  if constexpr (multiplied<D, direction>) {
    value = at_infinity(in.x, value);
    if constexpr (D::facts.shape == Shape::gated) value = select(abs(value) < F64(0x1p150), value, in.x);
    value = value * in.multiplier;
    slack = at_infinity(in.x, slack) * abs(in.multiplier);
  }
  return {r.v, slack_of(r), value, slack};
}

/// The last word on F64::lanes numbers, for registers in which the rounding test leaves one open. The result is ready
/// to be rounded to any type of at most 51 bits. A number far beyond such a type keeps the Rough result, and a zero
/// keeps its sign: an element's result must not depend on whether a neighbour asked for this.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 exact_path(F64 x, F64 multiplier, const double* parameters) {
  const RoughProduct near = rough_product<D, direction>({x, multiplier}, Parameters<D, Rough<F64>>(parameters));
  const F64 size = abs(near.value) + near.slack;
  F64 value = near.value, last;
  x = finite(x);
  if constexpr (D::facts.shape == Shape::gated) {
    last = gate_product<D, direction>(multiplier, x, parameters);
  } else if constexpr (takes_dy(direction)) {
    last = last_step(full_product<D, direction>(limited(multiplier, 0x1p300), x, parameters));
    value = select((abs(value) == F64(__builtin_inf())) & (abs(last) > F64(0.0)), xor_sign(abs(value), last), value);
  } else {
    last = last_step(full<D, direction>(x, parameters));
  }
  last = select(last == F64(0.0), xor_sign(F64(0.0), value), last);
  return select((size > F64(0x1p-160)) & (size < F64(0x1p160)), last, value);
}

/// Whether the error of a Rough result is relative to the value alone.
template <class D, Direction direction>
inline constexpr bool is_relative = !requires(F64 x, Parameters<D, Rough<F64>> p) {
  rough<D, direction>(x, p).slack;
};

/// The rounding test of f32 in the body of a function, as take_body_steps (loop.hpp) takes it. There the result is a
/// normal number.
template <class D, Direction d>
class RoughBodyStep {
 public:
  using Function = D;
  using Element = float;
  static constexpr Direction direction = d;
  static constexpr int lanes = F32::lanes;

  static bool suits(const double* parameters) { return usual_parameters(parameters); }
  explicit RoughBodyStep(const double* parameters)
      : inputs_(parameters, Range::reach, Range::product_reach, least, most), p_(parameters) {}

  /// Stores results, if all inputs lie in the body and no rounding is open, and says whether that is so.
  __attribute__((always_inline)) bool put(float* y, const float* x, MultiplierPointers<float> m) const {
    if (!inputs_.hold(x, m)) [[unlikely]]
      return false;
    auto value = factor<D, d>(Rough<Body<F64>>(wide(x)), p_).v;
    if constexpr (takes_dy(d) && with_a<D, d>) {
      value = value * (wide(m.dy) * wide(m.a));
    } else if constexpr (multiplied<D, d>) {
      value = value * wide(takes_dy(d) ? m.dy : m.a);
    }
    if (!rounding_decided(y, value.v[0], value.v[1], rough_error)) [[unlikely]]
      return false;
    store_narrow(y, value.v[0]);
    store_narrow(y + F64::lanes, value.v[1]);
    return true;
  }

 private:
  using Range = FastRange<F32>;
  static constexpr bool two = takes_dy(d) && with_a<D, d>;
  static constexpr float least = two ? Range::least_of_two : Range::least_factor, most = Range::multiplier;

  __attribute__((always_inline)) static Body<F64> wide(const float* p) {
    Body<F64> both;
    for (int i = 0; i < body_registers; ++i) both.v[i] = load_wide(p + i * F64::lanes);
    return both;
  }

  BodyInputs<D, d, F32, 1> inputs_;
  Parameters<D, Rough<Body<F64>>> p_;
};

/// f32 and the half types by the rounding test. An infinite input counts as ±2^200, whose result rounds to the limit.
template <class D, Direction d, class T>
class RoundingTestStep {
 public:
  using Function = D;
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = is_f16<T> ? Watch::never : Watch::always;
  using Inputs = WideNumbers;
  static constexpr bool relative = is_relative<D, d> && !(takes_dy(d) && with_a<D, d>);
  using BodyStep = RoughBodyStep<D, d>;
  static constexpr bool has_body =
      HasBody<D> && !Light<D> && is_relative<D, d> && sizeof(T) == sizeof(float) && !on_device && lanes > 1;
  struct Attempt {
    F64 low, high;  ///< if relative, the value itself, twice
  };

  explicit RoundingTestStep(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_wide_numbers<D, d>(x, m); }

  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const RoughProduct r = rough_product<D, d>(in, p_);
    if constexpr (relative) return {r.value, r.value};
    F64 error = min(abs(r.value) + r.slack, F64(0x1p1000)) * F64(rough_error);  // finite, whatever the result
    if constexpr (takes_dy(d) && with_a<D, d>) {
      // Two multipliers reach further down a tail than Rough is that precise.
      error = min(abs(r.value), F64(0x1p1000)) * select(abs(r.factor) < F64(0x1p-280), F64(0x1p-20), F64(rough_error));
    }
    const F64 low = r.value - error;
    F64 high = r.value + error;
    if constexpr (!relative && takes_dy(d) && !with_a<D, d>) {
      const auto either_sign = (r.slack == F64(__builtin_inf())) & (abs(r.factor) <= r.factor_slack * F64(rough_error));
      high = select(either_sign, -low, high);
    }
    return {low, high};
  }
  bool put(T* y, const Attempt& a) const {
    if constexpr (relative) return store_if_rounding_decided(y, a.low, rough_error);
    return store_if_rounded_alike(y, a.low, a.high);
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt&) const {
    store_narrow(y, rounded_to(y, exact_path<D, d>(in.x, in.multiplier, parameters_)));
  }

 private:
  const double* parameters_;
  Parameters<D, Rough<F64>> p_;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
