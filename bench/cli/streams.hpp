// SPDX-License-Identifier: Apache-2.0
//
// stdin, stdout and stderr, and the terminal that they may be.
#pragma once

#include <cstddef>
#include <exception>
#include <string>

namespace actbench::bench {

/// The reader of stdout has gone away. That is no error, but nothing is left to do.
struct ReaderGone : std::exception {};

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
