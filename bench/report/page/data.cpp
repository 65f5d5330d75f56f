// SPDX-License-Identifier: Apache-2.0
#include "bench/report/page/data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "reports/csv.hpp"

namespace actbench::bench::page {
namespace {

using nlohmann::ordered_json;

/// As JSON that is safe inside <script>: no tag ends or begins there.
std::string quoted(const std::string& text) {
  std::string json = ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

/// Whether the text is a number by JSON's grammar. "inf", "nan" and "0x1p-3" are none.
bool is_number(std::string_view text) {
  const auto digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    const bool leading_zero = n > 1 && text[0] == '0';
    text.remove_prefix(n);
    return leading_zero ? 0 : n;
  };
  const auto take = [&](std::string_view any) {
    const bool there = !text.empty() && any.find(text[0]) != std::string_view::npos;
    if (there) text.remove_prefix(1);
    return there;
  };
  const auto some = [&] {
    std::size_t n = 0;
    while (take("0123456789")) ++n;
    return n > 0;
  };
  take("-");
  if (digits() == 0) return false;
  if (take(".") && !some()) return false;
  if (take("eE")) {
    take("+-");
    if (!some()) return false;
  }
  return text.empty();
}

/// Numbers that a clock or a mean gave: four digits say what they can.
bool is_measured(std::string_view column) {
  for (const std::string_view begin : {"ns_", "percent_", "gb_", "elements_per_", "mean_", "times_", "seconds"}) {
    if (column.starts_with(begin)) return true;
  }
  return column == "slowest_over_normal";
}

/// Inputs and outputs are read as they are written: -0 is not 0, and 1e-05 is what a command takes.
bool is_exact(std::string_view column) {
  constexpr std::string_view exact[] = {"input", "x", "dy", "a", "got", "expected", "last_x", "at", "first_x"};
  return std::find(std::begin(exact), std::end(exact), column) != std::end(exact);
}

std::string value_of(const std::string& column, const std::string& text) {
  if (!is_number(text) || is_exact(column)) return quoted(text);
  if (!is_measured(column)) return text;
  const std::optional<double> number = reports::csv_number(text);
  if (!number) return quoted(text);
  std::string shorter = fmt::format("{:.4g}", *number);
  return shorter.size() < text.size() ? shorter : text;
}

// ---- Columns, each in the shortest way

std::string list_of(const std::vector<std::string>& values) { return fmt::format("[{}]", fmt::join(values, ",")); }

/// The values by how they are told apart, and which of them each row has.
struct Coded {
  std::vector<std::string> words;
  std::vector<std::size_t> of;
};

Coded coded(const std::vector<std::string>& values) {
  Coded all;
  std::map<std::string, std::size_t> known;
  for (const std::string& value : values) {
    const auto [place, is_new] = known.emplace(value, all.words.size());
    if (is_new) all.words.push_back(value);
    all.of.push_back(place->second);
  }
  return all;
}

std::string runs_of(const std::vector<std::size_t>& of) {
  std::vector<std::size_t> runs;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i == 0 || of[i] != of[i - 1]) runs.insert(runs.end(), {of[i], 0});
    ++runs.back();
  }
  return fmt::format("[{}]", fmt::join(runs, ","));
}

std::string shortest(const std::vector<std::string>& values) {
  const Coded code = coded(values);
  if (code.words.size() == 1) return fmt::format("\"s\":{}", code.words[0]);
  const std::string plain = fmt::format("\"v\":{}", list_of(values)), words = list_of(code.words);
  const std::string by_row = fmt::format("\"d\":{},\"i\":[{}]", words, fmt::join(code.of, ","));
  const std::string by_run = fmt::format("\"d\":{},\"r\":{}", words, runs_of(code.of));
  return std::min({plain, by_row, by_run},
                  [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
}

/// What a column holds that is the identity of the row's kernel; empty: it is something else.
std::string joined_parts(const reports::CsvTable& table, std::size_t column) {
  constexpr const char* parts[] = {"activation", "direction", "type", "tier", "backend"};
  if (table.header[column] != "kernel") return {};
  std::vector<std::size_t> places;
  for (const char* part : parts) {
    const auto at = std::find(table.header.begin(), table.header.end(), part);
    if (at == table.header.end()) return {};
    places.push_back(static_cast<std::size_t>(at - table.header.begin()));
  }
  for (const std::vector<std::string>& row : table.rows) {
    std::string joined;
    for (const std::size_t place : places)
      joined += fmt::format("{}{}", joined.empty() ? "" : "/", place < row.size() ? row[place] : "");
    if (column >= row.size() || row[column] != joined) return {};
  }
  return "\"k\":[\"activation\",\"direction\",\"type\",\"tier\",\"backend\"]";
}

/// Hexadecimal says what the decimal number and the bits say.
bool is_repeated(const std::string& column) {
  return column.ends_with("_hex") || column == "got_bits" || column == "expected_bits";
}

std::string table_json(const std::string& file, const reports::CsvTable& table) {
  std::vector<std::string> columns;
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    const std::string& name = table.header[c];
    if (is_repeated(name)) continue;
    std::string contents = joined_parts(table, c);
    if (contents.empty()) {
      std::vector<std::string> values;
      for (const std::vector<std::string>& row : table.rows)
        values.push_back(c < row.size() ? value_of(name, row[c]) : "\"\"");
      contents = shortest(values);
    }
    columns.push_back(fmt::format("{{\"n\":{},{}}}", quoted(name), contents));
  }
  return fmt::format("{{\"file\":{},\"rows\":{},\"columns\":{}}}", quoted(file), table.rows.size(), list_of(columns));
}

std::string plugins_json(std::span<const Source> plugins) {
  std::vector<std::string> all;
  for (const Source& p : plugins) {
    all.push_back(
        fmt::format("{{\"name\":{},\"about\":{},\"file\":{}}}", quoted(p.name), quoted(p.about), quoted(p.file)));
  }
  return list_of(all);
}

}  // namespace

Data data_of(std::span<const reports::Folder::File> files, std::span<const Source> plugins, const Run& run,
             std::size_t most) {
  struct Entry {
    std::string file, json;
  };
  std::vector<Entry> tables;
  for (const auto& [name, contents] : files) {
    if (!name.ends_with(".csv")) continue;
    for (const reports::CsvTable& table : reports::read_csv_tables(contents)) {
      if (!table.rows.empty()) tables.push_back({name, table_json(name, table)});
    }
  }
  Data data;
  const auto size = [&] {
    std::size_t sum = 0;
    for (const Entry& table : tables) sum += table.json.size() + 1;
    return sum;
  };
  while (!tables.empty() && size() > most) {
    const auto largest = std::max_element(tables.begin(), tables.end(),
                                          [](const Entry& a, const Entry& b) { return a.json.size() < b.json.size(); });
    data.left_out.push_back(largest->file);
    tables.erase(largest);
  }
  std::vector<std::string> texts, absent, facts;
  for (const auto& [name, text] : run) facts.push_back(fmt::format("{}:{}", quoted(name), quoted(text)));
  for (Entry& table : tables) texts.push_back(std::move(table.json));
  for (const std::string& file : data.left_out) absent.push_back(quoted(file));
  data.json = fmt::format("{{\"run\":{{{}}},\"plugins\":{},\"absent\":{},\"tables\":{}}}", fmt::join(facts, ","),
                          plugins_json(plugins), list_of(absent), list_of(texts));
  return data;
}

}  // namespace actbench::bench::page
