// SPDX-License-Identifier: Apache-2.0
#include "bench/support/duration.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

#include "bench/support/errors.hpp"

namespace actbench::bench {

double parse_duration(const std::string& text, const char* what) {
  constexpr double longest = 30.0 * 24 * 3600;
  constexpr std::string_view units = "hms";
  constexpr double seconds_of[] = {3600, 60, 1};
  const auto fail = [&]() -> double {
    throw UsageError(
        fmt::format("{} '{}' is no length of time from 1s to 720h: give one such as 90s, 3m, 1h or 1h30m", what, text));
  };
  double seconds = 0, number = 0;
  std::size_t digits = 0, next_unit = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = 10 * number + (c - '0');
      if (++digits > 7) return fail();
      continue;
    }
    const std::size_t unit = units.find(c, next_unit);
    if (digits == 0 || unit == units.npos) return fail();
    seconds += number * seconds_of[unit];
    number = 0, digits = 0, next_unit = unit + 1;
  }
  if (digits > 0 || seconds < 1 || seconds > longest) return fail();
  return seconds;
}

}  // namespace actbench::bench
