// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/types.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/selection/holes.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;
using reports::Emphasis;

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

/// One row for each kernel, and one for each that is missing.
reports::Table for_machines(const std::vector<const Kernel*>& kernels, const std::vector<Hole>& holes) {
  reports::Table table{.name = "kernels"};
  for (const char* column : {"activation", "direction", "type", "tier", "backend", "promised_ulp", "suffix",
                             "parameters", "runnable", "reason", "shape"}) {
    table.columns.push_back({.name = column});
  }
  const auto add = [&](const Kernel& k, const std::string& suffix_text, const std::string& why_not) {
    table.rows.push_back({k.activation->name, name(k.direction), name(k.type), name(k.tier), name(k.backend),
                          promise(k.promised_ulp), suffix_text, parameters(k, "{}"), why_not.empty() ? "yes" : "no",
                          why_not.empty() ? Cell() : Cell(why_not), name(k.activation->shape)});
  };
  for (const Kernel* k : kernels) {
    const char* reason = unrunnable_reason(*k);
    add(*k, promise_suffix(k->promised_ulp), reason == nullptr ? "" : reason);
  }
  for (const Hole& hole : holes) add(hole.kernel, "", hole.reason);
  return table;
}

template <class Enum>
std::string names(const std::vector<Enum>& values) {
  std::string text;
  for (Enum value : values) text += fmt::format("{}{}", text.empty() ? "" : " ", name(value));
  return text;
}

/// Kernels that share what they promise and where they run: the product of these lists.
struct Family {
  std::vector<std::string> activations;
  std::vector<Direction> directions;
  std::vector<Type> types;
  Tier tier;
  double promised_ulp;
  std::vector<Backend> here, elsewhere;
};

/// Joins families that differ in one list alone.
template <class List>
void join(std::vector<Family>& families, List Family::*list) {
  const auto like = [&](Family a, Family b) {
    (a.*list).clear(), (b.*list).clear();
    return std::tie(a.activations, a.directions, a.types, a.tier, a.promised_ulp, a.here, a.elsewhere) ==
           std::tie(b.activations, b.directions, b.types, b.tier, b.promised_ulp, b.here, b.elsewhere);
  };
  std::vector<Family> joined;
  for (const Family& family : families) {
    const auto same = std::find_if(joined.begin(), joined.end(), [&](const Family& f) { return like(f, family); });
    if (same == joined.end()) {
      joined.push_back(family);
    } else {
      ((*same).*list).insert(((*same).*list).end(), (family.*list).begin(), (family.*list).end());
    }
  }
  families = std::move(joined);
}

std::vector<Family> families_of(const std::vector<const Kernel*>& kernels) {
  std::vector<Family> families;
  // The table's order puts a kernel's backends next to one another.
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    const Kernel& k = *kernels[first];
    const auto key = [](const Kernel& a) {
      return std::tuple(std::string_view(a.activation->name), a.direction, a.type, a.tier, a.promised_ulp);
    };
    Family family{{k.activation->name}, {k.direction}, {k.type}, k.tier, k.promised_ulp, {}, {}};
    for (end = first; end < kernels.size() && key(*kernels[end]) == key(k); ++end) {
      (unrunnable_reason(*kernels[end]) == nullptr ? family.here : family.elsewhere).push_back(kernels[end]->backend);
    }
    families.push_back(std::move(family));
  }
  join(families, &Family::types);
  join(families, &Family::directions);
  join(families, &Family::activations);
  return families;
}

std::vector<const Activation*> activations_of(const std::vector<const Kernel*>& kernels) {
  std::vector<const Activation*> activations;
  for (const Kernel* k : kernels) {
    // Of a plug-in's kernel with other parameters it is a copy.
    const auto same = [&](const Activation* a) { return std::string_view(a->name) == k->activation->name; };
    if (std::none_of(activations.begin(), activations.end(), same))
      activations.push_back(&activation_named(k->activation->name));
  }
  return activations;
}

/// How many kernels each backend has, and whether they run: " 24 kernels of scalar run here."
std::string backends_note(const std::vector<const Kernel*>& kernels) {
  std::map<Backend, std::pair<std::size_t, std::string>> backends;
  for (const Kernel* k : kernels) {
    const char* reason = unrunnable_reason(*k);
    auto& [count, why] = backends[k->backend];
    ++count;
    if (reason != nullptr) why = reason;
  }
  std::string note;
  for (const auto& [backend, story] : backends) {
    const bool one = story.first == 1;
    note += fmt::format(" {} of {} {} here{}.", reports::counted(story.first, "kernel"), name(backend),
                        story.second.empty() ? (one ? "runs" : "run") : (one ? "does not run" : "do not run"),
                        story.second.empty() ? "" : ": " + story.second);
  }
  return note;
}

/// Sets of activations that are too long for a cell: each has a letter, and is spelled out below the table.
class Groups {
 public:
  /// "32 activations (A)".
  std::string cell(const std::vector<std::string>& activations) {
    const auto known = std::find(all_.begin(), all_.end(), activations);
    const auto index = static_cast<std::size_t>(known - all_.begin());
    if (known == all_.end()) all_.push_back(activations);
    return fmt::format("{} activations ({})", activations.size(), letter(index));
  }
  std::vector<std::string> notes() const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < all_.size(); ++i)
      texts.push_back(fmt::format("{}: {}.", letter(i), fmt::join(all_[i], ", ")));
    return texts;
  }

 private:
  static std::string letter(std::size_t index) {
    constexpr std::size_t letters = 26;
    return index < letters ? std::string(1, static_cast<char>('A' + index)) : fmt::format("A{}", index);
  }

  std::vector<std::vector<std::string>> all_;
};

/// Kernels grouped by what they share. A note says of each backend whether it runs.
reports::Table kernels_table(const std::vector<const Kernel*>& kernels,
                             const std::vector<const Activation*>& activations, const std::vector<Hole>& holes) {
  reports::Table what{.name = "kernels", .title = "Kernels"};
  what.columns = {{.name = "activations", .key = true, .liftable = true},
                  {.name = "directions", .key = true, .liftable = true},
                  {.name = "types", .key = true, .liftable = true},
                  {.name = "tier", .key = true, .liftable = true},
                  {.name = "here", .heading = "runs here", .liftable = true},
                  {.name = "elsewhere", .heading = "not here", .liftable = true},
                  {.name = "promised_ulp", .heading = "promised ULP", .right = true, .liftable = true},
                  {.name = "name"}};
  Groups groups;
  for (const Family& f : families_of(kernels)) {
    const std::string u = promise_suffix(f.promised_ulp);
    const std::string which = f.activations.size() == activations.size() && activations.size() > 1
                                  ? fmt::format("all {} activations", activations.size())
                              : f.activations.size() > 5 ? groups.cell(f.activations)
                                                         : fmt::format("{}", fmt::join(f.activations, " "));
    what.rows.push_back(
        {which, names(f.directions), names(f.types), name(f.tier), f.here.empty() ? Cell() : Cell(names(f.here)),
         f.elsewhere.empty() ? Cell() : Cell(names(f.elsewhere)).with(Emphasis::faint), promise(f.promised_ulp),
         u.empty() ? Cell() : Cell(fmt::format("{}_{}", f.activations.size() == 1 ? f.activations[0] : "*", u))});
  }
  what.notes = groups.notes();
  what.notes.push_back(fmt::format("The table is about {} of {}.{}", reports::counted(kernels.size(), "kernel"),
                                   reports::counted(activations.size(), "activation"), backends_note(kernels)));
  what.notes.push_back(
      "A kernel's identity is activation/direction/type/tier/backend; names such as gelu_u05 say the promised ULP "
      "times ten, and filters take them. --format csv lists them one by one.");
  if (!holes.empty()) {
    what.notes.push_back(fmt::format("{} missing here that other activations have; the first is {}.",
                                     reports::counted(holes.size(), "kernel is", "kernels are"),
                                     identity(holes[0].kernel)));
  }
  return what;
}

reports::Table activations_table(const std::vector<const Activation*>& activations) {
  reports::Table which{.name = "activations", .title = "Activations"};
  which.columns = {{.name = "activation", .key = true},
                   {.name = "formula", .heading = "f(x)"},
                   {.name = "parameters"},
                   {.name = "aliases", .heading = "also called"}};
  for (const Activation* a : activations) {
    which.rows.push_back(
        {a->name, a->formula, parameters(Kernel{a, {}, {}, {}, {}, 0, nullptr}, "{:.6g}"), a->aliases});
  }
  std::string over_rows;
  for (const Activation* a : activations) {
    if (a->shape == Shape::rows) over_rows += fmt::format("{}{}", over_rows.empty() ? "" : ", ", a->name);
  }
  if (!over_rows.empty())
    which.notes.push_back(
        fmt::format("Activations over whole rows, where all others go element by element: {}.", over_rows));
  return which;
}

/// Kernels grouped by what they share, and activations with their formulas.
std::vector<reports::Table> for_people(const std::vector<const Kernel*>& kernels, const std::vector<Hole>& holes) {
  const std::vector<const Activation*> activations = activations_of(kernels);
  return {kernels_table(kernels, activations, holes), activations_table(activations)};
}

/// What the plug-ins say of the chosen kernels, and what is wrong with these.
reports::Table plugins_table(const std::vector<const Kernel*>& kernels) {
  reports::Table table{.name = "plugins", .title = "Plug-ins"};
  table.columns = {{.name = "kernel", .key = true},
                   {.name = "parameters"},
                   {.name = "promised_ulp", .heading = "promised ULP", .right = true},
                   {.name = "note"},
                   {.name = "reason", .heading = "left out, because"}};
  for (const plugin::PluginKernel& listed : plugin::loaded_kernels()) {
    const auto at =
        std::find_if(kernels.begin(), kernels.end(), [&](const Kernel* k) { return identity(*k) == listed.identity; });
    if (at == kernels.end()) continue;
    const auto text = [](const std::string& t) { return t.empty() ? Cell() : Cell(t); };
    table.rows.push_back({listed.identity, text(listed.parameters), promise((*at)->promised_ulp), text(listed.note),
                          text(listed.left_out)});
  }
  for (const plugin::Plugin& p : plugin::loaded())
    table.notes.push_back(fmt::format("{} is {}{}.", p.name, p.path, p.about.empty() ? "" : ": " + p.about));
  return table;
}

int run_list(const Options& options) {
  const std::vector<const Kernel*> kernels = chosen(options);
  std::vector<Hole> missing = holes(actbench::kernels());
  std::erase_if(missing, [&](const Hole& hole) { return !matches(options, hole.kernel); });
  if (options.output.for_people()) {
    std::vector<reports::Table> tables = for_people(kernels, missing);
    for (std::string& note : notes_on_names(options.filters)) tables.back().notes.push_back(std::move(note));
    if (!plugin::loaded().empty()) tables.push_back(plugins_table(kernels));
    options.output.print(tables);
  } else {
    options.output.print(for_machines(kernels, missing));
  }
  return exit_fine;
}

}  // namespace

Command add_list(CLI::App& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("list", "Show every kernel, what it promises, and whether it runs here");
  add_filter(*app, *options);
  add_shared_options(*app, *options);
  return {app, [options] { return run_list(*options); }};
}

}  // namespace actbench::bench
