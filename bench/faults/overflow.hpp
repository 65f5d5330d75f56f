// SPDX-License-Identifier: Apache-2.0
//
// Where kernels leave the truth in kind rather than by a digit: infinities, NaNs and zeros that should be none, results
// outside the function's range, steps against its slope, thresholds in the wrong place, results that depend on the
// backend or on the place in the array. Everything is seen in the kernel's own outputs. What the function is like (its
// range, where it turns, whether it is odd or even, where it vanishes, overflows or reaches its limit) is computed from
// the reference, for any activation, direction, type and parameters alike.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/sweep/sweep.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// What can be wrong with a result; one result can be wrong in several ways.
enum class Fault : unsigned char {
  nan,                  ///< NaN where right is a number
  number_for_nan,       ///< a number where right is NaN
  infinity,             ///< infinite where right is finite: spurious overflow
  finite_for_infinity,  ///< finite where right is infinite
  zero_for_normal,      ///< zero where right is a normal number: spurious underflow
  zero_for_subnormal,   ///< zero where right is a subnormal number: flushed
  number_for_zero,      ///< another number where right is zero
  sign,                 ///< of the other sign, neither of both being zero
  zero_sign,            ///< a right zero of the other sign: listed, no error
  range,                ///< beyond the least or the greatest right result of the function
  monotonicity,         ///< a step against the function's slope, to the next number looked at
  symmetry,             ///< f(-x) other than -f(x) or f(x), where the function is odd or even
  backends,             ///< other bits than those of the tier's first backend
  position,             ///< other bits than when computed alone: depends on place, length, neighbours or alignment
};
inline constexpr std::size_t fault_count = 14;
const char* name(Fault) noexcept;         ///< for machines: "zero_for_normal"
const char* description(Fault) noexcept;  ///< for people: "0 for a normal number"

/// All results with one fault. Inputs are bit patterns, ordered as numbers; NaNs lie beyond the infinities of their
/// sign.
struct Faults {
  std::uint64_t count = 0;
  std::uint64_t broken = 0;  ///< of them, those that the kernel's promise excludes
  std::uint64_t first = 0, last = 0;
  std::uint64_t got = 0, expected = 0;  ///< at the first; expected: what it was compared with
  std::string where{};                  ///< of Fault::position: the first one's circumstances

  void add(std::uint64_t input, std::uint64_t sign, std::uint64_t result, std::uint64_t right, bool breaks);
  /// Associative and commutative.
  void merge(const Faults&, std::uint64_t sign);
};

/// An input at which implementations break, as a pattern.
struct SpecialInput {
  std::string name;  ///< "smallest subnormal"
  Point input;
  std::uint64_t expected;
};
enum class SpecialVerdict : unsigned char { right, zero_sign, wrong };
struct SpecialResult {
  std::uint64_t got;
  SpecialVerdict verdict;  ///< wrong: off by more than the promise, or where there is none, by more than 1 ULP
};

/// Kinds of results, in the order of numbers; NaN beyond.
enum class Kind : signed char {
  minus_infinity = -3,
  minus_normal,
  minus_subnormal,
  zero,
  subnormal,
  normal,
  infinity,
  nan
};

/// Where, on the way from zero to one of the infinities, the right results become of another kind, or reach for good
/// the limit at that infinity.
struct Threshold {
  bool negative;              ///< on the way to -infinity
  bool saturation;            ///< from here on, results are the limit
  Kind before, kind;          ///< of the results before and from here on
  std::uint64_t limit;        ///< pattern
  std::uint64_t first;        ///< magnitude of the first such input, as a pattern without sign
  std::uint64_t search_from;  ///< magnitude: before it the results were of this kind already, once
};

/// What is true of a function, from the reference.
struct FunctionTruth {
  std::uint64_t least = 0, greatest = 0;  ///< right results, as patterns
  bool odd = false, even = false;
  bool monotone = false;                        ///< on the whole of the axis
  std::vector<std::uint64_t> turning_points{};  ///< inputs, one for each extremum but at 0
  std::vector<Threshold> thresholds{};
  std::vector<SpecialInput> specials{};
  std::uint64_t surprises = 0;  ///< steps of the right results against the slope that is assumed; 0 unless that missed
                                ///< an extremum
};

struct KernelFindings {
  Subject subject;
  std::array<Faults, fault_count> faults{};
  std::vector<SpecialResult> specials{};                   ///< as FunctionTruth's
  std::vector<std::optional<std::uint64_t>> thresholds{};  ///< magnitudes, as FunctionTruth's; nothing: never
  bool has_other_backends = false;                         ///< of its tier among the subjects, before it

  const Faults& operator[](Fault f) const { return faults[static_cast<std::size_t>(f)]; }
  std::size_t wrong_specials() const;
  std::size_t wrong_thresholds(const FunctionTruth&) const;
};

/// One activation, direction and type.
struct FunctionFindings {
  FunctionTruth truth;
  std::uint64_t inputs = 0;  ///< for each kernel
  bool exhaustive = false;   ///< every input of the type
  std::vector<KernelFindings> kernels{};
};

/// A sample is held in memory.
inline constexpr std::uint64_t largest_sample = std::uint64_t{1} << 25;

/// Of options.all, f32 kernels take every pattern; the 16-bit types always do. Otherwise: the special inputs, numbers
/// around every threshold and extremum, and runs of consecutive numbers, spread over every exponent, with both signs;
/// about options.inputs of them, and for 0 as many as a few seconds allow. Kernels of the same function must share
/// parameters. Throws as sweep(), and UsageError for more than the largest sample.
std::vector<FunctionFindings> examine(std::vector<Subject>, const SweepOptions&);

/// Whether a kernel does what its promise excludes. Correct rounding excludes every fault but the sign of a zero; a
/// larger promise every wrong NaN and infinity, every zero or sign that is off by more, and any dependence on position;
/// and accurate kernels give the same bits on every backend. Without a promise: false.
bool breaks_promise(const FunctionFindings&, const KernelFindings&);

/// One row a kernel.
reports::Table overflow_summary(std::span<const FunctionFindings>);
/// Special values, thresholds and faults of one function, tiers and backends beside each other.
std::vector<reports::Table> overflow_details(const FunctionFindings&);
/// What is wrong with a kernel in half a sentence: "NaN at -inf; 0 from -5.542594 on, right from -14.356069 on". Empty
/// where nothing is.
std::string overflow_in_short(const FunctionFindings&, const KernelFindings&);
/// One row a finding; and a verdict for every kernel. Whether also of special values and thresholds that are right, and
/// of faults that are absent.
reports::Table overflow_records(std::span<const FunctionFindings>, bool with_what_is_right = true);
/// The sentences that explain the tables.
std::vector<std::string> overflow_notes(std::span<const FunctionFindings>, std::uint64_t seed);

}  // namespace actbench::bench
