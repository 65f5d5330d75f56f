// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace actbench::bench {

/// Runs the program with the arguments of argv, without its own name. Returns the exit code; throws nothing.
int run_program(std::vector<std::string> arguments);

}  // namespace actbench::bench
