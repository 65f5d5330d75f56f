// SPDX-License-Identifier: Apache-2.0
//
// Functions and their derivatives over intervals: a jet holds, for all x of an open interval, the Taylor coefficients
// f⁽ᵏ⁾(x)/k!, k = 0 … order. The definitions of reference/activations run over jets as they run over numbers.
//
// forms.hpp writes some building blocks with series and case distinctions, for the sake of digits. Intervals need other
// care, so these are written here anew: the functions rise or fall, so that MPFR gives their ends; their derivatives
// come from the differential equations (σ' = σ(1 - σ), Φ' = φ). Which side of an anchor is taken is a matter of digits
// alone.
//
// A comparison may come out differently within the interval, as that of x with a kink inside. It is then recorded with
// the place where it changes, and answered both ways: the definition runs once for every combination of answers, and
// the hull of the results holds the function (but no derivatives: a step has none). An answer may hold at one end or at
// single points only. That does no harm: the ends of intervals are looked at by themselves, each from the side asked
// for.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "reference/forms.hpp"
#include "reference/interval.hpp"

namespace actbench::reference {

/// A comparison that comes out differently within an interval.
struct Switch {
  double at;   ///< where it changes
  bool exact;  ///< it is a comparison of ±x itself, so `at` is that very number; where not, `at` is a guess
};

/// The highest coefficient that jets are computed to.
inline constexpr int highest_order = 8;
inline thread_local int jet_order = highest_order;

/// The state of an evaluation of a definition, besides its jets: where it is, and the answers to comparisons that are
/// not decided there.
class JetEvaluation {
 public:
  static JetEvaluation& here() {
    static thread_local JetEvaluation evaluation;
    return evaluation;
  }
  void begin(const Interval& x, int side, std::vector<Switch>* switches) {
    x_ = x;
    side_ = side;
    switches_ = switches;
    script_.clear();
    next_ = 0;
  }
  /// Of a point: comparisons of what is equal there come out as on its right (1), on its left (-1), or as equal (0).
  int side() const { return side_; }
  const Interval& x() const { return x_; }
  void note(const Switch& s) {
    if (switches_ != nullptr) switches_->push_back(s);
  }
  bool answer() {
    if (next_ == script_.size()) script_.push_back(false);
    return script_[next_++];
  }
  bool any() const { return !script_.empty(); }
  /// The next combination of answers; false once there is none.
  bool advance() {
    next_ = 0;
    while (!script_.empty() && script_.back()) script_.pop_back();
    if (script_.empty()) return false;
    script_.back() = true;
    return true;
  }

 private:
  Interval x_;
  int side_ = 0;
  std::vector<Switch>* switches_ = nullptr;
  std::vector<bool> script_;
  std::size_t next_ = 0;
};

struct Jet {
  static constexpr int order = highest_order;
  std::array<Interval, order + 1> c;
  int degree = 0;  ///< coefficients beyond are zero

  Jet() = default;
  template <std::integral I>
  Jet(I v) : Jet(Interval(v)) {}        // NOLINT(google-explicit-constructor): definitions mix R with integers
  Jet(double v) : Jet(Interval(v)) {}   // NOLINT(google-explicit-constructor)
  Jet(const Interval& v) { c[0] = v; }  // NOLINT(google-explicit-constructor)
  static Jet variable(const Interval& x) {
    Jet v(x);
    v.c[1] = 1;
    v.degree = 1;
    return v;
  }

  bool is_constant_point() const { return degree == 0 && c[0].is_point(); }
  double middle() const { return static_cast<double>(Bound((c[0].low + c[0].high) / 2)); }
};

inline Jet operator-(Jet v) {
  for (int k = 0; k <= v.degree; ++k) v.c[k] = -v.c[k];
  return v;
}
inline Jet operator+(const Jet& a, const Jet& b) {
  Jet sum;
  sum.degree = std::max(a.degree, b.degree);
  for (int k = 0; k <= sum.degree; ++k) sum.c[k] = k > a.degree ? b.c[k] : k > b.degree ? a.c[k] : a.c[k] + b.c[k];
  return sum;
}
inline Jet operator-(const Jet& a, const Jet& b) {
  Jet difference;
  difference.degree = std::max(a.degree, b.degree);
  for (int k = 0; k <= difference.degree; ++k) {
    difference.c[k] = k > a.degree ? -b.c[k] : k > b.degree ? a.c[k] : a.c[k] - b.c[k];
  }
  return difference;
}
inline Jet operator*(const Jet& a, const Jet& b) {
  Jet product;
  product.degree = std::min(jet_order, a.degree + b.degree);
  for (int k = 0; k <= product.degree; ++k) {
    const int first = std::max(0, k - b.degree), last = std::min(k, a.degree);
    Interval sum = a.c[first] * b.c[k - first];
    for (int i = first + 1; i <= last; ++i) sum = sum + a.c[i] * b.c[k - i];
    product.c[k] = std::move(sum);
  }
  return product;
}
inline Jet operator/(const Jet& a, const Jet& b) {
  Jet quotient;
  quotient.degree = b.degree == 0 ? a.degree : jet_order;
  for (int k = 0; k <= quotient.degree; ++k) {
    Interval sum = k <= a.degree ? a.c[k] : Interval();
    for (int i = 1; i <= std::min(k, b.degree); ++i) sum = sum - b.c[i] * quotient.c[k - i];
    quotient.c[k] = sum / b.c[0];
  }
  return quotient;
}

/// Records where a - b changes its sign.
inline void note_switch(const Jet& a, const Jet& b) {
  JetEvaluation& evaluation = JetEvaluation::here();
  const Interval& x = evaluation.x();
  if (x.is_point()) return;
  const Jet &constant = a.degree == 0 ? a : b, &variable = a.degree == 0 ? b : a;
  if (constant.is_constant_point() && variable.degree == 1 && variable.c[1].is_point()) {
    for (const int sign : {1, -1}) {
      const Interval mirrored = sign > 0 ? x : -x;
      if (variable.c[1].low != sign || variable.c[0].low != mirrored.low || variable.c[0].high != mirrored.high)
        continue;
      const auto at = static_cast<double>(constant.c[0].low);
      if (constant.c[0].low == at) return evaluation.note({sign * at, true});
    }
  }
  const Jet difference = a - b;
  const double middle = Jet(x).middle();
  const double guess = middle - difference.middle() / Jet(difference.c[1]).middle();
  evaluation.note({x.low < guess && x.high > guess ? guess : middle, false});
}

/// The sign of a - b throughout the open interval, or at the point or beside it; nothing where there is no one sign.
inline std::optional<int> sign_of_difference(const Jet& a, const Jet& b) {
  const Interval &p = a.c[0], &q = b.c[0];
  if (p.is_point() && q.is_point() && p.low == q.low) {
    const int side = JetEvaluation::here().side();
    if (side == 0) return 0;
    const Jet difference = a - b;
    for (int k = 1; k <= difference.degree; ++k) {
      const Interval& c = difference.c[k];
      if (c.low == 0 && c.high == 0) continue;
      const int sign = c.sign();
      if (sign == 0) return {};
      return k % 2 == 1 ? sign * side : sign;
    }
    // What is the same as far as jets go may differ beyond.
    if (difference.degree == jet_order) return {};
    return 0;
  }
  if (p.low >= q.high) return 1;
  if (p.high <= q.low) return -1;
  note_switch(a, b);
  return {};
}

/// A comparison that the interval does not decide is answered both ways, one evaluation after the other.
inline bool operator>(const Jet& a, const Jet& b) {
  const std::optional<int> sign = sign_of_difference(a, b);
  return sign ? *sign > 0 : JetEvaluation::here().answer();
}
inline bool operator<(const Jet& a, const Jet& b) { return b > a; }
inline bool operator>=(const Jet& a, const Jet& b) {
  const std::optional<int> sign = sign_of_difference(a, b);
  return sign ? *sign >= 0 : JetEvaluation::here().answer();
}
inline bool operator<=(const Jet& a, const Jet& b) { return b >= a; }
/// Functions that are not the same constant are equal at single points only.
inline bool operator==(const Jet& a, const Jet& b) {
  return a.is_constant_point() && b.is_constant_point() && a.c[0].low == b.c[0].low;
}
inline bool operator!=(const Jet& a, const Jet& b) { return !(a == b); }

// Functions of jets: their value, and what a differential equation makes of it.

/// c[k] of y where y' = u'·slope, for k >= 1.
inline Interval integrated(const Jet& u, const Jet& slope, int k) {
  Interval sum;
  for (int j = 1; j <= std::min(k, u.degree); ++j) {
    sum = sum + times(u.c[j], static_cast<unsigned long>(j)) * slope.c[k - j];
  }
  return over(sum, static_cast<unsigned long>(k));
}

inline Jet exp(const Jet& u) {
  Jet e(exp(u.c[0]));
  e.degree = u.degree == 0 ? 0 : jet_order;
  for (int k = 1; k <= e.degree; ++k) e.c[k] = integrated(u, e, k);
  return e;
}

inline Jet expm1(const Jet& u) {
  Jet e = exp(u);
  e.c[0] = expm1(u.c[0]);
  return e;
}

/// σ and σ'. Both for u < 0 as for their mirror images, without cancellation.
struct Logistic {
  Jet value, slope;
};
inline Interval logistic_value(const Interval& u) {
  // 1/(1 + e^-u) at either end; from e^u where that is small.
  const auto at = [](const Bound& v) {
    const Interval point{v, v};
    const Interval e = exp(v < 0 ? point : -point);
    return v < 0 ? e / (1 + e) : Interval(1) / (1 + e);
  };
  return {at(u.low).low, at(u.high).high};
}
inline Interval logistic_slope_value(const Interval& u) {
  const auto at = [](const Bound& v) {
    const Interval e = exp(v < 0 ? Interval(v, v) : Interval(-v, -v));
    return e / ((1 + e) * (1 + e));
  };
  const Interval ends = hull(at(u.low), at(u.high));
  return u.contains_zero() ? hull(ends, Interval(0.25)) : ends;
}
inline Logistic logistic_pair(const Jet& u) {
  Logistic s{Jet(logistic_value(u.c[0])), Jet(logistic_slope_value(u.c[0]))};
  s.value.degree = s.slope.degree = u.degree == 0 ? 0 : jet_order;
  for (int k = 1; k <= s.value.degree; ++k) {
    s.value.c[k] = integrated(u, s.slope, k);
    Interval square;
    for (int i = 0; i <= k; ++i) square = square + s.value.c[i] * s.value.c[k - i];
    s.slope.c[k] = s.value.c[k] - square;
  }
  return s;
}

inline Jet tanh(const Jet& u) {
  // 2σ(2u) - 1
  Jet t = Jet(2) * logistic_pair(Jet(2) * u).value;
  t.c[0] = tanh(u.c[0]);
  return t;
}

/// φ, the normal density.
inline Jet normal_density(const Jet& z) {
  const Interval scale = sqrt(Interval(1) / (2 * pi_interval()));
  Jet square = z * z;
  if (z.c[0].contains_zero()) square.c[0].low = 0;
  return Jet(scale) * exp(square / Jet(-2));
}

/// Φ(z), less its value at negative infinity, at 0, or at infinity.
enum class From : signed char { below, middle, above };
inline Jet normal_integral(const Jet& z, From from, const Jet& density) {
  const Interval argument = z.c[0] / sqrt(Interval(2));
  Jet value(from == From::below    ? erfc(-argument) / 2
            : from == From::middle ? erf(argument) / 2
                                   : -(erfc(argument) / 2));
  value.degree = z.degree == 0 ? 0 : jet_order;
  for (int k = 1; k <= value.degree; ++k) value.c[k] = integrated(z, density, k);
  return value;
}

inline From side_of(const Jet& y) {
  const double middle = y.middle();
  return middle < -0.5 ? From::below : middle > 0.5 ? From::above : From::middle;
}
inline Jet anchor_of(From from) { return from == From::below ? Jet(0) : from == From::middle ? Jet(0.5) : Jet(1); }

// The building blocks of forms.hpp.

inline bool is_negative(const Jet& v) { return v < Jet(0); }
inline bool is_infinite(const Jet&) { return false; }
inline Jet magnitude(const Jet& v) { return is_negative(v) ? -v : v; }
template <>
inline Jet signed_zero<Jet>(bool) {
  return 0;
}
inline Anchored<Jet> nearly(const Jet& v) { return {Jet(0), v}; }
inline Jet times(const Jet& x, const Jet& a) { return x * a; }
inline Jet kept_positive(const Jet& v, bool) { return v; }
inline Jet decay(const Jet& y) { return exp(-y); }
inline Anchored<Jet> exponential(const Jet& y) { return nearly(exp(y)); }

inline Jet exp_beyond_linear(const Jet& y) {
  Jet rest = exp(y) - y;
  const auto at = [](const Bound& v) { return expm1(Interval(v, v)) - Interval(v, v); };
  rest.c[0] = hull(at(y.c[0].low), at(y.c[0].high));
  if (y.c[0].contains_zero()) rest.c[0] = hull(rest.c[0], Interval(0));
  rest.degree = y.degree == 0 ? 0 : jet_order;
  if (y.degree != 0) rest.c[1] = y.c[1] * expm1(y.c[0]);
  return rest;
}

inline Anchored<Jet> scaled_expm1(const Jet& scale, const Jet& y, const Jet& first) {
  if (side_of(y) == From::middle) return {first, scale * exp_beyond_linear(y)};
  return {-scale, scale * exp(y)};
}

inline Anchored<Jet> logistic(const Jet& y) {
  const From from = side_of(y);
  if (from == From::below) return {Jet(0), logistic_pair(y).value};
  if (from == From::above) return {Jet(1), -logistic_pair(-y).value};
  return {Jet(0.5), tanh(y / Jet(2)) / Jet(2)};
}
/// σ', from its smaller side.
inline Jet logistic_slope_jet(const Jet& y) { return logistic_pair(side_of(y) == From::above ? -y : y).slope; }
inline Anchored<Jet> logistic_slope(const Jet& y) { return nearly(logistic_slope_jet(y)); }
inline Anchored<Jet> gated_slope(const Jet& y, const Jet& w) {
  const Anchored<Jet> sigma = logistic(y);
  return {sigma.anchor, sigma.rest + w * logistic_slope_jet(y)};
}

inline Jet tanh_deficit(const Jet& x) { return x - tanh(x); }
inline Anchored<Jet> hyperbolic_tangent(const Jet& x) {
  const From from = side_of(x);
  if (from == From::middle) return {x, -tanh_deficit(x)};
  const Jet far = Jet(2) * logistic_pair(Jet(from == From::above ? -2 : 2) * x).value;
  return from == From::above ? Anchored<Jet>{Jet(1), -far} : Anchored<Jet>{Jet(-1), far};
}
inline Anchored<Jet> tanh_slope(const Jet& x) { return nearly(Jet(4) * logistic_slope_jet(Jet(2) * x)); }

inline Jet log1p_decay(const Jet& y) {
  Jet log(log1p(exp(-y.c[0])));
  const Jet minus = -y;
  const Jet slope = logistic_pair(minus).value;
  log.degree = y.degree == 0 ? 0 : jet_order;
  for (int k = 1; k <= log.degree; ++k) log.c[k] = integrated(minus, slope, k);
  return log;
}

inline Anchored<Jet> normal_cdf(const Jet& z) {
  const From from = side_of(z);
  return {anchor_of(from), normal_integral(z, from, normal_density(z))};
}
inline Anchored<Jet> normal_slope(const Jet& z, const Jet& w, const Jet&) {
  const From from = side_of(z);
  const Jet density = normal_density(z);
  return {anchor_of(from), normal_integral(z, from, density) + w * density};
}

template <>
inline Jet pi<Jet>() {
  return pi_interval();
}
template <>
inline Jet root_two_over_pi<Jet>() {
  return sqrt(Interval(2) / pi_interval());
}

}  // namespace actbench::reference
