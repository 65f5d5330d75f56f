// SPDX-License-Identifier: Apache-2.0
//
// Tables as text.
//
// terminal  columns in line, as wide as the screen: what does not fit is continued below, beside its key columns.
// markdown  GitHub's tables.
// csv       RFC 4180 with LF at line ends: one header, raw numbers, facts as the first columns, no notes.
// json      {"tables": [{"name", "title", "facts", "columns", "rows", "notes"}]}; rows are objects by column name;
//           infinities and NaN, which JSON lacks, are the strings "inf", "-inf", "nan".
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "reports/table.hpp"

namespace actbench::reports {

enum class Format : unsigned char { terminal, markdown, csv, json };

struct Style {
  std::size_t width = 120;  ///< of the terminal, in columns
  bool colour = false;
};

/// All ends in a line feed. CSV of several tables: one header before every run of tables that share their columns, and
/// an empty line between runs.
std::string write(std::span<const Table>, Format, const Style& = {});
std::string write(const Table&, Format, const Style& = {});

/// Text made safe inside a Markdown table's cell.
std::string markdown_cell(const std::string&);

}  // namespace actbench::reports
