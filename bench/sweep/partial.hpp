// SPDX-License-Identifier: Apache-2.0
//
// How far a sweep over all inputs is. Inputs are cut into chunks; a sweep can be cut into shards, interrupted and
// continued, because all that counts is which chunks are done and what they add up to.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/numbers/digest.hpp"
#include "bench/sweep/tally.hpp"

namespace actbench::bench {

/// A part of all inputs: the index-th of count, counted from 1.
struct Shard {
  std::uint64_t index = 1, count = 1;
};

/// The state of one kernel's sweep over all inputs.
struct Partial {
  std::vector<bool> done;  ///< one bit a chunk; empty: nothing is done
  Tally tally;
  Digest digest;

  bool complete() const;
  /// Throws std::invalid_argument where both have done the same chunk, or where their numbers of chunks differ.
  void merge(const Partial&);
};

/// The number of chunks of a sweep over all inputs of a type, of which there are so many.
std::uint64_t chunks_of_all(std::uint64_t inputs);

}  // namespace actbench::bench
