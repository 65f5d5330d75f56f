// SPDX-License-Identifier: Apache-2.0
//
// The course of an activation over the real line, with proofs: where its pieces meet and how, and where it and its
// slope rise and fall. All follows from the definition evaluated over intervals (enclose.hpp): an interval in which
// the bounds of a derivative keep clear of zero is settled, any other is halved.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "reference/bracket.hpp"

namespace actbench::reference {

/// A place where pieces of a function meet.
struct Break {
  double at;
  int order;                ///< of the first derivative that jumps: 0 is f itself
  Derivatives left, right;  ///< the one-sided ones, Profile::break_terms of them
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

  /// Of an activation's forward direction. Throws std::invalid_argument where no activation has that name.
  Profile(std::string_view activation, std::span<const double> parameters);
  Profile(Encloser, std::span<const double> parameters);

  /// f, f', …, as many as `terms`, up to 9: on the right of x (side 1) or on its left (-1).
  Derivatives at(double x, int side, int terms) const;

  const std::vector<Break>& breaks() const { return breaks_; }
  bool is_break(double x) const;

  /// The signs of the k-th derivative from -reach to reach, 1 <= k <= 7, neighbours of the same sign joined. Between
  /// breaks an end is a zero of the derivative, to within its last bits; a stretch that does not change its sign at a
  /// zero is not divided there.
  std::vector<Stretch> signs(int order) const;

 private:
  void find_breaks();
  std::vector<double> grid() const;
  void divide(int order, double from, double to, int depth, std::vector<Stretch>& out) const;
  double zero(int order, double from, double to, int slope) const;

  Encloser f_;
  std::vector<double> parameters_;
  std::vector<Break> breaks_;
};

}  // namespace actbench::reference
