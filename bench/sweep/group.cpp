// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bench/numbers/types.hpp"
#include "bench/selection/functions.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/block.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t sample_chunk = 16 * block_size;

void check_count_of_all(const Kernel& kernel) {
  if (input_bits(kernel) <= 32) return;
  constexpr const char* kinds[] = {"inputs", "pairs of inputs", "triples of inputs"};
  throw UsageError(fmt::format(
      "{} {} has 2^{} {}, too many for all of them; give --inputs a number, or choose f32, f16 or bf16 "
      "by --type and forward or derivative by --direction (backward: f16 or bf16)",
      name(kernel.type), name(kernel.direction), input_bits(kernel), kinds[multipliers_of(kernel).count()]));
}

/// The group of a first subject, still without subjects.
Group group_for(const Subject& subject, const SweepOptions& options) {
  const Kernel& kernel = *subject.kernel;
  const reference::Function* function = reference::find(kernel.activation->name, name(kernel.direction));
  if (function == nullptr) {
    throw MissingError(fmt::format("the reference has no {} of {}", name(kernel.direction), kernel.activation->name));
  }
  if (options.all) check_count_of_all(kernel);
  const Multipliers multipliers = multipliers_of(kernel);
  const std::uint64_t count = subject.inputs > 0 ? subject.inputs : options.inputs;
  Inputs inputs = options.all ? Inputs::all(kernel.type, multipliers)
                              : Inputs(kernel.type, subject.parameters, count, options.seed, multipliers);
  const std::uint64_t search = inputs.exhaustive() ? 0 : subject.search > 0 ? subject.search : options.search;
  const std::uint64_t chunks =
      inputs.exhaustive() ? chunks_of_all(inputs.count()) : (inputs.count() + sample_chunk - 1) / sample_chunk;
  return {{function, &format_of(kernel.type), kernel.type, multipliers, subject.parameters},
          std::move(inputs),
          chunks,
          search,
          {}};
}

}  // namespace

bool same_function(const Subject& a, const Subject& b) {
  return same_function(*a.kernel, *b.kernel) && a.parameters == b.parameters;
}

std::uint64_t Group::chunk_size() const {
  return inputs.exhaustive() ? inputs.count() / chunks : std::min(sample_chunk, inputs.count());
}

std::vector<Group> groups_of(std::span<const Subject> subjects, const SweepOptions& options) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto fits = [&](const Group& g) { return same_function(subjects[g.subjects[0]], subjects[i]); };
    auto found = std::find_if(groups.begin(), groups.end(), fits);
    if (found == groups.end()) found = groups.insert(groups.end(), group_for(subjects[i], options));
    found->subjects.push_back(i);
  }
  return groups;
}

}  // namespace actbench::bench
