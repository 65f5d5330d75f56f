// SPDX-License-Identifier: Apache-2.0
//
// Rows forward, accurate. With m the largest x of a row and d = x - m, which two numbers hold exactly, softmax is
// e^d/S, S = Σ e^d, and its logarithm d - ln S, without cancellation: both terms have the same sign. ln S is ln(1 + T)
// with T the sum of all but one of the largest, so that it has its relative precision where one element outweighs all
// others.
//
// - f32 and the half types take Ziv's rounding test: they compute in f64 with plain operations and round both ends of
// the
//   error interval. Where these differ, they start again from a sum whose terms are right to the last bits of an f64,
//   and where that leaves it open, too, from one in double-double. Correctly rounded results are the same whatever the
//   order of the sum.
// - f64 computes in double-double, with sums in an order that is the same on every backend.
#pragma once

#include "kernels/math/log1p.hpp"
#include "kernels/math/scaled_exp.hpp"
#include "kernels/math/working_exp.hpp"
#include "kernels/rows/row.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

// ---- f32 and the half types

/// How S is known, and so what is known of e^d/S and d - ln S, relative. rough: e^d is off by 2^-43 of itself. near: by
/// 2^-52; the rest are single roundings. full: by 2^-60.
enum class Look : int { rough, near, full };
inline constexpr double rough_row_error = 0x1p-41, near_row_error = 0x1p-49;

/// Of a row: Σ e^d, or of all but one of the largest ones, by e^d = term(x, i).
template <class D, class T, class Term>
inline DoubleDouble<double> sum_of_row(const Row<T>& row, double m, Term term) {
  constexpr int lanes = F64::lanes;
  T room[lanes];
  const DoubleDouble<F64> none(F64(0.0), F64(0.0));
  DoubleDouble<F64> total = none;
  F64 ones = 0.0;
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
    const F64 x = input<D>(load_wide(piece<lanes>(row.x, i, row.n, room, infinity<T>(!D::negated))));
    const auto nothing = x == -infinite(), largest = x == F64(m);
    ones = ones + select(largest, F64(1.0), F64(0.0));
    total = added(total, select(nothing | largest, none, term(x, i)));
  }
  const DoubleDouble<double> most = sum_of_all(row.team, across(total));
  const DoubleDouble<double> s = two_sum(sum_of_all(row.team, across(ones)) - (D::logarithm ? 1 : 0), most.hi);
  return normalized(DoubleDouble<double>{s.hi, s.lo + most.lo});
}
/// So many e^d of a row's first elements are kept for the last pass.
inline constexpr std::size_t kept_terms = Team::alone ? 1024 : 0;
template <class D, class T>
ACTBENCH_APART DoubleDouble<double> rough_sum(const Row<T>& row, double m, double* kept) {
  return sum_of_row<D>(row, m, [m, kept](F64 x, std::size_t i) {
    const F64 e = exp(Rough<F64>(x - F64(m))).v;
    if (!D::logarithm && i < kept_terms) store(kept + i, e);
    return DoubleDouble<F64>(e, F64(0.0));
  });
}
template <class D, class T>
ACTBENCH_APART DoubleDouble<double> near_sum(const Row<T>& row, double m) {
  return sum_of_row<D>(row, m, [m](F64 x, std::size_t) {
    const DoubleDouble<F64> d = two_sum(x, F64(-m));
    const F64 e = value_of(growing<0>(Input<F64>(max(F64(-708.0), d.hi))));
    return DoubleDouble<F64>(e, e * d.lo);
  });
}
template <class D, class T>
ACTBENCH_SELDOM DoubleDouble<double> full_sum(const Row<T>& row, double m) {
  return sum_of_row<D>(row, m, [m](F64 x, std::size_t) { return exp(two_sum(x, F64(-m))); });
}

/// A register's results from S or ln S, to the precision of that.
template <class D>
ACTBENCH_SELDOM DoubleDouble<F64> from_all_digits(F64 x, double m, DoubleDouble<double> of_row) {
  const DoubleDouble<F64> d = two_sum(x, F64(-m)), s = everywhere(of_row);
  if constexpr (D::logarithm) {
    return normalized(d - s);
  } else {
    return normalized(exp(d) / s);
  }
}

/// Rows of f32 from that length on have an element that Look::rough leaves open more often than not.
inline constexpr std::size_t rough_up_to = 1 << 15;

template <class D, class T>
void accurate_narrow_row(const Row<T>& row) {
  constexpr int lanes = F64::lanes;
  constexpr T beyond = infinity<T>(!D::negated);
  const double m = row_maximum<D>(row);
  if (!is_finite(m)) return fill_nan(row);

  double kept[kept_terms > 0 && !D::logarithm ? kept_terms : 1];
  auto look = sizeof(T) == sizeof(float) && row.n > rough_up_to ? Look::near : Look::rough;
  DoubleDouble<double> sum{0, 0};  // of e^d, or its logarithm
  double share = 0;
  const auto take_look = [&] {
    sum = look == Look::rough  ? rough_sum<D>(row, m, kept)
          : look == Look::near ? near_sum<D>(row, m)
                               : full_sum<D>(row, m);
    if constexpr (D::logarithm) {
      if (is_finite(sum.hi)) sum = log1p(sum);
    } else {
      share = 1 / sum.hi;
    }
  };
  const std::size_t kept_here = look == Look::rough ? kept_terms : 0;
  take_look();
  if (!is_finite(sum.hi)) return fill_nan(row);

  T room[lanes];
  const auto step = [&](std::size_t i, T* to) {
    const F64 x = input<D>(load_wide(piece<lanes>(row.x, i, row.n, room, beyond))), d = x - F64(m);
    F64 value, error;
    if constexpr (D::logarithm) {
      value = d - F64(sum.hi);
      error = fma(abs(d), F64(0x1p-51), F64(sum.hi * rough_row_error));
    } else {
      if constexpr (kept_terms > 0) {
        value = i < kept_here ? load(kept + i) : exp(Rough<F64>(d)).v;
      } else {
        value = exp(Rough<F64>(d)).v;
      }
      value = value * F64(share);
      error = value * F64(rough_row_error);
    }
    const F64 away = xor_sign(error, value);
    if (store_if_rounded_alike(to, value + away, value - away)) [[likely]]
      return true;
    if (look == Look::rough) return false;
    // What is far below the type's numbers keeps the Rough result, and so does a zero its sign.
    const DoubleDouble<F64> digits = from_all_digits<D>(x, m, sum);
    const auto within = (abs(value) > F64(0x1p-160)) & (abs(value) < F64(0x1p160));
    if (look == Look::near) {
      const F64 off = xor_sign(select(within, abs(digits.hi) * F64(near_row_error), F64(0.0)), value);
      const F64 nearer = select(within, digits.hi, value);
      return store_if_rounded_alike(to, nearer + off, nearer - off);
    }
    F64 last = last_step(digits);
    last = select(last == F64(0.0), xor_sign(F64(0.0), value), last);
    store_narrow(to, rounded_to(to, select(within, last, value)));
    return true;
  };
  in_ever_closer_looks<lanes>(row, step, [&] {
    look = look == Look::rough ? Look::near : Look::full;
    take_look();
  });
}

// ---- f64

/// factor·2^n rounded once, for a factor between 2^-30 and 2^30 and n from -1200 to 0.
inline F64 rounded_once(DoubleDouble<F64> factor, F64 n) {
  const F64 part = 0x1p-200;
  return rounded_at(DoubleDouble<F64>(factor.hi * part, factor.lo * part),
                    power_of_two(n + F64(200.0) + F64(0x1.8p52)));
}

/// Σ of e^(x - shift) over those elements for which left_out(x) does not hold.
template <class D, class LeftOut>
inline DoubleDouble<double> sum_of_terms(const Row<double>& row, double shift, LeftOut left_out) {
  double room[F64::lanes];
  return sum_in_order<false>(
             row,
             [&](std::size_t i, auto within) __attribute__((always_inline)) {
               constexpr bool whole = decltype(within)::value;
               const F64 x =
                   input<D>(load(piece<F64::lanes, whole>(row.x, i, row.n, room, infinity<double>(!D::negated))));
               const auto nothing = (x == -infinite()) | left_out(x);
               const DoubleDouble<F64> e = unscaled(scaled_exp(two_sum(x, F64(-shift))), -1000);
               return select(nothing, DoubleDouble<F64>(F64(0.0), F64(0.0)), e);
             })
      .sum;
}

/// Of a row: Σ e^(x - m) over the elements below m, and how many others there are.
template <class D>
ACTBENCH_APART DoubleDouble<double> sum_of_parts(const Row<double>& row, double m, double& ones) {
  F64 count = 0.0;
  const DoubleDouble<double> sum = sum_of_terms<D>(
      row, m, [&](F64 x) __attribute__((always_inline)) {
        const auto largest = x == F64(m);
        count = count + select(largest, F64(1.0), F64(0.0));
        return largest;
      });
  ones = sum_of_all(row.team, across(count));
  return sum;
}

/// -ln(1 + T) for the largest element of a row, where T is so small that it may be no normal number: -T, from the sum
/// over the others that is taken relative to the largest of these.
template <class D>
ACTBENCH_SELDOM double logarithm_at_top(const Row<double>& row, double m) {
  double second = -__builtin_inf();
  for (std::size_t i = row.first(1); i < row.n; i += row.step(1)) {
    const double x = input<D>(element(row.x, i));
    if (x < m && x > second) second = x;
  }
  second = row.team.all(second, [](double a, double b) { return a > b ? a : b; });
  if (!(second > -__builtin_inf())) return 0;
  const DoubleDouble<double> others = sum_of_terms<D>(row, second, [m](F64 x) { return x >= F64(m); });
  const WithExponent e = scaled_exp(two_sum(F64(second), F64(-m)));
  return -first_of(rounded_once(normalized(e.value * everywhere(others)), e.exponent));
}

template <class D>
void accurate_f64_row(const Row<double>& row) {
  constexpr int lanes = F64::lanes;
  const double m = row_maximum<D>(row);
  if (!is_finite(m)) return fill_nan(row);
  double ones = 0;
  const DoubleDouble<double> most = sum_of_parts<D>(row, m, ones);
  const DoubleDouble<double> s = two_sum(ones - (D::logarithm ? 1 : 0), most.hi);
  DoubleDouble<double> of_row = normalized(DoubleDouble<double>{s.hi, s.lo + most.lo});
  if (!is_finite(of_row.hi)) return fill_nan(row);
  double at_top = 0;
  const bool outweighed = D::logarithm && of_row.hi < 0x1p-200;
  if (D::logarithm) {
    if (outweighed) at_top = logarithm_at_top<D>(row, m);
    of_row = log1p(of_row);
  }
  const DoubleDouble<F64> by = everywhere(of_row);
  double room[lanes];
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
    const F64 x = input<D>(load(piece<lanes>(row.x, i, row.n, room, infinity<double>(!D::negated))));
    const DoubleDouble<F64> d = two_sum(x, F64(-m));
    F64 result;
    if constexpr (D::logarithm) {
      result = select(d.hi > -infinite(), normalized(d - by).hi, d.hi);
      if (outweighed) result = select(d.hi == F64(0.0), F64(at_top), result);
    } else {
      const WithExponent e = scaled_exp(d);
      const DoubleDouble<F64> share = normalized(e.value / by);
      result = share.hi * power_of_two(max(F64(-990.0), e.exponent) + F64(0x1.8p52));
      if (any(e.exponent < F64(-990.0))) [[unlikely]]
        result = select(e.exponent < F64(-990.0), rounded_once(share, e.exponent), result);
    }
    put_piece<lanes>(row.y, i, row.n, [&](double* to) { store(to, result); });
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
