// SPDX-License-Identifier: Apache-2.0
//
// What is found out about a function, and about each of its kernels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/faults/fault.hpp"
#include "bench/faults/layout.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

/// An input at which implementations break.
struct SpecialInput {
  std::string name;  ///< "smallest subnormal"
  Point input;
  std::uint64_t expected;  ///< pattern
};
enum class SpecialVerdict : unsigned char { right, zero_sign, wrong };
struct SpecialResult {
  std::uint64_t got;
  SpecialVerdict verdict;  ///< wrong: off by more than the promise, or where there is none, by more than 1 ULP
};

/// A place on the way from zero to one of the infinities: from here on the right results are of another kind, or, for
/// good, the limit at that infinity.
struct Threshold {
  bool negative;              ///< on the way to -infinity
  bool saturation;            ///< from here on, results are the limit
  Kind before, kind;          ///< of the results before and from here on
  std::uint64_t limit;        ///< pattern
  std::uint64_t first;        ///< magnitude of the first such input: its pattern without sign
  std::uint64_t search_from;  ///< magnitude: results before it were of this kind already, once
};

/// What the reference says about a function.
struct FunctionTruth {
  std::uint64_t least = 0, greatest = 0;  ///< right results, as patterns
  bool odd = false, even = false;
  bool monotone = false;                        ///< on the whole axis
  std::vector<std::uint64_t> turning_points{};  ///< inputs, one for each extremum except one at 0
  std::vector<Threshold> thresholds{};
  std::vector<SpecialInput> specials{};
  std::uint64_t surprises =
      0;  ///< steps of the right results against the assumed slope; 0 unless an extremum was missed
};

struct KernelFindings {
  Subject subject;
  std::array<Faults, fault_count> faults{};
  std::vector<SpecialResult> specials{};                   ///< in the order of FunctionTruth's
  std::vector<std::optional<std::uint64_t>> thresholds{};  ///< magnitudes, as FunctionTruth's; nothing: never
  bool has_other_backends = false;                         ///< of its tier among the subjects before it

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

/// Whether a kernel does what its promise excludes. Correct rounding excludes every fault but the sign of a zero. A
/// larger promise excludes every wrong NaN and infinity, every zero or sign that is off by more, and any dependence on
/// position. Accurate kernels also promise the same bits on every backend. A kernel without a promise breaks none.
bool breaks_promise(const FunctionFindings&, const KernelFindings&);

}  // namespace actbench::bench
