// SPDX-License-Identifier: Apache-2.0
#include "reports/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "reports/text.hpp"

namespace actbench::reports {
namespace {

bool rows_agree(const Table& table, std::size_t column) {
  const std::string first = shown(table.rows[0][column], table.columns[column]);
  return std::all_of(table.rows.begin(), table.rows.end(),
                     [&](const auto& row) { return shown(row[column], table.columns[column]) == first; });
}

bool all_empty(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column].empty(); });
}

constexpr std::size_t least_beside = 16;  // columns that keys leave to what stands beside them

/// Where keys take almost all of the width, those of several words are folded, the widest first.
void fold_keys(const Table& table, const std::vector<std::size_t>& columns, std::vector<std::size_t>& widths,
               std::size_t width) {
  for (std::size_t folded = 0; folded < widths.size(); ++folded) {
    if (std::accumulate(widths.begin(), widths.end(), widths.size() * column_gap) + least_beside <= width) return;
    const auto widest = std::max_element(widths.begin(), widths.end());
    const std::size_t c = columns[static_cast<std::size_t>(widest - widths.begin())];
    std::size_t word = std::max(longest_word(heading(table.columns[c])), display_width(table.columns[c].unit));
    for (const auto& row : table.rows) word = std::max(word, longest_word(shown(row[c], table.columns[c])));
    *widest = std::min(*widest, std::max<std::size_t>(word, 8));
  }
}

}  // namespace

const std::string& heading(const Column& column) { return column.heading.empty() ? column.name : column.heading; }
const std::string& heading(const Fact& fact) { return fact.heading.empty() ? fact.name : fact.heading; }

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

std::vector<std::string> lines_of(const std::string& text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  return {lines.begin(), lines.end()};
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    longest = std::max(longest, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
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
  const std::size_t key_width = std::accumulate(keys.begin(), keys.end(), key_count * column_gap);
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
    used += w + column_gap;
  }
  return result;
}

std::size_t width_of(const std::vector<Block>& blocks) {
  std::size_t widest = 0;
  for (const Block& block : blocks) {
    const std::size_t gaps = column_gap * (block.widths.size() - std::min<std::size_t>(1, block.widths.size()));
    widest = std::max(widest, std::accumulate(block.widths.begin(), block.widths.end(), gaps));
  }
  return widest;
}

}  // namespace actbench::reports
