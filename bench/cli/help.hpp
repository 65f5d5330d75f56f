// SPDX-License-Identifier: Apache-2.0
//
// What --help prints.
#pragma once

#include <cstddef>
#include <string>

namespace CLI {
class App;
}

namespace actbench::bench {

inline constexpr std::size_t help_width = 100;  ///< columns, at most
inline constexpr std::size_t help_indent = 28;  ///< where what is said of an option begins

/// The help of the program or of one of its commands, in lines of at most help_width or the width of the terminal.
std::string help_of(const CLI::App&);

/// A text of lines with those that are too long broken at spaces. What continues a line begins where the line's second
/// column does, or as far in as the line itself.
std::string within_width(const std::string& text, std::size_t width = help_width);

}  // namespace actbench::bench
