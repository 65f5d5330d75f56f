// SPDX-License-Identifier: Apache-2.0
//
// Subnormal inputs. Products with subnormal numbers take a hundred cycles and more on many CPUs (an assist by
// microcode), and next to 0 a result may lie so near a tie that only the longest computation decides it. Both can be
// avoided: next to 0 a direction's factor of x is C·x^k, and the sign of the next term of its series decides ties.
// Registers that hold a subnormal x are handled here, out of line. Nothing here multiplies subnormal numbers: those of
// f32 and bf16 are normal in f64, and f64 is scaled by additions, which have no assist.
//
// C, k and that sign come from the Definition itself, with the precision of a DoubleDouble, at ±2^-200 and ±2^-40: once
// a call, where a subnormal x is met. Where the two do not agree (parameters that are nearly a zero of C, say) and
// where parameters are beyond what fast kernels take, the usual way goes on.
#pragma once

#include "kernels/elementwise.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// The factor next to 0, on one side of it: C·x^k, for the least x to be told from the series. rest: the sign of the
/// next term over that of this one, 0 where there is none.
struct LeadingTerm {
  double hi, lo;  ///< C
  double k;       ///< 0 to 3
  double rest;
};

/// From the factor at s·2^-200 and s·2^-40, each as hi + lo, s = ±1. False where they are not both C·x^k to 2^-20.
inline bool leading_term(double s, const double (&hi)[2], const double (&lo)[2], LeadingTerm& term) {
  term = {hi[0], 0, 0, 0};
  if (hi[0] == 0) return hi[1] == 0;
  const double change = __builtin_fabs(hi[1]) / __builtin_fabs(hi[0]);
  term.k = change < 0x1p80 ? 0 : change < 0x1p240 ? 1 : change < 0x1p400 ? 2 : 3;
  double far = 1, near = 1;  // x^-k at either place
  for (int i = 0; i < static_cast<int>(term.k); ++i) {
    far *= s * 0x1p200;
    near *= s * 0x1p40;
  }
  term.hi = hi[0] * far;
  term.lo = __builtin_fabs(lo[0]) < 0x1p-105 * __builtin_fabs(hi[0]) ? 0 : lo[0] * far;  // else of the next term
  const double apart = ((hi[1] * near - term.hi) + (lo[1] * near - term.lo)) / term.hi;
  term.rest = apart > 0x1p-90 ? 1 : apart < -0x1p-90 ? -1 : 0;
  return __builtin_fabs(apart) < 0x1p-20;
}

/// What one call keeps for them. Step: how the call computes (kernels/elementwise/loop.hpp).
template <class Step>
class SubnormalInputs {
 public:
  using D = typename Step::Function;
  using T = typename Step::Element;
  static constexpr Direction direction = Step::direction;
  static constexpr int lanes = Step::lanes;
  static constexpr bool with_dy = takes_dy(direction), with_a = ACTBENCH_ISA::with_a<D, direction>;

  SubnormalInputs(const Step& step, const double* parameters) : step_(step), parameters_(parameters) {}

  /// All of a block that holds a subnormal x.
  __attribute__((noinline)) void walk(const Arguments& a) {
    for_each<D, lanes, T, direction>(a,
                                     [this](const T* x, MultiplierPointers<T> m, T* y) { take(step_.load(x, m), y); });
  }
  /// Stores all of a register whose attempt has left something open, if it holds a subnormal x, and says whether it
  /// does. y may be where the inputs were.
  bool settled(T* y, const Numbers<F32>& in) {
    if (!any(subnormal(in.x))) return false;
    take_one(in.x, in.dy, in.a, y);
    return true;
  }

  /// Of a light step: any register.
  void finish(const typename Step::Inputs& in, T* y) { take(in, y); }

 private:
  enum class State : unsigned char { unknown, known, different };
  using V = decltype(bare(load_working(static_cast<const T*>(nullptr))));

  /// Where a number of f32 or bf16 is subnormal there.
  static Mask<F64> subnormal_narrow(F64 x) { return (abs(x) < F64(0x1p-126)) & (abs(x) > F64(0.0)); }

  __attribute__((noinline)) void take_one(V x, V dy, V a, T* y) { take(Numbers<V>{x, dy, a}, y); }
  template <class N>
  __attribute__((always_inline)) void take(Numbers<N> in, T* y) {
    const V x = bare(in.x), dy = bare(in.dy), a = bare(in.a);
    if (!any(subnormal(x)) || !known()) return finish_apart(in, y);
    const auto here = suited(x, dy, a);
    T others[lanes];
    const bool mixed = !all(here);
    if (mixed) {
      in.x = select(here, V(1), x);
      finish_apart(in, others);
    }
    if constexpr (sizeof(T) == sizeof(double)) {
      const F64 result = product({x, dy, a});
      store(y, mixed ? select(here, result, load(others)) : result);
    } else {
      float xs[lanes], dys[lanes], as[lanes];  // half types as they are in f32
      store(xs, x);
      store(dys, dy);
      store(as, a);
      for (int i = 0; i < lanes; i += F64::lanes) {
        const MultiplierPointers<float> m{dys + i, as + i};
        store_mixed(y + i, load_wide_numbers<D, direction>(xs + i, m), mixed ? others + i : nullptr);
      }
    }
  }
  __attribute__((always_inline)) void take(const WideNumbers& in, T* y) {
    const auto here = subnormal_narrow(in.x);
    if (!any(here) || !known()) return finish_apart(in, y);
    T others[lanes];
    const bool mixed = !all(here);
    if (mixed) finish_apart({select(here, F64(1.0), in.x), in.multiplier}, others);
    store_mixed(y, in, mixed ? others : nullptr);
  }
  /// Where the result is product()'s: x is subnormal, and in f64 multipliers lead none of its numbers astray.
  static Mask<V> suited(V x, V dy, V a) {
    Mask<V> here = subnormal(x);
    if constexpr (sizeof(T) == sizeof(double)) {
      const auto near = [](F64 m) { return (abs(m) >= F64(least_multiplier)) & (abs(m) <= F64(largest_multiplier)); };
      if constexpr (with_dy) here = here & near(dy);
      if constexpr (with_a) here = here & near(a);
    }
    return here;
  }

  __attribute__((noinline)) void finish_apart(const typename Step::Inputs& in, T* y) const {
    finish_step(step_, in, y);
  }

  bool known() {
    if constexpr (!D::rounds_once) {
      if (state_ == State::unknown) learn();
      return state_ == State::known;
    }
    return true;
  }
  __attribute__((noinline, cold)) void learn() {
    state_ = State::different;
    if (!usual_parameters(parameters_)) return;
    const double places[8] = {0x1p-200, -0x1p-200, 0x1p-40, -0x1p-40, 1, 1, 1, 1};
    double hi[8], lo[8];
    for (int i = 0; i < 4; i += F64::lanes) {
      const DoubleDouble<F64> value = full<D, direction>(load(places + i), parameters_);
      store(hi + i, value.hi);
      store(lo + i, value.lo);
    }
    if (!leading_term(1, {hi[0], hi[2]}, {lo[0], lo[2]}, above_) ||
        !leading_term(-1, {hi[1], hi[3]}, {lo[1], lo[3]}, below_))
      return;
    state_ = State::known;
    if constexpr (sizeof(T) < sizeof(double)) {
      constexpr int multipliers = with_dy + with_a;
      const auto few_bits = [](const LeadingTerm& t) {
        return t.lo == 0 && static_cast<double>(static_cast<float>(t.hi)) == t.hi && t.k + multipliers <= 1;
      };
      exact_ = few_bits(above_) && few_bits(below_);
      if (multipliers > 0 || above_.k != 0 || below_.k != 0) return;
      constant_above_ = first(product(WideNumbers{F64(0x1p-140), F64(1.0)}));
      constant_below_ = first(product(WideNumbers{F64(-0x1p-140), F64(1.0)}));
      constant_ = true;
    }
  }
  static double first(F64 a) {
    double all[F64::lanes];
    store(all, a);
    return all[0];
  }

  /// The terms of the sides that a register's x lie on.
  struct Terms {
    Mask<F64> below;
    const LeadingTerm &a, &b;
    F64 operator()(double LeadingTerm::*member) const { return select(below, F64(b.*member), F64(a.*member)); }
    bool all(double k) const { return a.k == k && b.k == k; }
    F64 power(F64 x) const {
      if (all(1)) return x;
      const auto of = [&](double k) { return k == 0 ? F64(1.0) : k == 1 ? x : k == 2 ? x * x : x * x * x; };
      return select(below, of(b.k), of(a.k));
    }
  };
  Terms terms(F64 x) const { return {x < F64(0.0), above_, below_}; }

  /// C times x^k times the multipliers.
  static DoubleDouble<F64> times_c(DoubleDouble<F64> q, const Terms& of) {
    const F64 c = of(&LeadingTerm::hi), hi = q.hi * c;
    F64 lo = fma(q.hi, c, -hi) + q.hi * of(&LeadingTerm::lo);
    if constexpr (!multiplied<D, direction>) return normalized(DoubleDouble<F64>(hi, lo));
    lo = select(abs(hi) < F64(__builtin_inf()), lo + q.lo * c, F64(0.0));
    const DoubleDouble<F64> s = normalized(DoubleDouble<F64>(hi, lo));
    return {select(hi == F64(0.0), hi, s.hi), s.lo};  // a zero keeps its sign
  }

  /// The results of a register, where x is not subnormal those of `others`, if there are any.
  void store_mixed(T* y, const WideNumbers& in, const T* others) const {
    F64 result = product(in);
    if (others) result = select(subnormal_narrow(in.x), result, load_wide(others));
    store_narrow(y, result);
  }
  F64 product(const WideNumbers& in) const {
    const T* const type = nullptr;
    // One product at most is exact in f64.
    if constexpr (D::rounds_once) return rounded_to(type, DirectInDoubleStep<D, direction, T>(parameters_).attempt(in));
    if (constant_) return select(in.x < F64(0.0), F64(constant_below_), F64(constant_above_));
    const Terms of = terms(in.x);
    DoubleDouble<F64> q(of.power(in.x), F64(0.0)), value = q;
    if (exact_) {
      value.hi = q.hi * of(&LeadingTerm::hi);
      if constexpr (multiplied<D, direction>) value.hi = value.hi * in.multiplier;
    } else {
      if constexpr (multiplied<D, direction>) q = two_product(q.hi, in.multiplier);
      value = times_c(q, of);
    }
    // Next to a tie, as x/2 is for every second x, what is left of the series decides.
    value.lo = value.lo + value.hi * (of(&LeadingTerm::rest) * F64(0x1p-200));
    if constexpr (multiplied<D, direction>) value.lo = select(abs(value.hi) < F64(__builtin_inf()), value.lo, F64(0.0));
    return rounded_to(type, round_to_odd(value.hi, value.lo));
  }
  /// Of f64, in units of the smallest subnormal number, of which x is so many; x² is nothing. A tie goes to the even
  /// number, as where the usual way meets it.
  F64 product(const Numbers<F64>& in) const {
    const F64 units =
        (in.x + xor_sign(F64(0x1p-1022), in.x)) * F64(0x1p537) * F64(0x1p537) - xor_sign(F64(0x1p52), in.x);
    const Terms of = terms(in.x);
    DoubleDouble<F64> q(of.power(units), F64(0.0));
    if constexpr (with_dy) q = normalized(q * Exact<F64>(in.dy));
    if constexpr (with_a) q = normalized(q * Exact<F64>(in.a));
    const DoubleDouble<F64> value = times_c(q, of);
    if (of.all(0)) return value.hi;
    if (of.all(1)) return in_units(value);
    const F64 k = of(&LeadingTerm::k), small = select(k == F64(1.0), in_units(value), xor_sign(F64(0.0), value.hi));
    return select(k == F64(0.0), value.hi, small);
  }
  /// value·2^-1074, rounded once: the sum with 2^52 units is the normal number 2^-1022 larger, from which a
  /// subtraction, which is exact, comes to the result.
  __attribute__((always_inline)) static F64 in_units(DoubleDouble<F64> value) {
    const F64 size = abs(value.hi);
    const DoubleDouble<F64> whole = fast_two_sum(F64(0x1p52), size);
    // Where hi lies between two whole numbers, and nowhere else, lo can tell which of them is nearer.
    const auto tie = abs(whole.lo) == F64(0.5);
    const auto further = whole.lo * xor_sign(value.lo, value.hi) > F64(0.0);
    const F64 n = whole.hi + select(tie & further, whole.lo + whole.lo, F64(0.0));
    const auto small = size < F64(0x1p52);
    const F64 scaled = select(small, n, size) * F64(0x1p-537) * F64(0x1p-537);
    return xor_sign(scaled - select(small, F64(0x1p-1022), F64(0.0)), value.hi);
  }

  const Step& step_;
  const double* parameters_;
  State state_ = State::unknown;
  LeadingTerm above_{}, below_{};
  bool exact_ = false;     ///< whether C times what it is multiplied with is a double
  bool constant_ = false;  ///< whether next to 0 there are but two results: these
  double constant_above_ = 0, constant_below_ = 0;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
