// SPDX-License-Identifier: Apache-2.0
//
// The choice of kernels by their identity, activation/direction/type/tier/backend.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/automaton.hpp"

namespace actbench::bench {

/// The most characters of a filter.
inline constexpr std::size_t longest_filter = 1000;

/// A glob of letters, digits and _ - / * ? , { }. It matches the whole identity or any run of whole components ("gelu",
/// "f32/accurate", "gelu/*/f32", "{gelu,silu}/forward"); * and ? stay within a component, and a comma outside braces
/// separates alternatives. An activation may go by any of its names (names.hpp). With a ! before it, the filter leaves
/// out what the glob matches. Matching takes time in proportion to the filter's length.
class Filter {
 public:
  /// Throws UsageError for a pattern that is empty, too long or no glob, and for braces that do not pair.
  explicit Filter(std::string pattern);
  /// Whether the glob matches an identity, or another slashed text, as it stands.
  bool matches(std::string_view identity) const { return matches(identity, {}); }
  bool matches(std::span<const OtherName>) const;  ///< any of them
  bool matches(const Kernel& kernel) const { return matches(identities(kernel)); }
  bool matches(const Activation&) const;  ///< by any name of it and of its kernels
  bool leaves_out() const { return pattern_[0] == '!'; }
  const std::string& pattern() const { return pattern_; }

 private:
  bool matches(std::string_view text, std::string_view spelled) const;

  std::string pattern_;
  bool plain_;  ///< without wildcards, braces and commas
  Automaton automaton_;
};

/// Filters together: what any of them matches, or everything where none of them chooses, but for what is left out.
class Filters {
 public:
  explicit Filters(std::span<const std::string> patterns) : all_(patterns.begin(), patterns.end()) {}
  template <class Thing>
  bool choose(const Thing& thing) const {
    bool any = false, chosen = false;
    for (const Filter& filter : all_) {
      const bool matched = (filter.leaves_out() || !chosen) && filter.matches(thing);
      if (filter.leaves_out() && matched) return false;
      any = any || !filter.leaves_out();
      chosen = chosen || matched;
    }
    return chosen || !any;
  }
  const std::vector<Filter>& all() const { return all_; }

 private:
  std::vector<Filter> all_;
};

/// The kernels that the filters choose, in the table's order. Throws UsageError where a filter matches none, naming
/// what comes near, and where nothing is left.
std::vector<const Kernel*> matching(std::span<const Kernel> table, std::span<const std::string> patterns);

}  // namespace actbench::bench
