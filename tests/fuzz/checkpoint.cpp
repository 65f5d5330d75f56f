// SPDX-License-Identifier: Apache-2.0
//
// Checkpoints of sweeps. Whatever the bytes, either they are read or refused in one sentence that names the file.
#include "bench/sweep/checkpoint.hpp"

#include <cstdint>

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using actbench::bench::Checkpoint;
  // Those of another build are refused at once: @BUILD@ stands for this one.
  static const std::string build = [] {
    const std::string text = Checkpoint().text(), field = "\"build\": \"";
    const std::size_t begin = text.find(field) + field.size();
    return text.substr(begin, text.find('"', begin) - begin);
  }();
  return actbench::fuzz::refused_in_a_sentence(data, size, [](std::string text) {
    const std::string mark = "@BUILD@";
    if (const std::size_t at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), build);
    Checkpoint::parse(text, "FILE");
  });
}
