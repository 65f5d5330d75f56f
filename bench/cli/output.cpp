// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/output.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <utility>

#include "bench/cli/streams.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

bool coloured(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0') && term != nullptr &&
         std::strcmp(term, "dumb") != 0;
}

}  // namespace

void write_and_show(const std::function<void()>& write, const std::function<void()>& show) {
  try {
    write();
  } catch (const std::exception&) {
    show();
    throw;
  }
  show();
}

reports::Table Output::condensed(reports::Table table) const {
  return for_people() ? with_backends_joined(std::move(table)) : table;
}

std::vector<reports::Table> Output::condensed(std::vector<reports::Table> tables) const {
  for (reports::Table& table : tables) table = condensed(std::move(table));
  return tables;
}

void Output::print(std::span<const reports::Table> tables) const {
  std::string text = reports::write(tables, format, {terminal_width(), coloured(colour)});
  // What programs read holds names as they are; on a terminal none of them may steer.
  const bool as_they_are = format == reports::Format::csv || format == reports::Format::json;
  if (as_they_are && isatty(STDOUT_FILENO) != 0) text = reports::printable(text, reports::Breaks::kept);
  write_stdout(text);
}

}  // namespace actbench::bench
