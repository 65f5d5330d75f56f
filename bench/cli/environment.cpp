// SPDX-License-Identifier: Apache-2.0
#include "bench/cli/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

std::string value_of(const char* variable) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? std::string() : std::string(text);
}

/// The words that hide instruction sets.
std::vector<std::string> maskable() {
  return {
      "fma",
#define ACTBENCH_BACKEND(name, ...) #name,
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
  };
}

void check_mask(const std::string& mask) {
  const std::vector<std::string> known = maskable();
  for (std::size_t begin = 0; begin < mask.size();) {
    const std::size_t end = std::min(mask.find(',', begin), mask.size());
    const std::string word = mask.substr(begin, end - begin);
    begin = end + 1;
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      throw UsageError(fmt::format("the environment variable ACTBENCH_CPU_MASK hides '{}', which is none of {}", word,
                                   fmt::join(known, ", ")));
    }
  }
}

}  // namespace

void refuse_senseless_environment() {
  check_mask(value_of("ACTBENCH_CPU_MASK"));
  if (const std::string bytes = value_of("ACTBENCH_STREAM_FROM");
      bytes.find_first_not_of("0123456789") != std::string::npos) {
    throw UsageError(fmt::format(
        "the environment variable ACTBENCH_STREAM_FROM is '{}', and should be a whole number of bytes, such as 33554432",
        bytes));
  }
  if (const std::string pause = value_of("ACTBENCH_PROGRESS"); !pause.empty() && pause != "off")
    parse_within(pause, 0.1, 1e6, "the environment variable ACTBENCH_PROGRESS, which is seconds or off,");
}

}  // namespace actbench::bench
