// SPDX-License-Identifier: Apache-2.0
//
// What outputs alone show of faults in kind: those of single results, the function's range, steps against its slope,
// and inputs that occur again with another output.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "bench/faults/findings.hpp"
#include "bench/score/score.hpp"

namespace actbench::bench::score {

/// More numbers than these are not sorted: 128 MiB of f32.
inline constexpr std::uint64_t most_sorted = std::uint64_t{1} << 23;

/// What the reference says of the function, found once before its outputs are judged.
class Nature {
 public:
  /// Surveys the function where it is one of x alone and options.faults is set.
  Nature(const Subject&, const Options&, const std::function<void(double)>& progress);
  ~Nature();
  Nature(const Nature&) = delete;
  Nature& operator=(const Nature&) = delete;

  bool known() const { return shape_ != nullptr; }
  /// The range; all numbers where it is not known.
  const FunctionTruth& truth() const { return truth_; }
  /// Looks at neighbouring inputs, and at inputs that occur again. Throws Interrupted.
  void compare_neighbours(const Arrays&, FaultFindings&) const;
  std::string text() const;

  struct Shape;

 private:
  const Subject& subject_;
  const std::atomic<bool>* stop_;
  FunctionTruth truth_;
  std::unique_ptr<Shape> shape_;
};

/// One wrong result, to be looked at for every kind of fault. Patterns; ulp is Goldberg's.
struct WrongResult {
  std::uint64_t x, got;
  double expected, ulp;
};
void take_fault(const Subject&, const FunctionTruth&, const WrongResult&, FaultFindings&);

void merge(FaultFindings&, const FaultFindings& other, Type);

}  // namespace actbench::bench::score
