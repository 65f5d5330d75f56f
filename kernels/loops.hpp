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

#ifdef ACTBENCH_DEVICE
inline constexpr bool on_device = true;
#else
inline constexpr bool on_device = false;
#endif

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
  static typename V::Element element(Input<V>) {
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

template <class T>
inline constexpr bool is_f16 = false;
template <>
inline constexpr bool is_f16<F16> = true;

/// When a step looks for subnormal inputs x, whose registers go a way of their own (kernels/subnormal.hpp): always,
/// where it would multiply them; or only where its attempt settles nothing.
enum class Watch : unsigned char { never, always, unsettled };

/// Of a step in the working type: f16's subnormal numbers are normal in f32, and one product at most is no harm.
template <class D, class T>
inline constexpr Watch watch_products = D::rounds_once || is_f16<T> ? Watch::never : Watch::always;

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

/// What a step computes with: the input, and the multipliers, 1 where the direction takes none.
template <class V>
struct Numbers {
  V x, dy, a;
};
template <class V, Direction direction, class T>
inline Numbers<V> load_numbers(const T* x, MultiplierPointers<T> m) {
  Numbers<V> n{V(load_working(x)), V(1), V(1)};
  if constexpr (takes_dy(direction)) n.dy = V(load_working(m.dy));
  if constexpr (with_a<direction>) n.a = V(load_working(m.a));
  return n;
}

struct WideNumbers {
  F64 x, multiplier;
};
template <Direction direction, class T>
inline WideNumbers load_wide_numbers(const T* x, MultiplierPointers<T> m) {
  if constexpr (multiplied<direction>) {
    return {load_wide(x), multiplier<direction>(m)};
  } else {
    return {load_wide(x), F64(1.0)};
  }
}

template <class Step>
class SubnormalInputs;
/// Whether one of n numbers is subnormal, in what they are computed with.
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

/// Kernels go through an array by steps of a register, each in two parts: attempt() has no branch, so that a device can
/// have several under way at once, and what put() stores of it is the result where that says so; where not, recompute()
/// stores it. A result depends on nothing but its inputs.
template <class Step, class T>
__attribute__((always_inline)) inline void finish_step(const Step& step, const typename Step::Inputs& inputs, T* y) {
  const auto attempt = step.attempt(inputs);
  if (!step.put(y, attempt)) [[unlikely]]
    step.recompute(y, inputs, attempt);
}
template <class Step>
inline void take_steps(const Step& step, const Arguments& a) {
  using T = typename Step::Element;
  constexpr Watch watch = on_device ? Watch::never : Step::watch;
  const auto walk = [&](const Arguments& part) {
    for_each<Step::lanes, T, Step::direction>(
        part, [step](const T* x, MultiplierPointers<T> m, T* y) { finish_step(step, step.load(x, m), y); });
  };
  if constexpr (watch == Watch::never) {
    walk(a);
  } else if constexpr (watch == Watch::unsettled) {
    SubnormalInputs<Step> rare(step, a.parameters);
    for_each<Step::lanes, T, Step::direction>(a, [step, &rare](const T* x, MultiplierPointers<T> m, T* y) {
      const auto inputs = step.load(x, m);
      const auto attempt = step.attempt(inputs);
      if (step.put(y, attempt)) [[likely]]
        return;
      if (!rare.settled(y, inputs)) step.recompute(y, inputs, attempt);
    });
  } else {
    // Looked for ahead of the loop, a block at a time: a test within it takes several times as long.
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

/// As precisely as it gets; where the result is next to nothing or very large perhaps scaled (kernels/math/exp.hpp).
template <class D, Direction direction, class V = F64>
__attribute__((noinline)) DoubleDouble<F64> full(F64 x, const double* parameters) {
  const auto result =
      normalized(DoubleDouble<V>(factor<D, direction>(Exact<V>(V(x)), Parameters<Exact<V>>(parameters))));
  return {plain(result.hi), plain(result.lo)};
}
template <class D, Direction direction>
inline DoubleDouble<F64> full_product(F64 dy, F64 x, const double* parameters) {
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
__attribute__((noinline, cold)) F64 gate_exact_path_f64(F64 x, F64 dy, F64 a, const double* parameters);

/// A factor of dy, which for an infinite x is a limit: an infinite dy makes NaN of a limit that is 0.
inline F64 at_infinity(F64 x, F64 value) {
  return select((abs(x) == F64(__builtin_inf())) & (abs(value) < F64(0x1p-150)), xor_sign(F64(0.0), value), value);
}
inline F64 limited(F64 x, double bound) { return max(F64(-bound), min(F64(bound), x)); }
/// ±infinity as ±2^200; other numbers of f32 and the half types as they are. A vocabulary may have a shorter way.
template <class V>
inline V finite(V x) {
  return limited(x, 0x1p200);
}

// ---- accurate, f32 and the half types: in f64, rounded once

constexpr double power(int exponent) {
  return exponent < 0 ? 0.5 * power(exponent + 1) : exponent > 0 ? 2 * power(exponent - 1) : 1;
}

/// a rounded to so many significant bits, as few as subnormal numbers have below the smallest exponent: the sum with a
/// number whose spacing is that of the result is rounded to it.
template <int precision, int min_exponent>
inline F64 rounded(F64 a) {
  const F64 within = limited(a, 0x1p200);
  const F64 anchor = max(F64(power(min_exponent)), binade(within)) * F64(1.5 * power(53 - precision));
  return xor_sign(abs((within + anchor) - anchor), a);
}
inline F64 rounded_to(const float*, F64 a) { return a; }
inline F64 rounded_to(const F16*, F64 a) { return rounded<11, -14>(a); }
inline F64 rounded_to(const BF16*, F64 a) { return rounded<8, -126>(a); }

template <class T>
inline bool store_if_rounded_alike(T* p, F64 a, F64 b) {
  const F64 low = rounded_to(p, a), high = rounded_to(p, b);
  store_narrow(p, low);
  return !any((low < high) | (low > high));
}

/// Says whether all that a is off by less than that, relatively, is rounded to one number, in all lanes, and stores it.
template <class T>
inline bool store_if_rounding_decided(T* p, F64 a, double error) {
  return store_if_rounded_alike(p, a * F64(1 - error), a * F64(1 + error));
}

/// A Rough result: the factor and the product, and what their errors are relative to beside them.
struct RoughProduct {
  F64 factor, factor_slack, value, slack;
};
template <class D, Direction direction>
inline RoughProduct rough_product(const WideNumbers& in, const Parameters<Rough<F64>>& p) {
  const auto r = rough<D, direction>(finite(in.x), p);
  F64 value = r.v, slack = slack_of(r);
  if constexpr (multiplied<direction>) {
    value = at_infinity(in.x, value);
    if constexpr (Definition::facts.shape == Shape::gated) value = select(abs(value) < F64(0x1p150), value, in.x);
    value = value * in.multiplier;
    slack = at_infinity(in.x, slack) * abs(in.multiplier);
  }
  return {r.v, slack_of(r), value, slack};
}

/// The last word on F64::lanes numbers, for where a Rough result leaves the rounding of one of them open, ready to be
/// rounded to any type of at most 51 bits. What is far beyond such a type keeps the Rough result, and so does a zero
/// its sign: what an element becomes must not depend on whether its neighbours came here.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 exact_path(F64 x, F64 multiplier, const double* parameters) {
  const RoughProduct near = rough_product<D, direction>({x, multiplier}, Parameters<Rough<F64>>(parameters));
  const F64 size = abs(near.value) + near.slack;
  F64 value = near.value, last;
  x = finite(x);
  if constexpr (Definition::facts.shape == Shape::gated) {
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

/// f32 and the half types from the Rough result; an infinite input is taken as ±2^200, whose result rounds to the
/// limit.
template <class D, Direction d, class T>
class RoundingTestStep {
 public:
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = is_f16<T> ? Watch::never : Watch::always;
  using Inputs = WideNumbers;
  /// Whether the error is relative to the value alone.
  static constexpr bool relative = !(takes_dy(d) && with_a<d>)&&!requires(F64 x, Parameters<Rough<F64>> p) {
    rough<D, d>(x, p).slack;
  };
  struct Attempt {
    F64 low, high;  ///< if relative, the value itself, twice
  };

  explicit RoundingTestStep(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_wide_numbers<d>(x, m); }

  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const RoughProduct r = rough_product<D, d>(in, p_);
    if constexpr (relative) return {r.value, r.value};
    F64 error = min(abs(r.value) + r.slack, F64(0x1p1000)) * F64(rough_error);  // finite, whatever the result
    if constexpr (takes_dy(d) && with_a<d>) {
      // Two multipliers reach further down a tail than Rough is that precise.
      error = min(abs(r.value), F64(0x1p1000)) * select(abs(r.factor) < F64(0x1p-280), F64(0x1p-20), F64(rough_error));
    }
    const F64 low = r.value - error;
    F64 high = r.value + error;
    if constexpr (!relative && takes_dy(d) && !with_a<d>) {
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
  Parameters<Rough<F64>> p_;
};

template <class D, Direction direction>
__attribute__((noinline)) F64 rough_out_of_line(F64 x, const double* parameters) {
  return rough<D, direction>(x, Parameters<Rough<F64>>(parameters)).v;
}

/// Of an activation that rounds once at most, in V's own arithmetic. Of a gated unit the factor is 0, 1 or x.
template <class D, Direction direction, class V>
__attribute__((always_inline)) inline V own_value(const Numbers<V>& n, const Parameters<V>& p) {
  if constexpr (takes_dy(direction) && with_a<direction>) {
    return product<D, direction>(n.dy, n.x, p) * n.a;
  } else if constexpr (with_a<direction>) {
    return product<D, direction>(n.a, n.x, p);
  } else if constexpr (takes_dy(direction)) {
    return product<D, direction>(n.dy, n.x, p);
  } else {
    return factor<D, direction>(n.x, p);
  }
}

/// That, which is all there is to do, but that the half types round once more.
template <class D, Direction d, class T>
class DirectStep {
 public:
  using Element = T;
  using V = Working<T>;
  static constexpr Direction direction = d;
  static constexpr int lanes = V::lanes;
  static constexpr Watch watch = Watch::never;
  using Inputs = Numbers<V>;
  using Attempt = V;

  explicit DirectStep(const double* parameters) : p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<V, d>(x, m); }
  __attribute__((always_inline)) V attempt(const Inputs& in) const { return own_value<D, d>(in, p_); }
  bool put(T* y, V value) const {
    store_working(y, value);
    return true;
  }
  __attribute__((always_inline)) void recompute(T*, const Inputs&, V) const {}

 private:
  Parameters<V> p_;
};

/// The same of the half types, rounded once more from f64.
template <class D, Direction d, class T>
class DirectInDoubleStep {
 public:
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = Watch::never;
  using Inputs = WideNumbers;
  using Attempt = F64;

  explicit DirectInDoubleStep(const double* parameters) : p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_wide_numbers<d>(x, m); }
  __attribute__((always_inline)) F64 attempt(const Inputs& in) const {
    if constexpr (multiplied<d>) {
      return product<D, d>(in.multiplier, in.x, p_);
    } else {
      return factor<D, d>(in.x, p_);
    }
  }
  bool put(T* y, F64 value) const {
    store_narrow(y, rounded_to(y, value));
    return true;
  }
  __attribute__((always_inline)) void recompute(T*, const Inputs&, F64) const {}

 private:
  Parameters<F64> p_;
};

// ---- accurate, f64: from Exact, below 1 ULP

/// Beyond this, |x| counts as this: the activation has reached its limit or its asymptote.
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

/// For where one of F64::lanes results is zero, near the ends of the exponent range or not finite, or x is beyond
/// saturation_bound. Each lane by itself:
/// - x next to zero, or far out where f falls off as 1/x², is evaluated at x·2^shift, in between, and the result scaled
///   back. How, two Rough values tell: f may be constant, linear, quadratic or cubic at 0.
/// - What e^x scaled, the ratio to the Rough value tells, which ends at e^±708.
/// - x beyond saturation_bound: the asymptote, c·x, a limit, or something as large as one likes.
/// - A zero has the sign of the Rough value, which is zero only where f is.
template <class D, Direction direction>
__attribute__((noinline, cold)) F64 exact_path_f64(F64 x, F64 dy, const double* parameters) {
  const F64 input = limited(x, saturation_bound<D>()), size = abs(input);
  const auto tiny = (size < F64(0x1p-300)) & (size > F64(0.0)), huge = size > F64(0x1p300);
  const F64 inner = select(size < F64(0x1p-600), select(size < F64(0x1p-900), F64(700.0), F64(400.0)), F64(128.0));
  const F64 outer = select(size > F64(0x1p700), select(size > F64(0x1p900), F64(-800.0), F64(-600.0)),
                           select(size > F64(0x1p500), F64(-400.0), F64(-200.0)));
  const F64 shift = select(tiny, inner, select(huge, outer, F64(0.0)));
  const F64 near = input * power(shift), near_r = rough_out_of_line<D, direction>(near, parameters);
  const F64 middle = select(tiny, xor_sign(F64(0x1p-300), input), limited(input, 0x1p300));
  const F64 inwards = middle * select(tiny, F64(0x1p100), select(huge, F64(0x1p-100), F64(1.0)));
  const F64 middle_r = rough_out_of_line<D, direction>(middle, parameters);
  const F64 change = abs(rough_out_of_line<D, direction>(inwards, parameters)) / abs(middle_r);
  DoubleDouble<F64> value = full<D, direction>(near, parameters);
  // Where terms cancel, the Rough value may have either sign.
  const F64 r = select(abs(value.hi) > F64(0.0), xor_sign(abs(middle_r), value.hi), middle_r);
  const F64 slope =
      select(change > F64(0x1p50),
             select(change > F64(0x1p150), select(change > F64(0x1p250), F64(3.0), F64(2.0)), F64(1.0)), F64(0.0));
  const F64 ratio = abs(value.hi) / abs(near_r);
  const auto constant = slope == F64(0.0);
  const auto raised = (ratio > F64(0x1p64)) | (constant & (abs(near_r) < F64(0x1p-950)));
  const auto lowered = (ratio < F64(0x1p-64)) | (constant & (abs(near_r) > F64(0x1p900)));
  const F64 unscale = select(raised, F64(-128.0), select(lowered, F64(128.0), F64(0.0)));
  F64 exponent = unscale - slope * abs(shift);
  if constexpr (takes_dy(direction)) {
    auto large = ((abs(dy) > F64(0x1p400)) & (abs(value.hi) > F64(0x1p-700))) | (abs(dy) > F64(0x1p900)) |
                 (abs(value.hi) > F64(0x1p500));
    const auto small = abs(dy) < F64(0x1p-400);
    const auto below = constant & (abs(near_r) < F64(0x1p-900)) & (abs(dy) > F64(0x1p-30));
    if (any(below)) {
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

/// Neither scaled, perhaps times parameters, nor where a product might lose bits.
inline Mask<F64> in_the_middle(F64 a) {
  constexpr bool with_parameters = Definition::facts.parameter_count > 0;
  return (abs(a) >= F64(with_parameters ? 0x1p-80 : 0x1p-150)) & (abs(a) <= F64(with_parameters ? 0x1p80 : 0x1p200));
}
/// The largest |x| for which that is so: none where parameters are large or small enough to hide a scale.
inline double largest_plain_input(const double* p) {
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) {
    const double size = __builtin_fabs(p[i]);
    if (size > 0x1p30 || (size < 0x1p-30 && size > 0)) return -1;
  }
  return 0x1p60;
}

template <class D, Direction d>
class ExactStep {
 public:
  using Element = double;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = Watch::always;
  using Inputs = Numbers<F64>;
  struct Attempt {
    F64 value;
    Mask<F64> plain;
  };

  explicit ExactStep(const double* parameters)
      : parameters_(parameters),
        farthest_(saturation_bound<D>() < 0x1p60 ? saturation_bound<D>() : largest_plain_input(parameters)) {}

  Inputs load(const double* x, MultiplierPointers<double> m) const { return load_numbers<F64, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    DoubleDouble<F64> value = full<D, d>(limited(in.x, saturation_bound<D>()), parameters_);
    auto plain = (abs(in.x) <= farthest_) & in_the_middle(value.hi);
    const auto multiply = [&](F64 multiplier) {
      value = normalized(value * Exact<F64>(multiplier));
      plain = plain & in_the_middle(value.hi) & in_the_middle(multiplier);
    };
    if constexpr (takes_dy(d)) multiply(in.dy);
    if constexpr (with_a<d>) multiply(in.a);
    return {value.hi, plain};
  }
  bool put(double* y, const Attempt& a) const {
    store(y, a.value);
    return all(a.plain);
  }
  __attribute__((always_inline)) void recompute(double* y, const Inputs& in, const Attempt& a) const {
    F64 last;
    if constexpr (Definition::facts.shape == Shape::gated) {
      last = gate_exact_path_f64<D, d>(in.x, in.dy, in.a, parameters_);
    } else {
      last = exact_path_f64<D, d>(in.x, in.dy, parameters_);
    }
    store(y, select(a.plain, a.value, last));
  }

 private:
  const double* parameters_;
  F64 farthest_;
};

/// Hands the step that gives accurate results without a shorter way to `use`.
template <class D, Direction direction, class T, class Use>
inline void with_wide_step(const double* parameters, Use use) {
  if constexpr (D::rounds_once) {
    if constexpr (sizeof(T) < sizeof(float)) {
      use(DirectInDoubleStep<D, direction, T>(parameters));
    } else {
      use(DirectStep<D, direction, T>(parameters));
    }
  } else if constexpr (sizeof(T) == sizeof(double)) {
    use(ExactStep<D, direction>(parameters));
  } else {
    use(RoundingTestStep<D, direction, T>(parameters));
  }
}

// ---- The type's own precision, f32 for the half types: fast, and of the half types accurate, too

/// A register of the accurate kernel's results, for where inputs are beyond what the type's own precision can do.
template <class D, Direction direction, class T>
__attribute__((noinline, cold)) Working<T> accurately(Working<T> x, Working<T> dy, Working<T> other,
                                                      const double* parameters) {
  constexpr int lanes = Working<T>::lanes;
  T inputs[lanes], gradients[lanes], others[lanes], results[lanes];
  store_working(inputs, x);
  store_working(gradients, dy);
  store_working(others, other);
  const Arguments arguments{inputs, gradients, results, lanes, parameters, others};
  with_wide_step<D, direction, T>(parameters, [&](const auto& step) { take_steps(step, arguments); });
  return load_working(results);
}

/// Whether parameters are as fast kernels take them (kernels/math/fast.hpp); for others there is the accurate one.
inline bool usual_parameters(const double* p) {
  for (std::size_t i = 0; i < Definition::facts.parameter_count; ++i) {
    const bool in_range = __builtin_fabs(p[i]) >= 0x1p-7 && __builtin_fabs(p[i]) <= 0x1p7;
    if (!(in_range || p[i] == 0) || (p[i] < 0 && Definition::facts.parameters[i].domain == Domain::nonzero))
      return false;
  }
  return true;
}

/// Whether a result is a sum of two terms that may cancel: by one of them, at 0.
template <class D, Direction direction, class V>
inline bool may_cancel(const double* parameters) {
  const Parameters<Input<V>> p(parameters);
  if constexpr (requires { factor<D, direction>(Input<V>(0.0), p).term; }) {
    return !all(factor<D, direction>(Input<V>(0.0), p).term == number<V>(0));
  } else {
    return false;
  }
}

/// Whether inputs are within what the type's own precision can do: not where x is huge, infinite or NaN, or so small
/// that parameters might lose its bits, or multipliers are huge.
template <class D, Direction direction, class V>
inline Mask<V> usual_numbers(const Numbers<V>& n) {
  using Range = FastRange<V>;
  constexpr bool two = takes_dy(direction) && with_a<direction>;
  constexpr bool with_parameters = Definition::facts.parameter_count > 0;
  auto usual = abs(n.x) < V(Definition::facts.shape == Shape::gated ? Range::multiplier : Range::input);
  if constexpr (with_parameters) usual = usual & ((abs(n.x) > V(Range::tiny)) | (n.x == number<V>(0)));
  if constexpr (takes_dy(direction))
    usual = usual & (abs(n.dy) < V(two || with_parameters ? Range::multiplier : Range::multipliers));
  if constexpr (with_a<direction>) usual = usual & (abs(n.a) < V(Range::multiplier));
  return usual;
}

/// Of an activation that does not round once at most, within 4 ULP where inputs are usual ones.
template <class D, Direction direction, class V>
__attribute__((always_inline)) inline V own_value(const Numbers<V>& n, const Parameters<Input<V>>& p) {
  if constexpr (direction == Direction::backward && requires(Input<V> g) { D::backward(g, g, p); }) {
    return plain(D::backward(Input<V>(n.dy), Input<V>(n.x), p));
  } else {
    const auto result = factor<D, direction>(Input<V>(n.x), p);
    V value = value_of(result);
    if constexpr (takes_dy(direction) && with_a<direction> && precise<V>) {
      const V both = n.dy * n.a,
              rest = select(both == V(0), both, fma(n.dy, n.a, -both));  // so that a zero keeps its sign
      value = fma(value, both, value * rest);
    } else {
      if constexpr (takes_dy(direction)) value = value * n.dy;
      if constexpr (with_a<direction>) value = value * n.a;
    }
    return scaled_back(result, value);
  }
}

/// Of f64 the multipliers with which subnormal inputs go a way of their own.
inline constexpr double least_multiplier = 0x1p-150, largest_multiplier = 0x1p200;

/// Where an element does not go that way. A device has no need to, but is to have the same bits, which are accurate.
template <Direction direction, class V>
inline Mask<V> left_to_attempt(const Numbers<V>& n) {
  auto left = (abs(n.x) >= V(FastRange<V>::smallest_normal)) | (n.x == number<V>(0));
  if constexpr (sizeof(typename V::Element) == sizeof(double)) {
    const auto far = [](V m) { return (abs(m) < V(least_multiplier)) | (abs(m) > V(largest_multiplier)); };
    if constexpr (takes_dy(direction)) left = left | far(n.dy);
    if constexpr (with_a<direction>) left = left | far(n.a);
  }
  return left;
}

/// fast. The accurate kernel's result takes the place of the fast one, lane by lane, where inputs are not usual ones,
/// and where a product may be infinite, and may not: in f16, with the other types' limits never.
template <class D, Direction d, class T>
class FastStep {
 public:
  using Element = T;
  using V = typename FastNumber<T>::V;
  static constexpr Direction direction = d;
  static constexpr int lanes = V::lanes;
  static constexpr Watch watch = watch_products<D, T>;
  using Inputs = Numbers<V>;
  struct Attempt {
    V value;
    Mask<V> usual;
  };

  explicit FastStep(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<V, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const V value = own_value<D, d>(in, p_);
    auto usual = usual_numbers<D, d>(in);
    if constexpr (on_device && watch == Watch::always) usual = usual & left_to_attempt<d>(in);
    if constexpr (is_f16<T> && multiplied<d>) {
      // Next to half a unit beyond the largest number, from where on results are infinite.
      usual = usual & (abs(abs(value) - number<V>(65520)) > number<V>(64));
    }
    return {value, usual};
  }
  bool put(T* y, const Attempt& a) const {
    store_working(y, bare(a.value));
    return all(a.usual);
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt& a) const {
    const V other = accurately<D, d, T>(bare(in.x), bare(in.dy), bare(in.a), parameters_);
    store_working(y, bare(select(a.usual, a.value, other)));
  }

 private:
  const double* parameters_;
  Parameters<Input<V>> p_;
};

/// accurate, half types: what f32 is off by seldom leaves open what its result is rounded to. A fast kernel promises 4
/// ULP of a factor; a product with it, whose steps may be half as large, is off by no more than twice that and half a
/// step. P: parameters, as own_value takes them.
template <class D, Direction d, class T, class P>
class HalfViaF32Step {
 public:
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F32::lanes;
  static constexpr Watch watch = D::rounds_once ? Watch::unsettled : watch_products<D, T>;
  using Inputs = Numbers<F32>;
  struct Attempt {
    F32 value;
    Mask<F32> usual;
  };

  explicit HalfViaF32Step(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<F32, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const F32 value = own_value<D, d>(in, p_);
    if constexpr (takes_dy(d) && with_a<d>) {
      // The first of two products may lose bits of a subnormal number that the second one makes count.
      const auto safe = (abs(value) > F32(0x1p-110f)) | (abs(value) < F32(0x1p-136f));
      return {value, usual_numbers<D, d>(in) & safe};
    } else if constexpr (D::rounds_once) {
      return {value, value == value};  // one product at most is rounded
    } else if constexpr (!multiplied<d> && requires { factor<D, d>(Input<F32>(in.x), p_).term; }) {
      // The sign of a zero is that of what rounded to it.
      return {value, usual_numbers<D, d>(in) & (abs(value) > F32(0))};
    } else {
      return {value, usual_numbers<D, d>(in)};
    }
  }
  bool put(T* y, const Attempt& a) const {
    const bool sure = store_if_rounding_decided(y, a.value, 9);
    return sure & all(a.usual);
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt&) const {
    store_working(y, accurately<D, d, T>(in.x, in.dy, in.a, parameters_));
  }

 private:
  const double* parameters_;
  P p_;
};

/// Whether a Definition says of a direction that the type's own precision does not keep it within 4 ULP.
template <class D, Direction direction, class V>
constexpr bool fast_misses_bound() {
  if constexpr (precise<V> && requires { D::fast_misses_bound(direction, true); }) {
    return D::fast_misses_bound(direction, sizeof(typename V::Element) == sizeof(double));
  } else {
    return false;
  }
}

/// Hands the step that a call takes to `use`.
template <class D, Direction direction, class T, class Use>
inline void with_accurate_step(const double* parameters, Use use) {
  if constexpr (sizeof(T) < sizeof(float)) {
    if constexpr (D::rounds_once && is_f16<T>) {
      use(DirectStep<D, direction, T>(
          parameters));  // in f32 products of two numbers of f16 are exact, and never subnormal
    } else if constexpr (D::rounds_once) {
      use(HalfViaF32Step<D, direction, T, Parameters<F32>>(parameters));
    } else {
      if (usual_parameters(parameters) && !may_cancel<D, direction, F32>(parameters))
        return use(HalfViaF32Step<D, direction, T, Parameters<Input<F32>>>(parameters));
      with_wide_step<D, direction, T>(parameters, use);
    }
  } else {
    with_wide_step<D, direction, T>(parameters, use);
  }
}
template <class D, Direction direction, class T, class Use>
inline void with_fast_step(const double* parameters, Use use) {
  using V = typename FastNumber<T>::V;
  if constexpr (D::rounds_once) {
    use(DirectStep<D, direction, T>(parameters));
  } else {
    if constexpr (!fast_misses_bound<D, direction, V>()) {
      if (usual_parameters(parameters) && !may_cancel<D, direction, V>(parameters))
        return use(FastStep<D, direction, T>(parameters));
    }
    with_accurate_step<D, direction, T>(parameters, use);
  }
}

template <class D, Direction direction, class T>
void accurate(const Arguments& a) noexcept {
  with_accurate_step<D, direction, T>(a.parameters, [&](const auto& step) { take_steps(step, a); });
}
template <class D, Direction direction, class T>
void fast(const Arguments& a) noexcept {
  with_fast_step<D, direction, T>(a.parameters, [&](const auto& step) { take_steps(step, a); });
}

// ---- naive: the loop that anybody would write, for the compiler to make of it what it can

/// Half types as frameworks do it on a CPU: computed in float, rounded once.
template <class D, Direction direction, class T>
void naive(const Arguments& a) noexcept {
  using Number = Platform<T>;
  // In two steps: g++ 14 for aarch64 ends with an internal error where one type does both and is a function's argument.
  typedef decltype(stored(T())) Aliasing __attribute__((may_alias));
  typedef Aliasing Unaligned __attribute__((aligned(1)));
  const Unaligned* x = static_cast<const Unaligned*>(a.x);
  const Unaligned* dy = static_cast<const Unaligned*>(a.dy);
  const Unaligned* other = static_cast<const Unaligned*>(a.a);
  Unaligned* y = static_cast<Unaligned*>(a.y);
  const std::size_t n = a.n;
  Number p[max_parameters] = {};
  for (std::size_t i = 0; i < D::facts.parameter_count; ++i) p[i] = static_cast<Number>(a.parameters[i]);
#ifndef __clang__  // which has no such pragma, and looks at run time whether the arrays overlap
#pragma GCC ivdep
#endif
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
