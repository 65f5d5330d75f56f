// SPDX-License-Identifier: Apache-2.0
//
// The header of NumPy's array files (NPY 1.0 to 3.0): what numpy.save writes, and nothing more lenient.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench::arrays {

struct NpyHeader {
  std::string descr;  ///< of a number: "<f4"
  bool fortran = false;
  std::vector<std::uint64_t> shape;  ///< empty: one number
  std::size_t data = 0;              ///< where the numbers begin, in bytes

  std::uint64_t count() const;  ///< of elements
};

/// The most bytes that a header has. NumPy itself reads up to 10000.
inline constexpr std::size_t most_header = std::size_t{1} << 16;

/// Reads the start of a file, of which at least most_header bytes are given unless it is shorter. Throws UsageError:
/// one sentence that names the file, says what is wrong with it, and what would be right.
NpyHeader parse_npy(std::string_view start, const std::string& file);

/// Whether integers may be bit patterns of the type that is asked for.
enum class Integers : unsigned char { patterns, refused };

/// The type that a header's numbers have. asked: what --type says, which decides where NumPy's name leaves it open
/// (integers that hold bit patterns). Throws UsageError, naming the file.
Type type_of(const NpyHeader&, std::optional<Type> asked, const std::string& file, Integers = Integers::patterns);

/// A header, padded so that the numbers begin at a multiple of 64. bf16 is what ml_dtypes makes of it, "<V2"; types of
/// 8 bits are patterns, "|u1", which every version of NumPy reads.
std::string npy_header(Type, const std::vector<std::uint64_t>& shape);

}  // namespace actbench::bench::arrays
