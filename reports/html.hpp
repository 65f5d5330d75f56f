// SPDX-License-Identifier: Apache-2.0
//
// Markdown as the writers and the summary of a report write it, as HTML.
#pragma once

#include <string>
#include <string_view>

namespace actbench::reports {

/// Headings, paragraphs, lists, tables and code blocks. What is no Markdown that this program writes stays text: no tag
/// of the text gets through, and a link leads to a file beside the page or to https alone. A table can be scrolled by
/// itself.
std::string html_of_markdown(std::string_view);

/// Words of one line: **bold**, `code`, [links](file), backslashes, line breaks.
std::string html_of_words(std::string_view);

}  // namespace actbench::reports
