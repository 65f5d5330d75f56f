// SPDX-License-Identifier: Apache-2.0
#include "reports/writers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>

#include "reports/text.hpp"

namespace actbench::reports {
namespace {

const std::string& heading(const Column& column) { return column.heading.empty() ? column.name : column.heading; }
const std::string& heading(const Fact& fact) { return fact.heading.empty() ? fact.name : fact.heading; }
std::string heading_with_unit(const Column& column) {
  return column.unit.empty() ? heading(column) : fmt::format("{} ({})", heading(column), column.unit);
}
std::string shown(const Fact& fact) { return reports::shown(fact.cell, Column{}); }

// ---- What people see of a table

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

/// A table's columns as people get them: what all rows share apart from what they differ in, part by part; columns
/// without a single value not at all.
struct View {
  std::vector<std::string> shared;              ///< "type f32"
  std::vector<std::vector<std::size_t>> parts;  ///< columns, the keys first
};

bool rows_agree(const Table& table, std::size_t column) {
  const std::string first = shown(table.rows[0][column], table.columns[column]);
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [&](const auto& row) { return shown(row[column], table.columns[column]) == first; });
}

bool all_empty(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column].empty(); });
}

View view(const Table& table) {
  View result;
  std::vector<std::size_t> keys, others;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    if (column.audience == Audience::machines || all_empty(table, c)) continue;
    if (column.liftable && table.rows.size() > 1 && rows_agree(table, c)) {
      result.shared.push_back(fmt::format("{} {}{}{}", heading(column), shown(table.rows[0][c], column),
                                          column.unit.empty() ? "" : " ", column.unit));
    } else {
      (column.key ? keys : others).push_back(c);
    }
  }
  std::stable_partition(others.begin(), others.end(), [&](std::size_t c) { return table.columns[c].leads; });
  std::vector<int> parts;
  for (std::size_t c : others) parts.push_back(table.columns[c].part);
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  if (parts.empty()) parts.push_back(0);
  for (int part : parts) {
    std::vector<std::size_t> columns = keys;
    for (std::size_t c : others) {
      if (table.columns[c].part == part) columns.push_back(c);
    }
    result.parts.push_back(std::move(columns));
  }
  return result;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

// ---- Terminal

constexpr std::size_t gap = 2;          // between columns
constexpr std::size_t least_text = 24;  // columns of text are not squeezed below this

std::string painted(const std::string& text, const char* code, const Style& style) {
  return style.colour && !text.empty() ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}
std::string painted(const std::string& text, Emphasis emphasis, const Style& style) {
  switch (emphasis) {
    case Emphasis::plain:
      return text;
    case Emphasis::good:
      return painted(text, "32", style);
    case Emphasis::bad:
      return painted(text, "1;31", style);
    case Emphasis::faint:
      return painted(text, "2", style);
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  lines.push_back(text.substr(begin));
  return lines;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    longest = std::max(longest, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
}

/// Columns side by side, with the width each is given.
struct Block {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;
};

constexpr std::size_t least_beside = 16;  // columns that keys leave to what stands beside them

/// Where keys take almost all of the width, those of several words are folded, the widest first.
void fold_keys(const Table& table, const std::vector<std::size_t>& columns, std::vector<std::size_t>& widths,
               std::size_t width) {
  for (std::size_t folded = 0; folded < widths.size(); ++folded) {
    if (std::accumulate(widths.begin(), widths.end(), widths.size() * gap) + least_beside <= width) return;
    const auto widest = std::max_element(widths.begin(), widths.end());
    const std::size_t c = columns[static_cast<std::size_t>(widest - widths.begin())];
    std::size_t word = std::max(longest_word(heading(table.columns[c])), display_width(table.columns[c].unit));
    for (const auto& row : table.rows) word = std::max(word, longest_word(shown(row[c], table.columns[c])));
    *widest = std::min(*widest, std::max<std::size_t>(word, 8));
  }
}

std::vector<Block> blocks(const Table& table, const std::vector<std::size_t>& columns, std::size_t width) {
  const auto natural = [&](std::size_t c) {
    std::size_t w = std::max(longest_word(heading(table.columns[c])), display_width(table.columns[c].unit));
    for (const auto& row : table.rows) {
      for (const std::string& line : lines_of(shown(row[c], table.columns[c]))) w = std::max(w, display_width(line));
    }
    return w;
  };
  // Without keys the first column tells rows apart, if it is short.
  std::vector<std::size_t> keys;
  while (keys.size() < columns.size() && table.columns[columns[keys.size()]].key)
    keys.push_back(natural(columns[keys.size()]));
  if (keys.empty() && columns.size() > 1 && natural(columns[0]) <= width / 4) keys.push_back(natural(columns[0]));
  fold_keys(table, columns, keys, width);
  const std::size_t key_count = keys.size();
  const std::size_t key_width = std::accumulate(keys.begin(), keys.end(), key_count * gap);
  const auto fresh = [&] {
    return Block{{columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(key_count)}, keys};
  };

  std::vector<Block> result{fresh()};
  std::size_t used = key_width;
  for (std::size_t i = key_count; i < columns.size(); ++i) {
    const std::size_t c = columns[i];
    std::size_t w = natural(c);
    const bool squeezable = !table.columns[c].right && w > least_text;
    if (used + w > width && result.back().columns.size() > key_count && !(squeezable && used + least_text <= width)) {
      result.push_back(fresh());
      used = key_width;
    }
    if (squeezable && used + w > width) w = std::max(least_text, width > used ? width - used : least_text);
    result.back().columns.push_back(c);
    result.back().widths.push_back(w);
    used += w + gap;
  }
  return result;
}

void put_line(std::string& out, std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  out += line;
  out += '\n';
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return right ? space + text : text + space;
}

void write_block(std::string& out, const Table& table, const Block& block, const Style& style) {
  // Headings, in as many lines as the tallest takes, ending on the same line.
  std::vector<std::vector<std::string>> heads;
  std::size_t height = 0;
  for (std::size_t i = 0; i < block.columns.size(); ++i) {
    const Column& column = table.columns[block.columns[i]];
    std::vector<std::string> lines = lines_of(wrap(heading(column), block.widths[i]));
    if (!column.unit.empty()) lines.push_back(column.unit);
    height = std::max(height, lines.size());
    heads.push_back(std::move(lines));
  }
  std::size_t total = 0;
  for (std::size_t w : block.widths) total += w + gap;
  total -= std::min(total, gap);
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const std::size_t empty = height - heads[i].size();
      text +=
          padded(line < empty ? "" : heads[i][line - empty], block.widths[i], table.columns[block.columns[i]].right);
      text.append(gap, ' ');
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    put_line(out, painted(text, "1", style));
  }
  std::string rule;
  for (std::size_t i = 0; i < total; ++i) rule += "─";
  put_line(out, painted(rule, "2", style));

  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 1;
    for (std::size_t i = 0; i < block.columns.size(); ++i) {
      cells.push_back(
          lines_of(wrap(shown(table.rows[r][block.columns[i]], table.columns[block.columns[i]]), block.widths[i])));
      lines = std::max(lines, cells.back().size());
    }
    for (std::size_t line = 0; line < lines; ++line) {
      std::string text;
      std::size_t pending = 0;  // spaces, held back so that none end a line
      for (std::size_t i = 0; i < block.columns.size(); ++i) {
        const std::size_t c = block.columns[i];
        const Column& column = table.columns[c];
        const std::string cell = line < cells[i].size() ? cells[i][line] : "";
        const std::size_t space = block.widths[i] - std::min(block.widths[i], display_width(cell));
        Emphasis emphasis = table.rows[r][c].emphasis;
        // A key that repeats the row above steps back.
        if (emphasis == Emphasis::plain && column.key && i == 0 && r > 0 &&
            shown(table.rows[r - 1][c], column) == shown(table.rows[r][c], column)) {
          emphasis = Emphasis::faint;
        }
        if (column.right) pending += space;
        if (!cell.empty()) {
          text.append(pending, ' ');
          text += painted(cell, emphasis, style);
          pending = 0;
        }
        pending += (column.right ? 0 : space) + gap;
      }
      put_line(out, std::move(text));
    }
  }
}

std::string terminal(std::span<const Table> tables, const Style& style) {
  std::string out;
  for (const Table& table : tables) {
    if (!out.empty()) out += '\n';
    if (!table.title.empty()) put_line(out, painted(table.title, "1", style));
    std::size_t widest = 0;
    for (const Fact& fact : table.facts) {
      if (fact.audience != Audience::machines) widest = std::max(widest, display_width(heading(fact)));
    }
    for (const Fact& fact : table.facts) {
      if (fact.audience == Audience::machines) continue;
      const std::string indent(widest + gap, ' ');
      const std::size_t room = style.width > widest + gap ? style.width - widest - gap : 1;
      put_line(out, padded(heading(fact), widest + gap, false) +
                        wrap(shown(fact), std::max(room, least_text) + widest + gap, indent));
    }
    const View v = table.rows.empty() ? View{} : view(table);
    if (!v.shared.empty())
      put_line(out, painted(wrap("all rows: " + joined(v.shared, " · "), style.width, "  "), "2", style));
    for (const auto& part : v.parts) {
      for (const Block& block : blocks(table, part, style.width)) {
        if (!out.empty()) out += '\n';
        write_block(out, table, block, style);
      }
    }
    if (!table.notes.empty()) out += '\n';
    for (const std::string& note : table.notes) {
      for (const std::string& line : lines_of(wrap(note, style.width, "  "))) put_line(out, painted(line, "2", style));
    }
  }
  return out;
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
