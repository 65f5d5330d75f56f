// SPDX-License-Identifier: Apache-2.0
#include "reports/xml.hpp"

#include <algorithm>

#include "reports/text.hpp"

namespace actbench::reports {

namespace {

/// Between two tabs, which stay as they are.
std::string part_in_xml(std::string_view text) {
  std::string safe;
  for (const char c : printable(text, Breaks::kept)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string in_xml(std::string_view text) {
  std::string safe;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t tab = std::min(text.find('\t', begin), text.size());
    safe += part_in_xml(text.substr(begin, tab - begin));
    if (tab < text.size()) safe += '\t';
    begin = tab + 1;
  }
  return safe;
}

}  // namespace actbench::reports
