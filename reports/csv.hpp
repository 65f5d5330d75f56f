// SPDX-License-Identifier: Apache-2.0
//
// Reads the CSV that the writers write: RFC 4180, several headers parted by empty lines.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace actbench::reports {

/// A row: its fields by their names in the header above it. A field that a short row lacks is not there.
using CsvRecord = std::map<std::string, std::string>;

/// The rows below one header, whose names they go by. A row may be shorter than the header.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// The tables in their order. A quotation that does not end goes on to the end of the text.
std::vector<CsvTable> read_csv_tables(std::string_view text);

/// All rows. A quotation that does not end goes on to the end of the text.
std::vector<CsvRecord> read_csv(std::string_view text);

}  // namespace actbench::reports
