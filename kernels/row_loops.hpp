// SPDX-License-Identifier: Apache-2.0
//
// Kernels over rows: softmax, its logarithm and softmin, forward and backward, for the instruction set being compiled.
// What differs between them is a Definition's data: negated (of -x), logarithm.
//
// Forward. With m the largest x of a row and d = x - m, which two numbers hold exactly, softmax is e^d/S, S = Σ e^d,
// and its logarithm d - ln S, without cancellation: both terms have the same sign. ln S is ln(1 + T) with T the sum of
// all but one of the largest, so that it has its relative precision where one element outweighs all others.
//
// Backward. dx = y·(dy - D), D = Σ dy·y, and of the logarithm dy - e^y·D, D = Σ dy, do cancel, by any amount. So D is
// carried as a sum of two doubles with a bound on what that lost, and where the bound is too much for a result, it
// comes from a sum without any rounding (kernels/math/exact_sum.hpp). Next to y = 0, where the logarithm's e^y is next
// to 1, it is (dy - D) - D·(e^y - 1), and where even two doubles leave too little of dy - D·e^y, e^y is evaluated to
// 370 bits (kernels/math/long_exp.hpp).
//
// - accurate, f32 and the half types: in f64 with plain operations, then both ends of the error interval are rounded;
//   where they differ, once more with about twice the precision. Correctly rounded results are the same whatever
//   the order of the sum.
// - accurate, f64: two doubles, sums in 16 parts whatever the register's width, so that every backend adds the same.
// - fast: in the type's own precision, f32 for the half types. x = n ln 2 + r for x itself (or x - m where that is
// exact,
//   |m| being large): the common factor e^-m cancels, and with it what rounding x - m would cost. Exponents are lifted,
//   so that products with 1/S are rounded once, subnormal numbers included.
//
// A special row, with a NaN, +inf, or -inf alone, is NaN. -inf among others gives +0, its logarithm -inf. Results of
// backward for infinite dy or y are those of the formula in IEEE arithmetic.
//
// A row may be overwritten by its result: nothing is read again once the first element is stored. Where the last pass
// could ask for more precision, and so for the whole row, a pass without stores comes first.
#pragma once

#include "kernels/loops.hpp"
#include "kernels/math/exact_sum.hpp"
#include "kernels/math/log1p.hpp"
#include "kernels/math/long_exp.hpp"
#include "kernels/math/pair.hpp"
#include "kernels/math/platform.hpp"
#include "kernels/math/working_exp.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

// ---- Rows, and pieces of them

/// One row's arrays; dy null where the direction takes none. y may be x or dy.
template <class T>
struct Row {
  const T* x;
  const T* dy;
  T* y;
  std::size_t n;
  bool in_place() const { return y == x || y == dy; }
};

template <class T, Direction direction, void (*one)(const Row<T>&)>
void each_row(const Arguments& a) noexcept {
  const T* x = static_cast<const T*>(a.x);
  const T* dy = takes_dy(direction) ? static_cast<const T*>(a.dy) : nullptr;
  T* y = static_cast<T*>(a.y);
  for (std::size_t i = 0; a.row != 0 && i + a.row <= a.n; i += a.row)
    one({x + i, takes_dy(direction) ? dy + i : nullptr, y + i, a.row});
}

template <class T>
constexpr T infinity(bool negative);
template <>
constexpr float infinity<float>(bool negative) {
  return negative ? -__builtin_inff() : __builtin_inff();
}
template <>
constexpr double infinity<double>(bool negative) {
  return negative ? -__builtin_inf() : __builtin_inf();
}
template <>
constexpr F16 infinity<F16>(bool negative) {
  return {static_cast<uint16_t>(negative ? 0xFC00 : 0x7C00)};
}
template <>
constexpr BF16 infinity<BF16>(bool negative) {
  return {static_cast<uint16_t>(negative ? 0xFF80 : 0x7F80)};
}

/// Where Lanes numbers from place i on can be read: in the row itself, or copied, with `beyond` after its end.
template <int Lanes, class T>
inline const T* piece(const T* row, std::size_t i, std::size_t n, T (&room)[Lanes], T beyond) {
  if (i + Lanes <= n) return row + i;
  for (T& element : room) element = beyond;
  __builtin_memcpy(room, row + i, (n - i) * sizeof(T));
  return room;
}

/// put(place for Lanes numbers), then what lies within the row is kept.
template <int Lanes, class T, class Put>
inline void put_piece(T* row, std::size_t i, std::size_t n, Put put) {
  if (i + Lanes <= n) {
    put(row + i);
  } else {
    T room[Lanes];
    put(room);
    __builtin_memcpy(row + i, room, (n - i) * sizeof(T));
  }
}

inline F64 load_wide(const double* p) { return load(p); }
inline double element(const double* row, std::size_t i) {
  double a;
  __builtin_memcpy(&a, row + i, sizeof a);
  return a;
}

/// What softmax is taken of.
template <class D, class V>
inline V input(V x) {
  return D::negated ? -x : x;
}

template <class V>
inline typename V::Element largest(V a) {
  using Number = typename V::Element;
  Number lanes[V::lanes];
  store(lanes, a);
  for (int width = V::lanes / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; ++l) lanes[l] = lanes[l] > lanes[l + width] ? lanes[l] : lanes[l + width];
  }
  return lanes[0];
}

/// The largest input of a row; a NaN is left out, and so is what is beyond the end.
template <class D, class T>
inline double row_maximum(const Row<T>& row) {
  using V = decltype(load_working(row.x));
  constexpr T beyond = infinity<T>(!D::negated);
  constexpr int lanes = V::lanes;
  V top[4];
  for (V& part : top) part = -infinity<typename V::Element>(false);
  std::size_t i = 0;
  for (; i + 4 * lanes <= row.n; i += 4 * lanes) {
    for (int u = 0; u < 4; ++u) top[u] = max(input<D>(load_working(row.x + i + u * lanes)), top[u]);
  }
  T room[lanes];
  for (; i < row.n; i += lanes)
    top[0] = max(input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond))), top[0]);
  return static_cast<double>(largest(max(max(top[0], top[1]), max(top[2], top[3]))));
}

template <class T>
__attribute__((noinline, cold)) void fill_nan(const Row<T>& row) {
  constexpr int lanes = decltype(load_working(row.x))::lanes;
  for (std::size_t i = 0; i < row.n; i += lanes)
    put_piece<lanes>(row.y, i, row.n, [](T* to) {
      using V = decltype(load_working(to));
      store_working(to, V(static_cast<typename V::Element>(__builtin_nanf(""))));
    });
}

inline bool is_finite(double a) { return a - a == 0; }

/// The lanes of a register of sums as one, in their order.
inline Pair across(Sum<F64> a) {
  double hi[F64::lanes], lo[F64::lanes];
  store(hi, a.hi);
  store(lo, a.lo);
  Pair total{hi[0], lo[0]};
  for (int l = 1; l < F64::lanes; ++l) {
    total = added(total, hi[l], lo[l]);
  }
  return normalized(total);
}
inline double across(F64 a) {
  double lanes[F64::lanes], total = 0;
  store(lanes, a);
  for (const double lane : lanes) total += lane;
  return total;
}

inline Sum<F64> added(Sum<F64> total, Sum<F64> a) {
  const Sum<F64> s = two_sum(total.hi, a.hi);
  return {s.hi, total.lo + (s.lo + a.lo)};
}

inline F64 infinite() { return __builtin_inf(); }

// ---- forward, accurate, f32 and the half types

/// e^d is off by 2^-43 of itself, so is the sum; the rest are single roundings.
inline constexpr double row_error = 0x1p-41;

/// Of a row: Σ e^d, or of all but one of the largest ones, by e^d = term(x, i).
template <class D, class T, class Term>
inline Pair sum_of_row(const Row<T>& row, double m, Term term) {
  constexpr int lanes = F64::lanes;
  T room[lanes];
  const Sum<F64> none(F64(0.0), F64(0.0));
  Sum<F64> total = none;
  F64 ones = 0.0;
  for (std::size_t i = 0; i < row.n; i += lanes) {
    const F64 x = input<D>(load_wide(piece<lanes>(row.x, i, row.n, room, infinity<T>(!D::negated))));
    const auto nothing = x == -infinite(), largest = x == F64(m);
    ones = ones + select(largest, F64(1.0), F64(0.0));
    total = added(total, select(nothing | largest, none, term(x, i)));
  }
  const Pair most = across(total), s = two_sum(across(ones) - (D::logarithm ? 1 : 0), most.hi);
  return normalized(Pair{s.hi, s.lo + most.lo});
}
/// So many e^d of a row's first elements are kept for the last pass.
inline constexpr std::size_t kept_terms = 1024;
template <class D, class T>
__attribute__((noinline)) Pair rough_sum(const Row<T>& row, double m, double* kept) {
  return sum_of_row<D>(row, m, [m, kept](F64 x, std::size_t i) {
    const F64 e = exp(Rough<F64>(x - F64(m))).v;
    if (!D::logarithm && i < kept_terms) store(kept + i, e);
    return Sum<F64>(e, F64(0.0));
  });
}
template <class D, class T>
__attribute__((noinline, cold)) Pair full_sum(const Row<T>& row, double m) {
  return sum_of_row<D>(row, m, [m](F64 x, std::size_t) { return exp(two_sum(x, F64(-m))); });
}

/// The last word on a register's results: by S or ln S. What is far below the type's numbers keeps the Rough result.
template <class D>
__attribute__((noinline, cold)) F64 full_element(F64 x, double m, Pair of_row, F64 value) {
  const Sum<F64> d = two_sum(x, F64(-m)), s = everywhere(of_row);
  F64 last;
  if constexpr (D::logarithm) {
    last = last_step(normalized(d - s));
  } else {
    last = last_step(exp(d) / s);
  }
  last = select(last == F64(0.0), flip_sign(F64(0.0), value), last);
  return select((abs(value) > F64(0x1p-160)) & (abs(value) < F64(0x1p160)), last, value);
}

template <class D, class T>
void accurate_narrow_row(const Row<T>& row) {
  constexpr int lanes = F64::lanes;
  constexpr T beyond = infinity<T>(!D::negated);
  const double m = row_maximum<D>(row);
  if (!is_finite(m)) return fill_nan(row);
  double kept[D::logarithm ? 1 : kept_terms];
  const Pair sum = rough_sum<D>(row, m, kept);
  if (!is_finite(sum.hi)) return fill_nan(row);
  const double logarithm = D::logarithm ? log1p(sum).hi : 0, share = 1 / sum.hi;

  bool known = false;  // the same from all digits
  Pair full{0, 0};
  const auto look_closer = [&] {
    full = full_sum<D>(row, m);
    if (D::logarithm) full = log1p(full);
    known = true;
  };
  T room[lanes];
  const auto step = [&](std::size_t i, T* to) {
    const F64 x = input<D>(load_wide(piece<lanes>(row.x, i, row.n, room, beyond))), d = x - F64(m);
    F64 value, error;
    if constexpr (D::logarithm) {
      value = d - F64(logarithm);
      error = fma(abs(d), F64(0x1p-51), F64(logarithm * row_error));
    } else {
      value = (i < kept_terms ? load(kept + i) : exp(Rough<F64>(d)).v) * F64(share);
      error = value * F64(row_error);
    }
    const F64 away = flip_sign(error, value);
    if (store_narrow_if_alike(to, value + away, value - away)) [[likely]]
      return true;
    if (known) store_narrow(to, narrowed(to, full_element<D>(x, m, full, value)));
    return false;
  };
  if (row.in_place()) {
    T nowhere[lanes];
    for (std::size_t i = 0; i < row.n && !known; i += lanes) {
      if (!step(i, nowhere)) look_closer();
    }
  }
  for (std::size_t i = 0; i < row.n; i += lanes) {
    put_piece<lanes>(row.y, i, row.n, [&](T* to) {
      if (step(i, to) || known) return;
      look_closer();
      step(i, to);
    });
  }
}

// ---- forward, accurate, f64

/// Sums of f64 are taken in so many parts, element i in part i modulo that, and these added in their order.
inline constexpr int parts = 16, registers = parts / F64::lanes;

struct Parts {
  F64 hi[registers], lo[registers];
  Parts() {
    for (int r = 0; r < registers; ++r) hi[r] = lo[r] = F64(0.0);
  }
  void add(int r, Sum<F64> a) {
    const Sum<F64> s = two_sum(hi[r], a.hi);
    hi[r] = s.hi;
    lo[r] = lo[r] + (s.lo + a.lo);
  }
};

inline Pair across(const Parts& total) {
  Pair all{0, 0};
  for (int r = 0; r < registers; ++r) {
    double hi[F64::lanes], lo[F64::lanes];
    store(hi, total.hi[r]);
    store(lo, total.lo[r]);
    for (int l = 0; l < F64::lanes; ++l) {
      all = added(all, hi[l], lo[l]);
    }
  }
  if (!is_finite(all.hi)) return {all.hi, 0};  // of which the low part is NaN
  return normalized(all);
}
inline double across(const F64 (&total)[registers]) {
  double all = 0;
  for (const F64& part : total) {
    double lanes[F64::lanes];
    store(lanes, part);
    for (const double lane : lanes) all += lane;
  }
  return all;
}

/// e^d = factor·2^n for d <= 0, whole n; below -790 as if it were that.
struct Scaled {
  Sum<F64> factor;
  F64 n;
};
inline Scaled scaled_exp(Sum<F64> d) {
  const Sum<F64> x = limit(d);
  const F64 n = fma(x.hi, F64(0x1.71547652b82fep0), F64(0x1.8p52)) - F64(0x1.8p52);
  const Sum<F64> growth = exponential(x).minus_one, s = ordered_sum(F64(1.0), growth.hi);
  return {normalized(Sum<F64>(s.hi, s.lo + growth.lo)), n};
}
inline Sum<F64> unscaled(const Scaled& e, double least) {
  const F64 power = power_of_two(max(F64(least), e.n) + F64(0x1.8p52));
  return {e.factor.hi * power, e.factor.lo * power};
}
/// factor·2^n rounded once, for a factor between 2^-30 and 2^30 and n from -1200 to 0.
inline F64 rounded_once(Sum<F64> factor, F64 n) {
  const F64 part = 0x1p-200;
  return rounded_at(Sum<F64>(factor.hi * part, factor.lo * part), power_of_two(n + F64(200.0) + F64(0x1.8p52)));
}

/// Of a row: Σ e^(x - m) over the elements below m, and how many others there are.
template <class D>
__attribute__((noinline)) Pair sum_of_parts(const Row<double>& row, double m, double& ones) {
  Parts total;
  F64 count[registers];
  for (F64& part : count) part = 0.0;
  double room[parts];
  for (std::size_t i = 0; i < row.n; i += parts) {
    const double* x16 = piece<parts>(row.x, i, row.n, room, infinity<double>(!D::negated));
    for (int r = 0; r < registers; ++r) {
      const F64 x = input<D>(load(x16 + r * F64::lanes));
      const auto nothing = x == -infinite(), left_out = x == F64(m);
      count[r] = count[r] + select(left_out, F64(1.0), F64(0.0));
      const Sum<F64> e = unscaled(scaled_exp(two_sum(x, F64(-m))), -1000);
      total.add(r, select(nothing | left_out, Sum<F64>(F64(0.0), F64(0.0)), e));
    }
  }
  ones = across(count);
  return across(total);
}

/// -ln(1 + T) for the largest element of a row, where T is so small that it may be no normal number: -T, from the sum
/// over the others that is taken relative to the largest of these.
template <class D>
__attribute__((noinline, cold)) double logarithm_at_top(const Row<double>& row, double m) {
  double second = -__builtin_inf();
  for (std::size_t i = 0; i < row.n; ++i) {
    const double x = input<D>(element(row.x, i));
    if (x < m && x > second) second = x;
  }
  if (!(second > -__builtin_inf())) return 0;
  Parts total;
  double room[parts];
  for (std::size_t i = 0; i < row.n; i += parts) {
    const double* x16 = piece<parts>(row.x, i, row.n, room, infinity<double>(!D::negated));
    for (int r = 0; r < registers; ++r) {
      const F64 x = input<D>(load(x16 + r * F64::lanes));
      const auto nothing = x == -infinite(), top = x >= F64(m);
      const Sum<F64> e = unscaled(scaled_exp(two_sum(min(x, F64(second)), F64(-second))), -1000);
      total.add(r, select(nothing | top, Sum<F64>(F64(0.0), F64(0.0)), e));
    }
  }
  const Scaled e = scaled_exp(two_sum(F64(second), F64(-m)));
  return -first_of(rounded_once(normalized(e.factor * everywhere(across(total))), e.n));
}

template <class D>
void accurate_f64_row(const Row<double>& row) {
  constexpr int lanes = F64::lanes;
  const double m = row_maximum<D>(row);
  if (!is_finite(m)) return fill_nan(row);
  double ones = 0;
  const Pair most = sum_of_parts<D>(row, m, ones);
  const Pair s = two_sum(ones - (D::logarithm ? 1 : 0), most.hi);
  Pair of_row = normalized(Pair{s.hi, s.lo + most.lo});
  if (!is_finite(of_row.hi)) return fill_nan(row);
  double at_top = 0;
  const bool outweighed = D::logarithm && of_row.hi < 0x1p-200;
  if (D::logarithm) {
    if (outweighed) at_top = logarithm_at_top<D>(row, m);
    of_row = log1p(of_row);
  }
  const Sum<F64> by = everywhere(of_row);
  double room[lanes];
  for (std::size_t i = 0; i < row.n; i += lanes) {
    const F64 x = input<D>(load(piece<lanes>(row.x, i, row.n, room, infinity<double>(!D::negated))));
    const Sum<F64> d = two_sum(x, F64(-m));
    F64 result;
    if constexpr (D::logarithm) {
      result = select(d.hi > -infinite(), normalized(d - by).hi, d.hi);
      if (outweighed) result = select(d.hi == F64(0.0), F64(at_top), result);
    } else {
      const Scaled e = scaled_exp(d);
      const Sum<F64> share = normalized(e.factor / by);
      result = share.hi * power_of_two(max(F64(-990.0), e.n) + F64(0x1.8p52));
      if (any(e.n < F64(-990.0))) [[unlikely]]
        result = select(e.n < F64(-990.0), rounded_once(share, e.n), result);
    }
    put_piece<lanes>(row.y, i, row.n, [&](double* to) { store(to, result); });
  }
}

// ---- forward, fast

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
inline Pair total(F32 high, F32 low) {
  float lanes[F32::lanes], lost[F32::lanes];
  store(lanes, high);
  store(lost, low);
  double sums[F32::lanes];
  for (int l = 0; l < F32::lanes; ++l) sums[l] = static_cast<double>(lanes[l]) + static_cast<double>(lost[l]);
  for (int width = F32::lanes / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; ++l) sums[l] += sums[l + width];
  }
  return {sums[0], 0};
}
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
  using V = decltype(load_working(row.x));
  using Number = typename V::Element;
  using E = WorkingExp<V>;
  constexpr int lanes = V::lanes;
  constexpr bool keeps = !D::logarithm && sizeof(T) == sizeof(Number);  // y can hold e^x meanwhile
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
  std::size_t i = 0;
  for (; i + 4 * lanes <= row.n; i += 4 * lanes) {
    V e[4];
    for (int u = 0; u < 4; ++u) e[u] = element(input<D>(load_working(row.x + i + u * lanes)), row.y + i + u * lanes);
    if constexpr (sizeof(Number) == sizeof(float)) {
      take(e[0] + e[1]);
      take(e[2] + e[3]);
    } else {
      for (const V& one : e) take(one);
    }
  }
  T room[lanes];
  for (; i + lanes <= row.n; i += lanes) take(element(input<D>(load_working(row.x + i)), row.y + i));
  if (i < row.n) {
    const V x = input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond)));
    put_piece<lanes>(row.y, i, keeps ? row.n : i, [&](T* to) { take(element(x, to)); });
  }
  const Pair sum = total(high, low);
  if constexpr (D::logarithm) {
    // The sum's terms are e^(x - shift)·2^(up - steps), those of T e^(x - m).
    const double whole = static_cast<double>(steps), middle = static_cast<double>(base);
    const double others = sum.hi * grown(V(m), whole, middle) * Lift<V>::down, more = total(ones, V(0)).hi - 1;
    double of_row;
    if constexpr (sizeof(Number) == sizeof(double)) {
      of_row = log1p(two_sum(more, others)).hi;
    } else {
      of_row = rough_log1p(more + others);
    }
    const V logarithm(static_cast<Number>(of_row)), top(m);
    for (i = 0; i < row.n; i += lanes) {
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
    for (i = 0; i + lanes <= row.n; i += lanes) {
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

// ---- backward

/// D, a bound on its error, and the sum of its terms' magnitudes.
struct Dot {
  Pair sum;
  double error;
};
template <class D, class T>
__attribute__((noinline)) Dot dot(const Row<T>& row) {
  constexpr std::size_t chunk = 256 * parts;  // bounds what low parts lose
  F64 sizes[registers];
  for (F64& part : sizes) part = 0.0;
  Pair all{0, 0};
  T room_y[parts], room_dy[parts];
  for (std::size_t begin = 0; begin < row.n; begin += chunk) {
    Parts total;
    const std::size_t end = row.n - begin < chunk ? row.n : begin + chunk;
    for (std::size_t i = begin; i < end; i += parts) {
      const T* y = piece<parts>(row.x, i, row.n, room_y, T());
      const T* dy = piece<parts>(row.dy, i, row.n, room_dy, T());
      for (int r = 0; r < registers; ++r) {
        const F64 gradient = load_wide(dy + r * F64::lanes);
        Sum<F64> term(gradient, F64(0.0));
        if constexpr (!D::logarithm) {
          const F64 value = load_wide(y + r * F64::lanes);
          term = sizeof(T) == sizeof(double) ? two_product(value, gradient) : Sum<F64>(value * gradient, F64(0.0));
        }
        total.add(r, term);
        sizes[r] = sizes[r] + abs(term.hi);
      }
    }
    const Pair part = across(total);
    all = added(all, part.hi, part.lo);
  }
  if (is_finite(all.hi)) all = normalized(all);
  // Each part of a chunk adds up to 256 terms, and rounds its low part, at most 2^10·2^-53 of their magnitudes, twice
  // as often; adding up the parts and the chunks rounds it as much again for some 250 chunks. Products of f64 may lose
  // their last bits below the smallest double.
  const auto count = static_cast<double>(row.n);
  const double lost = sizeof(T) == sizeof(double) ? count * 0x1p-1073 : 0;
  return {all, across(sizes) * (0x1p-86 + count * count * 0x1p-127) + lost};
}

/// D without rounding, made when first asked for.
template <class D, class T>
class ExactDot {
 public:
  explicit ExactDot(const Row<T>& row) : row_(row) {}
  bool known() const { return known_; }
  __attribute__((noinline, cold)) void find() {
    sum_ = ExactSum();
    for (std::size_t i = 0; i < row_.n; ++i) {
      const double gradient = number(row_.dy, i);
      if constexpr (D::logarithm) {
        sum_.add(gradient);
      } else {
        sum_.add_product(number(row_.x, i), gradient);
      }
    }
    leading_ = sum_.leading();
    known_ = true;
  }

  /// y·(dy - D), correctly rounded for an f64, or to odd.
  double product_of(double y, double dy, bool to_odd) const {
    ExactSum less = sum_;
    less.add(-dy);
    Leading difference = less.leading();
    difference.negative = difference.negative == D::negated;  // dy - D, and its negative
    if (difference.bits == 0) difference.negative = D::negated;
    return rounded(product(difference, leading_of(y)), to_odd);
  }

  /// dy - D·e^y for a finite y: from factor·2^n, which is e^y or, for small y, e^y - 1; for other than tiny or huge y
  /// from e^y to so many digits that 200 bits may cancel.
  double difference_of(double y, double dy, Pair factor, double n, bool minus_one, bool to_odd) const {
    const double size = y < 0 ? -y : y;
    ExactSum all;  // D·e^y - dy
    if (size >= 0x1p-40 && size <= 700) {
      const LongExp e = long_exp(y);
      Leading digits[4] = {{false, false, Wide{1} << 127, e.n - 127}};
      for (int i = 0; i < 3; ++i) {
        const Wide bits = Wide{e.fraction[5 - 2 * i]} << 64 | e.fraction[4 - 2 * i];
        digits[i + 1] = {false, false, bits, e.n - 128 * (i + 1)};
      }
      ExactSum rest = sum_;
      for (int i = 0; i < 3; ++i) {
        const Leading part = rest.leading();
        if (part.bits == 0) break;
        for (const Leading& digit : digits) {
          const LongProduct p = long_product(part, digit);
          all.add(p.high);
          all.add(p.low);
        }
        Leading less = part;
        less.negative = !part.negative;
        rest.add(less);
      }
    } else {
      ExactSum number;
      number.add(factor.hi);
      number.add(factor.lo);
      Leading e = number.leading();
      e.exponent += static_cast<int>(n);
      if (minus_one) all = sum_;
      const Leading part = product(leading_, e);
      if (part.bits != 0) all.add(part);
    }
    all.add(-dy);
    Leading result = all.leading();
    result.negative = result.bits != 0 && !result.negative;
    return rounded(result, to_odd);
  }

 private:
  static double number(const T* p, std::size_t i) {
    T element;
    __builtin_memcpy(&element, p + i, sizeof(T));
    return static_cast<double>(to_float(element));
  }
  const Row<T>& row_;
  ExactSum sum_{ExactSum::unset};
  Leading leading_{};
  bool known_ = false;
};

/// The formula as it stands, for rows whose D is not finite.
template <class D, class T>
__attribute__((noinline, cold)) void plain_backward(const Row<T>& row, double d) {
  constexpr int lanes = F64::lanes;
  T room_y[lanes], room_dy[lanes];
  for (std::size_t i = 0; i < row.n; i += lanes) {
    const F64 y = load_wide(piece<lanes>(row.x, i, row.n, room_y, T()));
    const F64 dy = load_wide(piece<lanes>(row.dy, i, row.n, room_dy, T()));
    F64 result;
    if constexpr (D::logarithm) {
      const F64 e = select(y == -infinite(), F64(0.0), select(y == infinite(), y, exp(Rough<F64>(y)).v));
      result = dy - e * F64(d);
    } else {
      result = input<D>(y * (dy - F64(d)));
    }
    put_piece<lanes>(row.y, i, row.n, [&](T* to) {
      if constexpr (sizeof(T) == sizeof(double)) {
        store(to, result);
      } else {
        store_narrow(to, narrowed(to, result));
      }
    });
  }
}

/// e^y or, for |y| <= 1/2, e^y - 1, from all digits, lane by lane for ExactDot.
struct Factors {
  double hi[F64::lanes], lo[F64::lanes], n[F64::lanes], near[F64::lanes];
};
__attribute__((noinline, cold)) Factors factors(F64 y) {
  const auto near = abs(y) <= F64(0.5);
  const Scaled e = scaled_exp(Sum<F64>(y, F64(0.0)));
  const Sum<F64> less = expm1(Sum<F64>(select(near, y, F64(0.0)), F64(0.0)));
  Factors f;
  store(f.hi, select(near, less.hi, e.factor.hi));
  store(f.lo, select(near, less.lo, e.factor.lo));
  store(f.n, select(near, F64(0.0), e.n));
  store(f.near, select(near, F64(1.0), F64(0.0)));
  return f;
}

/// A register's results from D without rounding; where y is not finite, or `good` is not 0, what `plain` is.
template <class D, class T>
__attribute__((noinline, cold)) F64 exact_elements(const ExactDot<D, T>& exact, F64 y, F64 dy, F64 plain, F64 good) {
  constexpr bool to_odd = sizeof(T) != sizeof(double);
  double ys[F64::lanes], dys[F64::lanes], results[F64::lanes], done[F64::lanes];
  store(ys, y);
  store(dys, dy);
  store(results, plain);
  store(done, good);
  if constexpr (D::logarithm) {
    const Factors f = factors(y);
    for (int l = 0; l < F64::lanes; ++l) {
      if (is_finite(ys[l]) && done[l] == 0)
        results[l] = exact.difference_of(ys[l], dys[l], Pair{f.hi[l], f.lo[l]}, f.n[l], f.near[l] != 0, to_odd);
    }
  } else {
    for (int l = 0; l < F64::lanes; ++l) {
      if (done[l] == 0) results[l] = exact.product_of(ys[l], dys[l], to_odd);
    }
  }
  return load(results);
}

/// dy - D to the precision of a Sum but for D's error.
inline Sum<F64> without(F64 dy, const Pair& d) {
  const Sum<F64> t = two_sum(dy, F64(-d.hi));
  return normalized(Sum<F64>(t.hi, t.lo - F64(d.lo)));
}

/// step(y, dy, to) puts F64::lanes results, or says that D is not precise enough; with `exact` known it always does.
template <class D, class T, class Step>
inline void backward_pass(const Row<T>& row, ExactDot<D, T>& exact, Step step) {
  constexpr int lanes = F64::lanes;
  T room_y[lanes], room_dy[lanes];
  const auto at = [&](std::size_t i, T* to) {
    return step(load_wide(piece<lanes>(row.x, i, row.n, room_y, T())),
                load_wide(piece<lanes>(row.dy, i, row.n, room_dy, T())), to);
  };
  if (row.in_place()) {
    T nowhere[lanes];
    for (std::size_t i = 0; i < row.n && !exact.known(); i += lanes) {
      if (!at(i, nowhere)) exact.find();
    }
  }
  for (std::size_t i = 0; i < row.n; i += lanes) {
    put_piece<lanes>(row.y, i, row.n, [&](T* to) {
      if (at(i, to)) return;
      exact.find();
      at(i, to);
    });
  }
}

/// f32 and the half types. fast allows a relative error of 2^-26 before the last rounding, accurate none.
template <class D, class T, Tier tier>
void narrow_backward_row(const Row<T>& row) {
  const Dot d = dot<D>(row);
  if (!is_finite(d.sum.hi)) return plain_backward<D>(row, d.sum.hi);
  ExactDot<D, T> exact(row);
  backward_pass(row, exact, [&](F64 y, F64 dy, T* to) {
    const Sum<F64> difference = without(dy, d.sum);
    F64 value, error;
    if constexpr (D::logarithm) {
      const auto near = abs(y) <= F64(0.5);
      F64 e = select(near, expm1(Rough<F64>(y)).v, exp(Rough<F64>(y)).v);
      e = select(abs(y) == infinite(), max(F64(0.0), y), e);
      const F64 first = select(near, difference.hi, dy), second = e * F64(d.sum.hi);
      value = first - second;
      error = fma(abs(second), F64(0x1p-40),
                  fma(abs(first) + abs(value), F64(0x1p-51), select(near, F64(1.0), e) * F64(d.error)));
    } else {
      value = input<D>(y * difference.hi);
      error = fma(abs(value), F64(0x1p-51), abs(y) * F64(d.error));
    }
    if constexpr (tier == Tier::fast) {
      if (all(error <= abs(value) * F64(0x1p-26))) [[likely]] {
        store_narrow(to, narrowed(to, value));
        return true;
      }
    } else {
      const F64 away = flip_sign(error, value);
      if (store_narrow_if_alike(to, value + away, value - away)) [[likely]]
        return true;
    }
    if (!exact.known()) return false;
    store_narrow(to, narrowed(to, exact_elements<D, T>(exact, y, dy, value, F64(0.0))));
    return true;
  });
}

/// D of softmax for fast results, which a relative error of 2^-26 (f64: as for accurate) suffices for, unless they
/// cancel: of the narrow types in plain f64, where no product is rounded.
template <class D, class T>
inline Dot plain_dot(const Row<T>& row) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return dot<D>(row);
  } else {
    constexpr int lanes = F64::lanes;
    F64 total[4], sizes[4];
    for (int u = 0; u < 4; ++u) total[u] = sizes[u] = F64(0.0);
    const auto take = [&](int u, const T* y, const T* dy) {
      const F64 value = load_wide(y), gradient = load_wide(dy);
      total[u] = fma(value, gradient, total[u]);
      sizes[u] = fma(abs(value), abs(gradient), sizes[u]);
    };
    Pair all{0, 0};
    std::size_t i = 0;
    for (std::size_t begin = 0; begin + 4 * lanes <= row.n; begin = i) {
      const std::size_t end = row.n - begin < 64 * 4 * lanes ? row.n : begin + 64 * 4 * lanes;
      for (; i + 4 * lanes <= end; i += 4 * lanes) {
        for (int u = 0; u < 4; ++u) take(u, row.x + i + u * lanes, row.dy + i + u * lanes);
      }
      all = added(all, across((total[0] + total[1]) + (total[2] + total[3])), 0);
      for (F64& part : total) part = F64(0.0);
    }
    T room_y[lanes], room_dy[lanes];
    for (; i < row.n; i += lanes)
      take(0, piece<lanes>(row.x, i, row.n, room_y, T()), piece<lanes>(row.dy, i, row.n, room_dy, T()));
    all = added(all, across(total[0]), 0);
    const double size = across((sizes[0] + sizes[1]) + (sizes[2] + sizes[3]));
    // Of 64 terms, a tree and the lanes; what chunks add up to is known to twice the precision.
    return {{is_finite(all.hi) ? all.hi + all.lo : all.hi, 0}, size * 0x1p-53 * (64 + 4 + 2 * lanes)};
  }
}

/// Whether D, computed, is infinite or NaN though no number of the row is.
template <class D>
__attribute__((noinline, cold)) bool overflowed(const Row<double>& row) {
  for (std::size_t i = 0; i < row.n; ++i) {
    if (!is_finite(D::logarithm ? 1 : element(row.x, i)) || !is_finite(element(row.dy, i))) return false;
  }
  return true;
}
template <class D, class T>
bool overflowed(const Row<T>&) {
  return false;
}

/// softmax and softmin: y·(dy - D) in the type's own precision, D in two numbers of it.
template <class D, class T>
void fast_backward_row(const Row<T>& given) {
  const Row<T> row = given;
  using V = decltype(load_working(row.x));
  using Number = typename V::Element;
  constexpr int lanes = V::lanes;
  const Dot d = plain_dot<D>(row);
  ExactDot<D, T> exact(row);
  if (!is_finite(d.sum.hi)) {
    if (!overflowed<D>(row)) return plain_backward<D>(row, d.sum.hi);
    exact.find();
  }
  const auto high = static_cast<Number>(d.sum.hi);
  const auto low = static_cast<Number>((d.sum.hi - static_cast<double>(high)) + d.sum.lo);
  // What dy - D must at least be for the error of D, and of its two numbers, to be a small part of the last place.
  constexpr double precision = sizeof(Number) == sizeof(float) ? 0x1p-24 : 0x1p-53;
  const double off = d.error + precision * precision * (d.sum.hi < 0 ? -d.sum.hi : d.sum.hi);
  const V first(high), second(low), least(static_cast<Number>(off * (8 / precision)));
  T room_y[lanes], room_dy[lanes];
  const auto step = [&](std::size_t i, T* to) {
    const T* const y_place = piece<lanes>(row.x, i, row.n, room_y, T());
    const T* const dy_place = piece<lanes>(row.dy, i, row.n, room_dy, T());
    const V y = load_working(y_place), dy = load_working(dy_place);
    const V difference = (dy - first) - second, value = input<D>(y * difference);
    if (all(abs(difference) >= least)) [[likely]] {
      store_working(to, value);
      return true;
    }
    if (!exact.known()) return false;
    Number ys[lanes], dys[lanes], results[lanes];
    store(ys, y);
    store(dys, dy);
    for (int l = 0; l < lanes; ++l)
      results[l] = static_cast<Number>(
          exact.product_of(static_cast<double>(ys[l]), static_cast<double>(dys[l]), sizeof(T) != sizeof(double)));
    store_working(to, load(results));
    return true;
  };
  if (row.in_place()) {
    T nowhere[lanes];
    for (std::size_t i = 0; i < row.n && !exact.known(); i += lanes) {
      if (!step(i, nowhere)) exact.find();
    }
  }
  for (std::size_t i = 0; i < row.n; i += lanes) {
    put_piece<lanes>(row.y, i, row.n, [&](T* to) {
      if (step(i, to)) return;
      exact.find();
      step(i, to);
    });
  }
}

/// How far dy and e^y·D may cancel before e^y, known to about 2^-64 of itself, is asked for in full: accurate 2^-5,
/// which adds 2^-6 ULP; fast 2^-10.
template <class D, Tier tier>
void f64_backward_row(const Row<double>& row) {
  constexpr double cancels = tier == Tier::fast ? 0x1p-10 : 0x1p-5;
  const Dot d = dot<D>(row);
  ExactDot<D, double> exact(row);
  if (!is_finite(d.sum.hi)) {
    if (!overflowed<D>(row)) return plain_backward<D>(row, d.sum.hi);
    exact.find();
  }
  const bool usable = is_finite(d.sum.hi) && is_finite(d.error);
  const auto in_range = [](F64 a) { return (abs(a) >= F64(0x1p-800)) & (abs(a) <= F64(0x1p800)); };
  backward_pass(row, exact, [&](F64 y, F64 dy, double* to) {
    const Sum<F64> difference = without(dy, d.sum);
    F64 value;
    auto good = y == y;
    if constexpr (D::logarithm) {
      const auto near = abs(y) <= F64(0.5);
      const Scaled scaled = scaled_exp(Sum<F64>(y, F64(0.0)));
      const Sum<F64> power = unscaled(scaled, -400), less = expm1(Sum<F64>(select(near, y, F64(0.0)), F64(0.0)));
      const Sum<F64> e = select(near, less, power), whole = everywhere(d.sum);
      const Sum<F64> second = normalized(e * whole);
      const Sum<F64> v = normalized(select(near, difference, Sum<F64>(dy, F64(0.0))) - second);
      value = v.hi;
      good = in_range(value) & in_range(second.hi) & in_range(whole.hi) & (scaled.n > F64(-300.0)) &
             (scaled.n < F64(300.0)) & (abs(value) * F64(0x1p-64) >= F64(d.error)) &
             (abs(value) >= abs(second.hi) * F64(cancels));
      const F64 limit = dy - select(y == -infinite(), F64(0.0), y) * whole.hi;
      const auto finite = y - y == F64(0.0);
      value = select(finite, value, limit);
      good = select(finite, select(good, F64(1.0), F64(0.0)), F64(1.0)) > F64(0.0);
    } else {
      value = input<D>(normalized(difference * Exact<F64>(y)).hi);
      good =
          in_range(value) & in_range(y) & in_range(difference.hi) & (abs(difference.hi) * F64(0x1p-64) >= F64(d.error));
    }
    if (usable && all(good)) [[likely]] {
      store(to, value);
      return true;
    }
    if (!exact.known()) return false;
    const F64 done = usable ? select(good, F64(1.0), F64(0.0)) : F64(0.0);
    store(to, exact_elements<D, double>(exact, y, dy, value, done));
    return true;
  });
}

// ---- naive: the textbook's loops. No maximum is subtracted; half types are computed in float, rounded once.

template <class D, class T>
void naive_forward_row(const Row<T>& row) {
  using Number = Platform<T>;
  const auto at = [&](std::size_t i) {
    T element;
    __builtin_memcpy(&element, row.x + i, sizeof(T));
    const Number x = to_float(element);
    return D::negated ? -x : x;
  };
  Number sum = 0;
  for (std::size_t i = 0; i < row.n; ++i) sum += platform::exp(at(i));
  const Number logarithm = D::logarithm ? platform::log(sum) : 0;
  for (std::size_t i = 0; i < row.n; ++i) {
    T result;
    from_float(result, D::logarithm ? at(i) - logarithm : platform::exp(at(i)) / sum);
    __builtin_memcpy(row.y + i, &result, sizeof(T));
  }
}

template <class D, class T>
void naive_backward_row(const Row<T>& row) {
  using Number = Platform<T>;
  const auto at = [](const T* p, std::size_t i) {
    T element;
    __builtin_memcpy(&element, p + i, sizeof(T));
    return Number(to_float(element));
  };
  Number sum = 0;
  for (std::size_t i = 0; i < row.n; ++i) sum += D::logarithm ? at(row.dy, i) : at(row.dy, i) * at(row.x, i);
  for (std::size_t i = 0; i < row.n; ++i) {
    const Number y = at(row.x, i), dy = at(row.dy, i), value = y * (dy - sum);
    T result;
    from_float(result, D::logarithm ? dy - platform::exp(y) * sum : D::negated ? -value : value);
    __builtin_memcpy(row.y + i, &result, sizeof(T));
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
