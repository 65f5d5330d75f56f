// SPDX-License-Identifier: Apache-2.0
//
// Definitions as Taylor series with intervals for coefficients: a number type over which any definition of activations/
// can be evaluated, at a point or over a whole interval at once, and gives bounds for the function and its derivatives
// there. Bounds are proven: every operation rounds outwards, and MPFR rounds the elementary functions' values.
//
// A definition branches: where a kink is, and where one formula is better conditioned than another. A comparison that
// an interval does not decide is put down, with the place where it changes. So the program finds where the pieces of a
// function meet by evaluating it, and compares the series from both sides to see what meets there: the same function
// (all coefficients agree), a kink, a jump.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "reference/forms.hpp"

namespace actbench::reference {

/// The numbers from low to high.
struct Enclosure {
  double low = 0, high = 0;

  Enclosure() = default;
  Enclosure(double v) : low(v), high(v) {}  // NOLINT(google-explicit-constructor): a number is an interval
  Enclosure(double l, double h) : low(l), high(h) {}

  double middle() const { return low + (high - low) / 2; }
  double radius() const { return std::max(high - middle(), middle() - low); }
  bool is_point() const { return low == high; }
  bool is_zero() const { return low == 0 && high == 0; }
  bool contains(double v) const { return low <= v && v <= high; }
  /// -1, 1 where all numbers but perhaps a zero at an end have that sign; 0 where they do not, or all are zero.
  int sign() const { return low >= 0 && high > 0 ? 1 : high <= 0 && low < 0 ? -1 : 0; }
};
Enclosure operator+(const Enclosure&, const Enclosure&);
Enclosure operator-(const Enclosure&, const Enclosure&);
Enclosure operator*(const Enclosure&, const Enclosure&);
Enclosure operator/(const Enclosure&, const Enclosure&);
inline Enclosure operator-(const Enclosure& a) { return {-a.high, -a.low}; }
inline double magnitude(const Enclosure& a) { return std::max(std::abs(a.low), std::abs(a.high)); }
inline bool disjoint(const Enclosure& a, const Enclosure& b) { return a.high < b.low || b.high < a.low; }
Enclosure hull(const Enclosure&, const Enclosure&);

/// Coefficients that a series may have.
inline constexpr int most_terms = 16;

/// A comparison that the numbers of an interval do not decide alike.
struct Switch {
  double at;   ///< where it changes
  bool exact;  ///< it is a comparison of ±x itself, so `at` is that very number; where not, `at` is a guess
};

/// c[0] + c[1](x - x0) + ..., as many terms as the evaluation that it belongs to asked for; the last one is, over an
/// interval, that of Lagrange's remainder.
struct Series {
  std::array<Enclosure, most_terms> c{};

  Series() = default;
  Series(double v) { c[0] = v; }  // NOLINT(google-explicit-constructor): definitions mix R with numbers
  template <std::integral I>
  Series(I v) {  // NOLINT(google-explicit-constructor)
    const auto rounded = static_cast<double>(v);
    const bool exact = std::abs(rounded) < 0x1p53;
    c[0] =
        exact ? Enclosure(rounded) : Enclosure(std::nextafter(rounded, -HUGE_VAL), std::nextafter(rounded, HUGE_VAL));
  }
  Series operator-() const;
};
Series operator+(const Series&, const Series&);
Series operator-(const Series&, const Series&);
Series operator*(const Series&, const Series&);
Series operator/(const Series&, const Series&);

/// The sign of a - b just where the evaluation is: inside an open interval, or next to a point, on the side asked for.
int compare(const Series& a, const Series& b);
/// Identical, whatever x is.
bool operator==(const Series& a, const Series& b);
inline bool operator!=(const Series& a, const Series& b) { return !(a == b); }
inline bool operator<(const Series& a, const Series& b) { return compare(a, b) < 0; }
inline bool operator>(const Series& a, const Series& b) { return compare(a, b) > 0; }
inline bool operator<=(const Series& a, const Series& b) { return compare(a, b) <= 0; }
inline bool operator>=(const Series& a, const Series& b) { return compare(a, b) >= 0; }
inline bool signbit(const Series& v) { return compare(v, Series(0)) < 0; }
inline bool isinf(const Series&) { return false; }

Series exp(const Series&);
Series expm1(const Series&);
Series tanh(const Series&);
Series log1p(const Series&);
Series erf(const Series&);
Series erfc(const Series&);
Series sqrt(const Series&);

// What forms.hpp has as loops until nothing changes any more, or with exponents beyond a double's.
Series exp_beyond_linear(const Series&);
Series tanh_deficit(const Series&);
inline Series kept_positive(const Series& v, bool) { return v; }
/// Without the sign of a zero, which intervals do not have, and which would be a comparison.
inline Sum<Series> nearly(const Series& v) { return {Series(0), v}; }
template <>
Series pi<Series>();

/// e^(-x²/2)/√(2π).
Series normal_density(const Series& x);

/// f(x), of parameters p.
using Definition = Series (*)(const Series& x, const Series* p);

/// The definition of an activation's forward direction; null where there is none of that name.
Definition definition_of(std::string_view activation) noexcept;

/// The series of f around x, where that is one number, on its right (side 1), its left (-1), or at it (0; of the
/// coefficients only c[0] is then f's, if x is where pieces meet). Around the middle of x where it is an interval:
/// bounds hold everywhere in it, c[k] of the k-th derivative over k!. Whatever comparisons it leaves undecided go to
/// `switches`.
Series expand(Definition, std::span<const double> parameters, const Enclosure& x, int side, int terms,
              std::vector<Switch>* switches = nullptr);

/// The arithmetic operations and elementary functions that the definition takes at x, each counted once.
std::size_t operation_count(Definition, std::span<const double> parameters, double x);

}  // namespace actbench::reference
