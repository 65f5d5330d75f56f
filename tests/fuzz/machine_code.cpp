// SPDX-License-Identifier: Apache-2.0
//
// Shared libraries, of which the gate compares functions. Whatever the bytes, either they are refused in one sentence
// that names the file, or functions anywhere can be compared, and are the same as themselves.
#include "bench/gate/machine_code.hpp"

#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return actbench::fuzz::refused_in_a_sentence(data, size, [](const std::string& text) {
    using namespace actbench::bench::gate;
    const MachineCode code(text, "FILE");
    CodeComparison comparison(code, code), other(code, code);
    for (std::uint64_t address = 0; address < 0x400; address += 0x10) {
      const bool same = comparison.same(address, address);
      if (other.same(address, address) != same) std::abort();
      comparison.same(address, address + 0x20);
    }
    comparison.same(~std::uint64_t{0}, ~std::uint64_t{0} - 1);
  });
}
