// SPDX-License-Identifier: Apache-2.0
#include "reports/csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

#include "reports/text.hpp"

namespace actbench::reports {
namespace {

/// Takes the fields of one line off the text. A quoted field may hold line ends.
std::vector<std::string> take_line(std::string_view& text) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  text.remove_prefix(at);
  return fields;
}

template <class Number>
std::optional<Number> all_of(std::string_view field) {
  Number value{};
  const char* const end = field.data() + field.size();
  const auto [rest, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

template <class Number>
std::optional<Number> value_in(const CsvRecord& record, const std::string& column, const std::filesystem::path& file,
                               const char* kind) {
  const auto found = record.find(column);
  if (found == record.end() || found->second.empty()) return std::nullopt;
  if (const std::optional<Number> value = all_of<Number>(found->second)) return value;
  throw CsvError(
      fmt::format("{}: '{}' is '{}', and should be a {}", file.string(), column, printable(found->second), kind));
}

}  // namespace

std::vector<CsvTable> read_csv_tables(std::string_view text) {
  std::vector<CsvTable> tables;
  bool within = false;
  while (!text.empty()) {
    std::vector<std::string> fields = take_line(text);
    const bool blank = fields.size() == 1 && fields[0].empty();
    if (!blank && within) {
      tables.back().rows.push_back(std::move(fields));
    } else if (!blank) {
      tables.push_back({std::move(fields), {}});
    }
    within = !blank;
  }
  return tables;
}

std::vector<CsvRecord> read_csv(std::string_view text) {
  std::vector<CsvRecord> records;
  for (CsvTable& table : read_csv_tables(text)) {
    for (std::vector<std::string>& row : table.rows) {
      CsvRecord& record = records.emplace_back();
      for (std::size_t i = 0; i < row.size() && i < table.header.size(); ++i)
        record[table.header[i]] = std::move(row[i]);
    }
  }
  return records;
}

std::optional<double> csv_number(std::string_view field) { return all_of<double>(field); }

std::optional<double> number_in(const CsvRecord& record, const std::string& column, const std::filesystem::path& file) {
  return value_in<double>(record, column, file, "number");
}

std::optional<std::uint64_t> whole_in(const CsvRecord& record, const std::string& column,
                                      const std::filesystem::path& file) {
  return value_in<std::uint64_t>(record, column, file, "whole number");
}

}  // namespace actbench::reports
