// SPDX-License-Identifier: Apache-2.0
//
// How the program ends other than well: one sentence for the user, and the exit code that goes with it.
#pragma once

#include <stdexcept>
#include <string>

namespace actbench::bench {

enum ExitCode : int { exit_fine = 0, exit_check_failed = 1, exit_usage = 2, exit_missing = 3 };

/// Wrong usage or bad input.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Something needed is missing on this machine, or in this build.
struct MissingError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user, or the system, asked the program to end.
struct Interrupted : std::runtime_error {
  explicit Interrupted(const std::string& what = "interrupted; nothing was written") : std::runtime_error(what) {}
};

}  // namespace actbench::bench
