// SPDX-License-Identifier: Apache-2.0
//
// Tables as text.
//
// terminal  columns in line, as wide as the screen: what does not fit is continued below, beside its key columns. Where
//           these leave no room, each row stands by itself, a line for each of its cells.
// markdown  GitHub's tables, as wide as a page: what does not fit is continued below, as on a terminal.
// csv       RFC 4180 with LF at line ends: one header, raw numbers, facts as the first columns, no notes.
// json      {"tables": [{"name", "title", "facts", "columns", "rows", "notes"}]}; rows are objects by column name;
//           infinities and NaN, which JSON lacks, are the strings "inf", "-inf", "nan".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reports/table.hpp"

namespace actbench::reports {

enum class Format : unsigned char { terminal, markdown, csv, json };

struct Style {
  std::size_t width = 120;  ///< of the terminal, in columns
  bool colour = false;
};

/// How wide a table on a terminal is at most, however wide that is: longer lines are not read.
inline constexpr std::size_t widest_on_terminal = 120;

/// All ends in a line feed. CSV of several tables: one header before every run of tables that share their columns, and
/// an empty line between runs.
std::string write(std::span<const Table>, Format, const Style& = {});
std::string write(const Table&, Format, const Style& = {});

/// How wide a table of Markdown may be, in columns of its source: what GitHub shows without a scroll bar, about.
inline constexpr std::size_t markdown_width = 120;

/// Tables as Markdown of at most so many bytes: the largest ones end early, and a note says how many rows are left out
/// and that `rest`, a file's name, has them. So rows should come worst first. Where even that is too long, whole tables
/// at the end are left out.
std::string markdown_within(std::vector<Table> tables, std::size_t bytes, const std::string& rest);

/// Text made safe inside a Markdown table's cell.
std::string markdown_cell(const std::string&);

}  // namespace actbench::reports
