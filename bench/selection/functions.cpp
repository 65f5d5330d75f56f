// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/functions.hpp"

#include <algorithm>
#include <string_view>

namespace actbench::bench {

FunctionKey function_key(const Kernel& kernel) { return {kernel.activation->name, kernel.direction, kernel.type}; }

bool same_function(const Kernel& a, const Kernel& b) {
  return a.direction == b.direction && a.type == b.type && std::string_view(a.activation->name) == b.activation->name;
}

std::vector<std::vector<const Kernel*>> by_function(std::span<const Kernel* const> kernels) {
  std::vector<std::vector<const Kernel*>> functions;
  for (const Kernel* kernel : kernels) {
    auto place = std::find_if(functions.begin(), functions.end(),
                              [&](const auto& function) { return same_function(*function[0], *kernel); });
    if (place == functions.end()) place = functions.insert(place, std::vector<const Kernel*>());
    place->push_back(kernel);
  }
  return functions;
}

}  // namespace actbench::bench
