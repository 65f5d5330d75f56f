// SPDX-License-Identifier: Apache-2.0
//
// The command line as data: what the man page, the shell completions and docs/cli.md are written from.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace actbench::bench {

/// The word that makes the program print describe(). It is no subcommand of --help: scripts/cli_files.py is its user.
inline constexpr char describe_command[] = "describe-cli";

/// Every subcommand and option of the program as JSON, with the activations' names.
std::string describe(const CLI::App& program);

}  // namespace actbench::bench
