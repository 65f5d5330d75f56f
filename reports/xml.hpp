// SPDX-License-Identifier: Apache-2.0
//
// Text in XML, of which SVG and JUnit's files are made.
#pragma once

#include <string>
#include <string_view>

namespace actbench::reports {

/// The text as it may stand between tags and in attributes, and be shown on a terminal: but for line breaks and tabs,
/// control characters and the like are escaped, as printable() does.
std::string in_xml(std::string_view);

}  // namespace actbench::reports
