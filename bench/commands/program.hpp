// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace actbench::bench {

/// The program: arguments as in argv, its own name left out; returns the exit code. Throws nothing.
int run_program(std::vector<std::string> arguments);

}  // namespace actbench::bench
