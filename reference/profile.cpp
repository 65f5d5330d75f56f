// SPDX-License-Identifier: Apache-2.0
#include "reference/profile.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace actbench::reference {
namespace {

/// What e^-y has underflowed to, times the powers of x that derivatives bring with them, tells no sign.
double vanishing(double from, double to) {
  const double size = std::max({1.0, std::abs(from), std::abs(to)});
  return 1e-290 * size * size * size * size;
}
/// No interval is narrower, against its place; the places of zeros are known to that.
constexpr double narrowest = 0x1p-46;
constexpr int quadrature_terms = 13;  // odd, so that the remainder's power is even
constexpr double quadrature_reach = 40;

double scale_of(double from, double to) { return std::max({std::abs(from), std::abs(to), 0x1p-40}); }

/// The switch to divide an interval at; its middle where there is none inside.
double division(double from, double to, const std::vector<Switch>& switches) {
  for (const Switch& s : switches) {
    if (s.at > from && s.at < to) return s.at;
  }
  // Towards zero by exponents, so that it is reached in few steps.
  if (from > 0 && to > 4 * from) return std::sqrt(from) * std::sqrt(to);
  if (to < 0 && from < 4 * to) return -std::sqrt(-from) * std::sqrt(-to);
  if (from == 0 && to > 1) return to / 16;
  if (to == 0 && from < -1) return from / 16;
  return from + (to - from) / 2;
}

/// Whether two one-sided series cannot be told apart up to a derivative.
int first_jump(const Series& left, const Series& right, int terms) {
  for (int k = 0; k < terms; ++k)
    if (disjoint(left.c[k], right.c[k])) return k;
  return -1;
}

Enclosure intersection(const Enclosure& a, const Enclosure& b) {
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

/// Bounds of c[k] over an interval of that half width: Taylor's polynomial around the middle, with Lagrange's
/// remainder. Where terms cancel, as in the difference of two functions that are nearly the same, these are far closer
/// than those of the evaluation over the interval.
Enclosure centred(const Series& around, const Series& over, int terms, int k, double half) {
  const Enclosure t{-half, half};
  Enclosure total, power = 1;
  double binomial = 1;  // of k + j over j: exact, being small
  for (int j = 0; k + j < terms; ++j) {
    if (j > 0) binomial = binomial * (k + j) / j;
    const bool last = k + j == terms - 1;
    total = total + Enclosure(binomial) * (last ? over : around).c[k + j] * power;
    power = power * t;
  }
  return total;
}

}  // namespace

Enclosure derivative(const Series& s, int order) {
  double factorial = 1;
  for (int k = 2; k <= order; ++k) factorial *= k;
  return s.c[order] * Enclosure(factorial);
}

Profile::Profile(std::string_view activation, std::span<const double> parameters)
    : Profile(definition_of(activation), parameters) {}

Profile::Profile(Definition f, std::span<const double> parameters)
    : f_(f), parameters_(parameters.begin(), parameters.end()) {
  if (f == nullptr) throw std::invalid_argument("Profile: there is no definition of that name");
  find_breaks();
}

bool Profile::is_break(double x) const {
  return std::any_of(breaks_.begin(), breaks_.end(), [&](const Break& b) { return b.at == x; });
}

/// Comparisons of x itself say where pieces may meet; other comparisons choose between formulas of the same function,
/// which is checked by narrowing them down and comparing the function on both sides.
void Profile::find_breaks() {
  std::vector<double> places{-reach, 0, reach};
  for (int e = -30; e < 64; ++e) places.insert(places.end(), {-std::ldexp(1.0, e), std::ldexp(1.0, e)});
  for (int i = 1; i < 64; ++i) places.insert(places.end(), {-i / 4.0, i / 4.0});
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  const std::vector<double> fixed = places;
  std::vector<double> candidates{fixed};
  const auto add = [&](double at) {
    const Series left = this->at(at, -1, break_terms), right = this->at(at, 1, break_terms);
    const int order = first_jump(left, right, break_terms);
    if (order >= 0 && !is_break(at)) breaks_.push_back({at, order, left, right});
  };
  int divisions = 0;
  constexpr int most_divisions = 100000;
  const auto explore = [&](const auto& self, double from, double to) -> void {
    std::vector<Switch> switches;
    over({from, to}, 2, &switches);
    for (const Switch& s : switches) {
      if (!s.exact || s.at <= from || s.at >= to) continue;
      candidates.push_back(s.at);
      self(self, from, s.at);
      self(self, s.at, to);
      return;
    }
    if (switches.empty()) return;
    if (++divisions > most_divisions) throw std::runtime_error("Profile: a definition's branches cannot be told apart");
    if (to - from > narrowest * scale_of(from, to)) {
      const double middle = from + (to - from) / 2;
      self(self, from, middle);
      self(self, middle, to);
      return;
    }
    // What a smooth function may change by over so short a way is far below this.
    const Series left = this->at(from, -1, 3), right = this->at(to, 1, 3);
    for (int k = 0; k < 3; ++k) {
      const double change = magnitude(left.c[k] - right.c[k]);
      if (change <= 1e-9 * (1 + magnitude(left.c[k]) + (to - from) * (k < 2 ? magnitude(left.c[k + 1]) : 0))) continue;
      if (breaks_.empty() || std::abs(breaks_.back().at - from) > 4 * narrowest * scale_of(from, to))
        breaks_.push_back({to, k, left, right});
      return;
    }
  };
  for (std::size_t i = 0; i + 1 < fixed.size(); ++i) explore(explore, fixed[i], fixed[i + 1]);
  for (double c : candidates)
    if (std::abs(c) < reach) add(c);
  std::sort(breaks_.begin(), breaks_.end(), [](const Break& a, const Break& b) { return a.at < b.at; });
}

/// Where cells begin and end: zero, breaks, and marks close together where functions bend.
std::vector<double> Profile::grid() const {
  std::vector<double> marks{-reach, 0, reach};
  for (int i = 1; i <= 32; ++i) marks.insert(marks.end(), {-i / 8.0, i / 8.0});
  for (int i = 9; i < 96; ++i) marks.insert(marks.end(), {-i / 2.0, i / 2.0});
  for (int e = 6; e < 64; ++e) marks.insert(marks.end(), {-std::ldexp(1.0, e), std::ldexp(1.0, e)});
  for (const Break& b : breaks_) marks.push_back(b.at);
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

/// The place in (from, to) where a derivative of that slope's sign passes through zero.
double Profile::zero(int order, double from, double to, int slope) const {
  while (true) {
    const double middle = from + (to - from) / 2;
    if (middle <= from || middle >= to) return middle;
    const int sign = at(middle, 1, order + 1).c[order].sign();
    if (sign == 0) return middle;
    (sign == slope ? to : from) = middle;
  }
}

void Profile::divide(int order, double from, double to, int depth, std::vector<Stretch>& out) const {
  std::vector<Switch> switches;
  Series s = over({from, to}, order + 2, &switches);
  Enclosure d = s.c[order], slope = s.c[order + 1];
  const double middle = from + (to - from) / 2;
  const bool narrow = depth > 200 || to - from <= narrowest * scale_of(from, to);
  const auto settled = [&] { return d.is_zero() || d.sign() != 0 || slope.low > 0 || slope.high < 0; };
  if (!settled() && switches.empty() && !narrow) {
    constexpr int terms = 12;
    const double half = std::max(to - middle, middle - from);
    const Series around = at(middle, 1, terms);
    s = over({from, to}, terms);
    d = intersection(d, centred(around, s, terms, order, half));
    slope = intersection(slope, centred(around, s, terms, order + 1, half));
  }
  if (switches.empty() || narrow) {
    if (d.is_zero()) return out.push_back({from, to, 0});
    if (magnitude(d) < vanishing(from, to)) return out.push_back({from, to, 0, true});
    if (d.sign() != 0) return out.push_back({from, to, d.sign()});
    if (slope.low > 0 || slope.high < 0) {
      const int rise = slope.low > 0 ? 1 : -1;
      const Enclosure left = at(from, 1, order + 1).c[order], right = at(to, -1, order + 1).c[order];
      if (left.sign() != -rise) return out.push_back({from, to, rise});
      if (right.sign() != rise) return out.push_back({from, to, -rise});
      const double place = zero(order, from, to, rise);
      out.push_back({from, place, -rise});
      out.push_back({place, to, rise});
      return;
    }
  }
  // Where the bounds are hardly wider than a single point's, more division does not help: the derivative touches zero.
  const Enclosure point = at(middle, 1, order + 1).c[order];
  const bool noise = point.sign() == 0 && d.high - d.low <= 16 * (point.high - point.low);
  if (narrow || noise) return out.push_back({from, to, 0, true});
  const double cut = division(from, to, switches);
  divide(order, from, cut, depth + 1, out);
  divide(order, cut, to, depth + 1, out);
}

std::vector<Stretch> Profile::signs(int order) const {
  std::vector<Stretch> fine;
  const std::vector<double> marks = grid();
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) divide(order, marks[i], marks[i + 1], 0, fine);
  // What is too small to tell goes on as what is before it or, at the beginning, after it.
  for (std::size_t i = 1; i < fine.size(); ++i) {
    if (fine[i].vanishing && !is_break(fine[i].from) && fine[i - 1].sign != 0) fine[i].sign = fine[i - 1].sign;
  }
  for (std::size_t i = fine.size(); i-- > 1;) {
    if (fine[i - 1].vanishing && fine[i - 1].sign == 0 && !is_break(fine[i].from)) fine[i - 1].sign = fine[i].sign;
  }
  std::vector<Stretch> stretches;
  for (const Stretch& s : fine) {
    if (!stretches.empty() && stretches.back().sign == s.sign && !is_break(s.from)) {
      stretches.back().to = s.to;
      continue;
    }
    stretches.push_back({s.from, s.to, s.sign});
  }
  return stretches;
}

Enclosure Profile::mean(const std::function<Series(const Series&, const Series&)>& g) const {
  constexpr int n = quadrature_terms;
  // The series of f needs a term more than that of f'.
  const auto integrand = [&](const Series& f, const Enclosure& x) {
    Series value = f, slope;
    for (int k = 0; k < n; ++k) slope.c[k] = f.c[k + 1] * Enclosure(k + 1.0);
    Series variable;
    variable.c[0] = x;
    variable.c[1] = 1;
    return g(value, slope) * normal_density(variable);
  };
  Enclosure total;
  const auto add = [&](const auto& self, double from, double to, int depth) -> void {
    std::vector<Switch> switches;
    const double middle = from + (to - from) / 2, half = (to - from) / 2;
    const Series all = integrand(over({from, to}, n + 1, &switches), {from, to});
    const Enclosure h = half;
    Enclosure power = h;  // h^(k + 1)
    for (int k = 1; k < n; ++k) power = power * h;
    const Enclosure remainder = Enclosure(2) * all.c[n - 1] * power / Enclosure(static_cast<double>(n));
    const bool good = switches.empty() && remainder.high - remainder.low < 1e-20;
    if (!good && depth < 40 && to - from > narrowest * scale_of(from, to)) {
      const double at = division(from, to, switches);
      self(self, from, at, depth + 1);
      self(self, at, to, depth + 1);
      return;
    }
    const Series around = integrand(at(middle, 1, n + 1), middle);
    Enclosure area = remainder;
    power = h;
    for (int k = 0; k < n - 1; k += 2) {
      area = area + Enclosure(2) * around.c[k] * power / Enclosure(k + 1.0);
      power = power * h * h;
    }
    total = total + area;
  };
  std::vector<double> marks = grid();
  marks.insert(marks.end(), {-quadrature_reach, quadrature_reach});
  std::sort(marks.begin(), marks.end());
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    if (marks[i] >= -quadrature_reach && marks[i + 1] <= quadrature_reach && marks[i] < marks[i + 1])
      add(add, marks[i], marks[i + 1], 0);
  }
  return total;
}

}  // namespace actbench::reference
