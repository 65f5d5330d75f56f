// SPDX-License-Identifier: Apache-2.0
#include "bench/support/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "reports/text.hpp"

namespace actbench::bench {

Progress::Progress(std::string what)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0), start_(Clock::now()), last_(start_) {}

Progress::~Progress() {
  if (!visible_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

void Progress::update(double fraction, const std::string& label, double seconds_left) {
  if (!terminal_) return;
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  if (elapsed < 1 || std::chrono::duration<double>(now - last_).count() < 0.1) return;
  last_ = now;
  visible_ = true;
  fraction = std::clamp(fraction, 0.0, 1.0);
  std::string line = fmt::format("{} {:3.0f} %", what_, 100 * fraction);
  if (seconds_left < 0 && fraction > 0.005) seconds_left = elapsed * (1 - fraction) / fraction;
  if (seconds_left >= 0) line += fmt::format(", {} left", reports::duration(seconds_left));
  if (!label.empty()) line += fmt::format("  {}", reports::printable(label));
  winsize size{};
  const std::size_t width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
  // Identities and times are ASCII, so bytes are columns.
  if (line.size() > width) line.resize(width);
  fmt::print(stderr, "\r\033[K{}", line);
  std::fflush(stderr);
}

}  // namespace actbench::bench
