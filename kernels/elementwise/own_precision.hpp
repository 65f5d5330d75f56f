// SPDX-License-Identifier: Apache-2.0
//
// Steps in the type's own precision, f32 for the half types:
//
//   FastStep        fast, within 4 ULP of f32 and f64, and within 1 ULP of the half types;
//   HalfViaF32Step  accurate f16 and bf16, by the rounding test in f32.
//
// Inputs beyond what that precision can do go through the accurate kernel of the type.
#pragma once

#include "kernels/elementwise/body.hpp"
#include "kernels/elementwise/double_double.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

// ---- Which inputs the type's own precision can do

/// Whether a result is a sum of two terms that may cancel. One of them tells, by its value at 0.
template <class D, Direction direction, class V>
inline bool may_cancel(const double* parameters) {
  const Parameters<D, Input<V>> p(parameters);
  if constexpr (requires { factor<D, direction>(Input<V>(0.0), p).term; }) {
    return !all(factor<D, direction>(Input<V>(0.0), p).term == number<V>(0));
  } else {
    return false;
  }
}

/// Whether D says that its forward formula is right for whatever x is, infinite or NaN, too: D::takes_any.
template <class D, Direction direction>
inline constexpr bool takes_any = direction == Direction::forward&& requires {
  requires D::takes_any;
};

/// Whether inputs are usual ones: x is not huge, infinite or NaN, nor so small that parameters might lose its bits, and
/// multipliers are not huge.
template <class D, Direction direction, class V>
inline Mask<V> usual_numbers(const Numbers<V>& n) {
  using Range = FastRange<V>;
  constexpr bool two = takes_dy(direction) && with_a<D, direction>;
  constexpr bool with_parameters = D::facts.parameter_count > 0;
  if constexpr (takes_any<D, direction>) return V(0) == V(0);
  auto usual = abs(n.x) < V(D::facts.shape == Shape::gated ? Range::multiplier : Range::input);
  if constexpr (with_parameters) usual = usual & ((abs(n.x) > V(Range::tiny)) | (n.x == number<V>(0)));
  if constexpr (takes_dy(direction))
    usual = usual & (abs(n.dy) < V(two || with_parameters ? Range::multiplier : Range::multipliers));
  if constexpr (with_a<D, direction>) usual = usual & (abs(n.a) < V(Range::multiplier));
  return usual;
}

/// f64 multipliers with which a subnormal x goes a way of its own (kernels/elementwise/subnormal.hpp).
inline constexpr double least_multiplier = 0x1p-150, largest_multiplier = 0x1p200;

/// Where an element does not go that way. A device has no need of it, but is to have the same bits as a CPU, which are
/// accurate there.
template <class D, Direction direction, class V>
inline Mask<V> left_to_attempt(const Numbers<V>& n) {
  auto left = (abs(n.x) >= V(FastRange<V>::smallest_normal)) | (n.x == number<V>(0));
  if constexpr (sizeof(typename V::Element) == sizeof(double)) {
    const auto far = [](V m) { return (abs(m) < V(least_multiplier)) | (abs(m) > V(largest_multiplier)); };
    if constexpr (takes_dy(direction)) left = left | far(n.dy);
    if constexpr (with_a<D, direction>) left = left | far(n.a);
  }
  return left;
}

// ---- Inputs beyond that

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

/// A register of the accurate kernel's results.
template <class D, Direction direction, class T>
__attribute__((noinline, cold)) Working<T> accurately(Working<T> x, Working<T> dy, Working<T> other,
                                                      const double* parameters) {
  constexpr int lanes = Working<T>::lanes;
  T inputs[lanes], gradients[lanes], others[lanes], results[lanes];
  store_working(inputs, x);
  store_working(gradients, dy);
  store_working(others, other);
  const Arguments arguments{inputs, gradients, results, lanes, parameters, others};
  with_wide_step<D, direction, T>(parameters, [&](const auto& step) { take_usual_steps(step, arguments); });
  return load_working(results);
}

// ---- The steps

/// fast. The accurate result takes the place of the fast one, lane by lane, where inputs are not usual ones, and in f16
/// where a product may be infinite, and may not; the limits of the other types leave no such place.
template <class D, Direction d, class T>
class FastStep {
 public:
  using Function = D;
  using Element = T;
  using V = typename FastNumber<T>::V;
  static constexpr Direction direction = d;
  static constexpr int lanes = V::lanes;
  static constexpr Watch watch = watch_products<D, T>;
  /// Two registers of a half type at a time are quicker than one, however light a step is.
  static constexpr bool packed = two_at_a_time<T> && HasBody<D> && !on_device && lanes > 1;
  static constexpr bool light = Light<D> && !packed && !(is_f16<T> && multiplied<D, d>);
  using Inputs = Numbers<V>;
  struct Attempt {
    V value;
    Mask<V> usual;
  };
  class Look {
    using Range = FastRange<V>;
    using Own = decltype(bare(V()));
    static constexpr bool with_parameters = D::facts.parameter_count > 0, watched = watch == Watch::always;

   public:
    void see(const Inputs& in) {
      if constexpr (takes_any<D, d>) {
        least_ = min(abs(bare(in.x)), least_);  // in this order a NaN changes nothing
      } else {
        x_.see(bare(in.x));
        if constexpr (takes_dy(d)) dy_.see(bare(in.dy));
      }
    }
    bool none() const {
      if constexpr (takes_any<D, d>) return !watched || all(least_ >= Own(Range::smallest_normal));
      if constexpr (takes_dy(d)) return x_.none() && dy_.none();
      return x_.none();
    }

   private:
    Own least_ = Own(Range::input);  ///< all there is to see of an x that D takes whatever it is
    Outliers<Own> x_{with_parameters ? Range::tiny : watched ? Range::smallest_normal : 0, Range::input};
    Outliers<Own> dy_{0, with_parameters ? Range::multiplier : Range::multipliers};
  };

  using BodyStep = ACTBENCH_ISA::BodyStep<D, d, T>;
  static constexpr bool has_body = HasBody<D> && !light && !on_device && lanes > 1;

  explicit FastStep(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<D, V, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const V value = own_value<D, d>(in, p_);
    auto usual = usual_numbers<D, d>(in);
    if constexpr (on_device && watch == Watch::always) usual = usual & left_to_attempt<D, d>(in);
    if constexpr (is_f16<T> && multiplied<D, d>) {
      // Next to half a unit beyond the largest number, from where on results are infinite.
      usual = usual & (abs(abs(value) - number<V>(65520)) > number<V>(64));
    }
    return {value, usual};
  }
  bool put(T* y, const Attempt& a) const {
    store_number(y, bare(a.value));  // a NaN comes of unusual numbers only
    return all(a.usual);
  }
  template <class... Registers>
  bool ordinary(const Registers&... in) const {
    bool yes = all((usual_numbers<D, d>(in) & ...));  // beside parameters subnormal numbers are not
    if constexpr (watch == Watch::always && D::facts.parameter_count == 0)
      yes = yes && !any((subnormal(bare(in.x)) | ...));
    return yes;
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt& a) const {
    const V other = accurately<D, d, T>(bare(in.x), bare(in.dy), bare(in.a), parameters_);
    store_number(y, bare(select(a.usual, a.value, other)));  // other is a number of T already, or a NaN without a rest
  }

 private:
  const double* parameters_;
  Parameters<D, Input<V>> p_;
};

/// Whether a result is a sum of two terms, of which one tells its sign where it is 0.
template <class D, Direction d>
constexpr bool has_term() {
  if constexpr (D::rounds_once) {
    return false;
  } else {
    return requires(Input<F32> x, const Parameters<D, Input<F32>>& p) { factor<D, d>(x, p).term; };
  }
}

/// accurate f16 and bf16 by Ziv's rounding test in f32, which seldom leaves a rounding open. P: parameters, as
/// own_value takes them.
template <class D, Direction d, class T, class P>
class HalfViaF32Step {
 public:
  using Function = D;
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F32::lanes;
  static constexpr Watch watch = D::rounds_once ? Watch::unsettled : watch_products<D, T>;
  using Inputs = Numbers<F32>;
  struct Attempt {
    F32 value;
    Mask<F32> usual;
  };

  using BodyStep = ACTBENCH_ISA::BodyStep<D, d, T, F32>;
  static constexpr bool has_body = two_at_a_time<T> && HasBody<D> && !D::rounds_once && !on_device && lanes > 1 &&
                                   !(takes_dy(d) && with_a<D, d>)&&!has_term<D, d>();

  explicit HalfViaF32Step(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<D, F32, d>(x, m); }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    const F32 value = own_value<D, d>(in, p_);
    if constexpr (takes_dy(d) && with_a<D, d>) {
      // The first of two products may lose bits of a subnormal number that the second one makes count.
      const auto safe = (abs(value) > F32(0x1p-110f)) | (abs(value) < F32(0x1p-136f));
      return {value, usual_numbers<D, d>(in) & safe};
    } else if constexpr (D::rounds_once) {
      return {value, value == value};  // one product at most is rounded
    } else if constexpr (!multiplied<D, d> && has_term<D, d>()) {
      // The sign of a zero is that of what rounded to it.
      return {value, usual_numbers<D, d>(in) & (abs(value) > F32(0))};
    } else {
      return {value, usual_numbers<D, d>(in)};
    }
  }
  bool put(T* y, const Attempt& a) const {
    const bool sure = store_if_rounding_decided(y, a.value, fast_steps);
    return sure & all(a.usual);
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt&) const {
    store_working(y, accurately<D, d, T>(in.x, in.dy, in.a, parameters_));
  }

 private:
  const double* parameters_;
  P p_;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
