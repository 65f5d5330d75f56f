// SPDX-License-Identifier: Apache-2.0
//
// The time that a report may take, shared out as it goes: each part gets of the time that is left what its weight is
// among those of the parts to come. What one part leaves over, the next ones have.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace actbench::bench {

class Budget {
 public:
  using Clock = std::function<double()>;  ///< seconds; never goes back

  /// As much time as it takes.
  Budget() = default;
  /// So many seconds from now on.
  explicit Budget(double seconds, Clock = {});

  bool limited() const { return seconds_ > 0; }
  double seconds() const { return seconds_; }  ///< all of it; 0: unlimited
  double now() const;                          ///< by its clock

  /// Begins a part that has this weight, out of a sum: of the weights of all parts that are still to come, this one's
  /// included.
  void begin(double weight, double sum);
  /// Seconds of the present part; infinite where time is not limited; below 0 where it is late.
  double left() const;
  /// A share of what is left of the present part, to be spent first.
  Budget share(double fraction) const;

 private:
  double seconds_ = 0, end_ = 0, part_end_ = 0;
  Clock clock_;
};

/// Ends a measurement after a signal, or where it takes far longer than it should and there is another result already.
class Watch {
 public:
  Watch(const Budget& budget, bool may_end) : budget_(budget), may_end_(may_end) {}
  /// To be called now and then, from where progress is shown.
  void look();
  const std::atomic<bool>* stop() const { return &stop_; }

 private:
  const Budget& budget_;
  bool may_end_;
  std::atomic<bool> stop_{false};
};

/// Measures with as many inputs as the budget allows, from `least` to `most`: few at first, and again with more, by
/// powers of two of the least, as long as the last time says that this fits. Without a limit it measures once, with
/// `most`. A measurement that ends by its watch throws Interrupted and leaves the earlier result as it is. Returns how
/// many inputs the last result has.
std::uint64_t measure_within(const Budget&, std::uint64_t least, std::uint64_t most,
                             const std::function<void(std::uint64_t inputs, Watch&)>& measure);

}  // namespace actbench::bench
