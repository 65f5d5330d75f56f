// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "bench/selection/filter.hpp"
#include "bench/selection/functions.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

bool allows(const std::vector<std::string>& names, const char* wanted) {
  return names.empty() || std::find(names.begin(), names.end(), wanted) != names.end();
}

}  // namespace

void default_to_f32_forward(Selection& selection) {
  if (selection.types.empty()) selection.types = {name(Type::f32)};
  if (selection.directions.empty()) selection.directions = {name(Direction::forward)};
}

std::vector<const Kernel*> chosen(const Selection& options) {
  std::vector<const Kernel*> found = matching(kernels(), options.filters);
  for (const std::string& backend : options.backends) {
    const auto has = [&](const Kernel& kernel) { return name(kernel.backend) == backend; };
    if (std::none_of(kernels().begin(), kernels().end(), has)) {
      throw MissingError(fmt::format("this build has no kernels for {}; actbench list shows what it has", backend));
    }
  }
  // Options apply one after the other, so that an error can say what the last one had to choose from.
  std::string asked = fmt::format("{}", fmt::join(options.filters, " "));
  const auto narrow = [&](const std::vector<std::string>& names, const char* what, auto component) {
    if (names.empty()) return;
    std::vector<std::string> there;
    for (const Kernel* kernel : found) {
      const std::string has = name(component(*kernel));
      if (std::find(there.begin(), there.end(), has) == there.end()) there.push_back(has);
    }
    std::erase_if(found, [&](const Kernel* k) { return !allows(names, name(component(*k))); });
    const std::string before = asked;
    asked += fmt::format("{}{}", asked.empty() ? "" : " ", fmt::join(names, " "));
    if (!found.empty()) return;
    throw UsageError(fmt::format("no kernel matches all of: {}; {} {} {}", asked,
                                 before.empty() ? "there are" : fmt::format("what matches {} has", before), what,
                                 fmt::join(there, ", ")));
  };
  narrow(options.directions, "the directions", [](const Kernel& k) { return k.direction; });
  narrow(options.types, "the types", [](const Kernel& k) { return k.type; });
  narrow(options.tiers, "the tiers", [](const Kernel& k) { return k.tier; });
  narrow(options.backends, "the backends", [](const Kernel& k) { return k.backend; });
  return found;
}

std::size_t group_end(std::span<const Kernel* const> kernels, std::size_t first) {
  const auto defaults = [](const Kernel& k) {
    std::array<double, max_parameters> parameters{};
    for (std::size_t i = 0; i < k.activation->parameter_count; ++i)
      parameters[i] = k.activation->parameters[i].default_value;
    return parameters;
  };
  const Kernel& one = *kernels[first];
  std::size_t end = first;
  while (end < kernels.size() && same_function(*kernels[end], one) && defaults(*kernels[end]) == defaults(one)) ++end;
  return end;
}

std::vector<const Kernel*> on_device(std::span<const Kernel* const> kernels, bool device) {
  std::vector<const Kernel*> found;
  std::copy_if(kernels.begin(), kernels.end(), std::back_inserter(found),
               [&](const Kernel* k) { return (k->backend == Backend::cuda) == device; });
  return found;
}

bool matches(const Selection& options, const Kernel& kernel) {
  return Filters(options.filters).choose(kernel) && allows(options.directions, name(kernel.direction)) &&
         allows(options.types, name(kernel.type)) && allows(options.tiers, name(kernel.tier)) &&
         allows(options.backends, name(kernel.backend));
}

Runnable runnable(const Selection& options) {
  Runnable result{{}, notes_on_names(options.filters)};
  std::map<std::string, std::size_t> left_out;  // by backend and reason
  for (const Kernel* kernel : chosen(options)) {
    const char* reason = unrunnable_reason(*kernel);
    if (reason == nullptr) {
      result.kernels.push_back(kernel);
      continue;
    }
    if (is_foreign(kernel->backend)) {
      result.notes.push_back(fmt::format("Left out: {}: {}.", identity(*kernel), reason));
      continue;
    }
    if (!options.backends.empty()) {
      throw MissingError(fmt::format("{} kernels do not run here: {}; without --backend, what runs is chosen",
                                     name(kernel->backend), reason));
    }
    ++left_out[fmt::format("{} not run here: {}", name(kernel->backend), reason)];
  }
  for (const auto& [reason, count] : left_out) {
    result.notes.push_back(fmt::format("Left out: {} of {}.", reports::counted(count, "kernel"), reason));
  }
  if (result.kernels.empty()) {
    throw MissingError(fmt::format("none of the kernels asked for run here ({}); actbench list shows which do",
                                   left_out.empty() ? result.notes[0] : left_out.begin()->first));
  }
  return result;
}

std::vector<const Kernel*> take_rows(std::vector<const Kernel*>& kernels) {
  const auto is_rows = [](const Kernel* k) { return k->activation->shape == Shape::rows; };
  std::vector<const Kernel*> rows;
  std::copy_if(kernels.begin(), kernels.end(), std::back_inserter(rows), is_rows);
  std::erase_if(kernels, is_rows);
  return rows;
}

void leave_out_rows(Runnable& found, const std::string& command) {
  const std::vector<const Kernel*> rows = take_rows(found.kernels);
  if (rows.empty()) return;
  const std::string what = fmt::format(
      "over whole rows ({}): actbench {} goes element by element; accuracy, eval, overflow and bench take rows",
      rows[0]->activation->name, command);
  if (found.kernels.empty()) throw UsageError(fmt::format("these kernels are {}", what));
  found.notes.push_back(fmt::format("Left out: {} {}.", reports::counted(rows.size(), "kernel"), what));
}

}  // namespace actbench::bench
