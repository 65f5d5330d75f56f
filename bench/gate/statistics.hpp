// SPDX-License-Identifier: Apache-2.0
//
// What paired measurements prove. A launch of the measuring process gives one value a kernel, ln(time of the head /
// time of the base). Launches are independent, values within one are not: code and data lie where they lie for the
// whole process.
//
// The tests are sequential: one may look after every launch and stop when one likes. Let the median of a value be at
// most d. A gambler who stakes a share of what he has on "the next value is above d" at even odds does not gain in the
// mean, so that the chance that what he has ever reaches c times his start is at most 1/c (Ville's inequality). His
// stakes are spread over all the shares that a chance above 1/2 would ask for. This needs nothing of the values but
// that each is, given those before, as likely above its median as below it: no normal distribution, no moments, no
// constant spread. For a head whose code is that of the base it holds with d = 0 by the design of the measurement,
// which draws by fair coins which side comes first; drift, load and outliers change nothing in that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace actbench::bench::gate {

/// What the gambler, who began with 1, has after so many values, of which `above` were above d.
double evidence(std::size_t above, std::size_t values);

/// The fewest of so many values that, being above d, reach that evidence; values + 1 where not even all would.
std::size_t above_needed(std::size_t values, double evidence_needed);

/// The fewest launches that can reach that evidence at all.
std::size_t fewest_values(double evidence_needed);

/// Limits of the median, each wrong with a chance of at most 1/evidence_needed however often one looks. Infinite where
/// values are too few.
struct Limits {
  double low, high;
};
Limits median_limits(std::span<const double> values, double evidence_needed);

double median(std::span<const double> values);  ///< of at least one

enum class Verdict : unsigned char { same, slower, faster, inconclusive };
const char* name(Verdict);  ///< "SAME", "SLOWER", "FASTER", "INCONCLUSIVE"

/// The chances of wrong verdicts.
struct Certainty {
  /// That a whole run says SLOWER of any kernel that is not slower by more than a third of the tolerance; the same for
  /// FASTER. Divided by the number of kernels that are timed (Bonferroni).
  static constexpr double false_alarm = 0.001;
  /// That SAME is said of a kernel that is slower, or faster, by the tolerance or more.
  static constexpr double false_pass = 0.005;
};

/// SLOWER where the median is proven to be above a third of the tolerance, FASTER where it is proven to be below minus
/// that, SAME where it is proven to be within the tolerance on both sides; INCONCLUSIVE otherwise. tolerance: as a
/// logarithm. kernels: how many are timed in the run.
Verdict judge(std::span<const double> values, double tolerance, std::size_t kernels);

/// The same where only slower matters: SLOWER, SAME where the median is proven to be below two thirds of the tolerance,
/// however far; INCONCLUSIVE otherwise.
Verdict judge_slower(std::span<const double> values, double tolerance, std::size_t kernels);

/// About how many more launches it takes until a kernel that is inconclusive after these has a verdict: the median over
/// continuations drawn from the values. 0: more than `most`.
std::size_t launches_missing(std::span<const double> values, double tolerance, std::size_t kernels, std::size_t most);

/// Bounds of a probability of which so many of n trials were hits, each wrong with a chance of at most 2.5 % (Clopper
/// and Pearson 1934).
struct Share {
  double low, high;
};
Share clopper_pearson(std::uint64_t hits, std::uint64_t trials, double error = 0.025);

}  // namespace actbench::bench::gate
