// SPDX-License-Identifier: Apache-2.0
//
// Markdown of a size that one can read: the largest tables end early.
#include <fmt/format.h>

#include <algorithm>

#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::reports {
namespace {

/// Fewer rows than that say nothing: then other tables have to give way.
constexpr std::size_t few = 10;

/// What the note about rows left out takes, at most.
constexpr std::size_t note_bytes = 160;

std::string markdown(const Table& table) { return write(table, Format::markdown); }

/// The largest size such that tables cut to it, and the others as they are, make up at most so many bytes.
std::size_t size_for_each(std::vector<std::size_t> sizes, std::size_t bytes) {
  std::sort(sizes.begin(), sizes.end());
  std::size_t left = bytes;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::size_t share = left / (sizes.size() - i);
    if (sizes[i] > share) return share;
    left -= sizes[i];
  }
  return bytes;
}

/// Takes rows from the end until the table has that size, but leaves a few.
void cut(Table& table, std::size_t bytes, const std::string& rest) {
  const std::size_t all = table.rows.size();
  const std::size_t room = bytes > note_bytes ? bytes - note_bytes : 0;
  for (std::size_t size = 0; table.rows.size() > few && (size = markdown(table).size()) > room;)
    table.rows.resize(std::clamp<std::size_t>(table.rows.size() * room / size, few, table.rows.size() - 1));
  if (table.rows.size() < all) {
    table.notes.insert(table.notes.begin(),
                       fmt::format("The table ends here: {} of {} are left out. {} has all of them.",
                                   all - table.rows.size(), counted(all, "row"), rest));
  }
}

}  // namespace

std::string markdown_within(std::vector<Table> tables, std::size_t bytes, const std::string& rest) {
  std::size_t left_out = 0;
  while (true) {
    std::vector<Table> shown = tables;
    std::vector<std::size_t> sizes;
    for (const Table& table : shown) sizes.push_back(markdown(table).size() + 1);
    std::string said;
    if (left_out > 0) {
      said = fmt::format("\n{} more would be too long for this page. {} has what they say.\n",
                         counted(left_out, "table"), rest);
    }
    if (write(shown, Format::markdown).size() + said.size() > bytes) {
      const std::size_t most = size_for_each(sizes, bytes - std::min(bytes, said.size()));
      for (std::size_t i = 0; i < shown.size(); ++i) {
        if (sizes[i] > most) cut(shown[i], most, rest);
      }
    }
    std::string text = write(shown, Format::markdown) + said;
    if (text.size() <= bytes || tables.size() <= 1) return text;
    const std::size_t surplus = std::max<std::size_t>(1, tables.size() * (text.size() - bytes) / text.size() / 2);
    tables.resize(tables.size() - surplus);
    left_out += surplus;
  }
}

}  // namespace actbench::reports
