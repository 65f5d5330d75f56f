// SPDX-License-Identifier: Apache-2.0
#include "bench/eval/cases.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench::eval {
namespace {

using Kernels = std::span<const Kernel* const>;

/// The kernels by direction and type.
std::vector<Kernels> groups_of(Kernels kernels) {
  std::vector<Kernels> groups;
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    end = group_end(kernels, first);
    groups.push_back(kernels.subspan(first, end - first));
  }
  return groups;
}

std::string why_left_out(Type type, const RangeError& why) {
  return fmt::format("Left out: {}: {}.", name(type), why.what());
}

// ---- Element by element

/// The number as a pattern of each of the types that it fits.
std::map<Type, std::uint64_t> parse_for(const std::string& text, const std::set<Type>& types, bool by_name,
                                        std::set<std::string>& notes) {
  std::map<Type, std::uint64_t> patterns;
  const int width = pattern_width(text);
  for (const Type type : types) {
    if (!by_name && width != 0 && width != bits_of(type)) continue;
    try {
      patterns.emplace(type, parse_number(type, text));
    } catch (const RangeError& e) {
      if (by_name || types.size() == 1) throw;
      notes.insert(why_left_out(type, e));
    }
  }
  if (patterns.empty()) {
    std::string known;
    for (const Type type : types)
      known += fmt::format("{}{} ({} bits)", known.empty() ? "" : ", ", name(type), bits_of(type));
    throw UsageError(fmt::format("'{}' fits none of the types: {}", text, known));
  }
  return patterns;
}

std::vector<Case> read_points(const Texts& texts, Kernels kernels, std::span<const Setting> set, bool by_name,
                              std::set<std::string>& notes) {
  std::set<Type> types;
  for (const Kernel* kernel : kernels) types.insert(kernel->type);
  const auto parse = [&](const std::string& text) { return parse_for(text, types, by_name, notes); };
  const std::map<Type, std::uint64_t> dy = parse(texts.dy.empty() ? "1" : texts.dy);
  const std::map<Type, std::uint64_t> a = parse(texts.a.empty() ? "1" : texts.a);
  std::vector<Case> cases;
  for (const std::string& text : texts.x) {
    const std::map<Type, std::uint64_t> x = parse(text);
    for (const Kernels group : groups_of(kernels)) {
      const Type type = group[0]->type;
      if (!x.contains(type) || !dy.contains(type) || !a.contains(type)) continue;
      cases.push_back(
          {{group.begin(), group.end()}, parameters_of(*group[0], set), {{x.at(type), dy.at(type), a.at(type)}}});
    }
  }
  if (cases.empty()) {
    throw UsageError(fmt::format("no type fits all of {}{}{}", fmt::join(texts.x, ", "),
                                 texts.dy.empty() ? "" : ", --dy " + texts.dy,
                                 texts.a.empty() ? "" : ", --a " + texts.a));
  }
  return cases;
}

// ---- Over rows

/// A bit pattern must be of the type's width.
std::uint64_t parse_element(Type type, std::string_view text) {
  const int width = pattern_width(text);
  if (width != 0 && width != bits_of(type)) throw RangeError(fmt::format("'{}' is a pattern of {} bits", text, width));
  return parse_number(type, text);
}

std::vector<Case> read_rows(const Texts& texts, Kernels kernels, bool by_name, std::set<std::string>& notes) {
  std::vector<std::string_view> dy;
  if (!texts.dy.empty()) dy = reports::split(texts.dy, ',');
  if (!dy.empty() && dy.size() != texts.x.size()) {
    throw UsageError(fmt::format("--dy has {}, the row {}: it takes one for each, comma separated",
                                 reports::counted(dy.size(), "number"), texts.x.size()));
  }
  std::vector<Case> cases;
  for (const Kernels group : groups_of(kernels)) {
    const Kernel& kernel = *group[0];
    Case row{{group.begin(), group.end()}, {}, {}};
    try {
      for (const std::string& text : texts.x) row.elements.push_back({.x = parse_element(kernel.type, text)});
      for (std::size_t i = 0; takes_dy(kernel.direction) && i < row.elements.size(); ++i)
        row.elements[i].dy = parse_element(kernel.type, dy.empty() ? "1" : dy[i]);
    } catch (const RangeError& e) {
      if (by_name) throw;
      notes.insert(why_left_out(kernel.type, e));
      continue;
    }
    cases.push_back(std::move(row));
  }
  if (cases.empty()) throw UsageError("no type fits all of these numbers");
  return cases;
}

}  // namespace

Cases read_cases(const Texts& texts, const Runnable& found, std::span<const Setting> set, bool types_by_name) {
  const bool over_rows = found.kernels[0]->activation->shape == Shape::rows;
  std::set<std::string> left_out;
  Cases cases{over_rows ? read_rows(texts, found.kernels, types_by_name, left_out)
                        : read_points(texts, found.kernels, set, types_by_name, left_out),
              {left_out.begin(), left_out.end()}};
  cases.notes.insert(cases.notes.end(), found.notes.begin(), found.notes.end());
  return cases;
}

}  // namespace actbench::bench::eval
