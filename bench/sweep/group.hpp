// SPDX-License-Identifier: Apache-2.0
//
// The subjects of a sweep by function, parameters and type: those of a group share their inputs and the exact values
// there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/numbers/inputs.hpp"
#include "bench/sweep/sweep.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// What outputs are held against: a function in a type.
struct Truth {
  const reference::Function* function;
  const reference::Format* format;
  Type type;
  Multipliers multipliers;
  std::vector<double> parameters;
};

/// Whether they are of the same function (bench/selection/functions.hpp) with the same parameters, as given.
bool same_function(const Subject&, const Subject&);

struct Group : Truth {
  Inputs inputs;
  std::uint64_t chunks;               ///< that the inputs are cut into
  std::uint64_t search;               ///< inputs to search, for each subject
  std::vector<std::size_t> subjects;  ///< indices

  std::uint64_t chunk_size() const;
};

/// Throws UsageError and MissingError as sweep() does.
std::vector<Group> groups_of(std::span<const Subject>, const SweepOptions&);

}  // namespace actbench::bench
