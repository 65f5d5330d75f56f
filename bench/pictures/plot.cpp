// SPDX-License-Identifier: Apache-2.0
//
// From the bottom: which kernels are wanted, then each kind of picture from files or measured, then the choice.
#include "bench/pictures/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "bench/compare/compare.hpp"
#include "bench/gate/history.hpp"
#include "bench/performance/measure.hpp"
#include "bench/pictures/pictures.hpp"
#include "bench/selection/filter.hpp"
#include "bench/selection/functions.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/timing/timing.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench::pictures {
namespace {

using Kernels = std::vector<const Kernel*>;

/// More panels are no picture.
constexpr std::size_t most_panels = 60;

bool among(const std::vector<std::string>& any, const std::string& name) {
  return any.empty() || std::find(any.begin(), any.end(), name) != any.end();
}

/// Whether filters and options choose a kernel, which may be none of this program's table.
Wanted wanted_by(const Selection& selection) {
  return [selection, filters = Filters(selection.filters)](const KernelName& kernel) {
    if (!among(selection.directions, kernel.direction) || !among(selection.types, kernel.type) ||
        !among(selection.tiers, kernel.tier) || !among(selection.backends, kernel.backend))
      return false;
    const std::string identity = kernel.identity();
    const Kernel* known = find(identity);
    return known != nullptr ? filters.choose(*known) : filters.choose(std::string_view(identity));
  };
}

KernelName parts_of(const std::string& identity) {
  const std::vector<std::string_view> found = reports::split(identity, '/');
  std::vector<std::string> parts(found.begin(), found.end());
  parts.resize(5);
  return {parts[0], parts[1], parts[2], parts[3], parts[4]};
}

[[noreturn]] void refuse_empty(const std::filesystem::path& file, const char* what) {
  throw UsageError(
      fmt::format("{} has no {} of the kernels that are chosen; without --direction and --type these are f32 forward",
                  file.string(), what));
}

/// A file of the folder that the user names, or the file that the user names.
std::filesystem::path file_in(const std::filesystem::path& from, const char* name) {
  std::error_code none;
  return std::filesystem::is_directory(from, none) ? from / name : from;
}

void check_panels(const std::set<std::string>& functions) {
  if (functions.size() <= most_panels) return;
  throw UsageError(fmt::format("a picture has at most {} functions, and these are {}: choose fewer by a filter",
                               most_panels, functions.size()));
}

void check_panels(const Kernels& kernels) {
  std::set<std::string> functions;
  for (const Kernel* kernel : kernels) functions.insert(name_of(*kernel).function());
  check_panels(functions);
}

/// The kernels of the CPU that run here, of the best backend of each tier, and those of plug-ins.
Kernels kernels_of(const PlotOptions& options, bool over_rows, std::vector<std::string>& notes) {
  Runnable found = runnable(options);
  notes = std::move(found.notes);
  const Kernels rows = take_rows(found.kernels);
  const Kernels kernels = compared_kernels(on_device(over_rows ? rows : found.kernels, false), {});
  if (kernels.empty()) {
    throw UsageError(fmt::format("plot {} is for kernels of the CPU {}, and none is chosen", name(options.kind),
                                 over_rows ? "over rows, such as softmax" : "that go element by element"));
  }
  check_panels(kernels);
  return kernels;
}

reports::Figure plot_error(const PlotOptions& options, std::vector<std::string>& notes) {
  if (!options.from.empty())
    throw UsageError("plot error sweeps kernels, as a report keeps no errors by binade: leave out --from");
  const Kernels kernels = kernels_of(options, false, notes);
  const std::vector<Setting> set = settings(options.parameters, kernels);
  std::vector<Subject> subjects;
  for (const Kernel* kernel : kernels)
    subjects.push_back({.kernel = kernel, .parameters = parameters_of(*kernel, set), .by_region = true});
  SweepOptions sweep_options;
  sweep_options.inputs = options.inputs;
  sweep_options.all = options.all;
  sweep_options.search = options.all ? 0 : default_search(options.inputs);
  sweep_options.seed = options.seed;
  sweep_options.threads = options.threads;
  sweep_options.stop = &stop_flag();
  Progress progress("plot: errors");
  sweep_options.progress = [&](double fraction) { progress.update(fraction); };
  return error_figure(sweep(std::move(subjects), sweep_options));
}

reports::Figure measured_front(const PlotOptions& options, std::vector<std::string>& notes) {
  Runnable found = runnable(options);
  notes = std::move(found.notes);
  const Kernels kernels = compared_kernels(on_device(found.kernels, false), {});
  if (kernels.empty()) throw UsageError("plot front is for kernels of the CPU");
  check_panels(kernels);
  const std::vector<Setting> set = settings(options.parameters, kernels);
  CompareOptions how;
  how.inputs = options.inputs;
  how.sizes = options.size.empty() ? "l2" : options.size;
  how.budget = options.budget_s;
  how.seed = options.seed;
  how.threads = options.threads;
  std::vector<Comparison> comparisons;
  for (const Kernels& group : by_function(kernels)) comparisons.push_back(compare(group, set, how));
  return front_figure(comparisons);
}

reports::Figure plot_front(const PlotOptions& options, std::vector<std::string>& notes) {
  if (options.from.empty()) return measured_front(options, notes);
  std::error_code none;
  if (!std::filesystem::is_directory(options.from, none)) {
    throw UsageError(fmt::format("{} is no folder: plot front reads performance.csv and accuracy.csv of a report",
                                 options.from.string()));
  }
  const Wanted wanted = wanted_by(options);
  const std::filesystem::path file = options.from / "performance.csv";
  const std::vector<Time> times = read_times(file, wanted);
  const std::vector<Error> errors = read_errors(options.from / "accuracy.csv", wanted);
  const std::string size = options.size.empty() ? telling_size(times) : options.size;
  std::set<std::string> functions;
  for (const Time& time : times) {
    if (!time.is_copy() && time.size == size) functions.insert(time.kernel.function());
  }
  if (functions.empty()) refuse_empty(file, options.size.empty() ? "times" : "times at that --size");
  check_panels(functions);
  return front_figure(times, errors, size);
}

/// Times from a file, of which there are some.
std::vector<Time> times_in(const std::filesystem::path& file, const Wanted& wanted, bool over_rows) {
  std::vector<Time> times = read_times(file, wanted);
  std::erase_if(times, [&](const Time& time) { return !time.is_copy() && (time.row > 0) != over_rows; });
  std::set<std::string> functions;
  for (const Time& time : times) {
    if (!time.is_copy()) functions.insert(time.kernel.function());
  }
  if (functions.empty()) refuse_empty(file, over_rows ? "times over rows" : "times");
  check_panels(functions);
  return times;
}

std::vector<Time> measured_times(const PlotOptions& options, bool over_rows, std::vector<std::string>& notes) {
  timing::BenchOptions bench;
  bench.kernels = kernels_of(options, over_rows, notes);
  bench.parameters = common_parameters(bench.kernels, settings(options.parameters, bench.kernels));
  bench.sizes = timing::default_sizes(timing::read_machine());
  // The size that holds rows of every length, or nearly so, and is the smallest of these.
  if (over_rows) bench.sizes = {bench.sizes.size() > 1 ? bench.sizes[bench.sizes.size() - 2] : bench.sizes[0]};
  bench.time_budget_s = options.budget_s;
  bench.seed = options.seed;
  return times_of(run_with_progress(std::move(bench), "plot: times"));
}

reports::Figure plot_history(const PlotOptions& options) {
  if (options.from.empty())
    throw UsageError("plot history draws what actbench check --history FILE wrote: name it by --from FILE");
  const std::optional<std::string> text = reports::read_file(options.from, reports::most_read_of_large);
  if (!text) throw UsageError(fmt::format("there is no file {}", options.from.string()));
  const std::vector<gate::HistoryEntry> runs = gate::read_history(*text, options.from.string());
  if (runs.empty()) throw UsageError(fmt::format("{} has no runs yet", options.from.string()));
  const Wanted wanted = wanted_by(options);
  return history_figure(runs, options.last, [&](const std::string& identity) { return wanted(parts_of(identity)); });
}

}  // namespace

const char* name(Kind kind) noexcept {
  constexpr const char* names[] = {"error", "front", "sizes", "rows", "history"};
  return names[static_cast<int>(kind)];
}

Kind kind_of(const std::string& text) {
  std::vector<std::string> names;
  for (const Kind kind : kinds) {
    if (text == name(kind)) return kind;
    names.emplace_back(name(kind));
  }
  throw UsageError(fmt::format("'{}' is no kind of picture; there are {}", text, fmt::join(names, ", ")));
}

Plot plot(const PlotOptions& asked) {
  PlotOptions options = asked;
  if (options.kind != Kind::history) default_to_f32_forward(options);
  Plot made;
  switch (options.kind) {
    case Kind::error:
      made.figure = plot_error(options, made.notes);
      break;
    case Kind::front:
      made.figure = plot_front(options, made.notes);
      break;
    case Kind::sizes:
      made.figure = sizes_figure(options.from.empty()
                                     ? measured_times(options, false, made.notes)
                                     : times_in(file_in(options.from, "performance.csv"), wanted_by(options), false));
      break;
    case Kind::rows:
      made.figure = rows_figure(
          options.from.empty() ? measured_times(options, true, made.notes)
                               : times_in(file_in(options.from, "rows-performance.csv"), wanted_by(options), true));
      break;
    case Kind::history:
      made.figure = plot_history(options);
      break;
  }
  check_interrupted();
  return made;
}

}  // namespace actbench::bench::pictures
