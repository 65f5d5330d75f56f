// SPDX-License-Identifier: Apache-2.0
//
// index.html: a report as one page for a browser, with all that it takes inside. The answers of the summary come first,
// then tables that sort and filter, then the pictures.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bench/report/page/data.hpp"
#include "reports/folder.hpp"

namespace actbench::bench::page {

/// The most bytes that the page may have.
inline constexpr std::size_t most = 3'000'000;

struct Contents {
  std::string about;                             ///< the machine, for the title
  std::string summary;                           ///< Markdown: one "# ", the answers, then parts that begin with "## "
  std::span<const reports::Folder::File> files;  ///< tables (CSV) and pictures (SVG) are taken from them
  std::vector<Source> plugins;
  Run run;
};

/// At most `most` bytes long unless the summary alone is longer. What has no room is linked: the largest tables, the
/// last pictures. Whatever the texts say, they are shown as text.
std::string page_text(const Contents&);

}  // namespace actbench::bench::page
