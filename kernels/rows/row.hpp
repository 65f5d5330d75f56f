// SPDX-License-Identifier: Apache-2.0
//
// Kernels over rows: softmax, its logarithm and softmin, forward and backward, for the instruction set being compiled.
// What differs between them is a Definition's data: negated (of -x), logarithm. Here is what all of them are made of: a
// row's arrays, pieces of these, and what is common to a row.
//
// A row is worked on by a Team: on a CPU one thread, on a device many, each with registers of its own of the row.
// Whatever depends on the whole row is put together by Team::all, and decided by all of the team alike.
//
// A special row, with a NaN, +inf, or -inf alone, is NaN. -inf among others gives +0, its logarithm -inf. Results of
// backward for infinite dy or y are those of the formula in IEEE arithmetic.
//
// A row may be overwritten by its result: no element is read again by another thread once the first is stored. Where
// the last pass could ask for more precision, and so for the whole row, a pass without stores comes first.
#pragma once

#include "kernels/elementwise.hpp"
#include "kernels/numbers/double_double.hpp"

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
  Team team;

  bool in_place() const { return y == x || y == dy; }
  /// Of this thread's registers of so many lanes, the place of the first, and what it is to the next.
  std::size_t first(int lanes) const { return team.rank() * static_cast<std::size_t>(lanes); }
  std::size_t step(int lanes) const { return team.size() * static_cast<std::size_t>(lanes); }
};

/// one(row) for the rows of a call that are this team's.
template <class T, Direction direction, class One>
inline void for_rows(const Arguments& a, One one) {
  const T* x = static_cast<const T*>(a.x);
  const T* dy = static_cast<const T*>(a.dy);
  T* y = static_cast<T*>(a.y);
  if (a.row == 0) return;
  const Team team(a.row);
  const std::size_t rows = a.n / a.row;
  for (std::size_t r = team.first_row(); r < rows; r += team.row_step()) {
    const std::size_t i = r * a.row;
    one(Row<T>{x + i, takes_dy(direction) ? dy + i : nullptr, y + i, a.row, team});
  }
}
template <class T, Direction direction, void (*one)(const Row<T>&)>
void each_row(const Arguments& a) noexcept {
  for_rows<T, direction>(a, [](const Row<T>& row) { one(row); });
}

/// The number of elements that, with their results, lie in the nearest cache.
template <class T>
inline constexpr std::size_t near_elements = 8192 / sizeof(T);

/// The same for rows that are worked on in steps, start(row), add_up() and finish(). Several short rows take each step
/// together: the work on the others hides the chain of dependent operations from one row's elements to its sum.
template <class T, Direction direction, class Steps>
void each_row_in_steps(const Arguments& a) noexcept {
  constexpr std::size_t most = Team::alone ? 8 : 1;
  Steps group[most];
  std::size_t together = 1, waiting = 0;
  if constexpr (Team::alone) {
    while (together < most && 2 * together * a.row <= near_elements<typename Working<T>::Element>) together *= 2;
  }
  const auto go_on = [&] {
    for (std::size_t g = 0; g < waiting; ++g) group[g].add_up();
    for (std::size_t g = 0; g < waiting; ++g) group[g].finish();
    waiting = 0;
  };
  for_rows<T, direction>(a, [&](const Row<T>& row) {
    group[waiting++].start(row);
    if (waiting == together) go_on();
  });
  go_on();
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

/// Where Lanes numbers from place i on can be read: in the row itself, or copied, with `beyond` after its end. whole:
/// all of them are known to lie within it, as one by itself always does.
template <int Lanes, bool whole = false, class T>
inline const T* piece(const T* row, std::size_t i, std::size_t n, T (&room)[Lanes], T beyond) {
  if constexpr (whole || Lanes == 1) {
    return row + i;
  } else {
    if (i + Lanes <= n) return row + i;
    for (T& element : room) element = beyond;
    if (i < n) __builtin_memcpy(room, row + i, (n - i) * sizeof(T));
    return room;
  }
}

/// put(place for Lanes numbers), then what lies within the row is kept.
template <int Lanes, class T, class Put>
inline void put_piece(T* row, std::size_t i, std::size_t n, Put put) {
  if constexpr (Lanes == 1) {
    put(row + i);
  } else if (i + Lanes <= n) {
    put(row + i);
  } else {
    T room[Lanes];
    put(room);
    __builtin_memcpy(row + i, room, (n - i) * sizeof(T));
  }
}

/// The last pass over a row. step(i, to) puts a register's results at `to`, or says that it needs a closer look at the
/// row for that; closer() takes it, and the next one after that.
template <int Lanes, class T, class Step, class Closer>
inline void in_ever_closer_looks(const Row<T>& row, Step step, Closer closer) {
  const auto either = [](int a, int b) { return a | b; };
  if (row.in_place()) {
    T nowhere[Lanes];
    for (bool open = true; open;) {
      open = false;
      for (std::size_t i = row.first(Lanes); i < row.n && !open; i += row.step(Lanes)) open = !step(i, nowhere);
      open = row.team.all(static_cast<int>(open), either) != 0;
      if (open) closer();
    }
  }
  for (bool open = true; open;) {
    open = false;
    for (std::size_t i = row.first(Lanes); i < row.n; i += row.step(Lanes)) {
      put_piece<Lanes>(row.y, i, row.n, [&](T* to) {
        if (step(i, to)) [[likely]]
          return;
        if constexpr (Team::alone) {
          do closer();
          while (!step(i, to));
        } else {
          open = true;
        }
      });
    }
    if constexpr (!Team::alone) {
      open = row.team.all(static_cast<int>(open), either) != 0;
      if (open) closer();
    }
  }
}

inline F64 load_wide(const double* p) { return load(p); }
inline double element(const double* row, std::size_t i) {
  double a;
  __builtin_memcpy(&a, row + i, sizeof a);
  return a;
}

/// The number that softmax takes for x.
template <class D, class V>
inline V input(V x) {
  return D::negated ? -x : x;
}

/// The largest input of a row; a NaN is left out, and so is what is beyond the end.
template <class D, class T>
inline double row_maximum(const Row<T>& row) {
  using V = Working<T>;
  constexpr T beyond = infinity<T>(!D::negated);
  constexpr int lanes = V::lanes;
  const std::size_t step = row.step(lanes);
  V top[4];
  for (V& part : top) part = -infinity<typename V::Element>(false);
  std::size_t i = row.first(lanes);
  for (; i + 3 * step + lanes <= row.n; i += 4 * step) {
    for (std::size_t u = 0; u < 4; ++u) top[u] = max(input<D>(load_working(row.x + i + u * step)), top[u]);
  }
  T room[lanes];
  for (; i < row.n; i += step)
    top[0] = max(input<D>(load_working(piece<lanes>(row.x, i, row.n, room, beyond))), top[0]);
  const auto here = static_cast<double>(largest(max(max(top[0], top[1]), max(top[2], top[3]))));
  return row.team.all(here, [](double a, double b) { return a > b ? a : b; });
}

template <class T>
ACTBENCH_SELDOM void fill_nan(const Row<T>& row) {
  constexpr int lanes = Working<T>::lanes;
  for (std::size_t i = row.first(lanes); i < row.n; i += row.step(lanes)) {
    put_piece<lanes>(row.y, i, row.n, [](T* to) {
      using V = Working<T>;
      store_working(to, V(static_cast<typename V::Element>(__builtin_nanf(""))));
    });
  }
}

inline bool is_finite(double a) { return a - a == 0; }

// ---- Sums

/// The lanes of a register of sums as one.
inline DoubleDouble<double> across(DoubleDouble<F64> a) {
  double hi[F64::lanes], lo[F64::lanes];
  store(hi, a.hi);
  store(lo, a.lo);
  for (int width = F64::lanes / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; ++l) {
      const DoubleDouble<double> both = added({hi[l], lo[l]}, hi[l + width], lo[l + width]);
      hi[l] = both.hi;
      lo[l] = both.lo;
    }
  }
  return normalized(DoubleDouble<double>{hi[0], lo[0]});
}
inline double across(F64 a) {
  double lanes[F64::lanes], total = 0;
  store(lanes, a);
  for (const double lane : lanes) total += lane;
  return total;
}

/// A sum, normalized. The low part of an infinite one is NaN and becomes 0.
inline DoubleDouble<double> finished(DoubleDouble<double> all) {
  return is_finite(all.hi) ? normalized(all) : DoubleDouble<double>{all.hi, 0};
}

/// Of a team.
inline DoubleDouble<double> sum_of_all(const Team& team, DoubleDouble<double> a) {
  if constexpr (Team::alone) {
    return a;
  } else {
    return finished(team.all(a, [](DoubleDouble<double> b, DoubleDouble<double> c) { return added(b, c.hi, c.lo); }));
  }
}
inline double sum_of_all(const Team& team, double a) {
  return team.all(a, [](double b, double c) { return b + c; });
}

inline DoubleDouble<F64> added(DoubleDouble<F64> total, DoubleDouble<F64> a) {
  const DoubleDouble<F64> s = two_sum(total.hi, a.hi);
  return {s.hi, total.lo + (s.lo + a.lo)};
}

inline F64 infinite() { return __builtin_inf(); }

// ---- Sums in an order that is the same on every backend

/// A row is cut into segments, and a segment into 16 parts: element i is in part i modulo 16. The elements of a part
/// are added one after the other, then the parts, then the segments, each sum a DoubleDouble.
inline constexpr int parts = 16, registers = parts / F64::lanes;
inline constexpr std::size_t segment = 512;

struct Parts {
  F64 hi[registers], lo[registers];
  Parts() {
    for (int r = 0; r < registers; ++r) hi[r] = lo[r] = F64(0.0);
  }
  void add(int r, DoubleDouble<F64> a) {
    const DoubleDouble<F64> s = two_sum(hi[r], a.hi);
    hi[r] = s.hi;
    lo[r] = lo[r] + (s.lo + a.lo);
  }
};

inline DoubleDouble<double> across(const Parts& total) {
  DoubleDouble<double> all{0, 0};
  for (int r = 0; r < registers; ++r) {
    double hi[F64::lanes], lo[F64::lanes];
    store(hi, total.hi[r]);
    store(lo, total.lo[r]);
    for (int l = 0; l < F64::lanes; ++l) all = added(all, hi[l], lo[l]);
  }
  return finished(all);
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

/// Whether all of a register lies within the row.
template <bool yes>
struct Within {
  static constexpr bool value = yes;
};

/// A sum and, where asked for, that of its terms' magnitudes, to plain precision.
struct Ordered {
  DoubleDouble<double> sum;
  double size;
};
/// term(i, Within): the terms of the register from element i on, 0 beyond the row.
template <bool with_size, class T, class Term>
inline Ordered sum_in_order(const Row<T>& row, Term term) {
  Ordered all{{0, 0}, 0};
  const auto add = [&](DoubleDouble<double> sum) { all.sum = added(all.sum, sum.hi, sum.lo); };
  if constexpr (Team::alone) {
    for (std::size_t begin = 0; begin < row.n; begin += segment) {
      const std::size_t end = row.n - begin < segment ? row.n : begin + segment;
      Parts total;
      F64 sizes[registers];
      for (F64& part : sizes) part = F64(0.0);
      const auto take = [&](int r, DoubleDouble<F64> a) __attribute__((always_inline)) {
        total.add(r, a);
        if constexpr (with_size) sizes[r] = sizes[r] + abs(a.hi);
      };
      std::size_t i = begin;
      for (; i + parts <= end; i += parts) {
        for (int r = 0; r < registers; ++r) take(r, term(i + static_cast<std::size_t>(r * F64::lanes), Within<true>()));
      }
      for (int r = 0; r < registers && i < end; ++r, i += F64::lanes) take(r, term(i, Within<false>()));
      add(across(total));
      if constexpr (with_size) all.size += across(sizes);
    }
  } else {
    const auto& team = row.team;
    for (std::size_t first = 0; first < row.n; first += segment * team.groups()) {
      const std::size_t begin = first + segment * team.group();
      DoubleDouble<F64> total(F64(0.0), F64(0.0));
      F64 sizes = 0.0;
      for (std::size_t i = begin + team.rank() % parts; i < row.n && i < begin + segment; i += parts) {
        const DoubleDouble<F64> a = term(i, Within<true>());
        total = added(total, a);
        if constexpr (with_size) sizes = sizes + abs(a.hi);
      }
      DoubleDouble<double> sum{0, 0};
      double size = 0;
      for (unsigned part = 0; part < parts; ++part) {
        sum = added(sum, team.from_thread(total.hi.v, part), team.from_thread(total.lo.v, part));
        if constexpr (with_size) size += team.from_thread(sizes.v, part);
      }
      team.each_group(finished(sum), add);
      if constexpr (with_size) team.each_group(size, [&](double one) { all.size += one; });
    }
  }
  all.sum = finished(all.sum);
  return all;
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
