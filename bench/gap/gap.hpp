// SPDX-License-Identifier: Apache-2.0
//
// The gap between functions that stand for each other: proven over the real line (reference/curve.hpp), counted over
// all numbers of the half types, with the time that each takes.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/timing/timing.hpp"
#include "reference/curve.hpp"
#include "reference/minimax.hpp"
#include "reports/plot.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// The directions that are compared, in their order everywhere here.
inline constexpr std::array<Direction, 2> gap_directions{Direction::forward, Direction::derivative};

/// A function and its derivative.
struct Contender {
  std::string name;
  std::string formula;
  std::array<reference::Term, 2> terms;
  const Activation* activation = nullptr;  ///< null: a form of reference/approximations.hpp, with no kernel
  std::vector<double> parameters;          ///< of the activation
};

/// One direction over the real line.
struct LineGap {
  std::optional<reference::Analysis> analysis;
  std::optional<reference::Moments> moments;
  std::string undecided;  ///< why one of these is not there
  double ulp = 0;         ///< the largest gap in f32 ULP of the exact function there
};

/// The values over a range: the largest relative gap, and in f32 ULP of the exact value.
struct RangeGap {
  double from = 0, to = 0;
  std::optional<reference::Bracket> relative;  ///< infinite at its upper end: no bound
  double relative_at = 0;
  double ulp = 0, ulp_at = 0;
};

/// Approximation over exact value, far to the left.
struct TailRatio {
  double x = 0;
  std::string ratio;  ///< decimal
};

/// Both functions rounded correctly to a half type, at all of its numbers.
struct HalfGap {
  Type type{};
  Direction direction{};
  std::uint64_t inputs = 0, different = 0;
  std::uint64_t most_steps = 0;
  double most_steps_at = 0;
  /// Inputs where one of the two is zero and the other is not: how many, the nearest to zero and the furthest from it.
  struct Zeros {
    std::uint64_t count = 0;
    double nearest = 0, furthest = 0;
  } zero, not_zero;  ///< the approximation alone is zero; the exact function alone is
};

struct ContenderGap {
  Contender contender;
  std::array<LineGap, 2> line;
  std::vector<RangeGap> ranges;
  std::vector<TailRatio> tail;
  std::vector<HalfGap> halves;
};

/// Whether one form's cubic coefficient is another's times √(2/π), rounded. Then the form applies that factor twice.
struct DoubleFactor {
  std::string once, twice;             ///< the contenders
  reference::Bracket root;             ///< √(2/π)
  reference::Bracket once_c, twice_c;  ///< cubic coefficients, from the Taylor series
  reference::Bracket product;          ///< once_c·√(2/π)
  int decimals = 0;                    ///< that twice_c has
  bool confirmed = false;              ///< product, rounded to so many decimals, is twice_c
  double gap_once = 0, gap_twice = 0;  ///< largest
  double gap_as_meant = 0;             ///< of the form with twice_c that does not apply the factor again
};

/// A kernel's time over that of the exact function's kernel of the same tier and backend, round by round.
struct TimeRatio {
  const Kernel* kernel = nullptr;
  double ns = 0;
  timing::Interval ratio;
};

struct GapFindings {
  Contender exact;
  std::vector<ContenderGap> contenders;
  std::vector<reference::Minimax> best;  ///< of the forms whose coefficients are found here, in the contenders' order
  std::optional<DoubleFactor> factor;
  std::vector<TimeRatio> times;
  std::string time_size;
  double seconds = 0;
};

struct GapOptions {
  std::vector<Contender> contenders;  ///< the exact one first; empty: gelu's approximations and the best ones
  bool quick = false;                 ///< without the best forms for the derivative, and shorter timing
  double timing_s = 0;                ///< 0: none
  std::vector<const Kernel*> timed;   ///< kernels of contenders
  unsigned threads = 0;
  std::uint64_t seed = 1;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double fraction, const std::string& label)> progress;
};

/// An activation with parameters as given, for the real line; kernels and half types round them.
Contender contender_of(const Activation&, const std::vector<double>& parameters);
const Activation* find_activation(const std::string& name);
/// A form of reference/approximations.hpp.
Contender with_coefficients(const std::string& name, const std::string& form, const std::vector<double>& parameters);

DoubleFactor double_factor(const Contender& once, const Contender& twice, const Contender& exact);

/// The activations whose kernels a comparison of gelu with its approximations times.
std::vector<std::string> gelu_forms();

GapFindings find_gaps(const GapOptions&);

/// "0.000473235520687": the digits that are certain, at most so many.
std::string certain_digits(const reference::Bracket&, int most);

/// Symmetric places share a row for people.
std::vector<reports::Table> gap_tables(const GapFindings&, bool for_people);
struct GapPlot {
  std::string file;  ///< "gap.svg"
  reports::Figure figure;
};
std::vector<GapPlot> gap_plots(const GapFindings&);
/// What was found, as one sentence in Markdown.
std::string gap_sentence(const GapFindings&);

}  // namespace actbench::bench
