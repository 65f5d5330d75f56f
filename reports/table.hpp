// SPDX-License-Identifier: Apache-2.0
//
// Records as every part of the program hands them to the writers: rows of cells that keep their raw values, and columns
// that say how people see them. How a terminal, Markdown, CSV or JSON shows them is the writers' business.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace actbench::reports {

/// How a cell strikes the reader, where there is colour.
enum class Emphasis : unsigned char { plain, good, bad, faint };

/// One value. Machines get it raw; people get `shown`, or, where that is empty, the value as its column displays it.
struct Cell {
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string> value;
  std::string shown{};
  Emphasis emphasis = Emphasis::plain;

  Cell();  ///< nothing: a dash for people, empty in CSV, null in JSON
  Cell(bool);
  Cell(int);
  Cell(std::int64_t);
  Cell(std::uint64_t);
  Cell(double);
  Cell(std::string);
  Cell(const char*);
  Cell(const Cell&);
  Cell(Cell&&) noexcept;
  Cell& operator=(const Cell&);
  Cell& operator=(Cell&&) noexcept;
  ~Cell();

  Cell& as(std::string text) {
    shown = std::move(text);
    return *this;
  }
  Cell& with(Emphasis m) {
    emphasis = m;
    return *this;
  }
  bool empty() const {
    const auto* text = std::get_if<std::string>(&value);
    return value.index() == 0 || (text != nullptr && text->empty());
  }
  bool numeric() const { return value.index() >= 2 && value.index() <= 4; }
};

/// How people see the numbers of a column: as they are; counts from 100 000 on with k, M, G (powers of ten); a number
/// of decimals; a number of significant digits.
enum class Display : unsigned char { plain, count, decimals, significant };

enum class Audience : unsigned char { all, people, machines };

struct Column {
  std::string name{};     ///< for machines: "max_ulp"
  std::string heading{};  ///< for people: "max ULP"; empty: the name
  std::string unit{};     ///< "ns"; may be empty
  Display display = Display::plain;
  int digits = 0;      ///< of Display::decimals and Display::significant
  bool right = false;  ///< aligned to the right
  Audience audience = Audience::all;
  bool key = false;       ///< says what a row is about: repeated wherever the row is continued
  bool leads = false;     ///< people see it right after the keys, in the row's first part: a verdict
  bool liftable = false;  ///< where all rows agree, people see it once, above the table
  int part = 0;           ///< people see a table's parts one below another, each with the key columns
};

/// A value that holds for all rows: a line above the table for people, a column of CSV, a member of JSON's "facts".
struct Fact {
  std::string name{};     ///< for machines
  std::string heading{};  ///< for people; empty: the name
  Cell cell{};
  Audience audience = Audience::all;
};

struct Table {
  std::string name{};   ///< for machines: "accuracy"
  std::string title{};  ///< for people; may be empty
  std::vector<Fact> facts{};
  std::vector<Column> columns{};
  std::vector<std::vector<Cell>> rows{};  ///< as many cells as columns each
  std::vector<std::string> notes{};       ///< sentences
};

/// The names that two columns of a table share: the headings, with units, of what people see, the names, facts'
/// included, of what machines read. No table should have any.
std::vector<std::string> repeated_names(const Table&);

/// The cell as people see it in that column: never empty.
std::string shown(const Cell&, const Column&);

/// The cell's raw value as text: numbers in the shortest form that reads back the same, "inf", "nan", "true", "" for
/// nothing.
std::string raw(const Cell&);

}  // namespace actbench::reports
