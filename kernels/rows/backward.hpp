// SPDX-License-Identifier: Apache-2.0
//
// Rows backward, accurate and fast: dx = y·(dy - D), D = Σ dy·y, and of the logarithm dy - e^y·D, D = Σ dy, cancel by
// any amount. So D is carried as a sum of two doubles with a bound on what that lost, and where the bound is too much
// for a result, it comes from a sum without any rounding (kernels/numbers/exact_sum.hpp). Next to y = 0, where the
// logarithm's e^y is next to 1, it is (dy - D) - D·(e^y - 1), and where even two doubles leave too little of dy -
// D·e^y, e^y is evaluated to 370 bits (kernels/math/long_exp.hpp).
#pragma once

#include "kernels/math/long_exp.hpp"
#include "kernels/math/scaled_exp.hpp"
#include "kernels/numbers/exact_sum.hpp"
#include "kernels/rows/row.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// D and a bound on its error.
struct Dot {
  DoubleDouble<double> sum;
  double error;
};
template <class D, class T>
ACTBENCH_APART Dot dot(const Row<T>& row) {
  constexpr int lanes = F64::lanes;
  T room_y[lanes], room_dy[lanes];
  const Ordered all = sum_in_order<true>(
      row, [&](std::size_t i, auto within) __attribute__((always_inline)) {
        constexpr bool whole = decltype(within)::value;
        const F64 gradient = load_wide(piece<lanes, whole>(row.dy, i, row.n, room_dy, T()));
        if constexpr (D::logarithm) {
          return DoubleDouble<F64>(gradient, F64(0.0));
        } else {
          const F64 value = load_wide(piece<lanes, whole>(row.x, i, row.n, room_y, T()));
          return sizeof(T) == sizeof(double) ? two_product(value, gradient)
                                             : DoubleDouble<F64>(value * gradient, F64(0.0));
        }
      });
  // In units of 2^-106 of the magnitudes: a part of a segment adds up to 32 terms, each time rounding a low part of at
  // most 2^5·2^-53 of them twice, its 16 parts are added likewise, and then n/512 segments, whose low parts grow to 48
  // + n/512. Products of f64 may lose their last bits below the smallest double.
  const auto count = static_cast<double>(row.n);
  const double lost = sizeof(T) == sizeof(double) ? count * 0x1p-1073 : 0;
  return {all.sum, all.size * (0x1p-92 + count * (0x1p-107 + count * 0x1p-121)) + lost};
}

/// D without rounding, made when first asked for.
template <class D, class T>
class ExactDot {
 public:
  explicit ExactDot(const Row<T>& row) : row_(row) {}
  bool known() const { return known_; }
  ACTBENCH_SELDOM void find() {
    int64_t* const sum = digits();
    row_.team.wait();  // for who still reads those of the row before
    row_.team.template open_room<Room>();
    for (std::size_t i = row_.first(1); i < exact::count; i += row_.step(1)) sum[i] = 0;
    row_.team.wait();
    const auto add = [sum](int i, int64_t value) { Team::add(sum[i], value); };
    for (std::size_t i = row_.first(1); i < row_.n; i += row_.step(1)) {
      const Leading gradient = leading_of(number(row_.dy, i));
      exact::add_to(add, D::logarithm ? gradient : product(leading_of(number(row_.x, i)), gradient));
    }
    row_.team.wait();
    leading_ = exact::leading(sum);
    known_ = true;
  }

  /// y·(dy - D), correctly rounded for an f64, or to odd.
  double product_of(double y, double dy, bool to_odd) const {
    Leading difference = exact::leading(digits(), leading_of(-dy));
    difference.negative = difference.negative == D::negated;  // dy - D, and its negative
    if (difference.bits == 0) difference.negative = D::negated;
    return rounded(product(difference, leading_of(y)), to_odd);
  }

  /// dy - D·e^y for a finite y: for other than tiny or huge y from e^y to so many digits that 200 bits may cancel.
  double difference_of(double y, double dy, bool to_odd) const {
    double result = 0;
    row_.team.template with_room<Room>([&](Room& room) {
      const double size = y < 0 ? -y : y;
      const auto less = [&](Leading all) {  // dy - D·e^y
        all.negative = all.bits != 0 && !all.negative;
        result = rounded(all, to_odd);
      };
      if (size >= 0x1p-40 && size <= 700) {
        less(long_difference(y, dy, room));
      } else {
        less(difference(y, dy, room));
      }
    });
    return result;
  }

 private:
  struct Room {
    LongExp e;
    int64_t digits[WindowSum::count];
    Digits taken[3];
  };

  /// D·e^y - dy.
  Leading long_difference(double y, double dy, Room& room) const {
    LongExp& e = room.e;
    long_exp(y, e);
    const Leading gradient = leading_of(-dy);
    const int top = top_of(leading_) + e.n + 1, top_dy = top_of(gradient);
    WindowSum all(1 + (top > top_dy ? top : top_dy), room.digits);
    all.add(gradient);
    // D in three parts of 128 bits, each what is left of it, times the four of e^y.
    for (Digits& part : room.taken) put_digits(part, Leading{}, exact::lowest);
    ACTBENCH_ROLLED
    for (Digits& taken : room.taken) {
      Leading part = exact::leading(digits(), [&](int i) {
        int64_t less = 0;
        for (const Digits& d : room.taken) less += i >= d.first && i < d.first + 5 ? d.value[i - d.first] : 0;
        return -less;
      });
      if (part.bits == 0) break;
      put_digits(taken, part, exact::lowest);
      ACTBENCH_ROLLED
      for (int i = 0; i < 4; ++i) {
        const Wide bits = i == 0 ? Wide{1} << 127 : Wide{e.fraction[7 - 2 * i]} << 64 | e.fraction[6 - 2 * i];
        const LongProduct p = long_product(part, {false, false, bits, i == 0 ? e.n - 127 : e.n - 128 * i});
        all.add(p.high);
        all.add(p.low);
      }
    }
    return all.leading();
  }
  /// The same from e^y as a sum of two doubles; next to 0 as D - dy + D·(e^y - 1).
  Leading difference(double y, double dy, Room& room) const {
    const bool near = y >= -0.5 && y <= 0.5;
    const DoubleDouble<F64> exponent(F64(y), F64(0.0));
    const WithExponent e = near ? WithExponent{expm1(exponent), F64(0.0)} : scaled_exp(exponent);
    const Leading high = leading_of(first_of(e.value.hi));
    WindowSum number(1 + top_of(high), room.digits);
    number.add(high);
    number.add(leading_of(first_of(e.value.lo)));
    Leading factor = number.leading();
    factor.exponent += static_cast<int>(first_of(e.exponent));
    const Digits less = digits_of(leading_of(-dy), exact::lowest);
    const int64_t* const sum = digits();
    const Leading last = product(leading_, factor);
    const Leading first =
        exact::leading(sum, [&](int i) { return part_of(less, i) - (near ? 0 : sum[i]); });  // D or 0, less dy
    const int top_first = top_of(first), top_last = top_of(last);
    WindowSum all(1 + (top_first > top_last ? top_first : top_last), room.digits);
    all.add(first);
    all.add(last);
    Leading result = all.leading();
    result.inexact = result.inexact || first.inexact;
    return result;
  }

  static double number(const T* p, std::size_t i) {
    T element;
    __builtin_memcpy(&element, p + i, sizeof(T));
    return static_cast<double>(to_float(element));
  }
  int64_t* digits() {
    if constexpr (Team::alone) {
      return digits_;
    } else {
      return row_.team.template shared<int64_t, exact::count>();
    }
  }
  const int64_t* digits() const { return const_cast<ExactDot*>(this)->digits(); }

  const Row<T> row_;
  int64_t digits_[Team::alone ? exact::count : 1];
  Leading leading_{};
  bool known_ = false;
};

/// The formula as it stands, for rows whose D is not finite.
template <class D, class T>
ACTBENCH_SELDOM void plain_backward(const Row<T>& row, double d) {
  constexpr int lanes = F64::lanes;
  T room_y[lanes], room_dy[lanes];
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
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
        store_narrow(to, rounded_to(to, result));
      }
    });
  }
}

/// A register's results from D without rounding; where y is not finite, or `good` is not 0, what `plain` is.
template <class D, class T>
ACTBENCH_SELDOM F64 exact_elements(const ExactDot<D, T>& exact, F64 y, F64 dy, F64 plain, F64 good) {
  constexpr bool to_odd = sizeof(T) != sizeof(double);
  double ys[F64::lanes], dys[F64::lanes], results[F64::lanes], done[F64::lanes];
  store(ys, y);
  store(dys, dy);
  store(results, plain);
  store(done, good);
  for (int l = 0; l < F64::lanes; ++l) {
    if (done[l] != 0) continue;
    if constexpr (D::logarithm) {
      if (is_finite(ys[l])) results[l] = exact.difference_of(ys[l], dys[l], to_odd);
    } else {
      results[l] = exact.product_of(ys[l], dys[l], to_odd);
    }
  }
  return load(results);
}

/// dy - D to the precision of a DoubleDouble but for D's error.
inline DoubleDouble<F64> without(F64 dy, const DoubleDouble<double>& d) {
  const DoubleDouble<F64> t = two_sum(dy, F64(-d.hi));
  return normalized(DoubleDouble<F64>(t.hi, t.lo - F64(d.lo)));
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
  in_ever_closer_looks<lanes>(row, at, [&] { exact.find(); });
}

/// f32 and the half types. fast allows a relative error of 2^-26 before the last rounding, accurate none.
template <class D, class T, Tier tier>
void narrow_backward_row(const Row<T>& row) {
  const Dot d = dot<D>(row);
  if (!is_finite(d.sum.hi)) return plain_backward<D>(row, d.sum.hi);
  ExactDot<D, T> exact(row);
  backward_pass(row, exact, [&](F64 y, F64 dy, T* to) {
    const DoubleDouble<F64> difference = without(dy, d.sum);
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
        store_narrow(to, rounded_to(to, value));
        return true;
      }
    } else {
      const F64 away = xor_sign(error, value);
      if (store_if_rounded_alike(to, value + away, value - away)) [[likely]]
        return true;
    }
    if (!exact.known()) return false;
    store_narrow(to, rounded_to(to, exact_elements<D, T>(exact, y, dy, value, F64(0.0))));
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
    const auto take = [&](std::size_t u, const T* y, const T* dy) {
      const F64 value = load_wide(y), gradient = load_wide(dy);
      total[u] = fma(value, gradient, total[u]);
      sizes[u] = fma(abs(value), abs(gradient), sizes[u]);
    };
    DoubleDouble<double> all{0, 0};
    const auto flush = [&] {
      all = added(all, across((total[0] + total[1]) + (total[2] + total[3])), 0);
      for (F64& part : total) part = F64(0.0);
    };
    const std::size_t step = row.step(lanes);
    std::size_t i = row.first(lanes);
    for (int count = 1; i + 3 * step + lanes <= row.n; i += 4 * step, ++count) {
      for (std::size_t u = 0; u < 4; ++u) take(u, row.x + i + u * step, row.dy + i + u * step);
      if (count % 64 == 0) flush();
    }
    T room_y[lanes], room_dy[lanes];
    for (; i < row.n; i += step)
      take(0, piece<lanes>(row.x, i, row.n, room_y, T()), piece<lanes>(row.dy, i, row.n, room_dy, T()));
    flush();
    all = sum_of_all(row.team, all);
    const double size = sum_of_all(row.team, across((sizes[0] + sizes[1]) + (sizes[2] + sizes[3])));
    // Of 64 terms, up to 4 more, a tree and the lanes; what all of that adds up to is known to twice the precision.
    return {{is_finite(all.hi) ? all.hi + all.lo : all.hi, 0}, size * 0x1p-53 * (64 + 8 + 2 * lanes)};
  }
}

/// Whether D, computed, is infinite or NaN though no number of the row is.
template <class D>
ACTBENCH_SELDOM bool overflowed(const Row<double>& row) {
  bool finite = true;
  for (std::size_t i = row.first(1); i < row.n && finite; i += row.step(1))
    finite = is_finite(D::logarithm ? 1 : element(row.x, i)) && is_finite(element(row.dy, i));
  return row.team.all(static_cast<int>(finite), [](int a, int b) { return a & b; }) != 0;
}
template <class D, class T>
bool overflowed(const Row<T>&) {
  return false;
}

/// A register of results in f64 from D as a pair, then without rounding, each within 2^-26 before the last rounding.
/// Says whether that is so; with `exact` known it always is.
template <class D, class T>
ACTBENCH_SELDOM bool closer_backward(const T* y_place, const T* dy_place, T* to, const Dot& d,
                                     const ExactDot<D, T>& exact) {
  const F64 y = load_wide(y_place), dy = load_wide(dy_place);
  const F64 value = input<D>(y * without(dy, d.sum).hi);
  const F64 error = fma(abs(value), F64(0x1p-51), abs(y) * F64(d.error));
  if (all(error <= abs(value) * F64(0x1p-26))) {
    store_narrow(to, rounded_to(to, value));
    return true;
  }
  if (exact.known()) store_narrow(to, rounded_to(to, exact_elements<D, T>(exact, y, dy, value, F64(0.0))));
  return exact.known();
}

/// softmax and softmin: y·(dy - D) in the type's own precision, D in two numbers of it.
template <class D, class T>
void fast_backward_from(const Row<T>& given, const Dot& d) {
  const Row<T> row = given;  // a copy that stores do not reach
  using V = Working<T>;
  using Number = typename V::Element;
  constexpr int lanes = V::lanes;
  constexpr bool narrow = sizeof(T) != sizeof(double);
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
  Dot closer{};
  bool closer_known = !narrow;
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
    if constexpr (narrow) {
      bool done = closer_known;
      for (int l = 0; l < lanes && done; l += F64::lanes)
        done = closer_backward<D, T>(y_place + l, dy_place + l, to + l, closer, exact);
      return done;
    } else {
      if (exact.known()) store(to, exact_elements<D, T>(exact, y, dy, value, F64(0.0)));
      return exact.known();
    }
  };
  in_ever_closer_looks<lanes>(row, step, [&] {
    if (closer_known) {
      exact.find();
    } else {
      closer = dot<D>(row);
      closer_known = true;
    }
  });
}

template <class D, class T>
class FastBackwardRow {
 public:
  void start(const Row<T>& row) { row_ = row; }
  void add_up() { dot_ = plain_dot<D>(row_); }
  void finish() { fast_backward_from<D>(row_, dot_); }

 private:
  Row<T> row_{nullptr, nullptr, nullptr, 1, Team(1)};
  Dot dot_{};
};

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
    const DoubleDouble<F64> difference = without(dy, d.sum);
    F64 value;
    auto good = y == y;
    if constexpr (D::logarithm) {
      const auto near = abs(y) <= F64(0.5);
      const WithExponent scaled = scaled_exp(DoubleDouble<F64>(y, F64(0.0)));
      const DoubleDouble<F64> power = unscaled(scaled, -400),
                              less = expm1(DoubleDouble<F64>(select(near, y, F64(0.0)), F64(0.0)));
      const DoubleDouble<F64> e = select(near, less, power), whole = everywhere(d.sum);
      const DoubleDouble<F64> second = normalized(e * whole);
      const DoubleDouble<F64> v = normalized(select(near, difference, DoubleDouble<F64>(dy, F64(0.0))) - second);
      value = v.hi;
      good = in_range(value) & in_range(second.hi) & in_range(whole.hi) & (scaled.exponent > F64(-300.0)) &
             (scaled.exponent < F64(300.0)) & (abs(value) * F64(0x1p-64) >= F64(d.error)) &
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

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
