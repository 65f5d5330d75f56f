// SPDX-License-Identifier: Apache-2.0
//
// What changed since an earlier report, in words and as a table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/performance/performance.hpp"
#include "bench/report/since.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;

constexpr Change kinds[] = {Change::verdict,      Change::error_grew, Change::slower, Change::gone,
                            Change::error_shrank, Change::faster,     Change::added};

std::string counted(Change change, std::size_t n) {
  switch (change) {
    case Change::verdict:
      return reports::counted(n, "verdict is another", "verdicts are others");
    case Change::error_grew:
      return reports::counted(n, "error grew", "errors grew");
    case Change::error_shrank:
      return reports::counted(n, "error shrank", "errors shrank");
    case Change::slower:
      return reports::counted(n, "time is longer", "times are longer");
    case Change::faster:
      return reports::counted(n, "time is shorter", "times are shorter");
    case Change::gone:
      return reports::counted(n, "kernel is gone", "kernels are gone");
    case Change::added:
      return reports::counted(n, "kernel is new", "kernels are new");
  }
  return {};
}

/// The first of its kind, as an example: "`gelu/…`, 4 ULP before, 5 ULP now".
std::string example(const Difference& d) {
  std::string text = fmt::format("`{}`", d.subject);
  if (!d.where.empty()) text += fmt::format(", {}", d.where);
  const bool time = d.change == Change::slower || d.change == Change::faster;
  if (time) return text + fmt::format(": {:.3g} times as long", d.ratio);
  if (!d.before.empty() && !d.now.empty()) text += fmt::format(": {}, before {}", d.now, d.before);
  return text;
}

std::string compared(const Changes& changes) {
  return fmt::format("{}, {} and {}", reports::counted(changes.errors, "error"),
                     reports::counted(changes.verdicts, "verdict"), reports::counted(changes.times, "time"));
}

std::string of_whom(const EarlierReport& earlier) {
  return reports::markdown_cell(fmt::format("the report in {} of {}", earlier.folder, earlier.started));
}

bool is_time(const Difference& d) { return d.change == Change::slower || d.change == Change::faster; }

Cell value_cell(const Difference& d, const std::string& value) {
  if (value.empty()) return {};
  return is_time(d) ? Cell(fmt::format("{} ns", ns_text(reports::csv_number(value).value_or(std::nan("")))))
                    : Cell(value);
}

}  // namespace

std::string changes_line(const EarlierReport& earlier, const Changes& changes) {
  std::string text = fmt::format("- **What changed since {}?**", of_whom(earlier));
  if (changes.all.empty()) {
    return text + fmt::format(" Nothing that can be told: {} {} as before.\n", compared(changes),
                              changes.errors + changes.verdicts + changes.times == 1 ? "is" : "are");
  }
  const char* separator = " ";
  for (const Change kind : kinds) {
    const std::size_t n = changes.count(kind);
    if (n == 0) continue;
    const auto first = std::find_if(changes.all.begin(), changes.all.end(), [&](auto& d) { return d.change == kind; });
    text += fmt::format("{}{} ({}{})", separator, counted(kind, n), n > 1 ? "such as " : "", example(*first));
    separator = "; ";
  }
  return text + ". \"Since\" below has more.\n";
}

std::string changes_section(const EarlierReport& earlier, const Changes& changes) {
  std::string text = "## Since\n\n";
  text += fmt::format("Compared with {}, revision {}: {}. ", of_whom(earlier), reports::markdown_cell(earlier.revision),
                      compared(changes));
  if (changes.all.empty()) {
    text += "Nothing changed that can be told.\n";
  } else {
    constexpr std::size_t most_of_kind = 8;
    reports::Table table;
    table.columns = {{.name = "change", .key = true}, {.name = "of"}, {.name = "before"}, {.name = "now"}};
    for (const Change kind : kinds) {
      std::size_t shown = 0;
      for (const Difference& d : changes.all) {
        if (d.change != kind || ++shown > most_of_kind) continue;
        table.rows.push_back({name(d.change), d.subject + (d.where.empty() ? "" : ", " + d.where),
                              value_cell(d, d.before), value_cell(d, d.now)});
      }
    }
    if (changes.all.size() > table.rows.size()) {
      text += fmt::format("The largest of each kind, {} of {}; since.csv has all:\n\n", table.rows.size(),
                          reports::counted(changes.all.size(), "change"));
    } else {
      text += "These changed:\n\n";
    }
    text += reports::write(table, reports::Format::markdown);
  }
  for (const std::string& note : changes.notes) text += fmt::format("\n{}\n", note);
  return text;
}

reports::Table changes_table(const Changes& changes) {
  reports::Table table{.name = "since", .title = "What changed"};
  for (const char* column : {"change", "subject", "where", "before", "now", "now_over_before"})
    table.columns.push_back({.name = column});
  for (const Difference& d : changes.all) {
    table.rows.push_back({name(d.change), d.subject, d.where.empty() ? Cell() : Cell(d.where),
                          d.before.empty() ? Cell() : Cell(d.before), d.now.empty() ? Cell() : Cell(d.now),
                          d.ratio > 0 ? Cell(d.ratio) : Cell()});
  }
  return table;
}

}  // namespace actbench::bench
