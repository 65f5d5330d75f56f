// SPDX-License-Identifier: Apache-2.0
//
// The course of a function over the real line, with proofs: where its pieces meet and how, where it rises and falls,
// how large it and its slope get, and what it does to a standard normal input on average. All follows from the
// definition evaluated over intervals (series.hpp): an interval in which the enclosure of a derivative keeps clear of
// zero is settled, any other is halved.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "reference/series.hpp"

namespace actbench::reference {

/// A place where pieces of a function meet.
struct Break {
  double at;
  int order;           ///< of the first derivative that jumps: 0 is f itself
  Series left, right;  ///< the one-sided series, Profile::break_terms of them
};

/// The sign of a derivative in an open interval: -1, 1; 0 where it is zero throughout.
struct Stretch {
  double from, to;
  int sign;
  bool vanishing = false;  ///< too small to tell, and taken for that of the neighbours
};

/// A quantity as it occurs at a place, or throughout an open interval; towards an end of the line, where the place is
/// infinite.
struct Extreme {
  double value = 0;
  double at = 0, until = 0;  ///< the interval; equal for a place
  bool attained = false;     ///< false: only approached

  bool over_range() const { return at != until; }
};

class Profile {
 public:
  static constexpr int break_terms = 8;
  /// Beyond it nothing is looked at but limits.
  static constexpr double reach = 0x1p64;

  /// Throws std::invalid_argument where no activation has that name.
  Profile(std::string_view activation, std::span<const double> parameters);
  Profile(Definition, std::span<const double> parameters);

  /// Bounds of f^(k)(x)/k! for k below `terms`; side as for expand().
  Series at(double x, int side, int terms) const { return expand(f_, parameters_, x, side, terms); }
  Series over(const Enclosure& x, int terms, std::vector<Switch>* switches = nullptr) const {
    return expand(f_, parameters_, x, 0, terms, switches);
  }

  const std::vector<Break>& breaks() const { return breaks_; }
  bool is_break(double x) const;

  /// The signs of the k-th derivative from -reach to reach, k >= 1, neighbours of the same sign joined. Between breaks
  /// an end is a zero of the derivative, to within its last bits; a stretch that does not change its sign at a zero is
  /// not divided there.
  std::vector<Stretch> signs(int order) const;

  /// The mean over Z ~ N(0, 1) of g(f(Z), f'(Z)), to within the interval: g makes a series of two. Taylor's polynomial
  /// of g·φ is integrated over pieces that are halved until the remainder is below the rounding. |Z| > 40 has a
  /// probability below 10^-349 and is left out.
  Enclosure mean(const std::function<Series(const Series& value, const Series& slope)>& g) const;

 private:
  void find_breaks();
  std::vector<double> grid() const;
  void divide(int order, double from, double to, int depth, std::vector<Stretch>& out) const;
  double zero(int order, double from, double to, int slope) const;

  Definition f_;
  std::vector<double> parameters_;
  std::vector<Break> breaks_;
};

/// The k-th derivative's bounds at a point, from the coefficient.
Enclosure derivative(const Series&, int order);

}  // namespace actbench::reference
