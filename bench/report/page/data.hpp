// SPDX-License-Identifier: Apache-2.0
//
// The tables of a report as its page holds them: JSON, column by column, without what repeats.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reports/folder.hpp"

namespace actbench::bench::page {

struct Source {
  std::string name, about, file;  ///< of a plug-in: its name is a backend
};

/// What commands need to make a number again, by name: "seed", "row_elements", "row_lengths".
using Run = std::vector<std::pair<std::string, std::string>>;

struct Data {
  std::string json;
  std::vector<std::string> left_out;  ///< names of CSV files for which there was no room
};

/// {"run": {name: text}, "plugins": [{"name", "about", "file"}], "absent": [files], "tables": [{"file", "rows",
/// "columns"}]} of the CSV among the files, which is safe inside <script>. A column has a name "n" and one of
///   "s"         the one value of all rows,
///   "v"         a value a row,
///   "d" and "i" the values that there are, and which of them each row has,
///   "d" and "r" the same, where [i, j, …] says that the i-th comes j times, and so on,
///   "k"         the names of the columns whose values, joined by "/", it has.
/// Values are numbers or text; empty text is no value. Measured numbers are rounded to what one reads; CSV has them
/// whole. Tables come in the order of the files; those that would make it longer than `most` bytes are left out, the
/// largest first.
Data data_of(std::span<const reports::Folder::File> files, std::span<const Source> plugins, const Run&,
             std::size_t most);

}  // namespace actbench::bench::page
