// SPDX-License-Identifier: Apache-2.0
#include "bench/certificates/contradictions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "bench/certificates/certificate.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"

namespace actbench::bench {
namespace {

/// Counts of errors above 1 ULP are of the sweep's quick measure, which may be off in its last bits.
constexpr double nearly_one = 1 + 1e-6;

/// The numbers of "alpha=0.01, beta=1", as they are used; nothing where that is not how the program writes them.
std::optional<std::vector<double>> parameters_from(const Kernel& kernel, const std::string& text) {
  std::vector<Setting> set;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(", ", begin), text.size()), equals = text.find('=', begin);
    if (equals >= end) return std::nullopt;
    try {
      set.push_back({text.substr(begin, equals - begin), parse_finite(text.substr(equals + 1, end - equals - 1))});
    } catch (const UsageError&) {
      return std::nullopt;
    }
    begin = end + 2;
  }
  try {
    std::vector<double> values = parameters_of(kernel, set);
    if (describe_parameters(kernel, values) == text) return values;
  } catch (const UsageError&) {
    // Outside of the parameter's domain.
  }
  return std::nullopt;
}

}  // namespace

const Kernel* kernel_without_backend(const std::string& name) {
  static const std::map<std::string, const Kernel*> all = [] {
    std::map<std::string, const Kernel*> named;
    for (const Kernel& kernel : kernels()) named.try_emplace(certified_name(kernel), &kernel);
    return named;
  }();
  const auto found = all.find(name);
  return found == all.end() ? nullptr : found->second;
}

std::string contradiction_of(const Recorded& r) {
  const std::uint64_t misrounded = r.not_correctly_rounded;
  if (misrounded > r.inputs)
    return fmt::format("\"not_correctly_rounded\" is {}, more than the {} of \"inputs\"", misrounded, r.inputs);
  if (r.above_one_ulp > misrounded) {
    return fmt::format("\"above_1_ulp\" is {}, more than the {} of \"not_correctly_rounded\"", r.above_one_ulp,
                       misrounded);
  }
  if (r.promised_ulp == 0.5 && misrounded > 0) {
    return fmt::format("\"not_correctly_rounded\" is {}, where a promise of 0.5 ULP (\"promised_ulp\") allows 0",
                       misrounded);
  }
  if (r.max_ulp > r.promised_ulp)
    return fmt::format("\"max_ulp\" is {}, more than the {} of \"promised_ulp\"", r.max_ulp, r.promised_ulp);
  if (misrounded == 0 && r.max_ulp > 0.5) {
    return fmt::format("\"max_ulp\" is {}, where \"not_correctly_rounded\" is 0 and so no error can be above 0.5",
                       r.max_ulp);
  }
  if (misrounded > 0 && r.max_ulp < 0.5) {
    return fmt::format("\"max_ulp\" is {}, where \"not_correctly_rounded\" is {} and so an error is at least 0.5",
                       r.max_ulp, misrounded);
  }
  if (r.above_one_ulp == 0 && r.max_ulp > nearly_one)
    return fmt::format("\"max_ulp\" is {}, where \"above_1_ulp\" is 0 and so no error can be above 1", r.max_ulp);
  if (r.above_one_ulp > 0 && r.max_ulp < 1 / nearly_one) {
    return fmt::format("\"max_ulp\" is {}, where \"above_1_ulp\" is {} and so an error is above 1", r.max_ulp,
                       r.above_one_ulp);
  }
  return {};
}

std::string contradiction_of(const Recorded& r, const Kernel& kernel, const std::string& parameters,
                             std::uint64_t inputs) {
  const auto values = parameters_from(kernel, parameters);
  if (!values) {
    return fmt::format("\"parameters\" is {}, and should be {}", json::quoted(parameters),
                       kernel.activation->parameter_count == 0
                           ? std::string("empty")
                           : fmt::format("like \"{}\"", describe_parameters(kernel, parameters_of(kernel, {}))));
  }
  if (r.inputs != inputs) return fmt::format("\"inputs\" is {}, and should be {}", r.inputs, inputs);
  return contradiction_of(r);
}

std::string contradiction_of(const Recorded& r, const Kernel& kernel, const std::string& parameters) {
  if (input_bits(kernel) > 32)
    return fmt::format("\"kernel\" is {}, which has too many inputs for all of them", certified_name(kernel));
  std::string wrong = contradiction_of(r, kernel, parameters, std::uint64_t{1} << input_bits(kernel));
  if (!wrong.empty()) return wrong;
  const double promised = promised_ulp(kernel, *parameters_from(kernel, parameters));
  if (r.promised_ulp == promised) return {};
  return fmt::format("\"promised_ulp\" is {}, and the kernel's promise is {}", r.promised_ulp, promised);
}

std::string wrong_backends(const std::string& backends) {
  static const std::set<std::string> known = [] {
    std::set<std::string> names;
    for (int i = 0; i <= static_cast<int>(Backend::cuda); ++i) names.emplace(name(static_cast<Backend>(i)));
    return names;
  }();
  const auto of_a_plugin = [](const std::string& word) {
    return std::any_of(kernels().begin(), kernels().end(), [&](const Kernel& k) { return word == name(k.backend); });
  };
  std::set<std::string> seen;
  std::istringstream words(backends);
  for (std::string word; words >> word;) {
    if (known.count(word) == 0 && !of_a_plugin(word))
      return fmt::format("{} is none of the backends {}", json::quoted(word), fmt::join(known, ", "));
    if (!seen.insert(word).second) return fmt::format("the backend {} is named twice", word);
  }
  return seen.empty() ? "no backend is named" : "";
}

}  // namespace actbench::bench
