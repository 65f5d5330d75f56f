// SPDX-License-Identifier: Apache-2.0
//
// Files of certificates. Whatever the bytes, either they are read or refused in one sentence that names the file.
#include <cstdint>

#include "bench/certificates/certificate.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return actbench::fuzz::refused_in_a_sentence(
      data, size, [](const std::string& text) { actbench::bench::Certificates(text, "FILE"); });
}
