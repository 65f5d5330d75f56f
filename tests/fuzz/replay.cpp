// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz target over files, and over each of them cut short at many places, with a byte changed at many, and with
// a number replaced by a larger one: what a build without libFuzzer can do.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/numbers/random.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  if (files.empty()) {
    std::fputs("no files to replay\n", stderr);
    return 1;
  }
  std::size_t runs = 0;
  actbench::Random random(1);
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    run(text), ++runs;
    for (int i = 0; i < 500 && !text.empty(); ++i) {
      std::string changed = text;
      const std::size_t at = random.next() % text.size();
      const std::uint64_t kind = random.next() % 3;
      if (kind == 0) changed.resize(at);
      if (kind == 1) changed[at] = static_cast<char>(random.next());
      if (kind == 2) changed.replace(at, random.next() % 9, "\xff\xff\xff\xff\xff\xff\xff\x7f");
      run(changed), ++runs;
    }
  }
  std::printf("%zu files, %zu runs\n", files.size(), runs);
  return 0;
}
