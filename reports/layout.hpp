// SPDX-License-Identifier: Apache-2.0
//
// A table as people see it, before it is text of any kind: which columns, in which parts, side by side as far as the
// width allows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/table.hpp"

namespace actbench::reports {

const std::string& heading(const Column&);
const std::string& heading(const Fact&);

inline constexpr std::size_t column_gap = 2;   ///< between columns
inline constexpr std::size_t least_text = 24;  ///< columns of text are not squeezed below this

/// A table's columns as people get them: what all rows share apart from what they differ in, part by part; columns
/// without a single value not at all.
struct View {
  std::vector<std::string> shared;              ///< "type f32"
  std::vector<std::vector<std::size_t>> parts;  ///< columns, the keys first
};
View view(const Table&);

std::vector<std::string> lines_of(const std::string&);
/// How wide the widest of the words is that lines may be broken between.
std::size_t longest_word(const std::string&);

/// Columns side by side, with the width each is given.
struct Block {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;
};

/// The columns in as many blocks below one another as the width takes, each with the keys, which are folded where they
/// take almost all of the width.
std::vector<Block> blocks(const Table&, const std::vector<std::size_t>& columns, std::size_t width);

/// How wide the widest of the blocks is.
std::size_t width_of(const std::vector<Block>&);

}  // namespace actbench::reports
