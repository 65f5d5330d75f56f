// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "bench/cli/streams.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

/// Where the lines begin that continue a line.
std::size_t indent_of(const std::string& line) {
  const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  return begin == 0 ? 0 : std::max(begin, help_indent);
}

}  // namespace

std::string help_of(const CLI::App& app) {
  return within_width(app.help(app.get_parent() == nullptr ? "" : app.get_parent()->get_name()),
                      std::min(help_width, terminal_width()));
}

std::string within_width(const std::string& text, std::size_t width) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (reports::display_width(line) <= width) {
      out += line + "\n";
      continue;
    }
    const std::string indent(indent_of(line), ' ');
    // wrap() takes several spaces for one: what is before the last of them stays as it is.
    const std::size_t gap = line.find("  ", std::min(line.find_first_not_of(' '), line.size()));
    const std::size_t first = gap == line.npos ? line.find_first_not_of(' ') : line.find_first_not_of(' ', gap);
    const std::string head = line.substr(0, first);
    const std::string rest = reports::wrap(line.substr(first), width - std::min(width - 1, indent.size()), "");
    out += head;
    for (const char c : rest) {
      out += c;
      if (c == '\n') out += indent;
    }
    out += "\n";
  }
  return out;
}

}  // namespace actbench::bench
