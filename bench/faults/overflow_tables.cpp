// SPDX-License-Identifier: Apache-2.0
//
// What examine() found as tables, and the subcommand.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/faults/overflow.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Cell;
using reports::Display;
using reports::Mood;

std::uint64_t sign_of(Type type) { return std::uint64_t{1} << (bits_of(type) - 1); }
const Kernel& any_kernel(const FunctionFindings& function) { return *function.kernels[0].subject.kernel; }

std::string number(Type type, std::uint64_t pattern) {
  const double value = value_of(type, pattern);
  if (std::isnan(value)) return (pattern & sign_of(type)) != 0 ? "-nan" : "nan";
  return decimal(type, value);
}

std::string function_title(const FunctionFindings& function) {
  const Subject& subject = function.kernels[0].subject;
  const std::string parameters = used_parameters(*subject.kernel, subject.parameters);
  return fmt::format("{} {} {}{}{}", subject.kernel->activation->name, name(subject.kernel->direction),
                     name(subject.kernel->type), parameters.empty() ? "" : ", ", parameters);
}

/// The input at which a threshold is crossed.
std::uint64_t input_of(Type type, const Threshold& threshold, std::uint64_t magnitude) {
  return magnitude | (threshold.negative ? sign_of(type) : 0);
}

/// "becomes subnormal", "reaches -1".
std::string event(Type type, const Threshold& t) {
  if (t.saturation) return fmt::format("stays {}", number(type, t.limit));
  const int before = static_cast<int>(t.before), now = static_cast<int>(t.kind);
  std::string text;
  switch (std::abs(now)) {
    case 0:
      return "becomes 0";
    case 1:
      text = "becomes subnormal";
      break;
    case 2:
      text = std::abs(before) == 2 ? "becomes" : "becomes normal";
      break;
    default:
      text = "becomes infinite";
  }
  const bool turns = before != 0 && (before < 0) != (now < 0);
  if (turns) text += now < 0 ? " negative" : " positive";
  return text;
}

/// For machines: "to_-inf_becomes_0".
std::string event_name(Type type, const Threshold& t) {
  std::string text = fmt::format("to {}: {}", t.negative ? "-inf" : "inf", event(type, t));
  return text;
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
  return wrong ? Cell(text + " ✗").with(Mood::bad) : Cell(std::move(text)).with(Mood::good);
}

reports::Table specials_table(const FunctionFindings& function) {
  const Type type = any_kernel(function).type;
  const FunctionTruth& truth = function.truth;
  reports::Table table{.name = "special_values", .title = fmt::format("{}: special values", function_title(function))};
  std::string nature;
  for (const auto& [holds, text] : {std::pair(truth.odd, "odd"), {truth.even, "even"}, {truth.monotone, "monotone"}}) {
    if (holds) nature += fmt::format("{}{}", nature.empty() ? "" : ", ", text);
  }
  for (std::size_t i = 0; i < truth.turning_points.size(); ++i) {
    nature += fmt::format("{}{}",
                          i > 0            ? ", "
                          : nature.empty() ? "turns at "
                                           : ", turns at ",
                          number(type, truth.turning_points[i]));
  }
  table.facts = {
      {.name = "range", .cell = fmt::format("{} to {}", number(type, truth.least), number(type, truth.greatest))},
      {.name = "nature", .heading = "the function is", .cell = nature}};
  if (nature.empty()) table.facts.pop_back();
  table.columns = {{.name = "input", .key = true}, {.name = "x", .right = true}};
  const Multipliers multipliers = multipliers_of(any_kernel(function));
  if (multipliers.dy) table.columns.push_back({.name = "dy", .right = true});
  if (multipliers.a) table.columns.push_back({.name = "a", .right = true});
  table.columns.push_back({.name = "expected", .right = true});
  const auto groups = alike(function, [](const KernelFindings& a, const KernelFindings& b) {
    return std::equal(a.specials.begin(), a.specials.end(), b.specials.begin(),
                      [](const SpecialResult& r, const SpecialResult& s) { return r.got == s.got; });
  });
  for (const Alike& group : groups) table.columns.push_back({.name = group.heading, .right = true});
  for (std::size_t i = 0; i < truth.specials.size(); ++i) {
    const SpecialInput& special = truth.specials[i];
    std::vector<Cell> row{special.name, number(type, special.input.x)};
    if (multipliers.dy) row.push_back(number(type, special.input.dy));
    if (multipliers.a) row.push_back(number(type, special.input.a));
    row.push_back(number(type, special.expected));
    for (const Alike& group : groups) {
      const SpecialResult& result = group.kernels[0]->specials[i];
      std::string text = number(type, result.got);
      if (result.verdict == SpecialVerdict::zero_sign) {
        row.push_back(Cell(text + " (sign)"));
      } else {
        row.push_back(marked(std::move(text), result.verdict == SpecialVerdict::wrong));
      }
    }
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
    std::vector<Cell> row{threshold.negative ? "−∞" : "+∞", event(type, threshold),
                          number(type, input_of(type, threshold, threshold.first - 1)),
                          number(type, input_of(type, threshold, threshold.first))};
    for (const Alike& group : groups) {
      const auto& crossed = group.kernels[0]->thresholds[t];
      row.push_back(
          marked(crossed ? number(type, input_of(type, threshold, *crossed)) : "never", crossed != threshold.first));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
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
      table.rows.push_back({group.heading,
                            Cell(description(static_cast<Fault>(f))).with(faults.broken > 0 ? Mood::bad : Mood::plain),
                            faults.count, number(type, faults.first), number(type, faults.last),
                            number(type, faults.got), number(type, faults.expected), faults.where});
    }
  }
  return table;
}

Cell verdict_cell(const FunctionFindings& function, const KernelFindings& kernel) {
  if (!std::isfinite(kernel.subject.promised_ulp())) return Cell("no promise").as("—").with(Mood::faint);
  return breaks_promise(function, kernel) ? Cell("fail").as("FAIL").with(Mood::bad) : Cell("pass").with(Mood::good);
}

}  // namespace

reports::Table overflow_summary(std::span<const FunctionFindings> functions) {
  reports::Table table{.name = "overflow", .title = "Overflow, underflow, and other faults in kind"};
  table.columns = {{.name = "activation", .key = true},
                   {.name = "direction", .key = true, .liftable = true},
                   {.name = "type", .key = true, .liftable = true},
                   {.name = "tier", .key = true},
                   {.name = "inputs", .display = Display::count, .right = true, .liftable = true}};
  for (const char* heading : {"special values", "thres. off", "NaN", "inf", "zero", "sign", "sign of 0", "range",
                              "slope", "symm.", "other bits", "place"}) {
    table.columns.push_back({.name = heading, .display = Display::count, .right = true});
  }
  table.columns.push_back({.name = "verdict"});

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
      const auto add = [&](std::uint64_t n, bool broken) {
        row.push_back(Cell(n).with(broken ? Mood::bad : n > 0 ? Mood::plain : Mood::faint));
      };
      const auto add_faults = [&](std::initializer_list<Fault> kinds) {
        std::uint64_t sum = 0, broken = 0;
        for (Fault f : kinds) sum += kernel[f].count, broken += kernel[f].broken;
        add(sum, broken > 0);
      };
      const bool one_backend = std::none_of(function.kernels.begin(), function.kernels.end(), [&](const auto& other) {
        return other.subject.kernel->tier == k.tier && other.has_other_backends;
      });
      add(kernel.wrong_specials(), promised && kernel.wrong_specials() > 0);
      add(kernel.wrong_thresholds(function.truth), false);
      add_faults({Fault::nan, Fault::number_for_nan});
      add_faults({Fault::infinity, Fault::finite_for_infinity});
      add_faults({Fault::zero_for_normal, Fault::zero_for_subnormal, Fault::number_for_zero});
      add_faults({Fault::sign});
      add_faults({Fault::zero_sign});
      add_faults({Fault::range});
      add_faults({Fault::monotonicity});
      if (function.truth.odd || function.truth.even) {
        add_faults({Fault::symmetry});
      } else {
        row.emplace_back();
      }
      if (one_backend) {
        row.emplace_back();
      } else {
        add_faults({Fault::backends});
      }
      add_faults({Fault::position});
      row.push_back(verdict_cell(function, kernel));
      table.rows.push_back(std::move(row));
    }
  }
  table.notes.push_back(
      fmt::format("{}; backends that did the same share a row.{}", reports::counted(kernels, "kernel"),
                  promises > 0 ? fmt::format(" {} of {} kept.", kept, reports::counted(promises, "promise")) : ""));
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
  // What a threshold tells needs no count beside it.
  bool vanishes = false, overflows = false;
  for (std::size_t t = 0; t < kernel.thresholds.size(); ++t) {
    const Threshold& threshold = function.truth.thresholds[t];
    const auto& crossed = kernel.thresholds[t];
    const bool zero = threshold.kind == Kind::zero, infinite = std::abs(static_cast<int>(threshold.kind)) == 3;
    if (crossed == threshold.first || !(zero || infinite || threshold.saturation)) continue;
    const std::string result = zero ? "0" : number(type, threshold.limit);
    const std::string right = number(type, input_of(type, threshold, threshold.first));
    if (!crossed) {
      add(fmt::format("never {} for good, right from {} on", result, right));
      continue;
    }
    vanishes = vanishes || zero;
    overflows = overflows || infinite;
    add(fmt::format("{} from {} on, right from {} on", result, number(type, input_of(type, threshold, *crossed)),
                    right));
  }
  for (std::size_t f = 0; f < fault_count; ++f) {
    const Fault fault = static_cast<Fault>(f);
    const Faults& faults = kernel.faults[f];
    const bool told = (vanishes && (fault == Fault::zero_for_normal || fault == Fault::zero_for_subnormal)) ||
                      (overflows && fault == Fault::infinity) || fault == Fault::zero_sign;
    if (faults.count == 0 || told) continue;
    const std::string first = number(type, faults.first), last = number(type, faults.last);
    if (fault == Fault::number_for_nan) {
      add(description(fault));
      continue;
    }
    add(faults.count == 1 ? fmt::format("{} at {}", description(fault), first)
                          : fmt::format("{} between {} and {}", description(fault), first, last));
  }
  return text;
}

reports::Table overflow_records(std::span<const FunctionFindings> functions, bool with_what_is_right) {
  reports::Table table{.name = "overflow"};
  table.columns = kernel_columns();
  for (const char* column :
       {"parameters", "inputs", "exhaustive", "finding", "what", "verdict", "count", "x", "x_bits", "dy", "a", "got",
        "got_bits", "expected", "expected_bits", "last_x", "last_x_bits", "where"}) {
    table.columns.push_back({.name = column});
  }
  for (const FunctionFindings& function : functions) {
    for (const KernelFindings& kernel : function.kernels) {
      const Kernel& k = *kernel.subject.kernel;
      const Type type = k.type;
      std::vector<Cell> start = kernel_cells(k);
      start.emplace_back(used_parameters(k, kernel.subject.parameters));
      start.emplace_back(function.inputs);
      start.emplace_back(function.exhaustive);
      const auto add = [&](std::vector<Cell> cells) {
        std::vector<Cell> row = start;
        row.insert(row.end(), cells.begin(), cells.end());
        row.resize(table.columns.size());
        table.rows.push_back(std::move(row));
      };
      const auto show = [&](std::uint64_t pattern) { return std::pair(number(type, pattern), bits(type, pattern)); };
      add({"verdict", "promise", verdict_cell(function, kernel)});
      for (std::size_t i = 0; i < kernel.specials.size(); ++i) {
        const SpecialInput& special = function.truth.specials[i];
        const SpecialResult& result = kernel.specials[i];
        if (!with_what_is_right && result.verdict == SpecialVerdict::right) continue;
        constexpr const char* verdicts[] = {"right", "sign of zero", "wrong"};
        const auto [x, x_bits] = show(special.input.x);
        const auto [got, got_bits] = show(result.got);
        const auto [expected, expected_bits] = show(special.expected);
        add({"special", special.name, verdicts[static_cast<int>(result.verdict)], Cell(), x, x_bits,
             multipliers_of(k).dy ? Cell(number(type, special.input.dy)) : Cell(),
             multipliers_of(k).a ? Cell(number(type, special.input.a)) : Cell(), got, got_bits, expected,
             expected_bits});
      }
      for (std::size_t t = 0; t < kernel.thresholds.size(); ++t) {
        const Threshold& threshold = function.truth.thresholds[t];
        const auto& crossed = kernel.thresholds[t];
        if (!with_what_is_right && crossed == threshold.first) continue;
        const auto [expected, expected_bits] = show(input_of(type, threshold, threshold.first));
        std::pair<std::string, std::string> got;
        if (crossed) got = show(input_of(type, threshold, *crossed));
        add({"threshold", event_name(type, threshold), crossed == threshold.first ? "right" : "wrong", Cell(), Cell(),
             Cell(), Cell(), Cell(), crossed ? Cell(got.first) : Cell("never"), got.second, expected, expected_bits});
      }
      for (std::size_t f = 0; f < fault_count; ++f) {
        const Faults& faults = kernel.faults[f];
        const char* what = name(static_cast<Fault>(f));
        if (faults.count == 0) {
          if (with_what_is_right) add({"fault", what, "none", faults.count});
          continue;
        }
        const auto [x, x_bits] = show(faults.first);
        const auto [last, last_bits] = show(faults.last);
        const auto [got, got_bits] = show(faults.got);
        const auto [expected, expected_bits] = show(faults.expected);
        add({"fault", what, faults.broken > 0 ? "excluded by the promise" : "found", faults.count, x, x_bits, Cell(),
             Cell(), got, got_bits, expected, expected_bits, last, last_bits, faults.where});
      }
    }
  }
  return table;
}

std::vector<std::string> overflow_notes(std::span<const FunctionFindings> functions, std::uint64_t seed) {
  std::vector<std::string> notes{
      "Special values: wrong by more than the promise, or, without one, by more than 1 ULP (Goldberg's). Thresholds: "
      "the inputs "
      "from "
      "which on, going outwards from 0, results are of another kind, or stay at their limit; off where the kernel's "
      "differ from the right ones. NaN: NaN where a number is right, or the reverse; inf, zero alike. Sign: the wrong "
      "one; a right zero of the other sign is listed (sign of 0), no error. Range: beyond the function's least or "
      "greatest right result. Slope: a step against it, to the next input. Symmetry: f(-x) other than -f(x) of an odd "
      "function, f(x) of an even one. Other bits: than the tier's first backend. Place: other bits in an array than "
      "alone.",
      "Where nothing is promised, what is found is listed and there is no verdict."};
  std::uint64_t surprises = 0;
  bool sampled = false;
  for (const FunctionFindings& f : functions) surprises += f.truth.surprises, sampled = sampled || !f.exhaustive;
  if (sampled) {
    notes.push_back(fmt::format(
        "Inputs: special values, numbers around every threshold and extremum, and runs of {} consecutive numbers in "
        "every exponent of both signs (seed {}). Right thresholds are exact; a kernel's are the first inputs among "
        "these, refined by bisection.",
        64, seed));
  } else {
    notes.emplace_back("Inputs: every number of the type.");
  }
  if (surprises > 0) {
    notes.push_back(
        fmt::format("At {} the right results themselves go against the slope that was assumed: an extremum "
                    "was missed, and steps there were not judged.",
                    reports::counted(surprises, "input")));
  }
  return notes;
}

namespace {

struct OverflowOptions : Options {
  std::string inputs;
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
  bool details = false;
};

int run_overflow(const OverflowOptions& options) {
  SweepOptions sweep_options;
  sweep_options.all = options.inputs == "all";
  sweep_options.inputs = options.inputs.empty() || sweep_options.all ? 0 : parse_count(options.inputs, "--inputs");
  sweep_options.seed = options.seed;
  sweep_options.threads = options.threads;
  sweep_options.stop = &stop_flag();

  Runnable found = runnable(options);
  const std::vector<Setting> set = settings(options.parameters, found.kernels);
  const std::vector<const Kernel*> over_rows = take_rows(found.kernels);
  bool broken = false;
  std::vector<reports::Table> of_rows;
  if (!over_rows.empty()) {
    const SpecialRows special = special_rows(over_rows);
    broken = !special.broken.empty();
    for (reports::Table& table : special_tables(special))
      of_rows.push_back(options.output.for_people() ? with_backends_joined(std::move(table)) : std::move(table));
  }
  if (found.kernels.empty()) {
    auto& notes = of_rows.back().notes;
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    options.output.print(of_rows);
    return broken ? exit_check_failed : exit_fine;
  }
  std::vector<Subject> subjects;
  for (const Kernel* kernel : found.kernels) subjects.push_back({kernel, parameters_of(*kernel, set)});
  std::vector<FunctionFindings> functions;
  {
    Progress progress("overflow");
    sweep_options.progress = [&](double fraction) { progress.update(fraction); };
    functions = examine(subjects, sweep_options);
  }

  if (!options.output.for_people()) {
    std::vector<reports::Table> tables{overflow_records(functions)};
    for (reports::Table& table : of_rows) tables.push_back(std::move(table));
    options.output.print(tables);
  } else {
    std::vector<reports::Table> tables{overflow_summary(functions)};
    constexpr std::size_t few = 3;
    if (options.details || functions.size() <= few) {
      for (const FunctionFindings& function : functions) {
        for (reports::Table& table : overflow_details(function)) tables.push_back(std::move(table));
      }
    }
    auto& notes = tables.back().notes;
    for (std::string& note : overflow_notes(functions, options.seed)) notes.push_back(std::move(note));
    if (tables.size() == 1) notes.emplace_back("Special values, thresholds, and where the faults are: with --details.");
    notes.insert(notes.end(), found.notes.begin(), found.notes.end());
    for (reports::Table& table : of_rows) tables.push_back(std::move(table));
    options.output.print(tables);
  }
  broken = broken || std::any_of(functions.begin(), functions.end(), [](const FunctionFindings& f) {
             return std::any_of(f.kernels.begin(), f.kernels.end(),
                                [&](const KernelFindings& k) { return breaks_promise(f, k); });
           });
  return broken ? exit_check_failed : exit_fine;
}

}  // namespace

Command add_overflow(CLI::App& program) {
  const auto options = std::make_shared<OverflowOptions>();
  CLI::App* app = program.add_subcommand(
      "overflow", "Infinities, NaN, zeros, thresholds, range, slope, symmetry, backends and places in an array");
  add_filter(*app, *options);
  app->add_option("--inputs", options->inputs,
                  "About how many for each kernel, or all; default 2^22, f64 2^18; 16-bit types always all")
      ->type_name("N");
  app->add_flag("--details", options->details,
                "Special values, thresholds and faults function by function; without it for up to three functions");
  app->add_option("--seed", options->seed, "Of the sample; default 1")->type_name("S");
  add_threads(*app, options->threads);
  add_parameters(*app, *options);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel does what its promise excludes.\n"
      "Example: actbench overflow '{sigmoid,gelu}/forward/f32'");
  return {app, [options] { return run_overflow(*options); }};
}

}  // namespace actbench::bench
