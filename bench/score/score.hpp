// SPDX-License-Identifier: Apache-2.0
//
// Outputs of any program, held against the exact values: arrays of inputs and outputs in memory become counts, the
// worst inputs, a histogram of errors and faults in kind. Nothing here knows of files or of the command line.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/faults/fault.hpp"
#include "bench/sweep/sweep.hpp"
#include "reference/reference.hpp"
#include "reports/table.hpp"

namespace actbench::bench::score {

/// What the outputs are to be: one direction of one activation, in one type.
struct Claim {
  const Activation* activation;
  Direction direction = Direction::forward;
  Type type = Type::f32;
  std::vector<double> parameters{};  ///< rounded to the type, of 8 bits to f32; none: the defaults
  double promise =
      std::numeric_limits<double>::infinity();  ///< the most ULP (Goldberg's) allowed; infinity: no verdict
};

/// The arrays hold n numbers of the claim's type each, at any address; all but f32 and f64 as bit patterns.
struct Arrays {
  const void* x;                ///< the inputs; of a gated unit b; of rows, backward, forward's result
  const void* y;                ///< the outputs
  std::uint64_t n;              ///< at least 1; of rows a multiple of the row's length
  const void* dy = nullptr;     ///< where the direction takes it: takes_dy()
  const void* a = nullptr;      ///< where the direction takes it: takes_a()
  std::uint64_t row = 0;        ///< the length of each row, of an activation over rows; 0 elsewhere
  const void* other = nullptr;  ///< a second program's outputs, to be compared with y; null: none
};

struct Options {
  reference::Ulp ulp = reference::Ulp::goldberg;  ///< what errors are counted in; the promise is in Goldberg's
  bool faults = true;                             ///< also range, slope and repeated inputs; these take a survey first
  unsigned threads = 0;                           ///< 0: as many as this process may use
  std::function<void(double fraction)> progress{};  ///< called by the calling thread; may be empty
  const std::atomic<bool>* stop = nullptr;          ///< once set, score() soon throws Interrupted
};

/// Errors e in ULP by size: [0] e = 0; [1] 0 < e <= 1/2; [2] up to 1; [3] up to 2; [k] up to 2^(k-2); the last but one
/// everything finite that is larger, the last what has no finite error: NaN or infinity for a number, and the reverse.
inline constexpr std::size_t histogram_size = 20;
using Histogram = std::array<std::uint64_t, histogram_size>;
/// The upper bound of a part: 0, 0.5, 1, 2, …; infinity for the last two.
double histogram_bound(std::size_t part);
/// The part that an error belongs to.
std::size_t histogram_part(double ulp);

/// Two programs' outputs for the same inputs.
struct Comparison {
  std::uint64_t equal = 0;             ///< outputs with the same bits; any NaN equals any other
  std::uint64_t different = 0;         ///< all others
  double most_steps = 0;               ///< numbers of the type between two that differ, at most; NaN apart: infinity
  std::uint64_t first = 0;             ///< index of the first that differs
  std::uint64_t widest = 0;            ///< index of the first that is most_steps apart
  std::uint64_t first_nearer = 0;      ///< of those that differ: y is nearer to the exact value
  std::uint64_t other_nearer = 0;      ///< the other one is
  std::uint64_t equally_near = 0;      ///< neither: a tie, or both have infinite errors, or zeros of other signs
  std::uint64_t other_misrounded = 0;  ///< of all: the other output is not correctly rounded
  double other_max_ulp = 0;            ///< its largest error, in options.ulp
};

/// What is wrong in kind. Places are bit patterns of x.
struct FaultFindings {
  std::array<Faults, fault_count> kinds{};  ///< of position: an input that occurs again has another output
  Faults flushed_inputs{};                  ///< wrong outputs that are right for inputs whose subnormals are zeros
  std::uint64_t saturated = 0;              ///< of those: the largest number for what overflows
  bool range = false;     ///< whether the function's range was looked at: not with multipliers, nor over rows
  bool slope = false;     ///< whether steps against the slope were looked for, likewise
  bool in_order = false;  ///< only between neighbours in the arrays, which are too long to be sorted
  std::string nature{};   ///< of the function, for people: "monotone", "turns at -0.7517914"; may be empty
};

struct Score {
  std::shared_ptr<const Kernel> kernel;  ///< stands for the program in `row`; it cannot be run
  SweepRow row;                          ///< row.tally has the counts, row.worst the worst input; keeps_promise(row)
  Histogram histogram{};
  FaultFindings faults{};
  std::optional<Comparison> against{};
  bool promised = false;  ///< whether the claim has a promise
  bool kept = true;       ///< and it is kept
};

/// The claim in words of the command line: name or alias, "forward", "f32". Throws UsageError for an unknown name, for
/// a direction that the activation lacks, and for parameters that it lacks or that are outside their domain.
Claim claim(std::string_view activation, std::string_view direction, std::string_view type,
            const std::vector<std::string>& parameters = {});

/// Throws UsageError: nothing to judge; an array that the direction takes is missing, or one that it does not take is
/// there; a row's length that does not divide n. Throws Interrupted.
Score score(const Claim&, const Arrays&, const Options& = {});

/// A score as tables: the row of `accuracy`, the worst inputs, the histogram, faults, and the comparison with `other`.
/// `name` stands for the program, `other_name` for the second.
std::vector<reports::Table> tables(const Score&, const std::string& name, const std::string& other_name = {});

}  // namespace actbench::bench::score
