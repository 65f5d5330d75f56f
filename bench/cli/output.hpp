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

/// The reader of stdout has gone away: no error, but nothing more to do.
struct ReaderGone : std::exception {};

struct Output {
  reports::Format format = reports::Format::terminal;
  std::string colour = "auto";  ///< "auto", "always", "never"

  /// Whether the format is one that people read: they want a summary where machines want every row.
  bool for_people() const { return format == reports::Format::terminal || format == reports::Format::markdown; }

  void print(std::span<const reports::Table>) const;
  void print(const reports::Table& table) const { print({&table, 1}); }
};

/// Writes files, then shows on stdout what they are about. Where they cannot be written, what took long to find out is
/// shown all the same, before the error is thrown.
void write_and_show(const std::function<void()>& write, const std::function<void()>& show);

/// All of it, or UsageError saying why not, or ReaderGone.
void write_stdout(const std::string&);

/// Columns of the terminal that stdout is; 120 where it is none and COLUMNS says nothing.
std::size_t terminal_width();

}  // namespace actbench::bench
