// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <span>

#include "bench/certificates/verify.hpp"
#include "bench/gate/row_sample.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/parallel.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench::gate {
namespace {

/// The samples of kernels over rows of one activation, direction and type, which share their inputs.
void compute_row_sample(std::span<OutputRow> rows) {
  const Kernel& kernel = *rows[0].kernel;
  const std::vector<RowInputs> sample = row_sample(kernel);
  std::vector<char> y(sample_inputs * size_of(kernel.type));
  for (OutputRow& row : rows) {
    std::size_t done = 0;
    for (const RowInputs& inputs : sample) {
      for (const double value : run_row(*row.kernel, inputs))
        set_pattern(kernel.type, y.data(), done++, pattern_of(kernel.type, value));
    }
    Digest digest;
    digest.add(kernel.type, y.data(), 0, done, done);
    row.digest = digest.total();
    row.inputs = done;
  }
}

/// Compares kernels over rows of one activation, direction and type with the reference.
std::vector<SweepRow> judge_rows(std::span<const Kernel* const> kernels, const OutputOptions& options) {
  const Kernel& any = *kernels[0];
  const std::vector<RowInputs> sample = row_sample(any);
  std::vector<RowResult> results;
  for (const Kernel* kernel : kernels) results.push_back({kernel, {}, {}});
  std::mutex adding;
  parallel(sample.size(), thread_count(options.threads, sample.size()), options.stop, {},
           [&](unsigned, std::uint64_t number) {
             const RowInputs& row = sample[number];
             const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(any.type), row.x,
                                             row.dy);
             for (RowResult& result : results) {
               const RowTally tally = judge_row(*result.kernel, {.seed = number}, row, exact, reference::Ulp::goldberg);
               const std::lock_guard lock(adding);
               result.total.merge(tally);
             }
           });
  std::vector<SweepRow> judged;
  for (const RowResult& result : results) judged.push_back(as_sweep_row(result, reference::Ulp::goldberg));
  return judged;
}

void compute_samples(std::vector<OutputRow>& rows, const OutputOptions& options) {
  std::vector<const Kernel*> kernels;
  for (const OutputRow& row : rows) kernels.push_back(row.kernel);
  std::vector<std::size_t> groups;  // where each begins
  for (std::size_t first = 0; first < kernels.size(); first = group_end(kernels, first)) groups.push_back(first);
  parallel(
      groups.size(), thread_count(options.threads, groups.size()), options.stop,
      [&](double fraction) {
        if (options.progress) options.progress(fraction, "samples");
      },
      [&](unsigned, std::uint64_t item) {
        const std::span group = std::span(rows).subspan(groups[item], group_end(kernels, groups[item]) - groups[item]);
        const Kernel& kernel = *group[0].kernel;
        if (kernel.activation->shape == Shape::rows) return compute_row_sample(group);
        const Inputs inputs = sample_of(kernel);
        const auto n = static_cast<std::size_t>(inputs.count());
        std::vector<std::uint64_t> x(n), dy(n), a(n), y(n);
        inputs.fill(0, n, x.data(), dy.data(), a.data());
        for (OutputRow& row : group) {
          apply(*row.kernel, taken(multipliers_of(kernel), {x.data(), dy.data(), a.data()}), y.data(), n,
                parameters_of(*row.kernel, {}));
          Digest digest;
          digest.add(kernel.type, y.data(), 0, n, n);
          row.digest = digest.total();
          row.inputs = n;
        }
      });
}

bool better(const Counts& a, const Counts& b) {
  const auto list = [](const Counts& c) {
    return std::array{static_cast<double>(c.not_correctly_rounded),
                      static_cast<double>(c.above_one_ulp),
                      static_cast<double>(c.wrong_zeros),
                      static_cast<double>(c.wrong_infinities),
                      static_cast<double>(c.wrong_nans),
                      static_cast<double>(c.zero_signs),
                      c.max_ulp};
  };
  const auto la = list(a), lb = list(b);
  bool anywhere = false;
  for (std::size_t i = 0; i < la.size(); ++i) {
    if (la[i] > lb[i]) return false;
    anywhere = anywhere || la[i] < lb[i];
  }
  return anywhere;
}

void say_broken(OutputRow& row, std::string why) {
  row.verdict = Outputs::broken;
  row.detail = std::move(why);
}

/// A plug-in's kernel that promises nothing is held to what its base did.
void compare_with_base(OutputRow& row) {
  if (std::isfinite(row.kernel->promised_ulp)) return;
  const Counts &before = row.before->counts, &after = *row.after;
  const auto compare = [&](auto Counts::*count, const char* of) {
    if (after.*count <= before.*count || row.verdict == Outputs::broken) return;
    say_broken(row, fmt::format("{} is less accurate than the base: {} {}, not {}", identity(*row.kernel), after.*count,
                                of, before.*count));
  };
  compare(&Counts::wrong_nans, "wrong NaN");
  compare(&Counts::wrong_infinities, "wrong infinities");
  compare(&Counts::wrong_zeros, "wrong zeros");
  compare(&Counts::max_ulp, "ULP is its largest error");
  compare(&Counts::above_one_ulp, "results are off by more than 1 ULP");
}

/// Compares the rows whose outputs are not the recorded ones with the reference.
void judge(std::vector<OutputRow>& rows, const OutputOptions& options) {
  const bool same_platform = options.samples->platform == this_platform();
  std::vector<Subject> subjects;
  std::vector<const Kernel*> over_rows;
  std::vector<std::size_t> whose, whose_rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    OutputRow& row = rows[i];
    if (row.before && row.before->digest == row.digest) {
      row.after = row.before->counts;
      continue;
    }
    const bool libm = row.kernel->tier == Tier::naive && row.before && !same_platform;
    row.verdict = libm ? Outputs::other_libm : row.before ? Outputs::within : Outputs::added;
    if (libm && !options.record) continue;
    if (row.kernel->activation->shape == Shape::rows) {
      over_rows.push_back(row.kernel);
      whose_rows.push_back(i);
    } else {
      subjects.push_back({row.kernel, {}});
      whose.push_back(i);
    }
  }
  if (subjects.empty() && over_rows.empty()) return;
  SweepOptions sweep_options;
  sweep_options.inputs = sample_inputs;
  sweep_options.seed = sample_seed;
  sweep_options.threads = options.threads;
  sweep_options.stop = options.stop;
  sweep_options.progress = [&](double fraction) {
    if (options.progress) options.progress(fraction, "reference");
  };
  std::vector<SweepRow> swept;
  if (!subjects.empty()) swept = sweep(std::move(subjects), sweep_options);
  whose.insert(whose.end(), whose_rows.begin(), whose_rows.end());
  for (std::size_t first = 0, end; first < over_rows.size(); first = end) {
    end = group_end(over_rows, first);
    for (SweepRow& row : judge_rows(std::span(over_rows).subspan(first, end - first), options))
      swept.push_back(std::move(row));
  }
  for (std::size_t k = 0; k < swept.size(); ++k) {
    OutputRow& row = rows[whose[k]];
    row.after = counts_of(swept[k]);
    if (row.verdict == Outputs::within && better(*row.after, row.before->counts)) row.verdict = Outputs::improved;
    if (row.verdict == Outputs::within && is_foreign(row.kernel->backend)) compare_with_base(row);
    if (!keeps_promise(swept[k])) {
      say_broken(row, fmt::format("{} promises {} ULP and is off by {} for {} of {} inputs tried, at worst",
                                  identity(*row.kernel), row.kernel->promised_ulp, row.after->max_ulp,
                                  row.after->not_correctly_rounded, row.after->inputs));
    }
  }
}

void compare_promises(std::vector<OutputRow>& rows) {
  for (OutputRow& row : rows) {
    if (row.before && row.kernel->promised_ulp > row.before->promised_ulp) {
      say_broken(row, fmt::format("{} promises {} ULP, less than the {} that are recorded", identity(*row.kernel),
                                  row.kernel->promised_ulp, row.before->promised_ulp));
    }
  }
}

/// Accurate kernels have the same bits on every backend.
void compare_backends(std::vector<OutputRow>& rows) {
  std::map<std::string, const OutputRow*> first;
  for (OutputRow& row : rows) {
    if (row.kernel->tier != Tier::accurate) continue;
    const auto [at, fresh] = first.try_emplace(certified_name(*row.kernel), &row);
    if (!fresh && at->second->digest != row.digest && row.verdict != Outputs::broken) {
      say_broken(row, fmt::format("{} gives other bits than {}, which are promised to be the same",
                                  identity(*row.kernel), identity(*at->second->kernel)));
    }
  }
}

void compute_all(std::vector<OutputRow>& rows, const OutputOptions& options) {
  struct Item {
    OutputRow* row;
    const Certificate* certificate;
  };
  std::vector<Item> items;
  for (OutputRow& row : rows) {
    const Certificate* certificate = options.certificates->find(*row.kernel, row.parameters);
    if (certificate != nullptr && options.may_have_changed(*row.kernel)) items.push_back({&row, certificate});
  }
  double done = 0, cost = 0;
  const auto cost_of = [](const Item& item) {
    return static_cast<double>(item.certificate->inputs) * (item.row->kernel->backend == Backend::scalar ? 5 : 1);
  };
  for (const Item& item : items) cost += cost_of(item);
  for (const Item& item : items) {
    VerifyOptions verify_options{options.quick, options.threads, {}, options.stop};
    verify_options.progress = [&](double fraction) {
      if (options.progress)
        options.progress((done + fraction * cost_of(item)) / cost, "every input of " + identity(*item.row->kernel));
    };
    const Kernel& kernel = *item.row->kernel;
    const Verification found = verify({&kernel, parameters_of(kernel, {})}, *item.certificate, verify_options);
    done += cost_of(item);
    item.row->whole = true;
    item.row->inputs = found.inputs;
    if (found.passed || item.row->verdict == Outputs::broken) continue;
    std::string where;
    for (const std::size_t range : found.different_ranges)
      where += (where.empty() ? "" : "; ") + range_text(kernel, range);
    if (item.certificate->not_correctly_rounded == 0 && kernel.promised_ulp == 0.5) {
      say_broken(*item.row,
                 fmt::format("{} does not give the outputs that its certificate proved right, somewhere in {}",
                             identity(kernel), where));
    } else if (item.row->verdict == Outputs::unchanged) {
      item.row->verdict = Outputs::within;
      item.row->detail = fmt::format("{} differs from its certificate somewhere in {}", identity(kernel), where);
    }
  }
}

}  // namespace

const char* name(Outputs o) {
  constexpr const char* names[] = {"unchanged", "improved", "within the promise", "new", "other libm", "BROKEN"};
  return names[static_cast<int>(o)];
}

std::vector<OutputRow> check_outputs(const std::vector<const Kernel*>& kernels, const OutputOptions& options) {
  std::vector<OutputRow> rows;
  for (const Kernel* kernel : kernels) {
    OutputRow row{.kernel = kernel, .parameters = describe_parameters(*kernel, parameters_of(*kernel, {}))};
    if (const Sample* before = options.samples->find(*kernel, row.parameters)) row.before = *before;
    rows.push_back(std::move(row));
  }
  compute_samples(rows, options);
  judge(rows, options);
  compare_backends(rows);
  compute_all(rows, options);
  compare_promises(rows);
  return rows;
}

Samples samples_of(const std::vector<OutputRow>& rows) {
  Samples all;
  for (const OutputRow& row : rows) {
    all.add(*row.kernel, {.kernel = {},
                          .parameters = row.parameters,
                          .backends = {},
                          .promised_ulp = row.kernel->promised_ulp,
                          .counts = row.after.value(),
                          .digest = row.digest});
  }
  return all;
}

}  // namespace actbench::bench::gate
