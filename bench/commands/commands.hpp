// SPDX-License-Identifier: Apache-2.0
//
// The subcommands. Each is one file, <command>.cpp: its options, and the calls of the engines that do the work.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace actbench::bench {

/// A subcommand. `Command add_NAME(CLI::App& program)` in NAME.cpp adds it, with its options, to the program, and
/// returns what to do once the command line is parsed. program.cpp declares those of commands.def, so that a new one
/// compiles nothing else again.
struct Command {
  CLI::App* app;
  std::function<int()> run;                          ///< returns the exit code
  std::vector<std::string>* after_dashes = nullptr;  ///< takes what follows "--"; null: "--" ends the options, as usual
};

}  // namespace actbench::bench
