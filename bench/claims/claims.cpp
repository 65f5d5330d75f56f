// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/signals.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench {

bool Part::holds() const {
  if (!value || std::isnan(*value)) return false;
  switch (relation) {
    case Relation::equals:
      return *value == bound || std::abs(*value - bound) <= tolerance;
    case Relation::at_most:
      return high <= bound;
    case Relation::at_least:
      return low >= bound;
    case Relation::below:
      return high < bound;
    case Relation::above:
      return low > bound;
    case Relation::between:
      return high >= bound && low <= tolerance;
  }
  return false;
}

Part part(std::string label, Role role, double value, Relation relation, double bound, double tolerance) {
  return {std::move(label), role, value, value, value, relation, bound, tolerance};
}

Part information(std::string label, double value) {
  return {std::move(label), Role::information, value, value, value, Relation::equals, 0, 0};
}

Part missing(std::string label, Role role, Relation relation, double bound, double tolerance) {
  return {std::move(label), role, {}, 0, 0, relation, bound, tolerance};
}

const char* name(Verdict v) noexcept {
  constexpr const char* names[] = {"holds", "fails", "depends", "unknown"};
  return names[static_cast<int>(v)];
}

namespace {

/// The labels of the first few.
std::string some_of(const std::vector<const Part*>& parts, std::size_t most = 4) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, parts.size()); ++i)
    text += fmt::format("{}{}", i > 0 ? "; " : "", parts[i]->label);
  if (parts.size() > most) text += fmt::format("; and {} more", parts.size() - most);
  return text;
}

}  // namespace

Judged judge(std::span<const Part> parts) {
  std::vector<const Part*> met, unmet, absent;
  bool fails = false, essential_absent = false;
  for (const Part& p : parts) {
    if (p.role == Role::information) continue;
    if (!p.value) {
      absent.push_back(&p);
      essential_absent = essential_absent || p.role == Role::essential;
    } else if (p.role == Role::essential) {
      fails = fails || !p.holds();
    } else {
      (p.holds() ? met : unmet).push_back(&p);
    }
  }
  if (fails) return {Verdict::fails, {}};
  const bool all_absent = !absent.empty() && std::none_of(parts.begin(), parts.end(), [](const Part& p) {
    return p.role != Role::information && p.value.has_value();
  });
  if (essential_absent || all_absent) return {Verdict::unknown, "not available here: " + some_of(absent, 1)};
  if (!unmet.empty() && met.empty()) return {Verdict::fails, {}};
  if (unmet.empty()) return {Verdict::holds, {}};
  return {Verdict::depends, fmt::format("It holds in {} of {} cases: {}. It fails in the others: {}.", met.size(),
                                        met.size() + unmet.size(), some_of(met), some_of(unmet))};
}

Evidence::Evidence(const timing::BenchResult* times, std::span<const Properties> known, std::span<const RowResult> rows)
    : times_(times), rows_(rows.begin(), rows.end()) {
  for (const Properties& p : known) known_.emplace(std::pair(std::string(p.activation->name), p.parameters), p);
}

const Properties& Evidence::properties(std::string_view activation) {
  for (const Activation* a : every_activation()) {
    if (activation != a->name) continue;
    return properties(activation, unrounded_parameters(*a, {}));
  }
  throw MissingError(fmt::format("this build has no activation {}", activation));
}

const Properties& Evidence::properties(std::string_view activation, std::vector<double> parameters) {
  for (const Activation* a : every_activation()) {
    if (activation != a->name) continue;
    const auto key = std::pair(std::string(activation), parameters);
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    return known_.emplace(key, properties_of(*a, parameters)).first->second;
  }
  throw MissingError(fmt::format("this build has no activation {}", activation));
}

const std::vector<Properties>& Evidence::all_properties() {
  if (!all_.empty()) return all_;
  std::vector<const Activation*> missing;
  std::vector<std::vector<double>> parameters;
  for (const Activation* a : every_activation()) {
    std::vector<double> defaults = unrounded_parameters(*a, {});
    if (known_.count({a->name, defaults}) != 0) continue;
    missing.push_back(a);
    parameters.push_back(std::move(defaults));
  }
  for (Properties& p : properties_of(missing, parameters, 0, {})) {
    std::pair key(std::string(p.activation->name), p.parameters);
    known_.emplace(std::move(key), std::move(p));
  }
  for (const Activation* a : every_activation()) all_.push_back(properties(a->name));
  return all_;
}

const std::vector<RowResult>& Evidence::rows() {
  if (!rows_.empty()) return rows_;
  std::vector<const Kernel*> softmax;
  for (const Kernel& kernel : kernels()) {
    const bool wanted = sums_to_one(kernel) && std::string_view(kernel.activation->name) == "softmax";
    if (wanted && !is_foreign(kernel.backend) && unrunnable_reason(kernel) == nullptr) softmax.push_back(&kernel);
  }
  RowOptions options;
  options.lengths = {10, 1000, 10000};
  options.stop = &stop_flag();
  rows_ = measure_rows(softmax, options);
  return rows_;
}

std::vector<Finding> examine_claims(std::span<const Claim* const> chosen, Evidence& evidence,
                                    const std::function<void(double, const std::string&)>& progress) {
  std::vector<Finding> findings;
  for (const Claim* claim : chosen) {
    if (progress) progress(static_cast<double>(findings.size()) / static_cast<double>(chosen.size()), claim->id);
    check_interrupted();
    std::vector<Part> parts = claim->compute(evidence);
    const Judged judged = judge(parts);
    findings.push_back({claim, std::move(parts), judged});
  }
  return findings;
}

}  // namespace actbench::bench
