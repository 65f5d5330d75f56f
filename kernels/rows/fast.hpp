// SPDX-License-Identifier: Apache-2.0
//
// Rows forward, fast: in the type's own precision, f32 for the half types. x = n ln 2 + r for x itself (or x - m where
// that is exact, |m| being large): the common factor e^-m cancels, and with it what rounding x - m would cost.
// Exponents are scaled, so that products with 1/S are rounded once, subnormal numbers included.
//
// On a CPU a row is read from afar once, and its result written twice: the largest element is looked for chunk by
// chunk, ahead of the exponentials, and what these are scaled by need only be near it (an online maximum).
#pragma once

#include "kernels/math/log1p.hpp"
#include "kernels/math/working_exp.hpp"
#include "kernels/rows/row.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// up: by how much exponents are scaled, so that what comes out as the smallest number is still a normal one, and so
/// are 1/S and what rounding it leaves. exact_from: the |m| from which on x - m is exact. nothing_below: how far below
/// the largest term, in ln 2, a term counts as nothing. growth: by how much the largest term may outgrow the one that
/// exponents are scaled for, with the same results.
template <class V>
struct RowScale;
template <>
struct RowScale<F32> {
  static constexpr float up = 50, exact_from = 256, nothing_below = 170, growth = 10;
  static constexpr double down = 0x1p-50;
};
template <>
struct RowScale<F64> {
  static constexpr double up = 900, exact_from = 2048, nothing_below = 1800, growth = 20, down = 0x1p-900;
};

/// All lanes of a sum and what rounding lost of it.
inline DoubleDouble<double> total(F32 high, F32 low) { return {sum_in_double(high, low), 0}; }
inline DoubleDouble<double> total(F64 high, F64 low) { return across(DoubleDouble<F64>(high, low)); }

/// 1/S less an inverse near it.
inline double residue(DoubleDouble<double> sum, double inverse) {
  const DoubleDouble<F64> product = two_product(F64(sum.hi), F64(inverse));
  return (((1 - first_of(product.hi)) - first_of(product.lo)) - sum.lo * inverse) * inverse;
}

/// e^(steps·ln 2 - base), which is 1 to within e^growth, for sums of F32 and of F64.
inline double grown(F32, double steps, double base) {
  return first_of(exp(Rough<F64>(steps * 0x1.62e42fefa39efp-1 - base)).v);
}
inline double grown(F64, double steps, double base) {
  const DoubleDouble<F64> whole =
      Exact<F64>(F64(steps)) * DoubleDouble<F64>(F64(0x1.62e42fefa39efp-1), F64(0x1.abc9e3b39803fp-56));
  return first_of(exp(normalized(whole - Exact<F64>(F64(base)))).hi);
}

/// x - m where ln S is too small for the type: of the largest elements -0, or +0 where all others are -inf and ln S is
/// 0.
template <class D, class T>
ACTBENCH_SELDOM void put_difference(const Row<T>& row, typename Working<T>::Element m) {
  using V = Working<T>;
  constexpr int lanes = V::lanes;
  T room[lanes];
  const auto element = [&](std::size_t i) {
    return input<D>(load_working(piece<lanes>(row.x, i, row.n, room, infinity<T>(!D::negated))));
  };
  int more = 0;
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
    const V x = element(i);
    more |= any((x < V(m)) & (x > V(-infinity<typename V::Element>(false))));
  }
  const V nothing(row.team.all(more, [](int a, int b) { return a | b; }) != 0 ? -0.0f : 0.0f);
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
    const V x = element(i);
    put_piece<lanes>(row.y, i, row.n, [&](T* to) { store_working(to, select(x == V(m), nothing, x - V(m))); });
  }
}

template <class D, class T>
class FastRow {
  using V = Working<T>;
  using Number = typename V::Element;
  using E = WorkingExp<V>;
  static constexpr int lanes = V::lanes;
  static constexpr bool wide = sizeof(Number) == sizeof(double);
  static constexpr T beyond = infinity<T>(!D::negated);
  static constexpr std::size_t chunk = near_elements<Number>;
  // y can hold e^x meanwhile; a device has exponentials to spare, and no memory.
  static constexpr bool keeps = Team::alone && !D::logarithm && sizeof(T) == sizeof(Number);

 public:
  void start(const Row<T>& row) {
    row_ = row;
    whole_ = !Team::alone || row.n <= chunk || (keeps && row.in_place());
    take_maximum(part(0));
    if (!whole_ && (shift_ != 0 || !is_finite(m_))) take_maximum_of_all();
  }

  void add_up() {
    if (is_finite(m_)) {
      while (!added_up()) take_maximum_of_all();
    }
  }

  void finish() {
    if (!is_finite(m_)) return fill_nan(row_);
    if constexpr (D::logarithm) {
      put_logarithm();
    } else {
      put_quotient();
    }
  }

 private:
  /// The chunk that begins there, or the whole row.
  Row<T> part(std::size_t begin) const {
    Row<T> part = row_;
    if (!whole_) {
      part.x += begin;
      part.y += begin;
      part.n = row_.n - begin < chunk ? row_.n - begin : chunk;
    }
    return part;
  }

  /// Terms are e^(x - shift)·2^(up - steps). From |m| = exact_from on x - m is exact wherever e^(x - m) is not nothing:
  /// x lies between m/2 and 2m.
  void take_maximum(const Row<T>& part) {
    m_ = static_cast<Number>(row_maximum<D>(part));
    shift_ = (m_ < 0 ? -m_ : m_) < RowScale<V>::exact_from ? 0 : m_;
    base_ = m_ - shift_;
    steps_ = (base_ * E::log2e + E::shift) - E::shift;
  }
  void take_maximum_of_all() {
    whole_ = true;
    take_maximum(row_);
  }

  struct Term {
    V lowest, shift, rounder;
    V operator()(V given) const {
      return value_of(growing(reduced_argument(Input<V>(max(lowest, given - shift)), rounder)));
    }
  };
  Term term() const {
    return {(steps_ - RowScale<V>::nothing_below) * static_cast<Number>(0.6931), shift_,
            E::shift + (static_cast<Number>(E::bias) + RowScale<V>::up - steps_)};
  }

  /// Numbers are added with what rounding the sum loses, so that it is off by two roundings whatever n, in f64 by one:
  /// where an a is larger than the sum before it, Dekker's sum knows that loss to half a unit only, and more than
  /// doubles.
  struct Total {
    V high = V(0), low = V(0), ones = V(0);
    void take(V a) {
      const DoubleDouble<V> s = wide ? two_sum(high, a) : fast_two_sum(high, a);
      low = low + s.lo;
      high = s.hi;
    }
  };

  /// Says whether all of the row was near enough to what its terms were scaled for.
  bool added_up() {
    Total total;
    add(total, part(0));
    for (std::size_t begin = chunk; !whole_ && begin < row_.n; begin += chunk) {
      const Row<T> next = part(begin);
      const auto top = static_cast<Number>(row_maximum<D>(next));
      if (top > m_) {
        if (!(top < base_ + RowScale<V>::growth && top < RowScale<V>::exact_from)) return false;
        if constexpr (D::logarithm) {  // what was the largest is now one of all
          total.take(total.ones * term()(V(m_)));
          total.ones = V(0);
        }
        m_ = top;
      }
      add(total, next);
    }
    sum_ = sum_of_all(row_.team, ACTBENCH_ISA::total(total.high, total.low));
    if constexpr (D::logarithm) ones_ = sum_of_all(row_.team, ACTBENCH_ISA::total(total.ones, V(0))).hi;
    return true;
  }

  void add(Total& sum, const Row<T>& part) const {
    const Row<T> row = part;  // copies that stores do not reach
    const Term term = this->term();
    Total total = sum;
    const auto element = [&](V x, T * to) __attribute__((always_inline)) {
      V e = term(x);
      if constexpr (keeps) store_working(to, e);
      if constexpr (D::logarithm) {
        const auto top = x == V(m_);
        total.ones = total.ones + select(top, V(1), V(0));
        e = select(top, V(0), e);
      }
      return e;
    };
    const std::size_t step = row.step(lanes);
    std::size_t i = row.first(lanes);
    for (; i + 3 * step + lanes <= row.n; i += 4 * step) {
      V e[4];
      for (std::size_t u = 0; u < 4; ++u)
        e[u] = element(input<D>(load_working(row.x + i + u * step)), row.y + i + u * step);
      if constexpr (wide) {
        for (const V& one : e) total.take(one);
      } else {
        total.take((e[0] + e[1]) + (e[2] + e[3]));
      }
    }
    T room[lanes];
    for (; i + lanes <= row.n; i += step) total.take(element(input<D>(load_working(row.x + i)), row.y + i));
    if (i < row.n) {
      const V x = input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond)));
      put_piece<lanes>(row.y, i, keeps ? row.n : i, [&](T* to) { total.take(element(x, to)); });
    }
    sum = total;
  }

  /// The terms of T are e^(x - m).
  void put_logarithm() const {
    const Row<T> row = row_;
    const double others = sum_.hi * grown(V(m_), steps_, m_ - shift_) * RowScale<V>::down, more = ones_ - 1;
    double of_row;
    if constexpr (wide) {
      of_row = log1p(two_sum(more, others)).hi;
    } else {
      of_row = rough_log1p(more + others);
    }
    if (static_cast<Number>(of_row) == 0) [[unlikely]]
      return put_difference<D>(row, m_);
    const V logarithm(static_cast<Number>(of_row)), top(m_);
    T room[lanes];
    for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
      const V x = input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond)));
      put_piece<lanes>(row.y, i, row.n, [&](T* to) { store_working(to, (x - top) - logarithm); });
    }
  }

  /// 1/S in two numbers, so that the product is off by its own rounding and what e^x was off by.
  void put_quotient() const {
    const Row<T> row = row_;
    const Term term = this->term();
    const double inverse = 1 / sum_.hi;
    const auto high = static_cast<Number>(inverse);
    const double low = wide ? residue(sum_, inverse) : inverse - static_cast<double>(high);
    const V share(high), rest(static_cast<Number>(low));
    const auto result = [=](V a) __attribute__((always_inline)) {
      const V e = keeps ? a : term(input<D>(a));
      return sizeof(T) == sizeof(Number) ? fma(e, share, e * rest) : e * share;
    };
    const T* const from = keeps ? row.y : row.x;
    std::size_t i = row.first(lanes);
    for (; i + lanes <= row.n; i += row.step(lanes)) store_working(row.y + i, result(load_working(from + i)));
    if (i < row.n) {
      T room[lanes];
      const V a = load_working(piece<lanes>(from, i, row.n, room, beyond));
      put_piece<lanes>(row.y, i, row.n, [&](T* to) { store_working(to, result(a)); });
    }
  }

  Row<T> row_{nullptr, nullptr, nullptr, 1, Team(1)};
  bool whole_ = true;  ///< in one chunk
  Number m_ = 0, shift_ = 0, base_ = 0, steps_ = 0;
  DoubleDouble<double> sum_{0, 0};
  double ones_ = 0;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
