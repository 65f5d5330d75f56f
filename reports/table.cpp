// SPDX-License-Identifier: Apache-2.0
#include "reports/table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "reports/text.hpp"

namespace actbench::reports {

// Out of line: tables are built cell by cell in many places, and each would carry all of the variant's code.
Cell::Cell() = default;
Cell::Cell(bool v) : value(v) {}
Cell::Cell(int v) : value(std::int64_t{v}) {}
Cell::Cell(std::int64_t v) : value(v) {}
Cell::Cell(std::uint64_t v) : value(v) {}
Cell::Cell(double v) : value(v) {}
Cell::Cell(std::string v) : value(std::move(v)) {}
Cell::Cell(const char* v) : value(std::string(v)) {}
Cell::Cell(const Cell&) = default;
Cell::Cell(Cell&&) noexcept = default;
Cell& Cell::operator=(const Cell&) = default;
Cell& Cell::operator=(Cell&&) noexcept = default;
Cell::~Cell() = default;

namespace {

std::string shown_number(double v, const Column& column) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  switch (column.display) {
    case Display::plain:
      return fmt::format("{}", v);
    case Display::count:
      return v >= 0 && v < 1e18 ? compact_count(static_cast<std::uint64_t>(std::llround(v))) : fmt::format("{:.3g}", v);
    case Display::decimals:
      return fmt::format("{:.{}f}", v, column.digits);
    case Display::significant: {
      // Fixed notation where it takes no more than a few zeros.
      const double size = std::fabs(v);
      if (size == 0) return "0";
      if (size < 1e-4 || size >= 1e7) return fmt::format("{:.{}e}", v, column.digits - 1);
      const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
      return fmt::format("{:.{}f}", v, std::max(0, column.digits - before));
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> repeated_names(const Table& table) {
  std::set<std::string> headings, names;
  std::vector<std::string> repeated;
  const auto add = [&](std::set<std::string>& known, std::string name) {
    while (!name.empty() && name.back() == ' ') name.pop_back();  // a space makes no difference that one sees
    if (!known.insert(name).second) repeated.push_back(name);
  };
  for (const Fact& fact : table.facts) {
    if (fact.audience != Audience::people) add(names, fact.name);
  }
  for (const Column& column : table.columns) {
    if (column.audience != Audience::people) add(names, column.name);
    if (column.audience != Audience::machines)
      add(headings, (column.heading.empty() ? column.name : column.heading) + " " + column.unit);
  }
  return repeated;
}

std::string shown(const Cell& cell, const Column& column) {
  if (!cell.shown.empty()) return cell.shown;
  struct {
    const Column& column;
    std::string operator()(std::monostate) const { return "—"; }
    std::string operator()(bool v) const { return v ? "yes" : "no"; }
    std::string operator()(std::int64_t v) const {
      return column.display == Display::count && v >= 0 ? compact_count(static_cast<std::uint64_t>(v))
                                                        : fmt::format("{}", v);
    }
    std::string operator()(std::uint64_t v) const {
      return column.display == Display::count ? compact_count(v) : fmt::format("{}", v);
    }
    std::string operator()(double v) const { return shown_number(v, column); }
    std::string operator()(const std::string& v) const { return v.empty() ? "—" : v; }
  } visitor{column};
  return std::visit(visitor, cell.value);
}

std::string raw(const Cell& cell) {
  struct {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return std::isnan(v) ? "nan" : fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v; }
  } visitor;
  return std::visit(visitor, cell.value);
}

}  // namespace actbench::reports
