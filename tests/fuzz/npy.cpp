// SPDX-License-Identifier: Apache-2.0
//
// Headers of NumPy's files. Whatever the bytes, either they are read, with a shape that can be counted and a type, or
// they are refused in one sentence that names the file.
#include "bench/arrays/npy.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace actbench;
  for (const std::optional<Type> asked : {std::optional<Type>(), std::optional(Type::f16), std::optional(Type::f64)}) {
    fuzz::refused_in_a_sentence(data, size, [&](const std::string& text) {
      const bench::arrays::NpyHeader header = bench::arrays::parse_npy(text, "FILE");
      if (header.data > text.size() || header.count() >> 60 != 0) std::abort();
      bench::arrays::type_of(header, asked, "FILE");
    });
  }
  return 0;
}
