// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "bench/selection/kernel_columns.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "reports/files.hpp"
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

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const long asked = columns != nullptr ? std::strtol(columns, nullptr, 10) : 0;
  return asked > 0 && asked < 10000 ? static_cast<std::size_t>(asked) : 120;
}

void write_stdout(const std::string& text) {
  const Quiet quiet;  // where stdout is read on the terminal that shows progress
  const int error = reports::write_all(STDOUT_FILENO, text);
  if (error == EPIPE) throw ReaderGone();
  if (error != 0) throw UsageError(fmt::format("cannot write the output: {}", std::strerror(error)));
}

void write_error(const std::string& sentence) {
  const Quiet quiet;
  reports::write_all(STDERR_FILENO, fmt::format("actbench: {}\n", reports::printable(sentence)));
}

void fill_missing_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest number that is free
  }
}

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

void Output::print(std::span<const reports::Table> tables) const {
  std::string text = reports::write(tables, format, {terminal_width(), coloured(colour)});
  // What programs read holds names as they are; on a terminal none of them may steer.
  const bool as_they_are = format == reports::Format::csv || format == reports::Format::json;
  if (as_they_are && isatty(STDOUT_FILENO) != 0) text = reports::printable(text, reports::Breaks::kept);
  write_stdout(text);
}

}  // namespace actbench::bench
