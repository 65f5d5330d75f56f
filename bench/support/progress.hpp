// SPDX-License-Identifier: Apache-2.0
//
// How far long work is and how long it still takes, on one line of a terminal's stderr; silent anywhere else.
#pragma once

#include <chrono>
#include <string>

namespace actbench::bench {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  ///< wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shown from the second second on, and then at most ten times a second. seconds_left below 0: extrapolated from the
  /// time taken so far.
  void update(double fraction, const std::string& label = {}, double seconds_left = -1);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool terminal_;
  bool visible_ = false;
  Clock::time_point start_, last_;
};

}  // namespace actbench::bench
