// SPDX-License-Identifier: Apache-2.0
//
// The accuracy of kernels over many inputs. Inputs are cut into chunks of fixed size; a chunk's result depends on
// nothing but the chunk, and results add up exactly, so neither the number of threads nor their luck changes a bit of
// the outcome.
//
// So a sweep over all inputs can be cut into shards, interrupted and continued: what counts is which chunks are done.
//
// Where there are too many inputs for all of them, a search follows the sample: around each of the worst inputs it
// tries neighbours and random inputs within shrinking distances, moving on to what is worse. What it finds is counted
// apart: it says how bad a kernel can be, not how often.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/digest.hpp"
#include "bench/numbers/inputs.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// One input and what a kernel made of it: patterns.
struct Bad {
  double ulp;           ///< by the sweep's measure
  std::uint64_t index;  ///< of the input
  Point input;
  std::uint64_t output;
  std::uint32_t region;  ///< sign and exponent of x
};

/// What a kernel did over a set of inputs. "Right" is the exact value rounded to nearest, ties to even.
struct Tally {
  std::uint64_t inputs = 0;
  std::uint64_t not_correctly_rounded = 0;  ///< other than right; the sign of a zero and the payload of a NaN aside
  std::uint64_t above_one_ulp = 0;          ///< by the sweep's measure
  /// Zero where right is another number, or another number where right is zero; but not beside halfway between zero and
  /// the least number (to 2^-8 ULP), where a promise of 0.502 ULP allows either.
  std::uint64_t wrong_zeros = 0;
  std::uint64_t wrong_infinities =
      0;                           ///< infinite where right is finite, finite where right is infinite, or the wrong one
  std::uint64_t wrong_nans = 0;    ///< NaN where right is a number, or a number where right is NaN
  std::uint64_t zero_signs = 0;    ///< a right zero of the other sign
  std::uint64_t unmeasurable = 0;  ///< infinite errors: left out of the mean
  unsigned __int128 error_sum = 0;  ///< of the others, in units of 2^-32 ULP
  double max_goldberg = 0.5;        ///< the largest error by the measure that promises speak of, or 0.5
  /// The worst first, of equals the first input; of each region of x no more than one, so that they lie apart. At most
  /// `worst_kept`; none without inputs.
  std::vector<Bad> worst;
  static constexpr std::size_t worst_kept = 8;

  double max_ulp() const { return worst.empty() ? 0 : worst[0].ulp; }
  double mean_ulp() const;
  void take(const Bad&);
  /// Associative and commutative.
  void merge(const Tally&);
};

/// Which part of all inputs: the index-th of count, 1-based.
struct Shard {
  std::uint64_t index = 1, count = 1;
};

/// How far the sweep of one kernel over all inputs is, and with what outcome.
struct Partial {
  std::vector<bool> done;  ///< chunk by chunk; empty: none
  Tally tally;
  Digest digest;

  bool complete() const;
  /// Throws std::invalid_argument where a chunk is done in both, or they have not the same number of chunks.
  void merge(const Partial&);
};

/// How many chunks a sweep over so many inputs, all of a type, has.
std::uint64_t chunks_of_all(std::uint64_t inputs);

struct SweepOptions {
  std::uint64_t inputs = std::uint64_t{1} << 20;  ///< for each kernel
  bool all = false;                               ///< every input instead: every pattern of the type, or pair of them
  std::uint64_t search = 0;                       ///< inputs to search for worse ones, for each kernel
  reference::Ulp ulp = reference::Ulp::goldberg;
  std::uint64_t seed = 1;
  Shard shard;  ///< where all
  std::vector<Partial>* partials =
      nullptr;                 ///< where all, one a subject: what is done already, and then what this adds
  std::function<void()> save;  ///< called every few seconds, and before an interrupt is thrown, by the
                               ///< calling thread while partials are whole
  unsigned threads = 0;        ///< 0: as many as this process may use
  std::function<void(double fraction)> progress;  ///< called now and then by the calling thread; may be empty
  const std::atomic<bool>* stop = nullptr;        ///< set: the sweep throws Interrupted soon
};

/// How many inputs to search after a sample of that size, unless told otherwise.
constexpr std::uint64_t default_search(std::uint64_t inputs) { return inputs / 8; }

/// A kernel and the parameters to run it with, rounded to its type; none: the defaults.
struct Subject {
  const Kernel* kernel;
  std::vector<double> parameters;
  std::uint64_t inputs = 0, search = 0;  ///< in place of the options' where they are not 0

  /// What the kernel promises with these parameters; infinity: nothing.
  double promised_ulp() const { return actbench::promised_ulp(*kernel, parameters); }
};

struct SweepRow {
  Subject subject;
  reference::Ulp ulp;
  Tally tally;
  Tally searched;                   ///< without inputs where all were swept, or the worst error is infinite
  bool exhaustive;                  ///< every input of the type
  Digest digest;                    ///< where exhaustive
  Bad worst;                        ///< of both
  double max_ulp = 0;               ///< there, from the exact value
  double input = 0, dy = 0, a = 0;  ///< there; 0 what the kernel does not take
  double got = 0, expected = 0;
};

/// One row a subject, in their order. All must be runnable; subjects of the same activation, direction and type share
/// parameters and inputs. Throws UsageError: --inputs all where there are too many. Throws MissingError: no reference
/// for an activation's direction.
std::vector<SweepRow> sweep(std::vector<Subject>, const SweepOptions&);

/// Takes what one output is worth into a tally.
void count(Tally&, double got, const reference::Judgement&);

/// The row that a sweep over all inputs ends with; where the partial is not complete, a row that is not exhaustive.
/// It must have at least one chunk.
SweepRow row_of(const Subject&, const Partial&, reference::Ulp);

/// Whether a row keeps its kernel's promise; a promise of 0.5 ULP is correct rounding.
bool keeps_promise(const SweepRow&);

}  // namespace actbench::bench
