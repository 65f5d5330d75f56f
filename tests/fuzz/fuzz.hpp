// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bench/support/errors.hpp"

namespace actbench::fuzz {

/// Reads the bytes; ends the program where they are refused by anything but one sentence that names the file.
template <class Read>
int refused_in_a_sentence(const std::uint8_t* data, std::size_t size, Read read) {
  try {
    read(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const bench::UsageError& e) {
    const std::string sentence = e.what();
    if (sentence.find("FILE") == std::string::npos || sentence.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}

}  // namespace actbench::fuzz
