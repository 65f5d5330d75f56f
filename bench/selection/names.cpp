// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

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

constexpr const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// Whether a word stands in a filter by itself, or with a promise.
bool names_word(std::string_view filter, std::string_view word) {
  for (std::size_t begin = 0; (begin = filter.find_first_of(letters, begin)) != filter.npos;) {
    const std::size_t end = std::min(filter.find_first_not_of(letters, begin), filter.size());
    const std::string_view found = filter.substr(begin, end - begin);
    if (found == word || (found.starts_with(word) && found.substr(word.size()).starts_with("_u"))) return true;
    begin = end;
  }
  return false;
}

}  // namespace

std::string promise_suffix(double promised_ulp) {
  return std::isfinite(promised_ulp) ? fmt::format("u{:02.0f}", std::round(10 * promised_ulp)) : std::string();
}

std::vector<std::string> aliases(const Activation& activation) {
  std::vector<std::string> names;
  for (std::string_view part : reports::split(activation.aliases, ',')) {
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    part = part.substr(0, part.find(' '));  // "NewGELU in model code"
    if (!part.empty()) names.emplace_back(part);
  }
  return names;
}

std::vector<OtherName> other_names(const Kernel& kernel) {
  std::vector<OtherName> names;
  for (std::string& alias : aliases(*kernel.activation)) {
    std::string spelled(alias.size(), '!');
    names.push_back({std::move(alias), std::move(spelled)});
  }
  const std::string promise = promise_suffix(kernel.promised_ulp);
  if (promise.empty()) return names;
  const std::string own = kernel.activation->name;
  const auto promising = [&](const std::string& name, const std::string& spelled) {
    return OtherName{name + "_" + promise, spelled + "!!" + std::string(promise.size() - 1, ' ')};
  };
  const std::size_t count = names.size();
  names.push_back(promising(own, std::string(own.size(), ' ')));
  for (std::size_t i = 0; i < count; ++i) names.push_back(promising(names[i].name, names[i].spelled));
  return names;
}

std::vector<OtherName> identities(const Kernel& kernel) {
  std::string own = identity(kernel);
  const std::string rest = own.substr(own.find('/')), free(rest.size(), ' ');
  std::vector<OtherName> all{{std::move(own), {}}};
  for (const OtherName& other : other_names(kernel)) all.push_back({other.name + rest, other.spelled + free});
  return all;
}

const Activation& activation_named(const std::string& wanted) {
  std::vector<std::string> own, others;
  for (const Kernel& kernel : kernels()) {
    if (wanted == kernel.activation->name) return *kernel.activation;
    if (own.empty() || own.back() != kernel.activation->name) own.emplace_back(kernel.activation->name);
  }
  std::vector<std::string> of_this;  // where the name is one but the promise is not
  for (const Kernel& kernel : kernels()) {
    for (OtherName& other : other_names(kernel)) {
      if (other.name == wanted) return *kernel.activation;
      const bool new_one = std::find(others.begin(), others.end(), other.name) == others.end();
      if (!new_one) continue;
      if (wanted.starts_with(std::string(kernel.activation->name) + "_u") &&
          other.name.starts_with(kernel.activation->name))
        of_this.push_back(other.name);
      others.push_back(std::move(other.name));
    }
  }
  others.insert(others.end(), own.begin(), own.end());
  const auto near = near_misses(wanted, of_this.empty() ? others : of_this);
  throw UsageError(fmt::format("there is no activation '{}'{}", wanted,
                               near.empty() ? "; actbench list shows them all" : did_you_mean(near)));
}

std::vector<std::string> notes_on_names(std::span<const std::string> filters) {
  for (const std::string& filter : filters) {
    for (const char* word : {"new_gelu", "gelu_new", "NewGELU"}) {
      if (!names_word(filter, word)) continue;
      return {
          "new_gelu is not the gelu_new (NewGELU) of model code, which is gelu_tanh here: new_gelu has the coefficient "
          "0.0356774 that tutorials print, gelu_tanh and gelu_new have 0.044715."};
    }
  }
  return {};
}

std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t longest = 64;  // no name is so long, nor anything near one
  if (word.size() > longest) return {};
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

}  // namespace actbench::bench
