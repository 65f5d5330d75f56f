// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::split;

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

/// The grammar of globs: alternatives by comma, parts one after the other, braces that hold alternatives.
class Parser {
 public:
  Parser(std::string_view text, std::string_view filter) : text_(text), filter_(filter) {}

  Automaton::Code parse() {
    Automaton::Code code = alternatives();
    if (at_ != text_.size()) unpaired();
    using Kind = Automaton::Kind;
    return Automaton::both(Automaton::both(Automaton::place(Kind::part_begins), std::move(code)),
                           Automaton::place(Kind::part_ends));
  }

 private:
  [[noreturn]] void unpaired() const {
    throw UsageError(fmt::format("the braces of filter '{}' do not pair", filter_));
  }

  Automaton::Code alternatives() {
    std::vector<Automaton::Code> all{sequence()};
    while (at_ < text_.size() && text_[at_] == ',') ++at_, all.push_back(sequence());
    Automaton::Code code = std::move(all.back());  // from the last on, so that none is moved more than once
    for (all.pop_back(); !all.empty(); all.pop_back()) code = Automaton::either(std::move(all.back()), std::move(code));
    return code;
  }

  Automaton::Code sequence() {
    Automaton::Code code;
    for (; at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}'; ++at_) {
      const char c = text_[at_];
      if (c == '{') {
        ++at_;
        code = Automaton::both(std::move(code), alternatives());
        if (at_ == text_.size() || text_[at_] != '}') unpaired();
        continue;
      }
      Automaton::Characters characters;
      const bool wild = c == '*' || c == '?';
      if (wild) {
        characters.set().reset('/');
      } else {
        characters.set(static_cast<unsigned char>(c));
      }
      Automaton::Code one = Automaton::take(characters, wild);
      if (c == '*') one = Automaton::maybe(Automaton::repeated(std::move(one)));
      code = Automaton::both(std::move(code), std::move(one));
    }
    return code;
  }

  std::string_view text_, filter_;
  std::size_t at_ = 0;
};

/// "a{b,c}d,e" → "abd", "acd", "e", for a sentence about a filter: nothing where there are more than `most`.
std::vector<std::string> expanded(const std::string& pattern, std::size_t most = 16) {
  std::vector<std::string> done, pending{pattern};
  while (!pending.empty()) {
    const std::string text = std::move(pending.back());
    pending.pop_back();
    std::size_t open = text.npos, close = text.npos;
    std::vector<std::size_t> cuts;
    int depth = 0;
    for (std::size_t i = 0; i < text.size() && close == text.npos; ++i) {
      if (text[i] == '{' && depth++ == 0) open = i, cuts.clear();
      if (text[i] == '}' && --depth == 0) close = i;
      if (text[i] == ',' && depth == 0) break;
      if (text[i] == ',' && depth == 1) cuts.push_back(i);
    }
    const std::size_t comma = close == text.npos ? text.find(',') : text.npos;
    if (close == text.npos && comma == text.npos) {
      done.push_back(text);
    } else if (close == text.npos) {
      pending.push_back(text.substr(comma + 1));
      pending.push_back(text.substr(0, comma));
    } else {
      cuts.push_back(close);
      std::vector<std::string> all;
      for (std::size_t begin = open + 1; const std::size_t cut : cuts) {
        all.push_back(text.substr(0, open) + text.substr(begin, cut - begin) + text.substr(close + 1));
        begin = cut + 1;
      }
      pending.insert(pending.end(), all.rbegin(), all.rend());
    }
    if (done.size() + pending.size() > most) return {};
  }
  return done;
}

/// "; gelu/forward goes on with f32, f64": what follows the longest beginning of a glob that matches.
std::string what_follows(std::span<const Kernel> table, std::string_view glob) {
  const std::vector<std::string_view> words = split(glob, '/');
  for (std::size_t known = std::min<std::size_t>(words.size() - 1, 4); known > 0; --known) {
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
  std::set<std::string> components, others;
  for (const Kernel& kernel : table) {
    const std::string text_of_kernel = identity(kernel);
    for (std::string_view part : split(text_of_kernel, '/')) components.emplace(part);
    for (OtherName& other : other_names(kernel)) others.insert(std::move(other.name));
  }
  std::vector<std::string> candidates(components.begin(), components.end());
  candidates.insert(candidates.end(), others.begin(), others.end());

  const std::vector<std::string> globs = expanded(filter.pattern().substr(filter.leaves_out() ? 1 : 0));
  bool all_known = !globs.empty();
  std::vector<std::string> near;
  for (const std::string& glob : globs) {
    for (std::string_view word : split(glob, '/')) {
      if (others.contains(std::string(word)) ||
          std::any_of(components.begin(), components.end(), [&](const auto& c) { return component_matches(word, c); }))
        continue;
      all_known = false;
      for (std::string& found : near_misses(word, candidates)) {
        if (std::find(near.begin(), near.end(), found) == near.end()) near.push_back(std::move(found));
      }
    }
  }
  if (!near.empty()) return text + did_you_mean(near);
  if (all_known) text += ": its parts exist, but not together in that order";
  const std::string follows = globs.size() == 1 ? what_follows(table, globs[0]) : std::string();
  return text + (follows.empty() ? "; see: actbench list" : follows);
}

/// Throws UsageError for what is no glob.
void check_characters(const std::string& pattern) {
  if (pattern.size() > longest_filter) {
    throw UsageError(fmt::format("filter '{}…' has {} characters; {} are the most", pattern.substr(0, 20),
                                 pattern.size(), longest_filter));
  }
  constexpr const char* may = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/*?,{}";
  const std::size_t bad = pattern.find_first_not_of(may, pattern[0] == '!' ? 1 : 0);
  if (bad == std::string::npos) return;
  std::size_t length = 1;  // all bytes of a character that has more than one
  while (bad + length < pattern.size() && (static_cast<unsigned char>(pattern[bad + length]) & 0xC0) == 0x80) ++length;
  throw UsageError(fmt::format(
      "filter '{}' is no glob, because of its '{}': a glob has names, / between them, * for any letters, ? for "
      "one, and {{a,b}} for either, such as 'gelu*/forward' or '{{gelu,silu}}/*/f32'; a ! before it leaves "
      "out what it matches",
      pattern, pattern.substr(bad, length)));
}

}  // namespace

Filter::Filter(std::string pattern)
    : pattern_(std::move(pattern)), plain_(pattern_.find_first_of("*?,{}!") == std::string::npos) {
  if (pattern_.empty() || pattern_ == "!")
    throw UsageError("an empty filter matches nothing; without a filter every kernel is chosen");
  check_characters(pattern_);
  automaton_ = Automaton(Parser(std::string_view(pattern_).substr(leaves_out() ? 1 : 0), pattern_).parse());
}

bool Filter::matches(std::string_view text, std::string_view spelled) const {
  if (!plain_) return automaton_.found_in(text, spelled);
  for (std::size_t at = 0; (at = text.find(pattern_, at)) != text.npos; ++at) {
    const std::size_t end = at + pattern_.size();
    if ((at == 0 || text[at - 1] == '/') && (end == text.size() || text[end] == '/')) return true;
  }
  return false;
}

bool Filter::matches(std::span<const OtherName> names) const {
  return std::any_of(names.begin(), names.end(), [&](const OtherName& n) { return matches(n.name, n.spelled); });
}

bool Filter::matches(const Activation& activation) const {
  if (matches(std::string_view(activation.name))) return true;
  return std::any_of(kernels().begin(), kernels().end(), [&](const Kernel& kernel) {
    return std::string_view(kernel.activation->name) == activation.name && matches(other_names(kernel));
  });
}

std::vector<const Kernel*> matching(std::span<const Kernel> table, std::span<const std::string> patterns) {
  const Filters filters(patterns);
  std::vector<std::vector<OtherName>> names;
  names.reserve(table.size());
  for (const Kernel& kernel : table) names.push_back(identities(kernel));
  for (const Filter& filter : filters.all()) {
    if (std::none_of(names.begin(), names.end(), [&](const auto& kernel) { return filter.matches(kernel); }))
      throw UsageError(nothing_matches(table, filter));
  }
  std::vector<const Kernel*> result;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (filters.choose(names[i])) result.push_back(&table[i]);
  }
  if (result.empty()) throw UsageError("the filters leave out every kernel that they choose");
  return result;
}

}  // namespace actbench::bench
