// SPDX-License-Identifier: Apache-2.0

#include "bench/commands/arrays.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>
#include <vector>

#include "bench/numbers/eight_bits.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

using arrays::Array;

const std::vector<std::string> type_names{"f32", "f64", "f16", "bf16", "f8_e4m3fn", "f8_e5m2"};

/// One more array, which must fit x.
Array beside(const Array& x, const std::string& file, const ArrayFiles& files) {
  Array array(file, files.raw, files.type);
  if (array.type() != x.type())
    throw UsageError(fmt::format("{} is {}, and {} {}; both have to be of one type", x.file(), name(x.type()),
                                 array.file(), name(array.type())));
  if (array.count() != x.count())
    throw UsageError(fmt::format("{} has {} numbers, and {} {}", x.file(), x.count(), array.file(), array.count()));
  return array;
}

std::optional<Array> multiplier(const Array& x, const std::string& named, const char* option, bool taken,
                                const ArrayFiles& files, const std::string& what) {
  if (!taken) {
    if (!named.empty()) throw UsageError(fmt::format("--{} is for directions that take it, not for {}", option, what));
    return std::nullopt;
  }
  const std::string file = named.empty() ? arrays::beside(files.inputs, option).string() : named;
  if (named.empty() && !std::filesystem::exists(file))
    throw UsageError(fmt::format("{} takes {}, too: name its file by --{} FILE", what, option, option));
  return beside(x, file, files);
}

}  // namespace

void add_direction(CLI::App& app, std::string& direction) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(Direction::gradient_b); ++i)
    names.emplace_back(name(static_cast<Direction>(i)));
  app.add_option(
         "--direction", direction,
         "forward (default), derivative, backward, alpha_gradient; of gated units forward, gradient_a, gradient_b")
      ->check(CLI::IsMember(names))
      ->type_name("NAME");
}

void add_array_type(CLI::App& app, std::string& type, const char* help) {
  app.add_option("--type", type, help)->check(CLI::IsMember(type_names))->type_name("TYPE");
}

void add_raw(CLI::App& app, std::string& type) {
  app.add_option("--raw", type,
                 "The files have no header, but bare numbers of this type: f32, f64, f16, bf16, f8_e4m3fn or f8_e5m2")
      ->check(CLI::IsMember(type_names))
      ->type_name("TYPE");
}

GivenArrays read_arrays(const ArrayFiles& files, Multipliers takes, const std::string& what) {
  Array x(files.inputs, files.raw, files.type);
  Array y = beside(x, files.outputs, files);
  std::optional<Array> dy = multiplier(x, files.dy, "dy", takes.dy, files, what);
  std::optional<Array> a = multiplier(x, files.a, "a", takes.a, files, what);
  std::optional<Array> other;
  if (!files.against.empty()) other.emplace(beside(x, files.against, files));
  return {std::move(x), std::move(y), std::move(dy), std::move(a), std::move(other)};
}

score::Arrays engine_arrays(const GivenArrays& given) {
  return {.x = given.x.data(),
          .y = given.y.data(),
          .n = given.x.count(),
          .dy = given.dy ? given.dy->data() : nullptr,
          .a = given.a ? given.a->data() : nullptr,
          .other = given.other ? given.other->data() : nullptr};
}

Direction direction_named(const std::string& text) {
  int direction = 0;
  while (text != name(static_cast<Direction>(direction))) ++direction;
  return static_cast<Direction>(direction);
}

std::optional<Type> type_named(const std::string& text) { return array_type(text); }

}  // namespace actbench::bench
