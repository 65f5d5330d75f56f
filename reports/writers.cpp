// SPDX-License-Identifier: Apache-2.0
#include "reports/writers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "reports/layout.hpp"
#include "reports/terminal.hpp"
#include "reports/text.hpp"

namespace actbench::reports {
namespace {

std::string shown(const Fact& fact) { return reports::shown(fact.cell, Column{}); }
std::string heading_with_unit(const Column& column) {
  return column.unit.empty() ? heading(column) : fmt::format("{} ({})", heading(column), column.unit);
}

/// The tables with nothing in them that would steer a terminal: some of their text is of files and arguments.
std::vector<Table> harmless(std::span<const Table> tables) {
  std::vector<Table> safe(tables.begin(), tables.end());
  const auto make = [](std::string& text) { text = printable(text); };
  const auto make_cell = [](Cell& cell) {
    if (auto* text = std::get_if<std::string>(&cell.value)) *text = printable(*text, Breaks::kept);
    cell.shown = printable(cell.shown, Breaks::kept);
  };
  for (Table& table : safe) {
    make(table.title);
    for (Fact& fact : table.facts) make_cell(fact.cell);
    for (auto& row : table.rows) std::for_each(row.begin(), row.end(), make_cell);
    std::for_each(table.notes.begin(), table.notes.end(), make);
  }
  return safe;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

// ---- Markdown

void write_markdown_block(std::string& out, const Table& table, const std::vector<std::size_t>& columns) {
  for (std::size_t c : columns) out += fmt::format("| {} ", markdown_cell(heading_with_unit(table.columns[c])));
  out += "|\n";
  for (std::size_t c : columns) out += table.columns[c].right ? "|---:" : "|:---";
  out += "|\n";
  for (const auto& row : table.rows) {
    for (std::size_t c : columns) {
      const std::string text = markdown_cell(shown(row[c], table.columns[c]));
      const std::string_view mark = row[c].emphasis == Emphasis::bad ? "**" : "";
      out += fmt::format("| {}{}{} ", mark, text, mark);
    }
    out += "|\n";
  }
}

std::string markdown(std::span<const Table> tables) {
  std::string out;
  for (const Table& table : tables) {
    if (!out.empty()) out += '\n';
    if (!table.title.empty()) out += fmt::format("### {}\n\n", table.title);
    bool listed = false;
    for (const Fact& fact : table.facts) {
      if (fact.audience == Audience::machines) continue;
      out += fmt::format("- {}: {}\n", heading(fact), markdown_cell(shown(fact)));
      listed = true;
    }
    const View v = table.rows.empty() ? View{} : view(table);
    if (!v.shared.empty()) {
      out += fmt::format("- all rows: {}\n", markdown_cell(joined(v.shared, " · ")));
      listed = true;
    }
    bool separate = listed;
    for (const auto& part : v.parts) {
      for (const Block& block : blocks(table, part, markdown_width)) {
        if (separate) out += '\n';
        separate = true;
        write_markdown_block(out, table, block.columns);
      }
    }
    for (const std::string& note : table.notes) out += fmt::format("\n{}\n", markdown_cell(note));
  }
  return out;
}

// ---- CSV

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv(std::span<const Table> tables) {
  std::string out, header;
  for (const Table& table : tables) {
    std::vector<std::string> names;
    for (const Fact& fact : table.facts) {
      if (fact.audience != Audience::people) names.push_back(csv_field(fact.name));
    }
    for (const Column& column : table.columns) {
      if (column.audience != Audience::people) names.push_back(csv_field(column.name));
    }
    const std::string line = joined(names, ",") + "\n";
    if (line != header) {
      if (!out.empty()) out += '\n';
      out += header = line;
    }
    for (const auto& row : table.rows) {
      std::vector<std::string> fields;
      for (const Fact& fact : table.facts) {
        if (fact.audience != Audience::people) fields.push_back(csv_field(raw(fact.cell)));
      }
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (table.columns[c].audience != Audience::people) fields.push_back(csv_field(raw(row[c])));
      }
      out += joined(fields, ",") + "\n";
    }
  }
  return out;
}

// ---- JSON

nlohmann::ordered_json json_value(const Cell& cell) {
  struct {
    nlohmann::ordered_json operator()(std::monostate) const { return nullptr; }
    nlohmann::ordered_json operator()(bool v) const { return v; }
    nlohmann::ordered_json operator()(std::int64_t v) const { return v; }
    nlohmann::ordered_json operator()(std::uint64_t v) const { return v; }
    nlohmann::ordered_json operator()(double v) const {
      if (std::isfinite(v)) return v;
      return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
    }
    nlohmann::ordered_json operator()(const std::string& v) const { return v; }
  } visitor;
  return std::visit(visitor, cell.value);
}

std::string json(std::span<const Table> tables) {
  auto list = nlohmann::ordered_json::array();
  for (const Table& table : tables) {
    nlohmann::ordered_json object{{"name", table.name}, {"title", table.title}};
    object["facts"] = nlohmann::ordered_json::object();
    for (const Fact& fact : table.facts) {
      if (fact.audience != Audience::people) object["facts"][fact.name] = json_value(fact.cell);
    }
    object["columns"] = nlohmann::ordered_json::array();
    for (const Column& column : table.columns) {
      if (column.audience == Audience::people) continue;
      nlohmann::ordered_json entry{{"name", column.name}, {"heading", heading(column)}};
      if (!column.unit.empty()) entry["unit"] = column.unit;
      object["columns"].push_back(std::move(entry));
    }
    object["rows"] = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
      auto entry = nlohmann::ordered_json::object();
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (table.columns[c].audience != Audience::people) entry[table.columns[c].name] = json_value(row[c]);
      }
      object["rows"].push_back(std::move(entry));
    }
    object["notes"] = table.notes;
    list.push_back(std::move(object));
  }
  return nlohmann::ordered_json{{"tables", std::move(list)}}.dump(2, ' ', false,
                                                                  nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace

std::string markdown_cell(const std::string& raw_text) {
  const std::string text = printable(raw_text, Breaks::kept);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto word = [&](std::size_t at) {
      return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
    };
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\n':
        out += "<br>";
        break;
      case '\\':
      case '|':
      case '*':
      case '`':
      case '[':
      case ']':
      case '~':
        out += '\\';
        out += c;
        break;
      case '_':  // inside a word it is only itself
        if (!(i > 0 && word(i - 1) && word(i + 1))) out += '\\';
        out += c;
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string write(std::span<const Table> tables, Format format, const Style& style) {
  assert(std::all_of(tables.begin(), tables.end(), [](const Table& table) { return repeated_names(table).empty(); }));
  switch (format) {
    case Format::terminal:
      return terminal(harmless(tables), style);
    case Format::markdown:
      return markdown(harmless(tables));
    case Format::csv:
      return csv(tables);
    case Format::json:
      return json(tables);
  }
  return {};
}

std::string write(const Table& table, Format format, const Style& style) { return write({&table, 1}, format, style); }

}  // namespace actbench::reports
