// SPDX-License-Identifier: Apache-2.0
//
// Reading the files that this program writes for itself, none of which may be trusted: whatever is missing, of another
// kind or out of range becomes a FieldError.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/support/errors.hpp"

namespace actbench::bench::json {

using nlohmann::json;

struct FieldError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline const json& field(const json& object, const char* name) {
  if (!object.is_object())
    throw FieldError(fmt::format("there is no object with \"{}\" in it where one belongs", name));
  const auto found = object.find(name);
  if (found == object.end()) throw FieldError(fmt::format("\"{}\" is missing", name));
  return *found;
}

inline std::string text(const json& object, const char* name) {
  const json& value = field(object, name);
  if (!value.is_string()) throw FieldError(fmt::format("\"{}\" should be a text", name));
  return value.get<std::string>();
}

inline std::uint64_t whole(const json& object, const char* name) {
  const json& value = field(object, name);
  if (!value.is_number_unsigned()) throw FieldError(fmt::format("\"{}\" should be a whole number from 0 on", name));
  return value.get<std::uint64_t>();
}

/// A list of at most `most` entries.
inline const json& list(const json& object, const char* name, std::size_t most) {
  const json& value = field(object, name);
  if (!value.is_array()) throw FieldError(fmt::format("\"{}\" should be a list", name));
  if (value.size() > most) throw FieldError(fmt::format("\"{}\" has more than {} entries", name, most));
  return value;
}

/// A number, or "inf", which JSON has no number for; not negative.
inline double size(const json& object, const char* name) {
  const json& value = field(object, name);
  if (value.is_string() && value.get<std::string>() == "inf") return HUGE_VAL;
  if (!value.is_number() || !(value.get<double>() >= 0))
    throw FieldError(fmt::format("\"{}\" should be a number from 0 on, or \"inf\"", name));
  return value.get<double>();
}
inline std::string size_text(double v) { return std::isinf(v) ? "\"inf\"" : fmt::format("{}", v); }

/// Whether a text is 0x and so many hexadecimal digits.
inline bool is_pattern(std::string_view text, std::size_t digits) {
  return text.size() == digits + 2 && text.starts_with("0x") &&
         text.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

/// 64 bits as 0x and sixteen digits.
inline std::uint64_t bits(const json& value, const char* name) {
  const std::string digits = value.is_string() ? value.get<std::string>() : "";
  if (!is_pattern(digits, 16)) throw FieldError(fmt::format("\"{}\" is not 0x and sixteen digits", name));
  return std::stoull(digits.substr(2), nullptr, 16);
}
inline std::uint64_t bits_field(const json& object, const char* name) { return bits(field(object, name), name); }
/// A list of so many of them.
template <std::size_t count>
std::array<std::uint64_t, count> bits_list(const json& object, const char* name) {
  const json& values = list(object, name, count);
  if (values.size() != count) throw FieldError(fmt::format("\"{}\" has not {} entries", name, count));
  std::array<std::uint64_t, count> all;
  for (std::size_t i = 0; i < count; ++i) all[i] = bits(values[i], name);
  return all;
}
inline std::string bits_text(std::uint64_t v) { return fmt::format("0x{:016x}", v); }

inline constexpr int deepest = 16;  ///< no file of ours nests so far; a million brackets would take the memory

/// Far more than any file of ours has, and little enough to be held in memory a moment later.
inline constexpr std::size_t most_values = 1000000;

/// A text as JSON. Throws FieldError, or json::parse_error.
inline json parse(const std::string& text) {
  std::size_t values = 0;
  return json::parse(text, [&values](int depth, json::parse_event_t, json&) {
    if (++values > most_values) throw FieldError(fmt::format("it has more than {} values", most_values));
    if (depth > deepest) throw FieldError(fmt::format("it nests deeper than {} levels", deepest));
    return true;
  });
}

/// What a file is a version of, "format" for one, and the version that this program writes.
struct Version {
  const char* field;
  std::uint64_t known;
};

/// Throws FieldError, naming both, where a file has other versions than the program.
inline void check_versions(const json& file, std::initializer_list<Version> all) {
  std::string has, known;
  bool same = true;
  for (const Version& v : all) {
    const std::uint64_t version = whole(file, v.field);
    same = same && version == v.known;
    has += fmt::format("{}{} {}", has.empty() ? "" : ", ", v.field, version);
    known += fmt::format("{}{} {}", known.empty() ? "" : ", ", v.field, v.known);
  }
  if (!same) throw FieldError(fmt::format("{}; this program knows {}", has, known));
}

/// A text as JSON has it.
inline std::string quoted(std::string_view s) {
  return json(std::string(s)).dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Throws FieldError where the errors of a file are by another measure than promises are.
inline void expect_goldberg(const json& object) {
  if (const std::string measure = text(object, "ulp"); measure != "goldberg")
    throw FieldError(fmt::format("\"ulp\" is {}, and should be \"goldberg\"", quoted(std::string_view(measure))));
}

/// To be called where a reader of a file has caught something: throws what is wrong with the file as a UsageError that
/// says what it should be ("file of certificates"), and again what is not about the file.
[[noreturn]] inline void refuse(const std::string& file, const char* kind) {
  try {
    throw;
  } catch (const FieldError& e) {
    throw UsageError(fmt::format("{} is no {}: {}", file, kind, e.what()));
  } catch (const json::parse_error& e) {
    throw UsageError(fmt::format("{} is no {}: not JSON at byte {}", file, kind, e.byte));
  } catch (const json::exception&) {
    throw UsageError(fmt::format("{} is no {}: it has a number that is too large", file, kind));
  }
}

}  // namespace actbench::bench::json
