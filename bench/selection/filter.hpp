// SPDX-License-Identifier: Apache-2.0
//
// The choice of kernels by their identity, activation/direction/type/tier/backend.
#pragma once

#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// A pattern of only letters, digits and _ / * ? , { } is a glob. It matches the whole identity or any run of whole
/// components ("gelu", "f32/accurate", "gelu/*/f32", "{gelu,silu}/forward"); * and ? stay within a component, and a
/// comma outside braces separates alternatives. Any other pattern is an ECMAScript regular expression, searched for in
/// the identity.
class Filter {
 public:
  /// Throws UsageError for an empty pattern, for braces that do not pair, and for an invalid regular expression.
  explicit Filter(std::string pattern);
  bool matches(std::string_view identity) const;
  const std::string& pattern() const { return pattern_; }
  bool is_glob() const { return !globs_.empty(); }
  const std::vector<std::string>& globs() const { return globs_; }  ///< without braces; empty for a regular expression

 private:
  std::string pattern_;
  std::vector<std::string> globs_;
  std::regex regex_;
};

/// The kernels that any of the patterns matches, in the table's order; without patterns, all of them. Throws UsageError
/// where a pattern matches none, naming what comes near.
std::vector<const Kernel*> matching(std::span<const Kernel> table, std::span<const std::string> patterns);

/// The candidates that a mistyped word may have meant, nearest first, at most five.
std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean tanh or atanh?", or nothing.
std::string did_you_mean(std::span<const std::string> near);

/// An activation's other names: "gelu_erf".
std::vector<std::string> aliases(const Activation&);

}  // namespace actbench::bench
