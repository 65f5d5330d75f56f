// SPDX-License-Identifier: Apache-2.0
//
// Numbers of the kernels' types: as bit patterns, as doubles (which hold every value of every type), and as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "actbench/kernels.hpp"
#include "bench/support/errors.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

const reference::Format& format_of(Type);

/// Bits of a pattern: 32 for f32.
inline int bits_of(Type type) { return static_cast<int>(8 * size_of(type)); }
/// Bits of the exponent field and of the fraction.
int exponent_bits(Type);
int fraction_bits(Type);

double value_of(Type, std::uint64_t pattern);
std::uint64_t pattern_of(Type, double value);  ///< value must be one of the type's

/// The double that holds element i of an array.
void widen(Type, const void* array, double* out, std::size_t n);
std::uint64_t pattern_at(Type, const void* array, std::size_t i);
void set_pattern(Type, void* array, std::size_t i, std::uint64_t pattern);

/// The shortest decimal number that reads back the same in that type: "-5.5", "1e-45", "inf", "nan".
std::string decimal(Type, double value);
/// "-0x1.6p+2", "inf", "nan".
std::string hexadecimal(double value);
/// "0xc0b00000".
std::string bits(Type, std::uint64_t pattern);

/// 16, 32 or 64 where the text is a bit pattern with as many digits as a type of that many bits has; 0 for any other.
int pattern_width(std::string_view);

/// The number is one, but none of the type's.
struct RangeError : UsageError {
  using UsageError::UsageError;
};

/// A number of that type from a decimal number or a hexadecimal one with an exponent (0x1.8p-3), rounded to nearest;
/// from a bit pattern (0xc0b00000), whose digits may be fewer than the type's but not those of another width; or from
/// inf, nan, with a sign or without. Throws UsageError: not a number; RangeError: beyond the type's range, or so small
/// that it would become zero.
std::uint64_t parse_number(Type, std::string_view);

/// A finite double from a decimal or hexadecimal number: a parameter's value. Throws UsageError.
double parse_finite(std::string_view);

/// A finite number from `least` to `most`, as parse_finite() reads it. Throws UsageError naming `what`.
double parse_within(std::string_view, double least, double most, std::string_view what);

/// How many: "1000000", "1e6", "2^20", at least 1. Throws UsageError naming `what`.
std::uint64_t parse_count(std::string_view, std::string_view what);

/// A whole number from `least` to `most`, written as a count is. Throws UsageError naming `what`.
std::uint64_t parse_whole(std::string_view, std::uint64_t least, std::uint64_t most, std::string_view what);

}  // namespace actbench::bench
