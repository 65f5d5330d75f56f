// SPDX-License-Identifier: Apache-2.0
//
// Proofs about a function on the real line: extrema, sign changes, the largest size, and means under the normal
// distribution. A curve is an activation, the difference of two, or their relative difference. Every number comes as
// two doubles around the truth (curve.cpp says how).
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reference/bracket.hpp"
#include "reference/reference.hpp"

namespace actbench::reference {

/// A function of x alone ("forward" or "derivative" of an activation, or of approximations.hpp) with its parameters.
struct Term {
  const Function* function = nullptr;
  std::vector<double> parameters{};
};

struct Curve {
  enum class Kind : unsigned char { single, difference, relative };  ///< f, f - g, (f - g)/g
  Kind kind = Kind::single;
  Term f{}, g{};
};
inline Curve single(Term f) { return {Curve::Kind::single, std::move(f), {}}; }
inline Curve difference(Term f, Term g) { return {Curve::Kind::difference, std::move(f), std::move(g)}; }
inline Curve relative(Term f, Term g) { return {Curve::Kind::relative, std::move(f), std::move(g)}; }

/// The numbers do not allow a proof: too many pieces, or no bound.
struct Undecided : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Extremum {
  Bracket at, value;
  bool maximum = false;
  bool simple = true;  ///< the only one within `at`; if not, all that is known is that the slope's sign changes
};

struct SignChange {
  Bracket at;
  int after = 0;  ///< the sign beyond
};

/// A place where the size is the largest, or cannot be distinguished from the largest.
struct Peak {
  Bracket at, value;
};

struct Analysis {
  std::vector<Extremum> extrema;          ///< from left to right
  std::vector<SignChange> sign_changes;   ///< from left to right
  Bracket largest;                        ///< sup |h|
  std::vector<Peak> peaks;                ///< where; from left to right
  bool at_end = false;                    ///< the supremum lies at an end of the range: at the largest double, say
  double looked_from = 0, looked_to = 0;  ///< extrema and sign changes are complete between these
  double beyond = 0;                      ///< |h| further out is at most this
  std::size_t pieces = 0;                 ///< that the proof took
};

/// The curve over the open interval. The whole line is ± the largest double. Throws Undecided after so many cells.
Analysis analyse(const Curve&, double from = -std::numeric_limits<double>::max(),
                 double to = std::numeric_limits<double>::max(), std::size_t most_cells = 60000);

/// A claim about sup |h|: whether it is proven right (1), proven wrong (-1), or too narrow to tell (0).
int verdict(const Analysis&, const Bracket& claimed_largest);

/// h(x); the k-th derivative of h at x over k!, k <= 8. Not at a kink.
Bracket value_at(const Curve&, double x);
Bracket coefficient_at(const Curve&, double x, int k);

/// f(x)/g(x) to that many digits, at an x where g is not 0.
std::string ratio_at(const Term& f, const Term& g, double x, int digits);

/// E h(Z), E h(Z)² and Var h(Z) for normal Z with mean 0 and variance 1.
struct Moments {
  Bracket mean, square, variance;
};
Moments normal_moments(const Curve&);

/// Bounds of (f - g)/g over the open interval (low, high), at an end of which both are 0. By Cauchy's mean value
/// theorem the ratio is a value of (f' - g')/g'.
Bracket relative_beside_zero(const Term& f, const Term& g, double low, double high);

/// √(2/π).
Bracket root_two_over_pi_bracket();
/// The c for which x/2·(1 + tanh(√(2/π)(x + c·x³))) has f's Taylor coefficient of x⁴, which depends on c linearly. For
/// gelu that is 2/(3π) - 1/6, and the series then agree to the fifth power.
Bracket cubic_coefficient(const Term& f);

}  // namespace actbench::reference
