// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/file_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "bench/arrays/files.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

std::deque<FileValues>& files() {
  static std::deque<FileValues> all;
  return all;
}

std::vector<double> values_of(const arrays::Array& array) {
  std::vector<double> values;
  const auto take = [&](std::uint64_t first, std::uint64_t n) {
    for (std::uint64_t i = first; i < first + n; ++i)
      values.push_back(value_of(array.type(), pattern_at(array.type(), array.data(), i)));
  };
  if (array.count() <= most_file_values) {
    take(0, array.count());
    return values;
  }
  constexpr std::uint64_t pieces = 64, piece = most_file_values / pieces;
  for (std::uint64_t i = 0; i < pieces; ++i) take((array.count() - piece) / (pieces - 1) * i, piece);
  return values;
}

}  // namespace

std::size_t read_file_values(const std::string& file) {
  std::deque<FileValues>& all = files();
  const auto known = std::find_if(all.begin(), all.end(), [&](const FileValues& f) { return f.file == file; });
  if (known != all.end()) return static_cast<std::size_t>(known - all.begin());
  const arrays::Array array(file, {}, {}, arrays::Integers::refused);
  if (array.count() == 0) throw UsageError(fmt::format("--like {}: the file has no numbers", file));
  all.push_back({file, values_of(array)});
  return all.size() - 1;
}

const FileValues& file_values(std::size_t number) { return files().at(number); }

}  // namespace actbench::bench
