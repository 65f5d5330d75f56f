// SPDX-License-Identifier: Apache-2.0
//
// Rows forward, fast: in the type's own precision, f32 for the half types. x = n ln 2 + r for x itself (or x - m where
// that is exact, |m| being large): the common factor e^-m cancels, and with it what rounding x - m would cost.
// Exponents are lifted, so that products with 1/S are rounded once, subnormal numbers included.
#pragma once

#include "kernels/math/log1p.hpp"
#include "kernels/math/working_exp.hpp"
#include "kernels/rows/row.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// By how much exponents are lifted: so that what comes out as the smallest number is still a normal one, and so are
/// 1/S and what rounding it leaves. From which |m| on x - m is exact. How far below the largest term, in ln 2, all is
/// nothing.
template <class V>
struct Lift;
template <>
struct Lift<F32> {
  static constexpr float up = 60, exact_from = 256, reach = 180;
  static constexpr double down = 0x1p-60;
};
template <>
struct Lift<F64> {
  static constexpr double up = 900, exact_from = 2048, reach = 1800, down = 0x1p-900;
};

/// All lanes of a sum and what rounding lost of it.
inline Pair total(F32 high, F32 low) { return {sum_in_double(high, low), 0}; }
inline Pair total(F64 high, F64 low) { return across(Sum<F64>(high, low)); }

/// 1/S less an inverse near it.
inline double residue(Pair sum, double inverse) {
  const Sum<F64> product = two_product(F64(sum.hi), F64(inverse));
  return (((1 - first_of(product.hi)) - first_of(product.lo)) - sum.lo * inverse) * inverse;
}

/// e^(steps·ln 2 - base), which is near 1, for sums of F32 and of F64.
inline double grown(F32, double steps, double base) {
  return first_of(exp(Rough<F64>(steps * 0x1.62e42fefa39efp-1 - base)).v);
}
inline double grown(F64, double steps, double base) {
  const Sum<F64> whole = Exact<F64>(F64(steps)) * Sum<F64>(F64(0x1.62e42fefa39efp-1), F64(0x1.abc9e3b39803fp-56));
  return first_of(exp(normalized(whole - Exact<F64>(F64(base)))).hi);
}

template <class D, class T>
void fast_row(const Row<T>& given) {
  const Row<T> row = given;  // a copy that stores do not reach
  using V = Working<T>;
  using Number = typename V::Element;
  using E = WorkingExp<V>;
  constexpr int lanes = V::lanes;
  // y can hold e^x meanwhile; a device has exponentials to spare, and no memory.
  constexpr bool keeps = Team::alone && !D::logarithm && sizeof(T) == sizeof(Number);
  constexpr T beyond = infinity<T>(!D::negated);
  const auto m = static_cast<Number>(row_maximum<D>(row));
  if (!is_finite(static_cast<double>(m))) return fill_nan(row);
  // From there on x - m is exact wherever e^(x - m) is not nothing: x lies between m/2 and 2m.
  const Number shift = (m < 0 ? -m : m) < Lift<V>::exact_from ? 0 : m, base = m - shift;
  const Number steps = (base * E::log2e + E::shift) - E::shift;
  const V subtracted(shift), lift(Lift<V>::up - steps), lowest((steps - Lift<V>::reach) * static_cast<Number>(0.6931));
  const auto term = [&](V x) __attribute__((always_inline)) { return lifted_exp(max(lowest, x - subtracted), lift); };

  // Registers, of f32 two by two, are added with what rounding the sum loses: off by one rounding whatever n.
  V high(0), low(0), ones(0);
  const auto take = [&](V a) __attribute__((always_inline)) {
    const V s = high + a, part = s - high;
    low = low + ((high - (s - part)) + (a - part));
    high = s;
  };
  const auto element = [&](V x, T * to) __attribute__((always_inline)) {
    V e = term(x);
    if constexpr (keeps) store_working(to, e);
    if constexpr (D::logarithm) {
      const auto top = x == V(m);
      ones = ones + select(top, V(1), V(0));
      e = select(top, V(0), e);
    }
    return e;
  };
  const std::size_t first = row.first(lanes), step = row.step(lanes);
  std::size_t i = first;
  for (; i + 3 * step + lanes <= row.n; i += 4 * step) {
    V e[4];
    for (std::size_t u = 0; u < 4; ++u)
      e[u] = element(input<D>(load_working(row.x + i + u * step)), row.y + i + u * step);
    if constexpr (sizeof(Number) == sizeof(float)) {
      take(e[0] + e[1]);
      take(e[2] + e[3]);
    } else {
      for (const V& one : e) take(one);
    }
  }
  T room[lanes];
  for (; i + lanes <= row.n; i += step) take(element(input<D>(load_working(row.x + i)), row.y + i));
  if (i < row.n) {
    const V x = input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond)));
    put_piece<lanes>(row.y, i, keeps ? row.n : i, [&](T* to) { take(element(x, to)); });
  }
  const Pair sum = sum_of_all(row.team, total(high, low));
  if constexpr (D::logarithm) {
    // The sum's terms are e^(x - shift)·2^(up - steps), those of T e^(x - m).
    const double whole = static_cast<double>(steps), middle = static_cast<double>(base);
    const double others = sum.hi * grown(V(m), whole, middle) * Lift<V>::down,
                 more = sum_of_all(row.team, total(ones, V(0))).hi - 1;
    double of_row;
    if constexpr (sizeof(Number) == sizeof(double)) {
      of_row = log1p(two_sum(more, others)).hi;
    } else {
      of_row = rough_log1p(more + others);
    }
    const V logarithm(static_cast<Number>(of_row)), top(m);
    for (i = first; i < row.n; i += step) {
      const V x = input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond)));
      put_piece<lanes>(row.y, i, row.n, [&](T* to) { store_working(to, (x - top) - logarithm); });
    }
  } else {
    // 1/S in two numbers, so that the product is off by its own rounding and what e^x was off by.
    const auto inverse = static_cast<Number>(1 / sum.hi);
    const V share(inverse), rest(static_cast<Number>(residue(sum, static_cast<double>(inverse))));
    const auto shared = [=](V e) __attribute__((always_inline)) {
      return sizeof(T) == sizeof(Number) ? fma(e, share, e * rest) : e * share;
    };
    for (i = first; i + lanes <= row.n; i += step) {
      const V e = keeps ? load_working(row.y + i) : term(input<D>(load_working(row.x + i)));
      store_working(row.y + i, shared(e));
    }
    if (i < row.n) {
      const T* from = keeps ? row.y : row.x;
      const V e = load_working(piece<lanes>(from, i, row.n, room, beyond));
      put_piece<lanes>(row.y, i, row.n, [&](T* to) { store_working(to, shared(keeps ? e : term(input<D>(e)))); });
    }
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
