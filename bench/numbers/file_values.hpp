// SPDX-License-Identifier: Apache-2.0
//
// The numbers of files that --like names, kept for as long as the program runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace actbench::bench {

struct FileValues {
  std::string file;            ///< as it was named
  std::vector<double> values;  ///< in the file's order, whatever its shape is; at least one
};

/// Longer files are represented by 64 pieces of equal distance, which have as many numbers together.
inline constexpr std::size_t most_file_values = std::size_t{1} << 22;

/// Reads an NPY file of f32, f64, f16 or bf16, or finds it among those that were read. Returns its number. Throws
/// UsageError: no such file, another format, integers, cut short, without any number.
std::size_t read_file_values(const std::string& file);

/// By its number.
const FileValues& file_values(std::size_t number);

}  // namespace actbench::bench
