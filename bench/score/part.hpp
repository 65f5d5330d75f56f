// SPDX-License-Identifier: Apache-2.0
//
// What a part of the outputs is worth. Parts are merged in their order, so that the number of threads changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "bench/score/faults.hpp"
#include "bench/score/score.hpp"
#include "bench/sweep/group.hpp"

namespace actbench::bench::score {

struct Part {
  Tally tally;
  Histogram histogram{};
  FaultFindings faults;
  Comparison against;
  bool counts_up = true;  ///< each x is the bit pattern of its index
  void merge(const Part&, Type);
};

/// What a run of score works with.
struct Work {
  const Claim& claim;
  const Arrays& arrays;
  const Options& options;
  const Subject& subject;
  const Nature& nature;
  std::function<void(double)> progress;
};

/// Cuts the outputs into parts, has each judged on some thread, and adds them up. unit: elements that stay together.
Part in_parts(const Work&, std::uint64_t unit,
              const std::function<void(unsigned thread, std::uint64_t first, std::uint64_t end, Part&)>& judge);
/// The threads that in_parts() will use.
unsigned threads_for(const Work&, std::uint64_t unit);

/// Element by element, and row by row.
Part judge_elements(const Work&);
Part judge_rows(const Work&);

/// One more pair of outputs, of which y's has this error and the other that one.
void compare(Comparison&, Type, std::uint64_t index, std::uint64_t y, std::uint64_t other, double error,
             double other_error);

}  // namespace actbench::bench::score
