// SPDX-License-Identifier: Apache-2.0
//
// One free coefficient p: bisection. The largest gap falls until the best coefficient and rises beyond. The sign of
// ±∂h/∂p at the largest extremum shows which of the two it does. At the end two extrema of opposite pull have the same
// size, or the largest one is stationary in p too.
//
// Two free coefficients p: Remez' exchange, for a family that is not linear in p.
// - The extrema x_i of the gap h(x; p) are found, all of them.
// - The step δ minimises the largest |h(x_i; p) + ∇h(x_i; p)·δ|. That is a linear programme of three unknowns, whose
//   corners are enumerated. While there are few extrema, some other places are among its conditions.
// - Both are repeated until steps no longer count.
// At the end three extrema have the same size, and the hull of their gradients, times their signs, holds 0: no small
// change is better.
//
// Gaps to gelu are even or odd in x, so that x > 0 is enough. The search is in long double, whose 64 bits give the
// coefficients to some 15 digits; what is reported of the result comes from curve.hpp.
#include "reference/minimax.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "reference/approximations.hpp"

namespace actbench::reference {
namespace {

using Real = long double;
constexpr std::size_t most_free = 2;

const Real root_two_over_pi_real = std::sqrt(2 / std::acos(Real(-1)));

/// The gap at x and how it changes with the free coefficients.
struct Gap {
  Real value;
  std::array<Real, most_free> gradient;
};

/// Free coefficients by their place among the form's parameters.
struct Problem {
  bool tanh_form, derivative;
  std::vector<std::size_t> free;
  std::vector<Real> parameters;

  Gap at(Real x) const {
    // f = x·σ(u); u and u' with their derivatives by each parameter.
    Real u, slope;
    std::array<Real, 2> by{}, slope_by{};
    if (tanh_form) {
      const Real a = 2 * root_two_over_pi_real * parameters[0], c = parameters[1];
      u = a * x * (1 + c * x * x);
      slope = a * (1 + 3 * c * x * x);
      by = {u / parameters[0], a * x * x * x};
      slope_by = {slope / parameters[0], 3 * a * x * x};
    } else {
      u = parameters[0] * x;
      slope = parameters[0];
      by = {x, 0};
      slope_by = {1, 0};
    }
    const Real e = std::exp(-u), below = e / (1 + e), s = 1 / (1 + e), q = s * below, dq = q * (below - s);
    const Real normal = std::erfc(x / std::sqrt(Real(2))) / 2;  // 1 - Φ
    const Real density = std::exp(-x * x / 2) * root_two_over_pi_real / 2;
    Gap gap{derivative ? (normal - below) + x * (slope * q - density) : x * (normal - below), {}};
    for (std::size_t i = 0; i < free.size(); ++i) {
      const std::size_t p = free[i];
      gap.gradient[i] = derivative ? q * by[p] + x * (slope_by[p] * q + slope * dq * by[p]) : x * q * by[p];
    }
    return gap;
  }
  Real size(Real x) const { return std::abs(at(x).value); }

  /// ∂h/∂x.
  Real slope(Real x) const {
    if (!derivative) return Problem{tanh_form, true, {}, parameters}.at(x).value;
    Real u, first, second;
    if (tanh_form) {
      const Real a = 2 * root_two_over_pi_real * parameters[0], c = parameters[1];
      u = a * x * (1 + c * x * x);
      first = a * (1 + 3 * c * x * x);
      second = 6 * a * c * x;
    } else {
      u = parameters[0] * x;
      first = parameters[0];
      second = 0;
    }
    const Real e = std::exp(-u), below = e / (1 + e), s = 1 / (1 + e), q = s * below, dq = q * (below - s);
    const Real density = std::exp(-x * x / 2) * root_two_over_pi_real / 2;
    return 2 * first * q + x * (second * q + first * first * dq) - density * (2 - x * x);
  }

  /// x > 0 where |h| is largest among its neighbours: from a grid, then where the slope changes its sign.
  std::vector<Real> extrema() const {
    constexpr int points = 1200;
    constexpr Real end = 12;
    std::vector<Real> sizes(points + 1), found;
    for (int i = 0; i <= points; ++i) sizes[static_cast<std::size_t>(i)] = size(end * i / points);
    for (std::size_t i = 1; i < points; ++i) {
      if (!(sizes[i] >= sizes[i - 1] && sizes[i] > sizes[i + 1])) continue;
      Real low = end * static_cast<Real>(i - 1) / points, high = end * static_cast<Real>(i + 1) / points;
      const bool rises = slope(low) > 0;
      for (int step = 0; step < 64; ++step) {
        const Real middle = (low + high) / 2;
        ((slope(middle) > 0) == rises ? low : high) = middle;
      }
      found.push_back((low + high) / 2);
    }
    return found;
  }
  Real largest() const {
    Real most = 0;
    for (const Real x : extrema()) most = std::max(most, size(x));
    return most;
  }
};

/// The corner (δ, level) where the chosen conditions sign·(h + ∇h·δ) = level hold, by Cramer's rule.
bool corner(const std::vector<Gap>& gaps, const std::vector<std::size_t>& chosen, std::array<Real, most_free>& step,
            Real& level) {
  const std::size_t free = chosen.size() - 1;
  // Rows: ∇h·δ - sign·level = -h. Gauss with pivots, for 2 or 3 unknowns.
  std::array<std::array<Real, 4>, 3> m{};
  for (std::size_t r = 0; r <= free; ++r) {
    const Gap& gap = gaps[chosen[r]];
    for (std::size_t i = 0; i < free; ++i) m[r][i] = gap.gradient[i];
    m[r][free] = gap.value < 0 ? 1 : -1;
    m[r][free + 1] = -gap.value;
  }
  for (std::size_t c = 0; c <= free; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r <= free; ++r) {
      if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
    }
    if (m[pivot][c] == 0) return false;
    std::swap(m[pivot], m[c]);
    for (std::size_t r = 0; r <= free; ++r) {
      if (r == c) continue;
      const Real times = m[r][c] / m[c][c];
      for (std::size_t k = c; k <= free + 1; ++k) m[r][k] -= times * m[c][k];
    }
  }
  for (std::size_t i = 0; i < free; ++i) step[i] = m[i][free + 1] / m[i][i];
  level = m[free][free + 1] / m[free][free];
  return true;
}

/// The lowest of the corners that satisfy the other conditions.
bool best_step(const std::vector<Gap>& gaps, std::size_t free, std::array<Real, most_free>& step) {
  Real best = -1;
  std::vector<std::size_t> chosen(free + 1);
  const auto try_corner = [&] {
    std::array<Real, most_free> candidate{};
    Real level = 0;
    if (!corner(gaps, chosen, candidate, level) || level < 0) return;
    for (const Gap& gap : gaps) {
      Real value = gap.value;
      for (std::size_t i = 0; i < free; ++i) value += gap.gradient[i] * candidate[i];
      if (std::abs(value) > level * (1 + 1e-12L)) return;
    }
    if (best >= 0 && level >= best) return;
    best = level;
    step = candidate;
  };
  const auto choose = [&](auto&& self, std::size_t place, std::size_t first) -> void {
    if (place == chosen.size()) return try_corner();
    for (std::size_t i = first; i < gaps.size(); ++i) {
      chosen[place] = i;
      self(self, place + 1, i + 1);
    }
  };
  choose(choose, 0, 0);
  return best >= 0;
}

void bisect(Problem& problem, int& steps) {
  Real& p = problem.parameters[problem.free[0]];
  Real low = p / 2, high = p * 2;
  for (steps = 0; steps < 70; ++steps) {
    p = (low + high) / 2;
    Gap top{};
    for (const Real x : problem.extrema()) {
      const Gap gap = problem.at(x);
      if (std::abs(gap.value) > std::abs(top.value)) top = gap;
    }
    ((top.value > 0) == (top.gradient[0] > 0) ? high : low) = p;
  }
}

void exchange(Problem& problem, int& steps) {
  for (steps = 1;; ++steps) {
    if (steps > 60) throw Undecided("the search for the best coefficients does not settle");
    std::vector<Gap> gaps;
    for (const Real x : problem.extrema()) gaps.push_back(problem.at(x));
    for (int i = 1; i <= 20; ++i) gaps.push_back(problem.at(Real(i) / 4));
    const Real before = problem.largest();
    std::array<Real, most_free> step{};
    if (!best_step(gaps, problem.free.size(), step)) {
      throw Undecided("the search for the best coefficients finds no step");
    }
    Real relative = 0, share = 1;
    const std::vector<Real> start = problem.parameters;
    for (int halvings = 0; halvings < 40; ++halvings, share /= 2) {
      for (std::size_t i = 0; i < problem.free.size(); ++i) {
        const std::size_t p = problem.free[i];
        problem.parameters[p] = start[p] + share * step[i];
        relative = std::max(relative, std::abs(step[i] / start[p]));
      }
      if (relative < 1e-15L || problem.largest() < before) break;
    }
    if (relative < 1e-15L) return;
  }
}

Problem problem_of(const std::string& form, std::vector<Real> parameters, bool derivative) {
  return {form == "tanh_form", derivative, {}, std::move(parameters)};
}

}  // namespace

double rough_largest_gap(const std::string& form, const std::vector<double>& parameters, bool derivative) {
  return static_cast<double>(
      problem_of(form, std::vector<Real>(parameters.begin(), parameters.end()), derivative).largest());
}

Minimax best_coefficients(const std::string& form, const std::string& free, bool derivative) {
  // From near what people use; the form's parameters in their order.
  const bool by_tanh = form == "tanh_form";
  const std::string names = by_tanh ? "ac" : "b";
  Problem problem = problem_of(form, by_tanh ? std::vector<Real>{1, 0.045L} : std::vector<Real>{1.7L}, derivative);
  for (const char name : free) problem.free.push_back(names.find(name));
  if (free.empty() || free.size() > names.size() || free.find_first_not_of(names) != std::string::npos) {
    throw std::invalid_argument("best_coefficients: the " + form + " has no such coefficients");
  }
  Minimax result;
  if (problem.free.size() == 1) {
    bisect(problem, result.steps);
  } else {
    exchange(problem, result.steps);
  }
  const Real level = problem.largest();
  result.level = static_cast<double>(level);
  for (const Real x : problem.extrema()) {
    if (problem.size(x) > level * (1 - 1e-11L)) result.places.push_back(static_cast<double>(x));
  }
  result.term.function = find_approximation(form, derivative ? "derivative" : "forward");
  for (const Real p : problem.parameters) result.term.parameters.push_back(static_cast<double>(p));
  if (!derivative && problem.free.size() == 1) {
    const Curve gap = difference({find_approximation(form), result.term.parameters}, {find("gelu"), {}});
    double least = std::numeric_limits<double>::infinity();
    int signs = 0;
    for (const double x : result.places) {
      const Bracket value = value_at(gap, x);
      least = std::min(least, value.low > 0 ? value.low : -value.high);
      signs += value.low > 0 ? 1 : -1;
    }
    if (signs == 0 && least > 0) result.proven_least = least;
  }
  return result;
}

}  // namespace actbench::reference
