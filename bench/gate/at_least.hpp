// SPDX-License-Identifier: Apache-2.0
//
// Whether the program's kernels are at least as quick as other libraries', or as a share of their speed: a claim that a
// release may rest on. Errors say which of the peers count, and pairs of runs who is quicker, as against a base.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/gate/speed.hpp"
#include "reports/table.hpp"

namespace actbench::bench::gate {

/// A kernel of ours against one peer. Its comparison's base is the peer. SLOWER: ours is proven to be slower than the
/// share asks for. SAME: it is proven not to be, by two thirds of the tolerance.
struct AgainstPeer {
  const Kernel* ours;
  std::string peer;  ///< the plug-in's name
  double max_ulp;    ///< the largest error found of the peer's kernel
  Comparison speed;
};

struct AtLeast {
  double share = 1, within_ulp = 8;
  std::vector<AgainstPeer> rows{};
  std::vector<std::string> without{};  ///< sentences: each a kernel that was compared with no peer, and why
  std::size_t far_slower = 0;  ///< pairs that were left out, as the peer took more than twice what the share allows
  std::size_t launches = 0, least_launches = 0;
  double seconds = 0;
};

struct AtLeastOptions {
  double share, within_ulp;
  SpeedOptions speed;
  std::uint64_t inputs = 1u << 20;  ///< at which errors are found
  unsigned threads = 0;
};

/// Compares each of these kernels with the peers of the same function whose error is within the bound; those that are
/// far slower in a first launch, which counts for nothing else, are left out, but for the quickest. place: the head
/// is our library; each peer's plug-in in turn takes the place of the base. extra: has the plan changed before it is
/// carried out. Throws Fault of the head, Interrupted, MissingError where a peer crashes.
AtLeast compare_with_peers(const Place&, std::span<const Kernel* const> ours, const AtLeastOptions&,
                           const std::function<void(std::vector<Planned>&)>& extra);

/// "KEPT", "BEHIND" or "INCONCLUSIVE".
const char* kept(Verdict);

/// One row for each kernel and peer, the worst first. most: how many rows people see.
reports::Table at_least_table(const AtLeast&, double tolerance, std::size_t most);

/// Why it says nothing, as a sentence without its full stop: no kernel was compared, or none long enough. Empty where
/// it does.
std::string why_nothing_said(const AtLeast&);

}  // namespace actbench::bench::gate
