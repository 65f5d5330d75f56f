// SPDX-License-Identifier: Apache-2.0
#include "reference/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "reference/enclose.hpp"

namespace actbench::reference {
namespace {

/// A derivative so near to 0, where doubles hardly tell, is not asked for its sign.
double vanishing(double from, double to) {
  const double size = std::max({1.0, std::abs(from), std::abs(to)});
  return 1e-290 * size * size * size * size;
}
/// The narrowest interval, relative to its place: the places of zeros are known to that.
constexpr double narrowest = 0x1p-46;

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

using Coefficients = std::array<Interval, Jet::order + 1>;

/// Taylor coefficients of f at a point, on a side of it, or over all of an open interval. Where pieces meet within the
/// interval, only the value is known.
Coefficients expand(Encloser f, std::span<const double> parameters, const Interval& x, int side, int terms,
                    std::vector<Switch>* switches = nullptr) {
  const int order = std::max(terms - 1, 1);  // a side takes a slope to be seen
  const Enclosed e = enclose(f, parameters, x, side, order, switches);
  Coefficients c = (e.sum.anchor + e.sum.rest).c;
  if (e.forked) std::fill(c.begin() + 1, c.end(), everything());
  return c;
}

Interval point(double x) { return {Bound(x), Bound(x)}; }
Interval between(double from, double to) { return {Bound(from), Bound(to)}; }

bool is_zero(const Interval& v) { return v.low == 0 && v.high == 0; }
/// -1, 1 where all numbers but perhaps a zero at an end have that sign; 0 where they do not, or all are zero.
int weak_sign(const Interval& v) { return v.low >= 0 && v.high > 0 ? 1 : v.high <= 0 && v.low < 0 ? -1 : 0; }

/// The first coefficient that cannot be equal on the two sides of a place; -1 where there is none.
int first_jump(const Coefficients& left, const Coefficients& right, int terms) {
  for (int k = 0; k < terms; ++k)
    if (disjoint(left[k], right[k])) return k;
  return -1;
}

Derivatives derivatives_of(const Coefficients& c) {
  Derivatives out;
  unsigned long factorial = 1;
  for (std::size_t k = 0; k < c.size(); ++k) {
    if (k > 1) factorial *= k;
    out[k] = bracket_of(times(c[k], factorial));
  }
  return out;
}

/// Bounds of the k-th coefficient over an interval of that half width: Taylor's polynomial around the middle, with
/// Lagrange's remainder. Where terms cancel, as in the difference of two functions that are nearly the same, these are
/// far closer than those of the evaluation over the interval.
Interval centred(const Coefficients& around, const Coefficients& over, int k, double half) {
  const Interval t = between(-half, half);
  Interval total, power = 1;
  unsigned long binomial = 1;  // of k + j over j
  for (int j = 0; k + j <= Jet::order; ++j) {
    if (j > 0) binomial = binomial * static_cast<unsigned long>(k + j) / static_cast<unsigned long>(j);
    const bool last = k + j == Jet::order;
    total = total + times((last ? over : around)[k + j], binomial) * power;
    power = power * t;
  }
  return total;
}

const Function& forward_of(std::string_view activation) {
  const Function* f = find(activation, "forward");
  if (f == nullptr) throw std::invalid_argument("Profile: no activation has the name " + std::string(activation));
  return *f;
}

}  // namespace

Profile::Profile(std::string_view activation, std::span<const double> parameters)
    : Profile(encloser_of(forward_of(activation)), parameters) {}

Profile::Profile(Encloser f, std::span<const double> parameters)
    : f_(f), parameters_(parameters.begin(), parameters.end()) {
  find_breaks();
}

Derivatives Profile::at(double x, int side, int terms) const {
  return derivatives_of(expand(f_, parameters_, point(x), side, terms));
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
    const Coefficients left = expand(f_, parameters_, point(at), -1, break_terms);
    const Coefficients right = expand(f_, parameters_, point(at), 1, break_terms);
    const int order = first_jump(left, right, break_terms);
    if (order >= 0 && !is_break(at)) breaks_.push_back({at, order, derivatives_of(left), derivatives_of(right)});
  };
  int divisions = 0;
  constexpr int most_divisions = 100000;
  const auto explore = [&](const auto& self, double from, double to) -> void {
    std::vector<Switch> switches;
    expand(f_, parameters_, between(from, to), 0, 2, &switches);
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
    const Derivatives left = this->at(from, -1, break_terms), right = this->at(to, 1, break_terms);
    for (std::size_t k = 0; k < 3; ++k) {
      const double change = std::max(right[k].high - left[k].low, left[k].high - right[k].low);
      if (change <= 1e-9 * (1 + left[k].size() + (to - from) * left[k + 1].size())) continue;
      if (breaks_.empty() || std::abs(breaks_.back().at - from) > 4 * narrowest * scale_of(from, to))
        breaks_.push_back({to, static_cast<int>(k), left, right});
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
    const int sign = weak_sign(expand(f_, parameters_, point(middle), 1, order + 1)[order]);
    if (sign == 0) return middle;
    (sign == slope ? to : from) = middle;
  }
}

void Profile::divide(int order, double from, double to, int depth, std::vector<Stretch>& out) const {
  std::vector<Switch> switches;
  const Coefficients over = expand(f_, parameters_, between(from, to), 0, order + 2, &switches);
  Interval d = over[order], slope = over[order + 1];
  const double middle = from + (to - from) / 2;
  const bool narrow = depth > 200 || to - from <= narrowest * scale_of(from, to);
  const bool settled = is_zero(d) || weak_sign(d) != 0 || slope.sign() != 0;
  if (!settled && switches.empty() && !narrow) {
    const double half = std::max(to - middle, middle - from);
    const Coefficients around = expand(f_, parameters_, point(middle), 1, Jet::order + 1);
    const Coefficients all = expand(f_, parameters_, between(from, to), 0, Jet::order + 1);
    d = intersection(d, centred(around, all, order, half));
    slope = intersection(slope, centred(around, all, order + 1, half));
  }
  if (switches.empty() || narrow) {
    if (is_zero(d)) return out.push_back({from, to, 0});
    if (size_bound(d) < vanishing(from, to)) return out.push_back({from, to, 0, true});
    if (const int sign = weak_sign(d); sign != 0) return out.push_back({from, to, sign});
    if (const int rise = slope.sign(); rise != 0) {
      const Interval left = expand(f_, parameters_, point(from), 1, order + 1)[order];
      const Interval right = expand(f_, parameters_, point(to), -1, order + 1)[order];
      if (weak_sign(left) != -rise) return out.push_back({from, to, rise});
      if (weak_sign(right) != rise) return out.push_back({from, to, -rise});
      const double place = zero(order, from, to, rise);
      out.push_back({from, place, -rise});
      out.push_back({place, to, rise});
      return;
    }
  }
  // Where the bounds are hardly wider than a single point's, more division does not help: the derivative touches zero.
  const Interval at_middle = expand(f_, parameters_, point(middle), 1, order + 1)[order];
  const bool noise = weak_sign(at_middle) == 0 && d.high - d.low <= 16 * (at_middle.high - at_middle.low);
  if (narrow || noise) return out.push_back({from, to, 0, true});
  const double cut = division(from, to, switches);
  divide(order, from, cut, depth + 1, out);
  divide(order, cut, to, depth + 1, out);
}

std::vector<Stretch> Profile::signs(int order) const {
  std::vector<Stretch> fine;
  const std::vector<double> marks = grid();
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) divide(order, marks[i], marks[i + 1], 0, fine);
  // A stretch that is too small to tell takes the sign of the one before it or, at the beginning, of the one after it.
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

}  // namespace actbench::reference
