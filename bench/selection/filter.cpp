// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Whether a glob without braces matches one component.
bool component_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g, ++t;
    } else if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool run_matches(const std::vector<std::string_view>& globs, const std::vector<std::string_view>& parts) {
  for (std::size_t begin = 0; begin + globs.size() <= parts.size(); ++begin) {
    bool all = true;
    for (std::size_t i = 0; i < globs.size() && all; ++i) all = component_matches(globs[i], parts[begin + i]);
    if (all) return true;
  }
  return false;
}

/// "a{b,c}d,e" → "abd", "acd", "e".
std::vector<std::string> expand(std::string_view text, const std::string& pattern) {
  int depth = 0;
  std::size_t open = std::string_view::npos, close = std::string_view::npos;
  std::vector<std::size_t> cuts;  // commas between alternatives of the first pair of braces
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' && ++depth == 1 && open == std::string_view::npos) open = i;
    if (text[i] == '}' && --depth == 0 && close == std::string_view::npos) close = i;
    if (depth < 0) break;
    if (text[i] == ',' && depth == 0) {
      std::vector<std::string> both = expand(text.substr(0, i), pattern);
      for (std::string& rest : expand(text.substr(i + 1), pattern)) both.push_back(std::move(rest));
      return both;
    }
    if (text[i] == ',' && depth == 1 && close == std::string_view::npos) cuts.push_back(i);
  }
  if (depth != 0) throw UsageError(fmt::format("the braces of filter '{}' do not pair", pattern));
  if (open == std::string_view::npos) return {std::string(text)};
  std::vector<std::string> result;
  cuts.push_back(close);
  std::size_t begin = open + 1;
  for (std::size_t cut : cuts) {
    const std::string one =
        fmt::format("{}{}{}", text.substr(0, open), text.substr(begin, cut - begin), text.substr(close + 1));
    for (std::string& expanded : expand(one, pattern)) result.push_back(std::move(expanded));
    begin = cut + 1;
  }
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// "; gelu/forward goes on with f32, f64": what follows the longest beginning of a glob that matches.
std::string what_follows(std::span<const Kernel> table, std::string_view glob) {
  const std::vector<std::string_view> words = split(glob, '/');
  for (std::size_t known = words.size() - 1; known > 0; --known) {
    std::vector<std::string> next;
    for (const Kernel& kernel : table) {
      const std::string text = identity(kernel);
      const std::vector<std::string_view> parts = split(text, '/');
      for (std::size_t begin = 0; begin + known < parts.size(); ++begin) {
        bool all = true;
        for (std::size_t i = 0; i < known && all; ++i) all = component_matches(words[i], parts[begin + i]);
        const std::string follows(parts[begin + known]);
        if (all && std::find(next.begin(), next.end(), follows) == next.end()) next.push_back(follows);
      }
    }
    if (next.empty()) continue;
    return fmt::format("; {} goes on with {}", fmt::join(words.begin(), words.begin() + static_cast<long>(known), "/"),
                       fmt::join(next, ", "));
  }
  return {};
}

std::string nothing_matches(std::span<const Kernel> table, const Filter& filter) {
  std::string text = fmt::format("no kernel matches '{}'", filter.pattern());
  if (!filter.is_glob()) {
    return text + " (a regular expression, searched for in activation/direction/type/tier/backend); see: actbench list";
  }
  std::set<std::string> components;
  std::map<std::string, std::string> other_names;
  for (const Kernel& kernel : table) {
    const std::string text_of_kernel = identity(kernel);
    for (std::string_view part : split(text_of_kernel, '/')) components.emplace(part);
    for (std::string& alias : aliases(*kernel.activation))
      other_names.emplace(std::move(alias), kernel.activation->name);
  }
  std::vector<std::string> candidates(components.begin(), components.end());
  for (const auto& [alias, activation] : other_names) candidates.push_back(alias);

  bool all_known = true;
  std::vector<std::string> near;
  for (const std::string& glob : filter.globs()) {
    for (std::string_view word : split(glob, '/')) {
      if (std::any_of(components.begin(), components.end(), [&](const auto& c) { return component_matches(word, c); }))
        continue;
      all_known = false;
      for (const std::string& found : near_misses(word, candidates)) {
        const auto other = other_names.find(found);
        std::string said = other == other_names.end() || components.count(found) != 0
                               ? found
                               : fmt::format("{} (also called {})", other->second, found);
        if (std::find(near.begin(), near.end(), said) == near.end()) near.push_back(std::move(said));
      }
    }
  }
  if (!near.empty()) return text + did_you_mean(near);
  if (all_known) text += ": its parts exist, but not together in that order";
  const std::string follows = filter.globs().size() == 1 ? what_follows(table, filter.globs()[0]) : std::string();
  return text + (follows.empty() ? "; see: actbench list" : follows);
}

}  // namespace

Filter::Filter(std::string pattern) : pattern_(std::move(pattern)) {
  if (pattern_.empty()) throw UsageError("an empty filter matches nothing; without a filter every kernel is chosen");
  constexpr const char* glob_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/*?,{}";
  if (pattern_.find_first_not_of(glob_characters) == std::string::npos) {
    globs_ = expand(pattern_, pattern_);
    return;
  }
  try {
    regex_.assign(pattern_, std::regex::ECMAScript);
  } catch (const std::regex_error&) {
    throw UsageError(fmt::format(
        "filter '{}' is neither a glob, because of its characters, nor a valid regular expression", pattern_));
  }
}

bool Filter::matches(std::string_view text) const {
  if (!is_glob()) return std::regex_search(text.begin(), text.end(), regex_);
  const std::vector<std::string_view> parts = split(text, '/');
  return std::any_of(globs_.begin(), globs_.end(),
                     [&](const std::string& glob) { return run_matches(split(glob, '/'), parts); });
}

std::vector<const Kernel*> matching(std::span<const Kernel> table, std::span<const std::string> patterns) {
  std::vector<bool> chosen(table.size(), patterns.empty());
  for (const std::string& pattern : patterns) {
    const Filter filter(pattern);
    bool any = false;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (!filter.matches(identity(table[i]))) continue;
      chosen[i] = true;
      any = true;
    }
    if (!any) throw UsageError(nothing_matches(table, filter));
  }
  std::vector<const Kernel*> result;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (chosen[i]) result.push_back(&table[i]);
  }
  return result;
}

std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    const bool contained = word.size() >= 3 && candidate.find(word) != std::string::npos;
    if (contained || distance <= std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3)) {
      ranked.emplace_back(distance, candidate);
    }
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  std::vector<std::string> result;
  for (const auto& [distance, candidate] : ranked) {
    if (result.size() < 5) result.push_back(candidate);
  }
  return result;
}

std::string did_you_mean(std::span<const std::string> near) {
  if (near.empty()) return {};
  std::string text = "; did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += near[i];
  }
  return text + "?";
}

std::vector<std::string> aliases(const Activation& activation) {
  std::vector<std::string> names;
  for (std::string_view part : split(activation.aliases, ',')) {
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) names.emplace_back(part);
  }
  return names;
}

}  // namespace actbench::bench
