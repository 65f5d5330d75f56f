// SPDX-License-Identifier: Apache-2.0
//
// The accuracy of kernels over many inputs. Inputs are cut into chunks of fixed size; a chunk's result depends on
// nothing but the chunk, and results add up exactly, so neither the number of threads nor their luck changes a bit of
// the outcome.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// What a kernel did over a set of inputs. "Right" is the exact value rounded to nearest, ties to even.
struct Tally {
  std::uint64_t inputs = 0;
  std::uint64_t not_correctly_rounded = 0;  ///< other than right; the sign of a zero and the payload of a NaN aside
  std::uint64_t above_one_ulp = 0;
  std::uint64_t wrong_zeros = 0;  ///< zero where right is another number, or another number where right is zero
  std::uint64_t wrong_infinities =
      0;                           ///< infinite where right is finite, finite where right is infinite, or the wrong one
  std::uint64_t wrong_nans = 0;    ///< NaN where right is a number, or a number where right is NaN
  std::uint64_t zero_signs = 0;    ///< a right zero of the other sign
  std::uint64_t unmeasurable = 0;  ///< infinite errors: left out of the mean
  unsigned __int128 error_sum = 0;                  ///< of the others, in units of 2^-24 ULP
  double max_ulp = -1;                              ///< negative without inputs
  std::uint64_t worst_index = 0;                    ///< the first input with that error
  std::uint64_t worst_input = 0, worst_output = 0;  ///< patterns

  double mean_ulp() const;
  /// Associative and commutative.
  void merge(const Tally&);
};

struct SweepOptions {
  std::uint64_t inputs = std::uint64_t{1} << 20;  ///< for each kernel
  bool all = false;                               ///< every pattern of the type instead
  std::uint64_t seed = 1;
  unsigned threads = 0;                           ///< 0: as many as this process may use
  std::function<void(double fraction)> progress;  ///< called now and then by the calling thread; may be empty
  const std::atomic<bool>* stop = nullptr;        ///< set: the sweep throws Interrupted soon
};

/// A kernel and the parameters to run it with, rounded to its type; none: the defaults.
struct Subject {
  const Kernel* kernel;
  std::vector<double> parameters;
};

struct SweepRow {
  Subject subject;
  Tally tally;
  bool exhaustive;              ///< every input of the type
  double max_ulp;               ///< at the worst input, from the exact value
  double input, got, expected;  ///< there
};

/// One row a subject, in their order. All must be runnable; subjects of the same activation, direction and type share
/// parameters. Throws UsageError: --inputs all of a type with too many. Throws MissingError: no reference for an
/// activation.
std::vector<SweepRow> sweep(std::vector<Subject>, const SweepOptions&);

/// Whether a row keeps its kernel's promise; a promise of 0.5 ULP is correct rounding.
bool keeps_promise(const SweepRow&);

}  // namespace actbench::bench
