// SPDX-License-Identifier: Apache-2.0
//
// Results that are wrong in kind, thresholds, signs, range.
#include "bench/faults/overflow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/report/section.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using reports::Format;

using Findings = std::vector<FunctionFindings>;

Findings find_faults(const Report& report, const ShowProgress& progress) {
  SweepOptions options;
  options.seed = report.options.seed;
  options.threads = report.options.threads;
  options.stop = &stop_flag();
  options.progress = [&](double fraction) { progress(fraction, {}); };
  // Results are wrong in kind over whole ranges, or at special inputs and thresholds: fewer inputs find that.
  std::vector<Subject> subjects;
  for (const Kernel* kernel : report.kernels) {
    const std::uint64_t share = report.options.inputs ? 1 : in_depth(report, *kernel) ? 4 : 16;
    const std::uint64_t inputs = std::min(inputs_of(report, *kernel) / share, largest_sample);
    subjects.push_back({kernel, parameters_of(*kernel, {}), inputs});
  }
  return examine(subjects, options);
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

std::string promises_sentence(const Report& report, const Findings& findings) {
  std::size_t promises = 0;
  for (const Kernel* kernel : report.kernels) promises += std::isfinite(kernel->promised_ulp);
  if (promises == 0) return {};
  const std::vector<const Kernel*> faulty = faulty_kernels(findings);
  if (faulty.empty()) {
    return fmt::format(
        "**Every promise was kept** by {}: special values, thresholds, range, slope and symmetry are right, and the "
        "same on every backend and at every place of an array.\n",
        reports::counted(promises, "kernel"));
  }
  std::string text = fmt::format("**{} of {} have faults that their promise excludes**:", faulty.size(),
                                 reports::counted(promises, "kernel"));
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
  bool applies(const Report& report) const override { return has_elementwise(report); }
  void measure(Report& report, const ShowProgress& progress) override { findings_ = find_faults(report, progress); }
  std::string summary(const Report& report) const override {
    return "## Overflow, thresholds, signs, range\n\n" + promises_sentence(report, findings_) +
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
