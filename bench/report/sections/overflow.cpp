// SPDX-License-Identifier: Apache-2.0
//
// Results that are wrong in kind, thresholds, signs, range.
#include "bench/faults/overflow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "bench/report/section.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Format;

using Findings = std::vector<FunctionFindings>;

/// The kernels of one function after another, those of the leading variant first.
std::vector<std::vector<const Kernel*>> functions_of(const Report& report) {
  std::vector<std::vector<const Kernel*>> functions;
  for (std::size_t first = 0, end; first < report.kernels.size(); first = end) {
    end = group_end(report.kernels, first);
    functions.emplace_back(report.kernels.begin() + static_cast<std::ptrdiff_t>(first),
                           report.kernels.begin() + static_cast<std::ptrdiff_t>(end));
  }
  std::stable_sort(functions.begin(), functions.end(),
                   [](const auto& a, const auto& b) { return variant_of(*a[0]) < variant_of(*b[0]); });
  return functions;
}

Findings faults_of(const Report& report, std::span<const std::vector<const Kernel*>> functions, std::uint64_t most,
                   Watch& watch, const std::function<void(double)>& progress) {
  SweepOptions options;
  options.seed = report.options.seed;
  options.threads = report.options.threads;
  options.stop = watch.stop();
  options.progress = [&](double fraction) {
    watch.look();
    progress(fraction);
  };
  // Results are wrong in kind over whole ranges, or at special inputs and thresholds: fewer inputs find that.
  std::vector<Subject> subjects;
  for (const std::vector<const Kernel*>& kernels : functions) {
    for (const Kernel* kernel : kernels) {
      const std::uint64_t share = report.options.inputs ? 1 : in_depth(report, *kernel) ? 4 : 16;
      const std::uint64_t inputs = std::min(inputs_of(report, *kernel) / share, largest_sample);
      subjects.push_back({kernel, parameters_of(*kernel, {}), std::max<std::uint64_t>(1, std::min(inputs, most))});
    }
  }
  return examine(subjects, options);
}

/// Thresholds take their time however few the inputs are. So with a budget some functions come after others, and those
/// for which there is no time are left out.
Findings find_faults(Report& report, const ShowProgress& progress) {
  const std::vector<std::vector<const Kernel*>> functions = functions_of(report);
  const double count = static_cast<double>(functions.size());
  const std::uint64_t most = std::min(report.inputs, largest_sample);
  const std::size_t some = report.budget.limited() ? 8 : functions.size();
  Findings findings;
  std::size_t done = 0;
  while (done < functions.size() && (done == 0 || report.budget.left() > 0)) {
    const auto batch = std::span(functions).subspan(done, std::min(some, functions.size() - done));
    const auto shown = [&](double fraction) {
      progress((static_cast<double>(done) + fraction * static_cast<double>(batch.size())) / count, {});
    };
    Watch watch(report.budget, done > 0);
    try {
      for (FunctionFindings& found : faults_of(report, batch, most, watch, shown)) findings.push_back(std::move(found));
    } catch (const Interrupted&) {
      if (stop_flag()) throw;
      break;
    }
    done += batch.size();
  }
  std::stable_sort(findings.begin(), findings.end(), [](const FunctionFindings& a, const FunctionFindings& b) {
    return a.kernels[0].subject.kernel < b.kernels[0].subject.kernel;  // as in the table
  });
  if (done < functions.size()) {
    report.cut.push_back(
        fmt::format("faults in kind are looked for in {} of {}", done, reports::counted(functions.size(), "function")));
  }
  return findings;
}

/// Kernels that do what their promise excludes.
std::vector<const Kernel*> faulty_kernels(const Findings& findings) {
  std::vector<const Kernel*> faulty;
  for (const FunctionFindings& function : findings) {
    for (const KernelFindings& kernel : function.kernels) {
      if (breaks_promise(function, kernel)) faulty.push_back(kernel.subject.kernel);
    }
  }
  return faulty;
}

std::string promises_sentence(const Findings& findings) {
  std::size_t promises = 0;
  for (const FunctionFindings& function : findings) {
    for (const KernelFindings& kernel : function.kernels)
      promises += std::isfinite(kernel.subject.kernel->promised_ulp);
  }
  if (promises == 0) return {};
  const std::vector<const Kernel*> faulty = faulty_kernels(findings);
  if (faulty.empty()) {
    return fmt::format(
        "**Every promise was kept** by {}: special values, thresholds, range, slope and symmetry are right, and the "
        "same on every backend and at every place of an array.\n",
        reports::counted(promises, "kernel"));
  }
  std::string text = fmt::format("**{} of {} with a promise {} faults that it excludes**:", faulty.size(),
                                 reports::counted(promises, "kernel"), faulty.size() == 1 ? "has" : "have");
  for (std::size_t i = 0; i < std::min<std::size_t>(faulty.size(), 5); ++i) {
    text += fmt::format("{} `{}`", i > 0 ? "," : "", identity(*faulty[i]));
  }
  return text + (faulty.size() > 5 ? " and more.\n" : ".\n");
}

/// The leading functions' kernels without a promise, those with the most wrong results first. One backend stands for
/// all of its tier.
std::string unpromised_table(const Report& report, const Findings& findings) {
  struct Row {
    const FunctionFindings* function;
    const KernelFindings* kernel;
    std::uint64_t wrong;
  };
  std::vector<Row> rows;
  for (const FunctionFindings& function : findings) {
    std::set<Tier> seen;
    for (const KernelFindings& kernel : function.kernels) {
      const Kernel& k = *kernel.subject.kernel;
      if (std::isfinite(k.promised_ulp) || variant_of(k) != leading(report) || !seen.insert(k.tier).second) continue;
      std::uint64_t wrong = 0;
      for (Fault f : {Fault::nan, Fault::number_for_nan, Fault::infinity, Fault::finite_for_infinity,
                      Fault::zero_for_normal, Fault::zero_for_subnormal, Fault::number_for_zero, Fault::sign}) {
        wrong += kernel[f].count;
      }
      if (wrong > 0) rows.push_back({&function, &kernel, wrong});
    }
  }
  if (rows.empty()) return {};
  const auto share = [](const Row& row) {
    return static_cast<double>(row.wrong) / static_cast<double>(row.function->inputs);
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return share(a) > share(b); });
  constexpr std::size_t most = 10;
  reports::Table table;
  table.columns = {{.name = "kernel"}, {.name = "wrong in kind", .right = true}, {.name = "how"}};
  for (std::size_t i = 0; i < std::min(rows.size(), most); ++i) {
    const Kernel& k = *rows[i].kernel->subject.kernel;
    table.rows.push_back({fmt::format("{} {}", k.activation->name, name(k.tier)),
                          fmt::format("{:.2g} %", 100 * share(rows[i])),
                          overflow_in_short(*rows[i].function, *rows[i].kernel)});
  }
  return fmt::format("\nThe {} kernels without a promise that are most often wrong in kind{}:\n\n",
                     text_of(leading(report)),
                     rows.size() > most ? fmt::format(" ({} of {})", most, rows.size()) : "") +
         reports::write(table, Format::markdown);
}

class OverflowSection final : public Section {
  const char* label() const override { return "overflow"; }
  double weight(const Report& report) const override { return report.options.full ? 5000 : 40; }
  bool applies(const Report& report) const override { return has_elementwise(report); }
  void measure(Report& report, const ShowProgress& progress) override { findings_ = find_faults(report, progress); }
  std::string first_finding(const Report&) const override {
    const std::size_t faulty = faulty_kernels(findings_).size();
    return faulty == 0 ? "no fault in kind that a promise excludes"
                       : fmt::format("faults in kind that promises exclude, in {}", reports::counted(faulty, "kernel"));
  }
  std::string summary(const Report& report) const override {
    return "## Overflow, thresholds, signs, range\n\n" + promises_sentence(findings_) +
           unpromised_table(report, findings_);
  }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    std::vector<reports::Table> people{overflow_summary(findings_)};
    for (std::string& note : overflow_notes(findings_, report.options.seed)) {
      people[0].notes.push_back(std::move(note));
    }
    for (const FunctionFindings& function : findings_) {
      if (!in_depth(report, *function.kernels[0].subject.kernel)) continue;
      for (reports::Table& table : overflow_details(function)) people.push_back(std::move(table));
    }
    const reports::Table machines = overflow_records(findings_, in_depth(report));
    add_table(folder, "overflow", "Overflow, thresholds, signs, range of every kernel", people, {&machines, 1});
    return {{{"overflow.md", "overflow.csv"}, "special values, thresholds, and faults in kind of every kernel"}};
  }

  bool promises_kept(const Report&) const override { return faulty_kernels(findings_).empty(); }

  Findings findings_;
};

}  // namespace

std::unique_ptr<Section> overflow_section() { return std::make_unique<OverflowSection>(); }

}  // namespace actbench::bench
