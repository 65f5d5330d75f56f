// SPDX-License-Identifier: Apache-2.0
#include "bench/compare/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "bench/faults/overflow.hpp"
#include "bench/performance/measure.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/functions.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench {
namespace {

using Kernels = std::span<const Kernel* const>;

std::vector<Subject> subjects_of(Kernels kernels, std::span<const Setting> set) {
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels) subjects.push_back({kernel, parameters_of(*kernel, set)});
  return subjects;
}

SweepOptions sweep_options(const CompareOptions& options) {
  SweepOptions sweep;
  sweep.inputs = options.inputs;
  sweep.search = default_search(options.inputs);
  sweep.seed = options.seed;
  sweep.threads = options.threads;
  sweep.stop = &stop_flag();
  return sweep;
}

RowOptions row_options(const CompareOptions& options) {
  RowOptions how;
  how.lengths = {options.row};
  how.elements = options.inputs;
  how.seed = options.seed;
  how.threads = options.threads;
  how.stop = &stop_flag();
  return how;
}

using ShowFraction = std::function<void(double)>;

std::vector<SweepRow> element_errors(const std::vector<Subject>& subjects, SweepOptions options, ShowFraction show) {
  options.progress = std::move(show);
  return sweep(subjects, options);
}

std::vector<SweepRow> row_errors(Kernels kernels, RowOptions options, ShowFraction show) {
  options.progress = std::move(show);
  std::vector<SweepRow> errors;
  for (const RowResult& result : measure_rows(kernels, options)) errors.push_back(as_sweep_row(result, options.ulp));
  return errors;
}

bool over_rows(Kernels kernels) { return kernels[0]->activation->shape == Shape::rows; }

/// What kernels that go element by element get wrong in kind.
void find_element_faults(std::vector<Compared>& judged, const std::vector<Subject>& subjects, SweepOptions options) {
  options.inputs = 0;  // as many as it takes
  for (const FunctionFindings& function : examine(subjects, options)) {
    for (const KernelFindings& kernel : function.kernels) {
      const auto of = std::find_if(judged.begin(), judged.end(),
                                   [&](const Compared& c) { return c.errors.subject.kernel == kernel.subject.kernel; });
      if (of != judged.end()) of->faults = overflow_in_short(function, kernel);
    }
  }
}

/// The same of kernels over rows.
void find_row_faults(std::vector<Compared>& judged, Kernels kernels) {
  std::map<const Kernel*, std::vector<std::string>> faults;
  for (const RowFault& fault : special_rows(kernels).faults) {
    std::vector<std::string>& all = faults[fault.kernel];
    std::string text = fmt::format("{} in a row of {}", fault.what, fault.row);
    if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
  }
  for (Compared& kernel : judged)
    kernel.faults = fmt::format("{}", fmt::join(faults[kernel.errors.subject.kernel], "; "));
}

std::vector<Compared> with_errors(std::vector<SweepRow> errors) {
  std::vector<Compared> judged;
  for (SweepRow& row : errors) judged.push_back({std::move(row), {}, {}, {}, false});
  return judged;
}

/// Errors and faults.
std::vector<Compared> judge(Kernels kernels, std::span<const Setting> set, const CompareOptions& options) {
  Progress progress("compare");
  if (over_rows(kernels)) {
    const auto show = [&](double fraction) { progress.update(fraction, "errors"); };
    std::vector<Compared> judged = with_errors(row_errors(kernels, row_options(options), show));
    if (options.faults) find_row_faults(judged, kernels);
    return judged;
  }
  const double part = options.faults ? 0.5 : 1;
  const std::vector<Subject> subjects = subjects_of(kernels, set);
  SweepOptions how = sweep_options(options);
  std::vector<Compared> judged =
      with_errors(element_errors(subjects, how, [&](double fraction) { progress.update(part * fraction, "errors"); }));
  how.progress = [&](double fraction) { progress.update(part * (1 + fraction), "faults"); };
  if (options.faults) find_element_faults(judged, subjects, how);
  return judged;
}

timing::BenchResult time_all(Kernels kernels, std::span<const Setting> set, const CompareOptions& options,
                             const std::vector<timing::Size>& sizes) {
  timing::BenchOptions bench;
  bench.kernels.assign(kernels.begin(), kernels.end());
  bench.parameters = common_parameters(kernels, set);
  bench.sizes = sizes;
  bench.rows = {options.row};
  bench.distributions = {parse_distribution(options.like)};
  bench.repetitions = static_cast<int>(options.repetitions);
  bench.min_time_s = options.min_time;
  bench.time_budget_s = options.budget;
  bench.seed = options.seed;
  return run_with_progress(std::move(bench), "compare");
}

double ns(const Compared& kernel, std::size_t size) { return kernel.times[size].ns_per_element.median; }

void mark_front(Comparison& comparison) {
  std::vector<Standing> standings;
  for (const Compared& kernel : comparison.kernels)
    standings.push_back({ns(kernel, comparison.front_size), kernel.errors.max_ulp});
  const std::vector<bool> on_front = front_of(standings);
  for (std::size_t i = 0; i < on_front.size(); ++i) comparison.kernels[i].on_front = on_front[i];
}

/// The median of the ratios of two kernels' times, round by round.
timing::Interval over(const timing::BenchRow& row, const timing::BenchRow& other) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(row.samples_ns.size(), other.samples_ns.size()); ++i)
    ratios.push_back(row.samples_ns[i] / other.samples_ns[i]);
  return timing::median_interval(ratios);
}

/// The first of the project's own fast kernels, or of its kernels; the first of all where there is none.
std::size_t reference_kernel(const std::vector<Compared>& kernels) {
  const auto is_own = [](const Compared& c) { return !is_foreign(c.errors.subject.kernel->backend); };
  auto found = std::find_if(kernels.begin(), kernels.end(), [&](const Compared& c) {
    return is_own(c) && c.errors.subject.kernel->tier == Tier::fast;
  });
  if (found == kernels.end()) found = std::find_if(kernels.begin(), kernels.end(), is_own);
  return found == kernels.end() ? 0 : static_cast<std::size_t>(found - kernels.begin());
}

}  // namespace

std::vector<const Kernel*> compared_kernels(Kernels kernels, std::span<const std::string> against) {
  std::vector<std::string> foreign;
  for (const Kernel* kernel : kernels) {
    const std::string backend = name(kernel->backend);
    if (is_foreign(kernel->backend) && std::find(foreign.begin(), foreign.end(), backend) == foreign.end())
      foreign.push_back(backend);
  }
  for (const std::string& wanted : against) {
    if (std::find(foreign.begin(), foreign.end(), wanted) != foreign.end()) continue;
    throw UsageError(fmt::format(
        "--against '{}': no plug-in of that name has such a kernel here; {}", wanted,
        foreign.empty() ? "load one by --plugin FILE" : fmt::format("there is {}", fmt::join(foreign, ", "))));
  }
  std::vector<const Kernel*> all;
  for (const Kernel* kernel : kernels) {
    if (is_foreign(kernel->backend)) {
      if (against.empty() || std::find(against.begin(), against.end(), name(kernel->backend)) != against.end())
        all.push_back(kernel);
      continue;
    }
    const bool is_best = std::none_of(kernels.begin(), kernels.end(), [&](const Kernel* other) {
      return !is_foreign(other->backend) && other->backend > kernel->backend && other->tier == kernel->tier &&
             same_function(*other, *kernel);
    });
    if (is_best) all.push_back(kernel);
  }
  return all;
}

std::vector<SweepRow> errors_of(Kernels kernels, std::span<const Setting> set, const CompareOptions& options) {
  return over_rows(kernels) ? row_errors(kernels, row_options(options), {})
                            : element_errors(subjects_of(kernels, set), sweep_options(options), {});
}

std::vector<bool> front_of(std::span<const Standing> all) {
  std::vector<bool> on_front;
  for (const Standing& own : all) {
    on_front.push_back(std::none_of(all.begin(), all.end(), [&](const Standing& other) {
      return other.ulp <= own.ulp && other.ns <= own.ns && (other.ulp < own.ulp || other.ns < own.ns);
    }));
  }
  return on_front;
}

Comparison compare(Kernels kernels, std::span<const Setting> set, const CompareOptions& options) {
  Comparison result;
  result.machine = timing::read_machine();
  result.sizes = options.sizes == "default" ? timing::default_sizes(result.machine)
                                            : timing::parse_sizes(options.sizes, result.machine);
  for (const timing::Size& size : result.sizes) {
    if (over_rows(kernels) && timing::elements(size, timing::bytes_per_element(*kernels[0])) < options.row)
      throw UsageError(fmt::format("a row of {} numbers is more than the size {} holds", options.row, size.name));
  }
  // Times first: what the processor does for long it does more slowly.
  const timing::BenchResult times = time_all(kernels, set, options, result.sizes);
  result.kernels = judge(kernels, set, options);
  for (Compared& kernel : result.kernels) {
    for (const timing::Size& size : result.sizes) {
      const auto row = std::find_if(times.rows.begin(), times.rows.end(), [&](const timing::BenchRow& r) {
        return r.kernel == kernel.errors.subject.kernel && r.size.name == size.name;
      });
      if (row == times.rows.end())
        throw UsageError(fmt::format("a row of {} numbers is more than the size {} holds", options.row, size.name));
      kernel.times.push_back(*row);
      result.confidence = row->ns_per_element.confidence;
    }
  }
  const auto l2 = std::find_if(result.sizes.begin(), result.sizes.end(), [](const auto& s) { return s.name == "l2"; });
  if (l2 != result.sizes.end()) result.front_size = static_cast<std::size_t>(l2 - result.sizes.begin());
  std::stable_sort(result.kernels.begin(), result.kernels.end(), [&](const Compared& a, const Compared& b) {
    return ns(a, result.front_size) < ns(b, result.front_size);
  });
  result.ours = reference_kernel(result.kernels);
  for (Compared& kernel : result.kernels) {
    for (std::size_t i = 0; i < result.sizes.size(); ++i)
      kernel.over_ours.push_back(over(kernel.times[i], result.kernels[result.ours].times[i]));
  }
  mark_front(result);
  return result;
}

}  // namespace actbench::bench
