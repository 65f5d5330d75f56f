// SPDX-License-Identifier: Apache-2.0
//
// Findings for people: a summary, the details of a function, and the sentences that explain them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>

#include "bench/faults/findings_text.hpp"
#include "bench/faults/overflow.hpp"
#include "bench/faults/sample.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "reports/text.hpp"

namespace actbench::bench {

using namespace faults;

namespace {

using reports::Cell;
using reports::Display;
using reports::Emphasis;

const Kernel& any_kernel(const FunctionFindings& function) { return *function.kernels[0].subject.kernel; }

std::string function_title(const FunctionFindings& function) {
  const Subject& subject = function.kernels[0].subject;
  const std::string parameters = used_parameters(*subject.kernel, subject.parameters);
  return fmt::format("{} {} {}{}{}", subject.kernel->activation->name, name(subject.kernel->direction),
                     name(subject.kernel->type), parameters.empty() ? "" : ", ", parameters);
}

/// Kernels of one tier that a table may show as one, since they did the same.
struct Alike {
  std::string heading;  ///< "naive", or "naive avx2, avx512" where other backends did otherwise
  std::vector<const KernelFindings*> kernels;
};

template <class Same>
std::vector<Alike> alike(const FunctionFindings& function, Same same) {
  std::vector<Alike> groups;
  for (const KernelFindings& kernel : function.kernels) {
    const auto fits = [&](const Alike& group) {
      return group.kernels[0]->subject.kernel->tier == kernel.subject.kernel->tier && same(*group.kernels[0], kernel);
    };
    const auto found = std::find_if(groups.begin(), groups.end(), fits);
    if (found != groups.end()) {
      found->kernels.push_back(&kernel);
    } else {
      groups.push_back({{}, {&kernel}});
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Alike& a, const Alike& b) {
    return a.kernels[0]->subject.kernel->tier < b.kernels[0]->subject.kernel->tier;
  });
  for (Alike& group : groups) {
    const Tier tier = group.kernels[0]->subject.kernel->tier;
    const auto of_tier = std::count_if(function.kernels.begin(), function.kernels.end(),
                                       [&](const KernelFindings& k) { return k.subject.kernel->tier == tier; });
    group.heading = name(tier);
    if (static_cast<std::size_t>(of_tier) == group.kernels.size() && of_tier > 1) continue;
    for (std::size_t i = 0; i < group.kernels.size(); ++i) {
      group.heading += fmt::format("{}{}", i == 0 ? " " : ", ", name(group.kernels[i]->subject.kernel->backend));
    }
  }
  return groups;
}

Cell marked(std::string text, bool wrong) {
  return wrong ? Cell(text + " ✗").with(Emphasis::bad) : Cell(std::move(text)).with(Emphasis::good);
}

bool same_specials(const KernelFindings& a, const KernelFindings& b) {
  return std::equal(a.specials.begin(), a.specials.end(), b.specials.begin(),
                    [](const SpecialResult& r, const SpecialResult& s) { return r.got == s.got; });
}

Cell special_cell(Type type, const SpecialResult& result) {
  std::string text = number_text(type, result.got);
  if (result.verdict == SpecialVerdict::zero_sign) return Cell(text + " (sign)");
  return marked(std::move(text), result.verdict == SpecialVerdict::wrong);
}

reports::Table specials_table(const FunctionFindings& function) {
  const Type type = any_kernel(function).type;
  const FunctionTruth& truth = function.truth;
  reports::Table table{.name = "special_values", .title = fmt::format("{}: special values", function_title(function))};
  table.facts = {{.name = "range",
                  .cell = fmt::format("{} to {}", number_text(type, truth.least), number_text(type, truth.greatest))}};
  const std::string nature = nature_text(type, truth);
  if (!nature.empty()) table.facts.push_back({.name = "nature", .heading = "the function is", .cell = nature});
  table.columns = {{.name = "input", .key = true}, {.name = "x", .right = true}};
  const Multipliers multipliers = multipliers_of(any_kernel(function));
  if (multipliers.dy) table.columns.push_back({.name = "dy", .right = true});
  if (multipliers.a) table.columns.push_back({.name = "a", .right = true});
  table.columns.push_back({.name = "expected", .right = true});
  const auto groups = alike(function, same_specials);
  for (const Alike& group : groups) table.columns.push_back({.name = group.heading, .right = true});
  for (std::size_t i = 0; i < truth.specials.size(); ++i) {
    const SpecialInput& special = truth.specials[i];
    std::vector<Cell> row{special.name, number_text(type, special.input.x)};
    if (multipliers.dy) row.push_back(number_text(type, special.input.dy));
    if (multipliers.a) row.push_back(number_text(type, special.input.a));
    row.push_back(number_text(type, special.expected));
    for (const Alike& group : groups) row.push_back(special_cell(type, group.kernels[0]->specials[i]));
    table.rows.push_back(std::move(row));
  }
  return table;
}

reports::Table thresholds_table(const FunctionFindings& function) {
  const Type type = any_kernel(function).type;
  reports::Table table{.name = "thresholds", .title = fmt::format("{}: thresholds", function_title(function))};
  table.columns = {{.name = "towards", .key = true},
                   {.name = "result", .key = true},
                   {.name = "last before", .right = true},
                   {.name = "from x on", .right = true}};
  const auto groups =
      alike(function, [](const KernelFindings& a, const KernelFindings& b) { return a.thresholds == b.thresholds; });
  for (const Alike& group : groups) table.columns.push_back({.name = group.heading, .right = true});
  for (std::size_t t = 0; t < function.truth.thresholds.size(); ++t) {
    const Threshold& threshold = function.truth.thresholds[t];
    std::vector<Cell> row{threshold.negative ? "−∞" : "+∞", event_text(type, threshold),
                          number_text(type, input_of(type, threshold, threshold.first - 1)),
                          number_text(type, input_of(type, threshold, threshold.first))};
    for (const Alike& group : groups) {
      const auto& crossed = group.kernels[0]->thresholds[t];
      row.push_back(marked(crossed ? number_text(type, input_of(type, threshold, *crossed)) : "never",
                           crossed != threshold.first));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Cell counted_cell(std::uint64_t n, bool broken) {
  return Cell(n).with(broken ? Emphasis::bad : n > 0 ? Emphasis::plain : Emphasis::faint);
}

bool same_faults(const KernelFindings& a, const KernelFindings& b) {
  return std::equal(a.faults.begin(), a.faults.end(), b.faults.begin(), [](const Faults& f, const Faults& g) {
    return f.count == g.count && f.first == g.first && f.last == g.last && f.got == g.got;
  });
}

reports::Table faults_table(const FunctionFindings& function) {
  const Type type = any_kernel(function).type;
  reports::Table table{.name = "faults", .title = fmt::format("{}: faults", function_title(function))};
  table.columns = {{.name = "kernel", .key = true},
                   {.name = "fault", .key = true},
                   {.name = "count", .display = Display::count, .right = true},
                   {.name = "from x", .right = true},
                   {.name = "to x", .right = true},
                   {.name = "got", .heading = "got at the first", .right = true},
                   {.name = "expected", .heading = "compared with", .right = true},
                   {.name = "where"}};
  for (const Alike& group : alike(function, same_faults)) {
    const KernelFindings& kernel = *group.kernels[0];
    for (std::size_t f = 0; f < fault_count; ++f) {
      const Faults& faults = kernel.faults[f];
      if (faults.count == 0) continue;
      table.rows.push_back(
          {group.heading,
           Cell(description(static_cast<Fault>(f))).with(faults.broken > 0 ? Emphasis::bad : Emphasis::plain),
           faults.count, number_text(type, faults.first), number_text(type, faults.last), number_text(type, faults.got),
           number_text(type, faults.expected), faults.where});
    }
  }
  return table;
}

/// Whether no kernel of the tier has another one to be compared with.
bool one_backend(const FunctionFindings& function, Tier tier) {
  return std::none_of(function.kernels.begin(), function.kernels.end(),
                      [&](const KernelFindings& k) { return k.subject.kernel->tier == tier && k.has_other_backends; });
}

/// One cell for each column of faults: how many results have one of them. Empty where the faults cannot occur.
void add_fault_cells(std::vector<Cell>& row, const FunctionFindings& function, const KernelFindings& kernel) {
  for (std::size_t f = 0; f < fault_count;) {
    const Fault first = static_cast<Fault>(f);
    const std::string_view heading = column(first);
    std::uint64_t count = 0, broken = 0;
    for (; f < fault_count && column(static_cast<Fault>(f)) == heading; ++f) {
      count += kernel.faults[f].count;
      broken += kernel.faults[f].broken;
    }
    const bool absent = (first == Fault::symmetry && !function.truth.odd && !function.truth.even) ||
                        (first == Fault::backends && one_backend(function, kernel.subject.kernel->tier));
    row.push_back(absent ? Cell() : counted_cell(count, broken > 0));
  }
}

std::vector<reports::Column> summary_columns() {
  std::vector<reports::Column> columns{{.name = "activation", .key = true},
                                       {.name = "direction", .key = true, .liftable = true},
                                       {.name = "type", .key = true, .liftable = true},
                                       {.name = "tier", .key = true},
                                       {.name = "inputs", .display = Display::count, .right = true, .liftable = true}};
  const auto add = [&](const char* heading) {
    columns.push_back({.name = heading, .display = Display::count, .right = true});
  };
  add("special values");
  add("thres. off");
  for (std::size_t f = 0; f < fault_count; ++f) {
    const char* heading = column(static_cast<Fault>(f));
    if (columns.back().name != heading) add(heading);
  }
  columns.push_back({.name = "verdict", .leads = true});
  return columns;
}

}  // namespace

reports::Table overflow_summary(std::span<const FunctionFindings> functions) {
  reports::Table table{.name = "overflow", .title = "Overflow, underflow, and other faults in kind"};
  table.columns = summary_columns();
  std::size_t kernels = 0, promises = 0, kept = 0;
  bool beyond = false;
  for (const FunctionFindings& function : functions) {
    const auto same = [&](const KernelFindings& a, const KernelFindings& b) {
      return same_faults(a, b) && a.thresholds == b.thresholds && a.wrong_specials() == b.wrong_specials() &&
             breaks_promise(function, a) == breaks_promise(function, b);
    };
    for (const Alike& group : alike(function, same)) {
      const KernelFindings& kernel = *group.kernels[0];
      const Kernel& k = *kernel.subject.kernel;
      const bool promised = std::isfinite(kernel.subject.promised_ulp());
      beyond = beyond || (!promised && std::isfinite(k.promised_ulp));
      kernels += group.kernels.size();
      promises += promised ? group.kernels.size() : 0;
      kept += promised && !breaks_promise(function, kernel) ? group.kernels.size() : 0;
      std::vector<Cell> row{k.activation->name, name(k.direction), name(k.type), group.heading, function.inputs};
      row.push_back(counted_cell(kernel.wrong_specials(), promised && kernel.wrong_specials() > 0));
      row.push_back(counted_cell(kernel.wrong_thresholds(function.truth), false));
      add_fault_cells(row, function, kernel);
      row.push_back(verdict_cell(function, kernel));
      table.rows.push_back(std::move(row));
    }
  }
  table.notes.push_back(fmt::format("The table is about {}; backends that did the same share a row.{}",
                                    reports::counted(kernels, "kernel"),
                                    promises > 0 ? fmt::format(" {}.", kept_text(kept, promises)) : ""));
  if (beyond) table.notes.emplace_back(promised_parameters);
  return table;
}

std::vector<reports::Table> overflow_details(const FunctionFindings& function) {
  std::vector<reports::Table> tables{specials_table(function)};
  if (!function.truth.thresholds.empty()) tables.push_back(thresholds_table(function));
  reports::Table faults = faults_table(function);
  if (!faults.rows.empty()) {
    tables.push_back(std::move(faults));
  } else {
    tables.back().notes.push_back("No kernel of this function has a fault.");
  }
  return tables;
}

std::string overflow_in_short(const FunctionFindings& function, const KernelFindings& kernel) {
  const Type type = kernel.subject.kernel->type;
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  // A threshold tells where results are 0 or infinite; a count beside it would say the same again.
  bool vanishes = false, overflows = false;
  for (std::size_t t = 0; t < kernel.thresholds.size(); ++t) {
    const Threshold& threshold = function.truth.thresholds[t];
    const auto& crossed = kernel.thresholds[t];
    const bool zero = threshold.kind == Kind::zero, infinite = std::abs(static_cast<int>(threshold.kind)) == 3;
    if (crossed == threshold.first || !(zero || infinite || threshold.saturation)) continue;
    const std::string result = zero ? "0" : number_text(type, threshold.limit);
    const std::string right = number_text(type, input_of(type, threshold, threshold.first));
    if (!crossed) {
      add(fmt::format("never {} for good, right from {} on", result, right));
      continue;
    }
    vanishes = vanishes || zero;
    overflows = overflows || infinite;
    add(fmt::format("{} from {} on, right from {} on", result, number_text(type, input_of(type, threshold, *crossed)),
                    right));
  }
  for (std::size_t f = 0; f < fault_count; ++f) {
    const Fault fault = static_cast<Fault>(f);
    const Faults& faults = kernel.faults[f];
    const bool told = (vanishes && (fault == Fault::zero_for_normal || fault == Fault::zero_for_subnormal)) ||
                      (overflows && fault == Fault::infinity) || fault == Fault::zero_sign;
    if (faults.count == 0 || told) continue;
    const std::string first = number_text(type, faults.first), last = number_text(type, faults.last);
    if (fault == Fault::number_for_nan) {
      add(description(fault));
      continue;
    }
    add(faults.count == 1 ? fmt::format("{} at {}", description(fault), first)
                          : fmt::format("{} between {} and {}", description(fault), first, last));
  }
  return text;
}

std::vector<std::string> overflow_notes(std::span<const FunctionFindings> functions, std::uint64_t seed) {
  std::vector<std::string> notes{
      "Special values: results that are off by more than the promise, or, without one, by more than 1 ULP "
      "(Goldberg's). Thresholds: the inputs from which on, going outwards from 0, results are of another kind or stay "
      "at their limit; a kernel's threshold is off where it is not the right one. NaN: the kernel gives NaN where a "
      "number is right, or the reverse; inf and zero mean the same of infinities and zeros. Sign: the result has the "
      "wrong sign; sign of 0: a zero is right and has the other sign, which is no error. Range: the result is beyond "
      "the function's least or greatest right result. Slope: the step to the next input goes against the function's "
      "slope. Symmetry: f(-x) is not -f(x) of an odd function, or not f(x) of an even one. Other bits: the tier's "
      "first backend gives other bits. Place: the result in an array has other bits than the result alone.",
      "Without a promise, faults are listed and there is no verdict."};
  std::uint64_t surprises = 0;
  bool sampled = false;
  for (const FunctionFindings& f : functions) surprises += f.truth.surprises, sampled = sampled || !f.exhaustive;
  if (sampled) {
    notes.push_back(fmt::format(
        "Inputs: special values, numbers around every threshold and extremum, and runs of {} consecutive numbers in "
        "every exponent of both signs (seed {}). Right thresholds are exact. A kernel's thresholds are the first of "
        "these inputs at which it crosses them, refined by bisection.",
        run_length, seed));
  } else {
    notes.emplace_back("Inputs: every number of the type.");
  }
  if (surprises > 0) {
    notes.push_back(
        fmt::format("At {} the right results themselves go against the assumed slope: an extremum was missed, and "
                    "steps there were not judged.",
                    reports::counted(surprises, "input")));
  }
  return notes;
}

}  // namespace actbench::bench
