// SPDX-License-Identifier: Apache-2.0
//
// The accuracy of kernels over many inputs. Inputs are cut into chunks of fixed size. The result of a chunk depends on
// nothing but the chunk, and results add up exactly, so the number of threads and their order change no bit of the
// outcome.
//
// Where there are too many inputs for all of them, a search follows the sample: around each of the worst inputs it
// tries neighbours and random inputs within shrinking distances, and moves on to what is worse. Its errors are counted
// apart: they say how bad a kernel can be, not how often.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/sweep/partial.hpp"
#include "bench/sweep/tally.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// A kernel and the parameters to run it with, rounded to its type; none: the defaults.
struct Subject {
  const Kernel* kernel;
  std::vector<double> parameters;
  std::uint64_t inputs = 0, search = 0;  ///< replace those of the options unless they are 0
  std::optional<double> promise{};       ///< replaces the kernel's
  bool by_region = false;                ///< also the largest error of each sign and exponent of x

  /// What the kernel promises with these parameters; infinity: nothing.
  double promised_ulp() const { return promise.value_or(actbench::promised_ulp(*kernel, parameters)); }
};

struct SweepOptions {
  std::uint64_t inputs = std::uint64_t{1} << 20;  ///< for each kernel
  bool all = false;                               ///< instead, every pattern of the type, or every pair of patterns
  std::uint64_t search = 0;                       ///< how many more to search for worse ones, for each kernel
  reference::Ulp ulp = reference::Ulp::goldberg;
  std::uint64_t seed = 1;
  Shard shard;  ///< needs `all`
  /// Needs `all`; one a subject. Holds what is done already; the sweep adds what it does.
  std::vector<Partial>* partials = nullptr;
  /// Called every few seconds, and before an interrupt is thrown, by the calling thread while the partials are whole.
  std::function<void()> save;
  unsigned threads = 0;  ///< 0: as many as this process may use
  /// Called now and then by the calling thread; may be empty.
  std::function<void(double fraction)> progress;
  const std::atomic<bool>* stop = nullptr;  ///< once set, the sweep soon throws Interrupted
};

/// How many inputs to search after a sample of that size, unless told otherwise.
constexpr std::uint64_t default_search(std::uint64_t inputs) { return inputs / 8; }

struct SweepRow {
  Subject subject;
  reference::Ulp ulp;
  Tally tally;
  Tally searched;   ///< without inputs where all were swept, or where the worst error is infinite
  bool exhaustive;  ///< the inputs are all of the type
  Digest digest;    ///< where exhaustive
  WorstCase worst;  ///< of the tally and the search
  /// Where the subject asks for it, and no partials were there before: the largest error of the inputs whose x has this
  /// sign and exponent, by the bits of these; negative where there was no such input.
  std::vector<double> by_region{};
  // There, as numbers; an input that the kernel does not take is 0.
  double max_ulp = 0;  ///< computed from the exact value
  double input = 0, dy = 0, a = 0;
  double got = 0, expected = 0;
};

/// Returns one row a subject, in their order. All kernels must be runnable; subjects of the same activation, direction
/// and type must share parameters and inputs. Throws UsageError where all inputs are asked for and there are too many,
/// MissingError where the reference lacks an activation's direction.
std::vector<SweepRow> sweep(std::vector<Subject>, const SweepOptions&);

/// The row that a sweep over all inputs ends with. It is exhaustive where the partial is complete. The partial must
/// have at least one chunk.
SweepRow row_of(const Subject&, const Partial&, reference::Ulp);

/// Whether a row keeps its kernel's promise; a promise of 0.5 ULP is correct rounding.
bool keeps_promise(const SweepRow&);

}  // namespace actbench::bench
