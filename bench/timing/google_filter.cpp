// SPDX-License-Identifier: Apache-2.0
//
// --benchmark_filter: POSIX extended regular expressions. What the C and C++ libraries offer recurses, and crashes on
// long patterns, or takes exponential time or memory.
#include <cctype>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

using bench::Automaton;
using Characters = Automaton::Characters;

constexpr std::size_t longest_pattern = 1000, most_steps = 20000;

struct Malformed {
  const char* why;
};

/// The grammar: branches by '|', pieces one after the other, an atom and how often it comes.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Automaton::Code parse() {
    Automaton::Code code = branches();
    if (!done()) throw Malformed{"a ) has no ("};
    return code;
  }

 private:
  bool done() const { return at_ == text_.size(); }
  bool is(char c) const { return !done() && text_[at_] == c; }
  bool take(char c) { return is(c) && ++at_ > 0; }
  char next(const char* missing) { return done() ? throw Malformed{missing} : text_[at_++]; }

  Automaton::Code branches() {
    Automaton::Code code = pieces();
    while (take('|')) code = limited(Automaton::either(std::move(code), pieces()));
    return code;
  }

  Automaton::Code pieces() {
    Automaton::Code code;
    while (!done() && !is('|') && !is(')')) code = limited(Automaton::both(std::move(code), piece()));
    return code;
  }

  Automaton::Code piece() {
    Automaton::Code code = atom();
    for (;;) {
      if (take('*')) {
        code = Automaton::maybe(Automaton::repeated(std::move(code)));
      } else if (take('+')) {
        code = Automaton::repeated(std::move(code));
      } else if (take('?')) {
        code = Automaton::maybe(std::move(code));
      } else if (take('{')) {
        code = counted(code);
      } else {
        return code;
      }
    }
  }

  std::optional<std::size_t> count() {
    if (done() || std::isdigit(static_cast<unsigned char>(text_[at_])) == 0) return {};
    std::size_t n = 0;
    while (!done() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      n = 10 * n + static_cast<std::size_t>(text_[at_++] - '0');
      if (n > 255) throw Malformed{"it repeats something more than 255 times"};
    }
    return n;
  }

  /// {2}, {2,} or {2,5}, behind the brace.
  Automaton::Code counted(const Automaton::Code& once) {
    const std::optional<std::size_t> least = count();
    if (!least) throw Malformed{"a { is followed by no number"};
    std::optional<std::size_t> most = least;
    if (take(',')) most = count();
    if (!take('}')) throw Malformed{"a { has no }"};
    if (most && *most < *least) throw Malformed{"the numbers in {} are the wrong way round"};
    Automaton::Code code;
    for (std::size_t i = 0; i < *least; ++i) code = limited(Automaton::both(std::move(code), once));
    if (!most) return limited(Automaton::both(std::move(code), Automaton::maybe(Automaton::repeated(once))));
    for (std::size_t i = *least; i < *most; ++i)
      code = limited(Automaton::both(std::move(code), Automaton::maybe(once)));
    return code;
  }

  Automaton::Code atom() {
    const char c = next("it ends too early");
    switch (c) {
      case '(': {
        Automaton::Code code = branches();
        if (!take(')')) throw Malformed{"a ( has no )"};
        return code;
      }
      case '[':
        return Automaton::take(bracket());
      case '.':
        return Automaton::take(Characters().set());
      case '^':
        return Automaton::place(Automaton::Kind::text_begins);
      case '$':
        return Automaton::place(Automaton::Kind::text_ends);
      case '*':
      case '+':
      case '?':
      case '{':
        throw Malformed{"there is nothing to repeat before a *, +, ? or {"};
      case '\\': {
        const char escaped = next("it ends with a backslash");
        if (std::isalnum(static_cast<unsigned char>(escaped)) != 0)
          throw Malformed{"a backslash stands before a letter or a digit"};
        return single(escaped);
      }
      default:
        return single(c);
    }
  }

  static Automaton::Code single(char c) { return Automaton::take(Characters().set(static_cast<unsigned char>(c))); }

  /// [a-z_], [^/] or [[:alpha:]], behind the first bracket.
  Characters bracket() {
    Characters set;
    const bool others = take('^');
    const char* const open = "a [ has no ]";
    for (bool first = true; first || !is(']'); first = false) {
      const char low = next(open);
      if (low == '[' && take(':')) {
        set |= named();
        continue;
      }
      char high = low;
      if (is('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        high = next(open);
      }
      const auto from = static_cast<unsigned char>(low), to = static_cast<unsigned char>(high);
      if (to < from) throw Malformed{"a range in [] is the wrong way round"};
      for (unsigned c = from; c <= to; ++c) set.set(c);
    }
    ++at_;
    return others ? ~set : set;
  }

  /// alpha:] and its like.
  Characters named() {
    constexpr std::pair<const char*, int (*)(int)> classes[] = {
        {"alpha", std::isalpha}, {"digit", std::isdigit}, {"alnum", std::isalnum},   {"upper", std::isupper},
        {"lower", std::islower}, {"space", std::isspace}, {"xdigit", std::isxdigit}, {"punct", std::ispunct}};
    const std::size_t end = text_.find(":]", at_);
    const std::string_view name = text_.substr(at_, end == text_.npos ? 0 : end - at_);
    for (const auto& [known, is_one] : classes) {
      if (name != known) continue;
      at_ = end + 2;
      Characters set;
      for (int c = 0; c < 128; ++c) set.set(static_cast<std::size_t>(c), is_one(c) != 0);
      return set;
    }
    throw Malformed{"there is no such class of characters as in [[:…:]]"};
  }

  static Automaton::Code limited(Automaton::Code code) {
    return code.size() <= most_steps ? std::move(code) : throw Malformed{"it repeats too much"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

GoogleFilter::GoogleFilter(const std::string& filter)
    : all_(filter.empty()), negative_(!filter.empty() && filter[0] == '-') {
  if (filter.size() > longest_pattern) {
    throw Error("--benchmark_filter has " + std::to_string(filter.size()) + " characters; " +
                std::to_string(longest_pattern) + " are the most");
  }
  try {
    pattern_ = Automaton(Parser(std::string_view(filter).substr(negative_ ? 1 : 0)).parse());
  } catch (const Malformed& error) {
    throw Error("--benchmark_filter=" + filter + " is no regular expression: " + error.why);
  }
}

bool GoogleFilter::operator()(const std::string& name) const { return all_ || pattern_.found_in(name) != negative_; }

}  // namespace actbench::timing
