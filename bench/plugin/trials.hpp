// SPDX-License-Identifier: Apache-2.0
//
// Trial calls of one foreign kernel, in a process that may be lost: on arrays between guarded pages, at odd places and
// of odd lengths, with inputs that cannot be written.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/plugin/description.hpp"

namespace actbench::bench::plugin {

/// What the process that makes the trials shares with the one that waits for it: enough to say what a call did that
/// did not come back.
struct TrialRecord {
  std::atomic<std::uint64_t> calls;     ///< begun so far
  std::atomic<std::uint64_t> elements;  ///< of the last
  struct Array {
    char name[4];  ///< "x"; "" where there is none
    std::uintptr_t begin, end;
    std::uintptr_t low, high;  ///< of its pages and their guards
  } arrays[4];
  std::atomic<int> signal;  ///< that the call came to; 0: none
  std::uintptr_t address;   ///< that it touched
  bool wrote;               ///< there, as far as is known
  bool access_known;
};

/// Lets deadly signals end the process by exit code `signal_exit`, after they were recorded.
inline constexpr int signal_exit = 113;
void record_faults(TrialRecord&);

/// What the record says of a call that a signal ended: "writes past the end of y: byte 1 after it, in a call of 17
/// elements".
std::string fault_sentence(const TrialRecord&);

struct TrialResult {
  std::string fault;               ///< why the kernel cannot be used: a sentence without a subject; empty where it can
  std::vector<std::string> notes;  ///< what a user should know all the same
};
TrialResult try_kernel(const Described&, TrialRecord&);

}  // namespace actbench::bench::plugin
