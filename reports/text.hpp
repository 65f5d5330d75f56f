// SPDX-License-Identifier: Apache-2.0
//
// Numbers and text as people read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace actbench::reports {

/// Columns that UTF-8 text takes on a terminal, one a code point (combining marks none).
std::size_t display_width(std::string_view);

/// "268M", "1.05M", "99999": exact below 100 000, three significant digits from there on.
std::string compact_count(std::uint64_t);

/// "1m12s", "8s", "2h05m", and below half a second "0.04s".
std::string duration(double seconds);

/// "2 kernels", "1 kernel"; the plural is the word with an s unless given.
std::string counted(std::uint64_t n, std::string_view one, std::string_view many = {});

/// The parts of a text between separators, as views of it: one more than it has separators, any of them empty.
std::vector<std::string_view> split(std::string_view, char separator);

/// Line breaks in a text that people see: escaped, or kept where they lay it out.
enum class Breaks : unsigned char { escaped, kept };

/// The text as it may be shown on a terminal, whoever wrote it: control characters, marks that turn the direction of
/// writing, and what is no UTF-8 are escaped, as \n, \x1b or \u202e.
std::string printable(std::string_view, Breaks = Breaks::escaped);

/// Words broken at spaces into lines of at most width columns, and where the text breaks itself; a longer word has a
/// line of its own. Every line but the first begins with the indent.
std::string wrap(std::string_view text, std::size_t width, std::string_view indent = {});

}  // namespace actbench::reports
