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

/// A subcommand. An add_…() adds it, with its options, to the program, and returns what to do once the command line is
/// parsed.
struct Command {
  CLI::App* app;
  std::function<int()> run;  ///< returns the exit code
};
Command add_list(CLI::App& program);
Command add_eval(CLI::App& program);
Command add_accuracy(CLI::App& program);
Command add_merge(CLI::App& program);
Command add_verify(CLI::App& program);
Command add_bench(CLI::App& program, const std::vector<std::string>& google_arguments);
Command add_overflow(CLI::App& program);
Command add_gap(CLI::App& program);
Command add_properties(CLI::App& program);
Command add_claims(CLI::App& program);
Command add_report(CLI::App& program);
Command add_check(CLI::App& program);
Command add_doctor(CLI::App& program);

}  // namespace actbench::bench
