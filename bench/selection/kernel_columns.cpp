// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/kernel_columns.hpp"

#include <map>
#include <string>

namespace actbench::bench {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Emphasis;

std::vector<Column> kernel_columns() {
  std::vector<Column> columns{{.name = "kernel", .audience = Audience::machines}};
  columns.push_back({.name = "activation", .key = true});
  for (const char* component : {"direction", "type", "tier", "backend"}) {
    columns.push_back({.name = component, .key = true, .liftable = true});
  }
  return columns;
}

std::vector<Cell> kernel_cells(const Kernel& kernel) {
  return {identity(kernel),  kernel.activation->name, name(kernel.direction),
          name(kernel.type), name(kernel.tier),       name(kernel.backend)};
}

Cell promise_cell(bool kept) {
  return kept ? Cell("pass").with(Emphasis::good) : Cell("fail").as("FAIL").with(Emphasis::bad);
}

reports::Table with_backends_joined(reports::Table table) {
  std::size_t backend = 0;
  while (table.columns[backend].name != "backend") ++backend;
  std::map<std::string, std::size_t> known;  // what people see of a row, less its backend
  std::vector<std::vector<Cell>> rows;
  for (auto& row : table.rows) {
    std::string seen;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c != backend && table.columns[c].audience != Audience::machines)
        seen += shown(row[c], table.columns[c]) + "\n";
    }
    const auto [place, fresh] = known.try_emplace(seen, rows.size());
    if (fresh) {
      rows.push_back(std::move(row));
    } else {
      Cell& joined = rows[place->second][backend];
      joined = reports::raw(joined) + " " + reports::raw(row[backend]);
    }
  }
  table.rows = std::move(rows);
  return table;
}

}  // namespace actbench::bench
