// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "bench/errors.hpp"
#include "bench/filter.hpp"
#include "bench/options.hpp"
#include "bench/types.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Mood;

/// The field's naming: promised ULP times ten, "u05" for 0.5.
std::string suffix(double promised_ulp) {
  return std::isfinite(promised_ulp) ? fmt::format("u{:02.0f}", std::round(10 * promised_ulp)) : std::string();
}

Cell promise(double ulp) { return std::isfinite(ulp) ? Cell(ulp) : Cell(); }

std::string parameters(const Kernel& kernel, const char* number_format) {
  std::string text;
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i) {
    const Parameter& parameter = kernel.activation->parameters[i];
    text += fmt::format("{}{}={}", i > 0 ? ", " : "", parameter.name,
                        fmt::format(fmt::runtime(number_format), parameter.default_value));
  }
  return text;
}

/// One row a kernel.
reports::Table for_machines(const std::vector<const Kernel*>& kernels) {
  reports::Table table{.name = "kernels"};
  for (const char* column : {"activation", "direction", "type", "tier", "backend", "promised_ulp", "suffix",
                             "parameters", "runnable", "reason"}) {
    table.columns.push_back({.name = column});
  }
  for (const Kernel* k : kernels) {
    const char* reason = unrunnable_reason(*k);
    table.rows.push_back({k->activation->name, name(k->direction), name(k->type), name(k->tier), name(k->backend),
                          promise(k->promised_ulp), suffix(k->promised_ulp), parameters(*k, "{}"),
                          reason == nullptr ? "yes" : "no", reason == nullptr ? Cell() : Cell(reason)});
  }
  return table;
}

/// One row for all backends of a kernel, and the backends' own story once.
reports::Table for_people(const std::vector<const Kernel*>& kernels) {
  reports::Table table{.name = "kernels", .title = "Kernels"};
  table.columns = {{.name = "activation", .key = true},
                   {.name = "direction", .key = true, .liftable = true},
                   {.name = "type", .key = true, .liftable = true},
                   {.name = "tier", .key = true, .liftable = true},
                   {.name = "here", .heading = "runs here", .liftable = true},
                   {.name = "elsewhere", .heading = "not here", .liftable = true},
                   {.name = "promised_ulp", .heading = "promised ULP", .right = true, .liftable = true},
                   {.name = "name"},
                   {.name = "parameters"},
                   {.name = "formula", .heading = "f(x)"}};
  std::set<std::string> activations;
  std::map<Backend, std::pair<std::size_t, std::string>> backends;
  // The table's order puts a kernel's backends next to one another.
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    const Kernel& k = *kernels[first];
    const auto key = [](const Kernel& a) {
      return std::tuple(std::string_view(a.activation->name), a.direction, a.type, a.tier, a.promised_ulp);
    };
    std::string here, elsewhere;
    for (end = first; end < kernels.size() && key(*kernels[end]) == key(k); ++end) {
      const char* reason = unrunnable_reason(*kernels[end]);
      std::string& list = reason == nullptr ? here : elsewhere;
      list += fmt::format("{}{}", list.empty() ? "" : " ", name(kernels[end]->backend));
      auto& [count, why] = backends[kernels[end]->backend];
      ++count;
      if (reason != nullptr) why = reason;
    }
    activations.insert(k.activation->name);
    const std::string u = suffix(k.promised_ulp);
    table.rows.push_back({k.activation->name, name(k.direction), name(k.type), name(k.tier),
                          here.empty() ? Cell() : Cell(here),
                          elsewhere.empty() ? Cell() : Cell(elsewhere).with(Mood::faint), promise(k.promised_ulp),
                          u.empty() ? Cell() : Cell(fmt::format("{}_{}", k.activation->name, u)),
                          parameters(k, "{:.6g}"), k.activation->formula});
  }
  std::string note = fmt::format("{} of {}:", reports::counted(kernels.size(), "kernel"),
                                 reports::counted(activations.size(), "activation"));
  for (const auto& [backend, story] : backends) {
    note += fmt::format(" {} {}, {};", story.first, name(backend),
                        story.second.empty() ? "which run here" : "which do not run here: " + story.second);
  }
  note.back() = '.';
  table.notes.push_back(std::move(note));
  table.notes.push_back(
      "A kernel's identity is activation/direction/type/tier/backend; names such as gelu_u05 say the promised ULP "
      "times ten.");
  return table;
}

int run_list(const Options& options) {
  const std::vector<const Kernel*> kernels = chosen(options);
  const bool people =
      options.output.format == reports::Format::terminal || options.output.format == reports::Format::markdown;
  options.output.print(people ? for_people(kernels) : for_machines(kernels));
  return exit_fine;
}

}  // namespace

Command add_list(CLI::App& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("list", "Every kernel, what it promises, and whether it runs here");
  add_filter(*app, *options);
  add_shared_options(*app, *options);
  return {app, [options] { return run_list(*options); }};
}

}  // namespace actbench::bench
