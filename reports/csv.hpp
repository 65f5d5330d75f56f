// SPDX-License-Identifier: Apache-2.0
//
// Reads the CSV that the writers write: RFC 4180, several headers parted by empty lines. Numbers in it are decimal in
// every locale.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
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

/// A field that is not of the kind that its column has. The sentence names the file, the column and the field.
struct CsvError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The number that the whole field is: decimal, inf, -inf or nan. Nothing where it is none, as an empty one.
std::optional<double> csv_number(std::string_view field);

/// The number in a record's column, the second a whole one; nothing where the field is empty or not there. Throws
/// CsvError where the field is anything else. file: where the record is from.
std::optional<double> number_in(const CsvRecord&, const std::string& column, const std::filesystem::path& file);
std::optional<std::uint64_t> whole_in(const CsvRecord&, const std::string& column, const std::filesystem::path& file);

}  // namespace actbench::reports
