// SPDX-License-Identifier: Apache-2.0
//
// Text in XML, of which SVG and JUnit's files are made.
#pragma once

#include <string>
#include <string_view>

namespace actbench::reports {

/// The text as it may stand between tags and in attributes. Of control characters XML has line breaks and tabs alone:
/// spaces stand for the others.
std::string in_xml(std::string_view);

}  // namespace actbench::reports
