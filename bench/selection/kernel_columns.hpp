// SPDX-License-Identifier: Apache-2.0
//
// Tables of kernels: the columns that say which kernel a row is about, and those that say what was found.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "actbench/kernels.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// The columns and, for one kernel, their cells. People see what all rows share once, above the table.
std::vector<reports::Column> kernel_columns();
std::vector<reports::Cell> kernel_cells(const Kernel&);

/// The verdict on a promise: "pass", or "fail", which people see as FAIL.
reports::Cell promise_cell(bool kept);

/// A column, and the cell that a row of the findings has in it.
template <class Finding>
struct Field {
  reports::Column column;
  std::function<reports::Cell(const Finding&)> cell;
};

/// Gives an empty table the columns of the kernel and of the fields, and one row for each finding.
template <class Finding>
void fill(reports::Table& table, std::span<const Field<Finding>> fields, std::span<const Finding> findings,
          const Kernel& (*kernel)(const Finding&)) {
  table.columns = kernel_columns();
  for (const auto& field : fields) table.columns.push_back(field.column);
  for (const Finding& finding : findings) {
    std::vector<reports::Cell>& cells = table.rows.emplace_back(kernel_cells(kernel(finding)));
    for (const auto& field : fields) cells.push_back(field.cell(finding));
  }
}

/// The table for people: backends that agree in all that is shown share a row, "scalar avx2 avx512".
reports::Table with_backends_joined(reports::Table);

}  // namespace actbench::bench
