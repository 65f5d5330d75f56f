// SPDX-License-Identifier: Apache-2.0
//
// Launches of the measuring process (worker.hpp), and the faults of those that end badly.
#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/gate/library.hpp"

namespace actbench::bench::gate {

/// The libraries that are compared, and how to reach the measuring process.
struct Place {
  std::string program;     ///< path of actbench
  std::string paths[2];    ///< of the libraries, by side; may be the same
  double patience_s = 60;  ///< that a worker may take without a word before it counts as hung
  const std::atomic<bool>* stop = nullptr;
  std::string called[2] = {"base", "head"};  ///< in sentences, with "the" before it
};

/// A library made the process crash or hang, or refused a call. The sentence says which.
struct Fault : std::runtime_error {
  Fault(Side s, const std::string& sentence) : std::runtime_error(sentence), side(s) {}
  Side side;
};

struct Listed {
  std::string identity;
  bool runnable;
  std::uint64_t code;  ///< address of its function in the file; 0: not known
};
/// The kernels of a library. Throws Fault, Interrupted.
std::vector<Listed> list_kernels(const Place&, Side);

/// A kernel that a launch is to measure.
struct Planned {
  std::string identity;
  std::string base_identity;  ///< what it is compared with: the same kernel, or a reference of worker.hpp
  double extra = 0;           ///< share of its elements that the head computes once more
  double allowed = 0;         ///< ln(head / base) that is judged as no difference
};
struct Measured {
  std::size_t index;        ///< of the plan
  double log_ratio;         ///< ln(head / base), of the time for an element
  double base_ns, head_ns;  ///< for an element
};
/// Throws Fault, Interrupted.
std::vector<Measured> measure(const Place&, const std::vector<Planned>&, std::uint64_t seed, std::size_t blocks);

}  // namespace actbench::bench::gate
