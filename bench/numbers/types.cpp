// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "bench/numbers/eight_bits.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {

const reference::Format& format_of(Type type) {
  const reference::Format* format = reference::find_format(name(type));
  if (format == nullptr) throw std::logic_error(fmt::format("the reference knows no type {}", name(type)));
  return *format;
}

int fraction_bits(Type type) {
  switch (type) {
    case Type::f32:
      return 23;
    case Type::f64:
      return 52;
    case Type::f16:
      return 10;
    case Type::bf16:
      return 7;
  }
  return type == f8_e4m3fn ? 3 : 2;
}
int exponent_bits(Type type) { return bits_of(type) - 1 - fraction_bits(type); }

double value_of(Type type, std::uint64_t pattern) {
  const int fraction = fraction_bits(type), exponent = exponent_bits(type);
  const std::uint64_t special = (std::uint64_t{1} << exponent) - 1;
  const std::uint64_t e = pattern >> fraction & special;
  const std::uint64_t f = pattern & ((std::uint64_t{1} << fraction) - 1);
  const bool negative = pattern >> (fraction + exponent) & 1;
  const int bias = static_cast<int>(special >> 1);
  const std::uint64_t nan_alone = has_infinity(type) ? 0 : (std::uint64_t{1} << fraction) - 1;
  double size;
  if (nan_alone != 0 && e == special) {  // numbers like any other but for the last
    size = f == nan_alone ? std::nan("")
                          : std::ldexp(static_cast<double>(f | std::uint64_t{1} << fraction),
                                       static_cast<int>(e) - bias - fraction);
  } else if (e == special) {
    size = f != 0 ? std::nan("") : HUGE_VAL;
  } else if (e == 0) {
    size = std::ldexp(static_cast<double>(f), 1 - bias - fraction);
  } else {
    size = std::ldexp(static_cast<double>(f | std::uint64_t{1} << fraction), static_cast<int>(e) - bias - fraction);
  }
  return negative ? -size : size;
}

std::uint64_t pattern_of(Type type, double value) {
  const int fraction = fraction_bits(type), exponent = exponent_bits(type);
  const std::uint64_t special = (std::uint64_t{1} << exponent) - 1;
  const std::uint64_t sign = std::uint64_t{std::signbit(value)} << (fraction + exponent);
  if (!has_infinity(type) && !std::isfinite(value)) return sign | ((std::uint64_t{1} << (fraction + exponent)) - 1);
  if (std::isnan(value)) return sign | special << fraction | std::uint64_t{1} << (fraction - 1);
  if (std::isinf(value)) return sign | special << fraction;
  if (value == 0) return sign;
  const int bias = static_cast<int>(special >> 1);
  const int e = std::max(std::ilogb(value), 1 - bias);
  // Subnormal numbers have no leading bit, and so the exponent field that is one lower comes by itself.
  const auto significand = static_cast<std::uint64_t>(std::ldexp(std::fabs(value), fraction - e));
  return sign | (significand + (static_cast<std::uint64_t>(e + bias - 1) << fraction));
}

void widen(Type type, const void* array, double* out, std::size_t n) {
  switch (type) {
    case Type::f32: {
      const auto* from = static_cast<const float*>(array);
      for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<double>(from[i]);
      return;
    }
    case Type::f64:
      std::memcpy(out, array, n * sizeof(double));
      return;
    // Two loops that the compiler can vectorise.
    case Type::f16: {
      // Exponent and fraction moved to where f32 has them; the product puts the difference of the biases right, for
      // subnormal numbers too.
      const auto* from = static_cast<const std::uint16_t*>(array);
      for (std::size_t i = 0; i < n; ++i) {
        const auto magnitude = static_cast<std::uint32_t>(from[i] & 0x7fff) << 13;
        const auto sign = static_cast<std::uint32_t>(from[i] & 0x8000) << 16;
        const auto finite = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112f);
        const std::uint32_t value = magnitude >= 0x0f800000 ? magnitude | 0x7f800000 : finite;
        out[i] = static_cast<double>(std::bit_cast<float>(value | sign));
      }
      return;
    }
    case Type::bf16: {
      const auto* from = static_cast<const std::uint16_t*>(array);
      for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(from[i]) << 16));
      return;
    }
  }
  for (std::size_t i = 0; i < n; ++i) out[i] = value_of(type, pattern_at(type, array, i));
}

std::uint64_t pattern_at(Type type, const void* array, std::size_t i) {
  const std::size_t size = size_of(type);
  std::uint64_t pattern = 0;  // little-endian, as every machine that the kernels run on
  std::memcpy(&pattern, static_cast<const char*>(array) + i * size, size);
  return pattern;
}

void set_pattern(Type type, void* array, std::size_t i, std::uint64_t pattern) {
  const std::size_t size = size_of(type);
  std::memcpy(static_cast<char*>(array) + i * size, &pattern, size);
}

std::string decimal(Type type, double value) {
  if (std::isnan(value) || (std::isinf(value) && !has_infinity(type))) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (type == Type::f32) return fmt::format("{}", static_cast<float>(value));
  if (type == Type::f64) return fmt::format("{}", value);
  for (int digits = 1; digits < 17; ++digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (round_to(type, std::strtod(text.c_str(), nullptr)) == value) return text;
  }
  return fmt::format("{}", value);
}

std::string hexadecimal(double value) {
  if (std::isnan(value)) return "nan";
  return fmt::format("{:a}", value);
}

std::string bits(Type type, std::uint64_t pattern) { return fmt::format("0x{:0{}x}", pattern, bits_of(type) / 4); }

namespace {

/// A number's text without its sign.
struct Signed {
  bool negative = false, has_sign = false;
  std::string digits;  // lower case
};

Signed split_sign(std::string_view text) {
  Signed result;
  for (const std::string_view sign : {"-", "\u2212", "+"}) {
    if (text.substr(0, sign.size()) == sign) {
      result.has_sign = true;
      result.negative = sign != "+";
      text.remove_prefix(sign.size());
      break;
    }
  }
  for (char c : text) result.digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_bit_pattern(const std::string& text) {
  return text.size() > 2 && text.compare(0, 2, "0x") == 0 &&
         text.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
}

/// Digits, dots and exponents only: strtod reads more than we promise.
bool looks_like_number(const std::string& text) {
  const bool hexadecimal = text.compare(0, 2, "0x") == 0;
  return !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '.') &&
         text.find_first_not_of(hexadecimal ? "0123456789abcdefxp.+-" : "0123456789e.+-") == std::string::npos;
}

[[noreturn]] void not_a_number(std::string_view text) {
  throw UsageError(
      fmt::format("'{}' is not a number: give a decimal number (-5.5, 1e-3), a hexadecimal one (0x1.8p-3), a bit "
                  "pattern (0xc0b00000), "
                  "inf or nan",
                  text));
}

}  // namespace

int pattern_width(std::string_view text) {
  const Signed number = split_sign(text);
  if (!is_bit_pattern(number.digits)) return 0;
  const std::size_t width = 4 * (number.digits.size() - 2);
  return width == 16 || width == 32 || width == 64 ? static_cast<int>(width) : 0;
}

std::uint64_t parse_number(Type type, std::string_view text) {
  const Signed number = split_sign(text);
  const std::uint64_t sign = std::uint64_t{number.negative} << (bits_of(type) - 1);
  if (number.digits == "inf" || number.digits == "infinity") return sign | pattern_of(type, HUGE_VAL);
  if (number.digits == "nan") return sign | pattern_of(type, std::nan(""));
  if (is_bit_pattern(number.digits)) {
    if (number.has_sign) throw UsageError(fmt::format("'{}': a bit pattern has its own sign bit", text));
    if (const int width = pattern_width(text); width != 0 && width != bits_of(type)) {
      throw UsageError(fmt::format("'{}' is a pattern of {} bits, but {} has {}; give {} hexadecimal digits", text,
                                   width, name(type), bits_of(type), bits_of(type) / 4));
    }
    std::uint64_t pattern = 0;
    const char* end = number.digits.data() + number.digits.size();
    const auto result = std::from_chars(number.digits.data() + 2, end, pattern, 16);
    if (result.ec != std::errc() || (bits_of(type) < 64 && pattern >> bits_of(type) != 0)) {
      throw UsageError(fmt::format("'{}' has more than the {} bits of {}", text, bits_of(type), name(type)));
    }
    return pattern;
  }
  if (!looks_like_number(number.digits)) not_a_number(text);
  const char* begin = number.digits.c_str();
  char* end = nullptr;
  // Straight to f32, for rounding once. The half types take the detour over double.
  const double size =
      type == Type::f32 ? static_cast<double>(std::strtof(begin, &end)) : round_to(type, std::strtod(begin, &end));
  if (end != begin + number.digits.size()) not_a_number(text);
  if (std::isinf(size)) {
    throw RangeError(fmt::format("'{}' is beyond the largest number of {}; write inf for infinity", text, name(type)));
  }
  const std::string significand = number.digits.substr(0, number.digits.find(begin[1] == 'x' ? 'p' : 'e'));
  if (size == 0 && significand.find_first_of("123456789abcdf") != std::string::npos) {
    throw RangeError(
        fmt::format("'{}' is nearer to 0 than to any other number of {}; write 0 for zero", text, name(type)));
  }
  return sign | pattern_of(type, size);
}

double parse_finite(std::string_view text) {
  const Signed number = split_sign(text);
  if (is_bit_pattern(number.digits) || !looks_like_number(number.digits)) {
    throw UsageError(
        fmt::format("'{}' is not a finite number: give a decimal number or a hexadecimal one (0x1.8p-3)", text));
  }
  return value_of(Type::f64, parse_number(Type::f64, text));
}

double parse_within(std::string_view text, double least, double most, std::string_view what) {
  try {
    const double value = parse_finite(text);
    if (value >= least && value <= most) return value;
  } catch (const UsageError&) {
    // The error below says what is wrong.
  }
  throw UsageError(fmt::format("{} '{}' is not a number from {:g} to {:g}", what, text, least, most));
}

namespace {

/// A whole number as a count is written, 0 too; nothing where it is none, or has more than 64 bits.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  const auto digits_of = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t n = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size()) return std::nullopt;
    return n;
  };
  const std::size_t mark = text.find_first_of("^eE");
  if (mark == std::string_view::npos) return digits_of(text);
  const auto first = digits_of(text.substr(0, mark)), exponent = digits_of(text.substr(mark + 1));
  if (!first || !exponent) return std::nullopt;
  const std::uint64_t base = text[mark] == '^' ? *first : 10;
  std::uint64_t n = text[mark] == '^' ? 1 : *first;
  for (std::uint64_t i = 0; i < *exponent && n != 0 && base != 1; ++i) {
    if (__builtin_mul_overflow(n, base, &n)) return std::nullopt;
  }
  return n;
}

}  // namespace

std::uint64_t parse_count(std::string_view text, std::string_view what) {
  if (const auto n = whole_number(text); n && *n > 0) return *n;
  throw UsageError(fmt::format(
      "{} '{}' is not a count: give a whole number of at least 1, such as 1000000, 1e6 or 2^20", what, text));
}

std::uint64_t parse_whole(std::string_view text, std::uint64_t least, std::uint64_t most, std::string_view what) {
  if (const auto n = whole_number(text); n && *n >= least && *n <= most) return *n;
  const std::string limits =
      most == UINT64_MAX ? fmt::format("{} to 2^64 - 1", least) : fmt::format("{} to {}", least, most);
  throw UsageError(fmt::format("{} '{}' is not a whole number from {}", what, text, limits));
}

}  // namespace actbench::bench
