// SPDX-License-Identifier: Apache-2.0
//
// Function by function, in three steps. First the function itself is surveyed from the reference. Then every kernel is
// run over the sample, or over all inputs. At last each kernel is called by itself: its thresholds are refined between
// the inputs that the sample left apart, and its results in arrays are compared with those for inputs alone.
#include "bench/faults/overflow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "bench/faults/kinds.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/faults/sample.hpp"
#include "bench/faults/scan.hpp"
#include "bench/faults/special_values.hpp"
#include "bench/faults/survey.hpp"
#include "bench/faults/thresholds.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/progress.hpp"
#include "bench/sweep/group.hpp"

namespace actbench::bench {
namespace faults {
namespace {

/// How the inputs of a function's kernels are chosen.
struct Plan {
  bool exhaustive;       ///< every number of the type
  bool streamed;         ///< block by block, each right result computed anew; otherwise a sample is held in memory
  std::uint64_t sample;  ///< about how many inputs the sample has
};

Plan plan_for(const Subject& subject, const SweepOptions& options) {
  const Type type = subject.kernel->type;
  const std::uint64_t wanted = wanted_inputs(subject, options);
  const bool small = bits_of(type) <= 16;
  const bool exhaustive = small || options.all || every_number(type, wanted);
  const bool streamed = exhaustive && (options.all || !small);
  // A sample stays small enough to wait for. Right results take longer in f64, and take longest where each needs an
  // evaluation at high precision.
  const int usual = !Oracle(subject).is_quick() ? 14 : bits_of(type) > 32 ? 18 : 22;
  if (small) return {exhaustive, streamed, std::uint64_t{1} << bits_of(type)};
  return {exhaustive, streamed, streamed || wanted == 0 ? std::uint64_t{1} << usual : wanted};
}

/// What is found out about one kernel by itself joins what the scan saw.
template <class U>
KernelFindings inspect(const Subject& subject, const FunctionShape<U>& shape, const Magnitudes<U>& inputs,
                       const Seen& seen, std::uint64_t seed) {
  const Probe<U> probe(subject);
  KernelFindings findings{.subject = subject, .faults = seen.faults};
  for_each_kind<U>([&]<class K>(Fault fault) {
    if constexpr (KernelKind<K, U>) K::in_kernel(probe, shape, seed, findings.faults[static_cast<std::size_t>(fault)]);
  });
  findings.specials = special_results(probe, shape.truth.specials);
  findings.thresholds = kernel_thresholds(probe, shape.truth.thresholds, inputs, seen.crossings);
  return findings;
}

/// U holds a pattern of the function's type.
template <class U>
FunctionFindings examine_patterns(const std::vector<Subject>& subjects, const SweepOptions& options,
                                  const std::function<void(double)>& progress) {
  const Plan plan = plan_for(subjects[0], options);
  const double surveyed = plan.streamed ? 0.01 : 0.4, scanned = 0.95;  // shares of the time
  FunctionShape<U> shape = survey<U>(subjects[0], options, plan.sample, part_of(progress, 0, surveyed));
  const Magnitudes<U> inputs(shape.sample, plan.streamed, Layout(subjects[0].kernel->type));
  const ScanResult seen = scan<U>(subjects, shape, inputs, options, part_of(progress, surveyed, scanned));
  shape.truth.surprises = seen.surprises;

  FunctionFindings result;
  result.inputs = 2 * inputs.size();
  result.exhaustive = plan.exhaustive;
  result.kernels.resize(subjects.size());
  parallel(subjects.size(), thread_count(options.threads, subjects.size()), options.stop, part_of(progress, scanned, 1),
           [&](unsigned, std::uint64_t item) {
             const auto k = static_cast<std::size_t>(item);
             KernelFindings& findings = result.kernels[k];
             findings = inspect(subjects[k], shape, inputs, seen.kernels[k], options.seed);
             findings.has_other_backends =
                 std::any_of(subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(k),
                             [&](const Subject& s) { return s.kernel->tier == subjects[k].kernel->tier; });
           });
  result.truth = std::move(shape.truth);
  return result;
}

FunctionFindings examine_function(const std::vector<Subject>& subjects, const SweepOptions& options,
                                  const std::function<void(double)>& progress) {
  switch (size_of(subjects[0].kernel->type)) {
    case 2:
      return examine_patterns<std::uint16_t>(subjects, options, progress);
    case 4:
      return examine_patterns<std::uint32_t>(subjects, options, progress);
    default:
      return examine_patterns<std::uint64_t>(subjects, options, progress);
  }
}

void refuse_too_many(const Subject& subject, const SweepOptions& options) {
  const Type type = subject.kernel->type;
  if (options.all && bits_of(type) > 32) {
    throw UsageError(
        fmt::format("{} has 2^{} inputs, too many for all of them; give a number", name(type), bits_of(type)));
  }
  const std::uint64_t wanted = wanted_inputs(subject, options);
  if (!options.all && wanted > largest_sample && bits_of(type) > 16 && !every_number(type, wanted)) {
    throw UsageError(fmt::format("{} inputs are more than a sample holds, 2^{}{}", wanted,
                                 std::bit_width(largest_sample) - 1, bits_of(type) > 32 ? "" : "; give fewer, or all"));
  }
}

/// Kernels of the same function come together, in the order in which functions appear.
std::vector<std::vector<Subject>> by_function(std::vector<Subject> subjects) {
  std::vector<std::vector<Subject>> functions;
  for (Subject& subject : subjects) {
    const auto same = [&](const std::vector<Subject>& function) { return same_function(function[0], subject); };
    const auto found = std::find_if(functions.begin(), functions.end(), same);
    if (found != functions.end()) {
      found->push_back(std::move(subject));
    } else {
      functions.push_back({std::move(subject)});
    }
  }
  return functions;
}

}  // namespace
}  // namespace faults

std::vector<FunctionFindings> examine(std::vector<Subject> subjects, const SweepOptions& options) {
  for (Subject& subject : subjects) {
    if (subject.parameters.empty()) subject.parameters = parameters_of(*subject.kernel, {});
    faults::refuse_too_many(subject, options);
  }
  const std::vector<std::vector<Subject>> functions = faults::by_function(std::move(subjects));
  std::vector<FunctionFindings> results;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const double all = static_cast<double>(functions.size()), done = static_cast<double>(i);
    results.push_back(
        faults::examine_function(functions[i], options, part_of(options.progress, done / all, (done + 1) / all)));
  }
  return results;
}

}  // namespace actbench::bench
