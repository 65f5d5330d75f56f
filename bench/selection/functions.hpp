// SPDX-License-Identifier: Apache-2.0
//
// Which kernels compute the same function: whatever their tiers and backends, their results are for the same inputs.
#pragma once

#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// An activation, a direction and a type. The activation goes by its name: that of a plug-in's kernel may be a copy,
/// with parameters of its own, of the one in the table. Parameters are not part of the function.
using FunctionKey = std::tuple<std::string, Direction, Type>;
FunctionKey function_key(const Kernel&);

/// Whether their keys are equal.
bool same_function(const Kernel&, const Kernel&);

/// The kernels of each function together, functions and kernels in the order in which they come first.
std::vector<std::vector<const Kernel*>> by_function(std::span<const Kernel* const>);

}  // namespace actbench::bench
