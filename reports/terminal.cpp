// SPDX-License-Identifier: Apache-2.0
//
// Tables on a terminal.
#include "reports/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/layout.hpp"
#include "reports/text.hpp"

namespace actbench::reports {
namespace {

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
  for (std::size_t w : block.widths) total += w + column_gap;
  total -= std::min(total, column_gap);
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const std::size_t empty = height - heads[i].size();
      text +=
          padded(line < empty ? "" : heads[i][line - empty], block.widths[i], table.columns[block.columns[i]].right);
      text.append(column_gap, ' ');
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
        pending += (column.right ? 0 : space) + column_gap;
      }
      put_line(out, std::move(text));
    }
  }
}

/// Where not even the keys leave room for a column beside them: each row by itself, a line for each of its cells.
void write_rows_apart(std::string& out, const Table& table, const std::vector<std::size_t>& columns,
                      const Style& style) {
  std::size_t widest = 0;
  for (const std::size_t c : columns) widest = std::max(widest, display_width(heading(table.columns[c])));
  widest = std::min(widest, style.width / 2);
  const std::size_t room = std::max<std::size_t>(style.width - std::min(style.width, widest + column_gap), 1);
  for (const auto& row : table.rows) {
    if (!out.empty()) out += '\n';
    for (const std::size_t c : columns) {
      const Column& column = table.columns[c];
      if (row[c].empty()) continue;
      const bool of_number = !column.unit.empty() && row[c].numeric();
      const std::vector<std::string> heads = lines_of(wrap(heading(column), std::max<std::size_t>(widest, 1)));
      const std::vector<std::string> cells =
          lines_of(wrap(shown(row[c], column) + (of_number ? " " + column.unit : ""), room));
      for (std::size_t line = 0; line < std::max(heads.size(), cells.size()); ++line) {
        const std::string head = padded(line < heads.size() ? heads[line] : "", widest + column_gap, false);
        put_line(out, painted(head, column.key ? "1" : "2", style) +
                          painted(line < cells.size() ? cells[line] : "", row[c].emphasis, style));
      }
    }
  }
}

void write_facts(std::string& out, const Table& table, const Style& style) {
  std::size_t widest = 0;
  for (const Fact& fact : table.facts) {
    if (fact.audience != Audience::machines) widest = std::max(widest, display_width(heading(fact)));
  }
  const std::size_t room = style.width > widest + column_gap ? style.width - widest - column_gap : 1;
  for (const Fact& fact : table.facts) {
    if (fact.audience == Audience::machines) continue;
    std::string head = heading(fact);
    const std::string text = reports::shown(fact.cell, Column{});
    if (longest_word(text) > room) {  // a number with all of its digits stands below
      put_line(out, head);
      for (const std::string& line : lines_of(wrap(text, std::max(style.width, least_text) - column_gap)))
        put_line(out, "  " + line);
      continue;
    }
    for (const std::string& line : lines_of(wrap(text, std::max(room, least_text)))) {
      put_line(out, padded(head, widest + column_gap, false) + line);
      head.clear();
    }
  }
}

void write_rows(std::string& out, const Table& table, const Style& style) {
  const View v = view(table);
  if (!v.shared.empty()) {
    const std::string text = fmt::format("all rows: {}", fmt::join(v.shared, " · "));
    for (const std::string& line : lines_of(wrap(text, style.width, "  "))) put_line(out, painted(line, "2", style));
  }
  std::vector<Block> all;
  std::vector<std::size_t> columns;
  for (const auto& part : v.parts) {
    for (Block& block : blocks(table, part, style.width)) all.push_back(std::move(block));
    for (const std::size_t c : part) {
      if (std::find(columns.begin(), columns.end(), c) == columns.end()) columns.push_back(c);
    }
  }
  // A column alone is as wide as it is.
  if (columns.size() > 1 && width_of(all) > style.width) {
    write_rows_apart(out, table, columns, style);
    return;
  }
  for (const Block& block : all) {
    if (!out.empty()) out += '\n';
    write_block(out, table, block, style);
  }
}

}  // namespace

std::string terminal(std::span<const Table> tables, const Style& asked) {
  const Style style{std::min(asked.width, widest_on_terminal), asked.colour};
  std::string out;
  for (const Table& table : tables) {
    if (!out.empty()) out += '\n';
    if (!table.title.empty()) {
      for (const std::string& line : lines_of(wrap(table.title, style.width))) put_line(out, painted(line, "1", style));
    }
    write_facts(out, table, style);
    if (!table.rows.empty()) write_rows(out, table, style);
    if (!table.notes.empty()) out += '\n';
    for (const std::string& note : table.notes) {
      for (const std::string& line : lines_of(wrap(note, style.width, "  "))) put_line(out, painted(line, "2", style));
    }
  }
  return out;
}

}  // namespace actbench::reports
