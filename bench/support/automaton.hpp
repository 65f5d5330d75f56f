// SPDX-License-Identifier: Apache-2.0
//
// Patterns as nondeterministic automata, by Thompson's construction (Thompson, Regular Expression Search Algorithm,
// 1968). Looking for a pattern takes at most its steps times the characters of the text, whatever the pattern: there is
// no backtracking, and no recursion.
#pragma once

#include <bitset>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace actbench::bench {

class Automaton {
 public:
  using Characters = std::bitset<256>;

  /// take: a character of a set. fork: either way. The others hold at a place and take nothing; a part of a text ends
  /// where a slash or the text does.
  enum class Kind : unsigned char { take, fork, jump, text_begins, text_ends, part_begins, part_ends };
  struct Step {
    Kind kind;
    std::ptrdiff_t next = 1, other = 1;  ///< the steps that may follow, counted from this one
    Characters characters{};
    bool wild = false;  ///< takes no character that must be spelled out
  };
  /// Steps that stand for a pattern. Where they end, the pattern has been found.
  using Code = std::vector<Step>;

  static Code take(Characters characters, bool wild = false) { return {{Kind::take, 1, 1, characters, wild}}; }
  static Code place(Kind kind) { return {{kind}}; }
  static Code both(Code first, Code second) {
    first.insert(first.end(), std::make_move_iterator(second.begin()), std::make_move_iterator(second.end()));
    return first;
  }
  static Code either(Code first, Code second) {
    const auto a = static_cast<std::ptrdiff_t>(first.size()), b = static_cast<std::ptrdiff_t>(second.size());
    Code code{{Kind::fork, 1, a + 2}};
    code = both(std::move(code), std::move(first));
    code.push_back({Kind::jump, b + 1});
    return both(std::move(code), std::move(second));
  }
  static Code maybe(Code code) {
    const auto length = static_cast<std::ptrdiff_t>(code.size());
    return both({{Kind::fork, 1, length + 1}}, std::move(code));
  }
  /// At least once.
  static Code repeated(Code code) {
    const auto length = static_cast<std::ptrdiff_t>(code.size());
    code.push_back({Kind::fork, -length, 1});
    return code;
  }

  Automaton() = default;
  explicit Automaton(Code code) : steps_(std::move(code)) {}

  /// Whether the pattern is anywhere in a text. spelled: as long as the text, or empty; a '!' marks the characters that
  /// a wild step does not take.
  bool found_in(std::string_view text, std::string_view spelled = {}) const {
    Run run{text, std::vector<std::size_t>(steps_.size() + 1, 0), {}};
    std::vector<std::size_t> here, next;
    for (std::size_t at = 0;; ++at) {
      if (reach(run, 0, at, here)) return true;
      if (at == text.size()) return false;
      next.clear();
      for (const std::size_t s : here) {
        const bool may = !(steps_[s].wild && !spelled.empty() && spelled[at] == '!');
        if (may && steps_[s].characters[static_cast<unsigned char>(text[at])] && reach(run, s + 1, at + 1, next))
          return true;
      }
      std::swap(here, next);
    }
  }

 private:
  struct Run {
    std::string_view text;
    std::vector<std::size_t> seen;  ///< of each step: 1 + the place in the text where it was last reached
    std::vector<std::size_t> pending;
  };

  static bool holds(Kind kind, std::string_view text, std::size_t at) {
    const bool first = at == 0, last = at == text.size();
    switch (kind) {
      case Kind::text_begins:
        return first;
      case Kind::text_ends:
        return last;
      case Kind::part_begins:
        return first || text[at - 1] == '/';
      case Kind::part_ends:
        return last || text[at] == '/';
      default:
        return true;
    }
  }

  /// Adds the steps that take a character to a list, as far as they can be reached without one. True at the end.
  bool reach(Run& run, std::size_t from, std::size_t at, std::vector<std::size_t>& list) const {
    run.pending.assign(1, from);
    while (!run.pending.empty()) {
      const std::size_t s = run.pending.back();
      run.pending.pop_back();
      if (std::exchange(run.seen[s], at + 1) == at + 1) continue;
      if (s == steps_.size()) return true;
      const Step& step = steps_[s];
      if (step.kind == Kind::take) {
        list.push_back(s);
        continue;
      }
      if (!holds(step.kind, run.text, at)) continue;
      const auto go = [&](std::ptrdiff_t by) {
        run.pending.push_back(static_cast<std::size_t>(static_cast<std::ptrdiff_t>(s) + by));
      };
      if (step.kind == Kind::fork) go(step.other);
      go(step.next);
    }
    return false;
  }

  Code steps_;
};

}  // namespace actbench::bench
