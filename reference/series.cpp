// SPDX-License-Identifier: Apache-2.0
#include "reference/series.hpp"

#include <mpfr.h>

#include <algorithm>
#include <iterator>

#include "reference/activations.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double below(double v) { return std::nextafter(v, -infinity); }
double above(double v) { return std::nextafter(v, infinity); }

/// The real number near `rounded` whose difference from it has the sign of `rest`.
Enclosure between(double rounded, double rest) {
  if (std::isnan(rounded)) return {-infinity, infinity};
  if (std::isinf(rounded)) {
    const double largest = std::numeric_limits<double>::max();
    return rounded > 0 ? Enclosure(largest, infinity) : Enclosure(-infinity, -largest);
  }
  return {rest < 0 ? below(rounded) : rounded, rest > 0 ? above(rounded) : rounded};
}

/// Knuth's two-sum has the rounding error exactly.
Enclosure sum(double a, double b) {
  const double s = a + b, shift = s - a;
  return between(s, (a - (s - shift)) + (b - shift));
}

/// Below 2^-960 the rounding error may be lost itself, but not the sign.
Enclosure product(double a, double b) {
  if (a == 0 || b == 0) return 0;
  const double p = a * b;
  if (std::abs(p) >= 0x1p-960) return between(p, std::fma(a, b, -p));
  const bool positive = (a > 0) == (b > 0);
  return {positive && p == 0 ? 0 : below(p), !positive && p == 0 ? 0 : above(p)};
}

Enclosure quotient(double a, double b) {
  if (a == 0) return 0;
  const double q = a / b;
  if (!std::isfinite(q) || std::abs(q) < 0x1p-900 || std::abs(a) < 0x1p-900) {
    if (!std::isfinite(q)) return between(q, 0);
    const bool positive = (a > 0) == (b > 0);
    return {positive && q == 0 ? 0 : below(q), !positive && q == 0 ? 0 : above(q)};
  }
  const double rest = std::fma(-q, b, a);  // exact
  return between(q, b > 0 ? rest : -rest);
}

/// What one evaluation knows besides the numbers.
struct Evaluation {
  int terms = 1;
  int side = 0;
  Enclosure x;
  std::vector<Switch>* switches = nullptr;
  std::size_t operations = 0;
};
thread_local Evaluation evaluation;

int terms() { return evaluation.terms; }

bool is_constant(const Series& v) {
  return std::all_of(v.c.begin() + 1, v.c.begin() + terms(), [](const Enclosure& c) { return c.is_zero(); });
}

Enclosure scaled(const Enclosure& a, int k) { return a * Enclosure(static_cast<double>(k)); }
Enclosure over(const Enclosure& a, int k) { return a / Enclosure(static_cast<double>(k)); }

using Elementary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

double value_of(Elementary function, double x, mpfr_rnd_t rounding) {
  mpfr_t v;
  mpfr_init2(v, 53);
  mpfr_set_d(v, x, MPFR_RNDN);
  function(v, v, rounding);
  const double result = mpfr_get_d(v, rounding);
  mpfr_clear(v);
  return result;
}

/// The values of a monotone function.
Enclosure values_of(Elementary function, const Enclosure& x, bool falls = false) {
  return {value_of(function, falls ? x.high : x.low, MPFR_RNDD), value_of(function, falls ? x.low : x.high, MPFR_RNDU)};
}

/// s with s' = rate·y' and the given value: s_k = (1/k) Σ j·y_j·rate_(k-j). rate may depend on what of s is there.
template <class Rate>
Series integrated(const Enclosure& value, const Series& y, Rate rate) {
  ++evaluation.operations;
  Series s;
  s.c[0] = value;
  for (int k = 1; k < terms(); ++k) {
    Enclosure total;
    for (int j = 1; j <= k; ++j) total = total + scaled(y.c[j], j) * rate(s, k - j);
    s.c[k] = over(total, k);
  }
  return s;
}

Enclosure two_over_root_pi() {
  mpfr_t v;
  mpfr_init2(v, 53);
  Enclosure root;
  mpfr_const_pi(v, MPFR_RNDD);
  mpfr_sqrt(v, v, MPFR_RNDD);
  root.low = mpfr_get_d(v, MPFR_RNDD);
  mpfr_const_pi(v, MPFR_RNDU);
  mpfr_sqrt(v, v, MPFR_RNDU);
  root.high = mpfr_get_d(v, MPFR_RNDU);
  mpfr_clear(v);
  return Enclosure(2) / root;
}

Series error_function(const Enclosure& value, const Series& y, bool complement) {
  static const Enclosure factor = two_over_root_pi();
  Series rate = exp(-(y * y));
  for (int k = 0; k < terms(); ++k) rate.c[k] = rate.c[k] * (complement ? -factor : factor);
  return integrated(value, y, [&](const Series&, int k) { return rate.c[k]; });
}

/// a - b, for a comparison alone.
Series difference_of(const Series& a, const Series& b) {
  Series result;
  for (int k = 0; k < terms(); ++k) result.c[k] = a.c[k] - b.c[k];
  return result;
}

/// Puts down that a - b changes its sign in the interval, unless by no more than rounding.
void note_switch(const Series& a, const Series& b, const Enclosure& difference) {
  const Enclosure& x = evaluation.x;
  if (evaluation.switches == nullptr || x.is_point()) return;
  const auto is_x = [&](const Series& v, bool mirrored) {
    const Enclosure value = mirrored ? -x : x;
    const double slope = mirrored ? -1 : 1;
    return v.c[0].low == value.low && v.c[0].high == value.high && v.c[1].low == slope && v.c[1].high == slope;
  };
  const Series& variable = is_constant(a) ? b : a;
  const Series& constant = is_constant(a) ? a : b;
  if (is_constant(constant) && constant.c[0].is_point()) {
    for (const bool mirrored : {false, true}) {
      if (is_x(variable, mirrored)) {
        evaluation.switches->push_back({mirrored ? -constant.c[0].low : constant.c[0].low, true});
        return;
      }
    }
  }
  const double lesser = std::min(-difference.low, difference.high);
  if (lesser <= 0x1p-44 * (difference.high - difference.low)) return;
  const double slope = (a.c[1] - b.c[1]).middle();
  const double guess = x.middle() - difference.middle() / slope;
  const bool inside = guess > x.low && guess < x.high;
  evaluation.switches->push_back({inside ? guess : x.middle(), false});
}

#define ACTBENCH_NAME(name) #name,
constexpr const char* names[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_NAME)};
#undef ACTBENCH_NAME

template <class Activation>
Series define(const Series& x, const Series* p) {
  const Sum<Series> sum = Activation::forward(x, p);
  return sum.anchor + sum.rest;
}
#define ACTBENCH_DEFINITION(name) &define<activations::name>,
constexpr Definition definitions[] = {ACTBENCH_REFERENCE_ACTIVATIONS(ACTBENCH_DEFINITION)};
#undef ACTBENCH_DEFINITION

}  // namespace

Enclosure operator+(const Enclosure& a, const Enclosure& b) {
  return {sum(a.low, b.low).low, sum(a.high, b.high).high};
}
Enclosure operator-(const Enclosure& a, const Enclosure& b) { return a + -b; }

Enclosure operator*(const Enclosure& a, const Enclosure& b) {
  if (a.is_zero() || b.is_zero()) return 0;
  const Enclosure corners[] = {product(a.low, b.low), product(a.low, b.high), product(a.high, b.low),
                               product(a.high, b.high)};
  Enclosure all = corners[0];
  for (const Enclosure& corner : corners) all = hull(all, corner);
  return all;
}

Enclosure operator/(const Enclosure& a, const Enclosure& b) {
  if (b.contains(0)) return {-infinity, infinity};
  if (a.is_zero()) return 0;
  const Enclosure corners[] = {quotient(a.low, b.low), quotient(a.low, b.high), quotient(a.high, b.low),
                               quotient(a.high, b.high)};
  Enclosure all = corners[0];
  for (const Enclosure& corner : corners) all = hull(all, corner);
  return all;
}

Enclosure hull(const Enclosure& a, const Enclosure& b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

Series Series::operator-() const {
  Series result;
  for (int k = 0; k < terms(); ++k) result.c[k] = -c[k];
  return result;
}

Series operator+(const Series& a, const Series& b) {
  ++evaluation.operations;
  Series result;
  for (int k = 0; k < terms(); ++k) result.c[k] = a.c[k] + b.c[k];
  return result;
}

Series operator-(const Series& a, const Series& b) { return a + -b; }

Series operator*(const Series& a, const Series& b) {
  ++evaluation.operations;
  Series result;
  for (int k = 0; k < terms(); ++k) {
    for (int j = 0; j <= k; ++j) result.c[k] = result.c[k] + a.c[j] * b.c[k - j];
  }
  return result;
}

Series operator/(const Series& a, const Series& b) {
  ++evaluation.operations;
  Series result;
  for (int k = 0; k < terms(); ++k) {
    Enclosure rest = a.c[k];
    for (int j = 1; j <= k; ++j) rest = rest - b.c[j] * result.c[k - j];
    result.c[k] = rest / b.c[0];
  }
  return result;
}

int compare(const Series& a, const Series& b) {
  const Series difference = difference_of(a, b);
  const Enclosure& d = difference.c[0];
  if (d.is_zero()) {
    if (!evaluation.x.is_point() || evaluation.side == 0) return 0;
    for (int k = 1; k < terms(); ++k) {
      const int sign = difference.c[k].sign();
      if (sign != 0) return k % 2 == 1 ? sign * evaluation.side : sign;
    }
    return 0;
  }
  if (d.low >= 0) return 1;
  if (d.high <= 0) return -1;
  note_switch(a, b, d);
  return d.middle() < 0 ? -1 : 1;
}

bool operator==(const Series& a, const Series& b) {
  const Series difference = difference_of(a, b);
  return difference.c[0].is_zero() && is_constant(difference);
}

Series exp(const Series& y) {
  return integrated(values_of(mpfr_exp, y.c[0]), y, [](const Series& s, int k) { return s.c[k]; });
}

Series expm1(const Series& y) {
  const Enclosure exponential = values_of(mpfr_exp, y.c[0]);
  return integrated(values_of(mpfr_expm1, y.c[0]), y,
                    [&](const Series& s, int k) { return k == 0 ? exponential : s.c[k]; });
}

Series exp_beyond_linear(const Series& y) { return expm1(y) - y; }

Series tanh(const Series& y) {
  const auto rate = [](const Series& s, int k) {  // 1 - s²
    Enclosure square;
    for (int j = 0; j <= k; ++j) square = square + s.c[j] * s.c[k - j];
    return Enclosure(k == 0 ? 1 : 0) - square;
  };
  return integrated(values_of(mpfr_tanh, y.c[0]), y, rate);
}

Series tanh_deficit(const Series& y) { return y - tanh(y); }

Series log1p(const Series& y) {
  ++evaluation.operations;
  Series s;
  const Series inner = Series(1) + y;
  s.c[0] = values_of(mpfr_log1p, y.c[0]);
  for (int k = 1; k < terms(); ++k) {
    Enclosure total = scaled(y.c[k], k);
    for (int j = 1; j < k; ++j) total = total - scaled(s.c[j], j) * inner.c[k - j];
    s.c[k] = over(total, k) / inner.c[0];
  }
  return s;
}

Series erf(const Series& y) { return error_function(values_of(mpfr_erf, y.c[0]), y, false); }
Series erfc(const Series& y) { return error_function(values_of(mpfr_erfc, y.c[0], true), y, true); }

Series sqrt(const Series& y) {
  ++evaluation.operations;
  Series s;
  s.c[0] = values_of(mpfr_sqrt, y.c[0]);
  for (int k = 1; k < terms(); ++k) {
    Enclosure rest = y.c[k];
    for (int j = 1; j < k; ++j) rest = rest - s.c[j] * s.c[k - j];
    s.c[k] = rest / (Enclosure(2) * s.c[0]);
  }
  return s;
}

template <>
Series pi<Series>() {
  Series result;
  result.c[0] = {0x1.921fb54442d18p+1, 0x1.921fb54442d19p+1};
  return result;
}

Series normal_density(const Series& x) {
  static const Enclosure factor = two_over_root_pi() / Enclosure(2);  // 1/√π
  Series density = exp(-(x * x) / Series(2)) / sqrt(Series(2));
  for (int k = 0; k < terms(); ++k) density.c[k] = density.c[k] * factor;
  return density;
}

Definition definition_of(std::string_view activation) noexcept {
  for (std::size_t i = 0; i < std::size(names); ++i)
    if (activation == names[i]) return definitions[i];
  return nullptr;
}

Series expand(Definition f, std::span<const double> parameters, const Enclosure& x, int side, int count,
              std::vector<Switch>* switches) {
  evaluation = {std::max(count, 2), side, x, switches, 0};  // a side takes a slope to be seen
  Series variable, p[8];
  variable.c[0] = x;
  variable.c[1] = 1;
  for (std::size_t i = 0; i < parameters.size(); ++i) p[i] = Series(parameters[i]);
  return f(variable, p);
}

std::size_t operation_count(Definition f, std::span<const double> parameters, double x) {
  expand(f, parameters, x, 0, 2);
  return evaluation.operations;
}

}  // namespace actbench::reference
