// SPDX-License-Identifier: Apache-2.0
//
// The program's stdout: tables in the format that was asked for.
#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>

#include "reports/writers.hpp"

namespace actbench::bench {

/// The reader of stdout has gone away. That is no error, but nothing is left to do.
struct ReaderGone : std::exception {};

struct Output {
  reports::Format format = reports::Format::terminal;
  std::string colour = "auto";  ///< "auto", "always", "never"

  /// Whether people read the format: they want a summary where machines want every row.
  bool for_people() const { return format == reports::Format::terminal || format == reports::Format::markdown; }

  /// The table of kernels; for people, backends that agree in all that is shown share a row.
  reports::Table condensed(reports::Table) const;

  void print(std::span<const reports::Table>) const;
  void print(const reports::Table& table) const { print({&table, 1}); }
};

/// Writes files, then shows on stdout what they are about. Where that fails, as a file cannot be written or nothing
/// can be certified, the results are shown all the same, because they took long, and then the error is thrown.
void write_and_show(const std::function<void()>& write, const std::function<void()>& show);

/// Writes all of the text. Throws UsageError, saying why it cannot, or ReaderGone.
void write_stdout(const std::string&);

/// Writes the sentence in which the program fails, with nothing in it that would steer a terminal. Where stderr takes
/// nothing, there is nobody to tell.
void write_error(const std::string& sentence);

/// Sees to it that no file that is opened later becomes stdin, stdout or stderr where the program was started without
/// them: reading from them, or writing, fails.
void fill_missing_streams();

/// Columns of the terminal that stdout is. Where it is none: what COLUMNS says, or else 120.
std::size_t terminal_width();

}  // namespace actbench::bench
