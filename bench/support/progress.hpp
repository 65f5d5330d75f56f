// SPDX-License-Identifier: Apache-2.0
//
// How far long work is and how long it still takes. A terminal's stderr has it on one line, from the second second on.
// Where stderr is no terminal, a line goes there every ten seconds, or every so many as ACTBENCH_PROGRESS says in the
// environment, but no more than ten lines a second. ACTBENCH_PROGRESS=off turns all of it off.
//
// A thread of its own speaks, so that work that says nothing for a while is seen to go on. Of several instances the one
// that was made last speaks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace actbench::bench {

class Progress {
 public:
  /// what: "accuracy". The line says how long it has been going on until the first update().
  explicit Progress(std::string what);
  ~Progress();  ///< wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// fraction: 0 to 1. seconds_left below 0: extrapolated from the time taken so far. Any thread may call it.
  void update(double fraction, const std::string& label = {}, double seconds_left = -1);

  struct Work;  ///< what an instance is about

 private:
  std::shared_ptr<Work> work_;
};

/// As long as one lives, nothing is said of any work and no line of it stands: something else is written.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

/// What tells the progress of a part of the work as that of the whole, of which the part is what lies between two
/// shares, 0 to 1; empty where nobody asks.
template <class... Label>
std::function<void(double fraction, Label...)> part_of(std::function<void(double fraction, Label...)> whole,
                                                       double from, double to) {
  if (!whole) return {};
  return [whole = std::move(whole), from, to](double fraction, Label... label) {
    whole(from + (to - from) * fraction, label...);
  };
}

/// The line for so much work, without what becomes of it on a terminal: "accuracy  12 %, 1m04s left  gelu". seconds:
/// taken so far; fraction below 0: unknown.
std::string progress_text(const std::string& what, double fraction, double seconds, double seconds_left,
                          const std::string& label);

}  // namespace actbench::bench
