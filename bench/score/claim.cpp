// SPDX-License-Identifier: Apache-2.0
//
// A claim in words becomes one of the table of kernels, whose rows say which directions an activation has.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bench/numbers/eight_bits.hpp"
#include "bench/score/score.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::score {

Claim claim(std::string_view activation, std::string_view direction, std::string_view type,
            const std::vector<std::string>& parameters) {
  const std::string wanted(activation);
  const Activation& found = activation_named(wanted);
  std::vector<const char*> directions;
  const Kernel* like = nullptr;
  const std::optional<Type> known = array_type(type);
  if (!known)
    throw UsageError(fmt::format("there is no type '{}', only f32, f64, f16, bf16, f8_e4m3fn and f8_e5m2", type));
  for (const Kernel& kernel : kernels()) {
    if (std::string_view(kernel.activation->name) != found.name) continue;
    if (directions.empty() || directions.back() != std::string_view(name(kernel.direction)))
      directions.push_back(name(kernel.direction));
    if (like == nullptr && direction == name(kernel.direction) && kernel.type == table_type(*known)) like = &kernel;
  }
  if (like == nullptr)
    throw UsageError(
        fmt::format("{} has no direction '{}', only {}", found.name, direction, fmt::join(directions, ", ")));
  const std::vector<Setting> set = settings(parameters, {&like, 1});
  return {.activation = &found, .direction = like->direction, .type = *known, .parameters = parameters_of(*like, set)};
}

}  // namespace actbench::bench::score
