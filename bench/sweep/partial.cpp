// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/partial.hpp"

#include <algorithm>
#include <stdexcept>

#include "bench/sweep/block.hpp"

namespace actbench::bench {

bool Partial::complete() const { return !done.empty() && std::find(done.begin(), done.end(), false) == done.end(); }

void Partial::merge(const Partial& other) {
  if (done.empty()) done.resize(other.done.size());
  if (other.done.size() != done.size()) throw std::invalid_argument("other chunks");
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (done[i] && other.done[i]) throw std::invalid_argument("done twice");
    done[i] = done[i] || other.done[i];
  }
  tally.merge(other.tally);
  digest.merge(other.digest);
}

std::uint64_t chunks_of_all(std::uint64_t inputs) { return std::clamp<std::uint64_t>(inputs / block_size, 1, 4096); }

}  // namespace actbench::bench
