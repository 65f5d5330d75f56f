// SPDX-License-Identifier: Apache-2.0
//
// The program's stdout: tables in the format that was asked for.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "reports/writers.hpp"

namespace actbench::bench {

struct Output {
  reports::Format format = reports::Format::terminal;
  std::string colour = "auto";  ///< "auto", "always", "never"

  /// Whether people read the format: they want a summary where machines want every row.
  bool for_people() const { return format == reports::Format::terminal || format == reports::Format::markdown; }

  /// The table of kernels; for people, backends that agree in all that is shown share a row.
  reports::Table condensed(reports::Table) const;
  std::vector<reports::Table> condensed(std::vector<reports::Table>) const;

  void print(std::span<const reports::Table>) const;
  void print(const reports::Table& table) const { print({&table, 1}); }
};

/// Writes files, then shows on stdout what they are about. Where that fails, as a file cannot be written or nothing
/// can be certified, the results are shown all the same, because they took long, and then the error is thrown.
void write_and_show(const std::function<void()>& write, const std::function<void()>& show);

}  // namespace actbench::bench
